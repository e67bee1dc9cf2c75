"""Write `core/src/powers.h`: powers of ten as normalised 128-bit numbers.

    python core/tools/make_powers.py > core/src/powers.h

Each entry is floor(10^k / 2^e) with e such that the result has 128 bits.  Reading
floats (Eisel-Lemire) needs k from -342 to 308, writing them (Schubfach) from -292
to 324; both want small corrections of the floor, which they make themselves.
"""

from __future__ import annotations

FIRST, LAST = -342, 324


def power(k: int) -> int:
    """The upper 128 bits of 10^k, rounded down."""
    if k >= 0:
        number = 10**k
        shift = number.bit_length() - 128
        return number >> shift if shift > 0 else number << -shift
    divisor = 10**-k
    shift = divisor.bit_length() + 127
    number = (1 << shift) // divisor
    return number if number.bit_length() == 128 else (1 << (shift + 1)) // divisor


def main() -> None:
    print("/* Made by core/tools/make_powers.py; do not edit. */")
    print("#ifndef DRIFTCORE_POWERS_H")
    print("#define DRIFTCORE_POWERS_H")
    print()
    print("#include <stdint.h>")
    print()
    print(f"#define POWERS_FIRST ({FIRST})")
    print(f"#define POWERS_LAST {LAST}")
    print()
    print("static const struct {")
    print("    uint64_t high, low;")
    print("} powers[] = {")
    for k in range(FIRST, LAST + 1):
        number = power(k)
        assert number.bit_length() == 128
        print(f"    {{0x{number >> 64:016x}, 0x{number & (2**64 - 1):016x}}},")
    print("};")
    print()
    print("#endif")


if __name__ == "__main__":
    main()
