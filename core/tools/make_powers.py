"""Write `core/src/powers.h`, powers of ten as normalised 128-bit numbers: `python -m core.tools.make_powers`.

Each entry is floor(10^k / 2^e) with e such that the result has 128 bits.  Reading
floats (Eisel-Lemire) needs k from -342 to 308, writing them (Schubfach) from -292
to 324; both want small corrections of the floor, which they make themselves.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("core.tools.make_powers")

from collections.abc import Iterator
from pathlib import Path

from driftgate.base.rewriting import rewriting

HEADER = Path(__file__).parent.parent / "src" / "powers.h"
FIRST, LAST = -342, 324


def power(k: int) -> int:
    """The upper 128 bits of 10^k, rounded down."""
    if k >= 0:
        number: int = 10**k
        shift = number.bit_length() - 128
        return number >> shift if shift > 0 else number << -shift
    divisor: int = 10**-k
    shift = divisor.bit_length() + 127
    number = (1 << shift) // divisor
    return number if number.bit_length() == 128 else (1 << (shift + 1)) // divisor


def lines() -> Iterator[str]:
    """The header file's."""
    yield "/* Made by core/tools/make_powers.py; do not edit. */"
    yield "#ifndef DRIFTCORE_POWERS_H"
    yield "#define DRIFTCORE_POWERS_H"
    yield ""
    yield "#include <stdint.h>"
    yield ""
    yield f"#define POWERS_FIRST ({FIRST})"
    yield f"#define POWERS_LAST {LAST}"
    yield ""
    yield "static const struct {"
    yield "    uint64_t high, low;"
    yield "} powers[] = {"
    for k in range(FIRST, LAST + 1):
        number = power(k)
        assert number.bit_length() == 128
        yield f"    {{0x{number >> 64:016x}, 0x{number & (2**64 - 1):016x}}},"
    yield "};"
    yield ""
    yield "#endif"


main, parser = rewriting(
    "core.tools.make_powers",
    "Write core/src/powers.h anew, the powers of ten by which floats are read and written.",
    lambda: {HEADER: "".join(f"{line}\n" for line in lines())},
)
