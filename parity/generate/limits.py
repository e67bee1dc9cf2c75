"""Sizes around every limit of the code under test.

`parity/tests/c_limits.py` says for each constant of the C sources which of these pools has
values around it, and a test reads the sources and fails on a constant without.  All are
constants: a pool read from the running interpreter would make case ids mean different
cases on different machines.
"""

from __future__ import annotations


def around(*sizes: int) -> tuple[int, ...]:
    """Each size with its two neighbours, in order and once each."""
    return tuple(sorted({near for size in sizes for near in (size - 1, size, size + 1)}))


# Bytes of a string: whole words and blocks of the scanner, first sizes of buffers, a hash.
STRING_LENGTHS = around(8, 16, 24, 32, 64, 128, 256, 512, 1024, 4096)
# From here on memory is given back to the system between calls; drawn seldom, as each costs milliseconds.
LARGE_LENGTHS = around(1 << 16, 1 << 20)


def beside(step: int) -> tuple[int, ...]:
    """The last length below a step and the first at it, and one beside each."""
    return step - 1, step, step - 2, step + 1


# Bytes of a string or message where its length, a varint, takes its second, third and fourth byte.
TWO_BYTE_LENGTHS = beside(1 << 7)
THREE_BYTE_LENGTHS = beside(1 << 14)
FOUR_BYTE_LENGTHS = beside(1 << 21)
# Ints around each step of a varint, which may have ten bytes.
VARINTS = (0, *(number for bits in range(7, 64, 7) for number in ((1 << bits) - 1, 1 << bits)), (1 << 64) - 1)

# Bytes that keys and texts have in common: words and registers of those who compare them, and the above.
COMMON_LENGTHS = around(8, 16, 31, 32, 64, 128)

# Members of an object or items of a list: where sorting changes its method and tables grow.
MEMBERS = around(8, 16, 24, 32, 48, 64, 128, 256, 512)

# Digits of a number: of an exact double, of 64 bits, of the text of a double, of CPython's limits.
DIGITS = around(15, 17, 19, 20, 24, 308, 640, 4300)

# Decimal exponents: exact powers of ten, where repr() changes its form, the ends of the double
# range and of the tables, more than an int holds.
EXPONENTS = (
    0, 1, -1, *around(-5, 16, 22, 27, 40, 55, 308, 324, 1075), *around(-22, -27, -53, -63, -308, -324, -342),
    63, 64, 1023, -1074, -1075, 99_999, -99_999, *around(10**17), -(10**17), 2**31, 2**63, -(2**63), 10**25,
)  # fmt: skip

# Bits of an int: of doubles, of int64 and uint64, of the largest double, of 4300 digits and of what is
# never written out.
BITS = around(7, 31, 32, 52, 53, 63, 64, 128, 1023, 1024, 2047, 14_284, 29_000)

DEPTHS = around(100, 128, 200)

# Messages in one another in protobuf bytes: google's limit and the verifier's.
OPEN_MESSAGES = around(100, 300, 1024)
FIELD_NUMBERS = (*around(16, 32), 26, 100, 19_000, (1 << 29) - 1)
VARINT_LENGTHS = tuple(range(1, 12))
TAG_LENGTHS = tuple(range(1, 7))

PACKAGE_TYPES = (-1, *range(13))
SPAN_KINDS = (-1, *range(7))
STATUS_CODES = (-1, *range(4))
SCHEMA_TYPES = (-1, *range(11))
ENCODINGS = (-1, 0, 1, 2)
DECODED_TYPES = (-1, *range(26))

# Where UTF-8, UTF-16 and JSON change their mind about a character.
CODE_POINTS = around(
    0x20, 0x22, 0x5C, 0x80, 0x800, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0x10000, 0x10FFFE
)  # fmt: skip
UTF8_FAULTS = (
    b"\xff", b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc2", b"\xc2\x7f", b"\xc2\xc0", b"\xc3",
    b"\xdf\x7f", b"\xe0\x9f\xbf", b"\xe0\xa0", b"\xed\x9f", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xee\x80",
    b"\xef\xbf\xc0", b"\xf0\x8f\xbf\xbf", b"\xf0\x90\x80", b"\xf4\x8f\xbf", b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80",
)  # fmt: skip
