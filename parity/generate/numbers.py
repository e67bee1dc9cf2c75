"""Numbers as JSON text: spellings, not values, because the spelling is what a reader has to get right."""

from __future__ import annotations

import struct

from .pools import DIGIT_LIMITS, FLOATS, INTS, PLAIN_INTS
from .source import Source

_PIECE = 10**500
LONG_LENGTHS = (18, 19, 20, 21, 25, 31, 40, 77, 155, 308, 309, 310, 400)


def everyday_number(source: Source) -> str:
    """An id, a count, a price or a measurement."""
    kind = source.below(8)
    if kind < 3:
        return source.pick(PLAIN_INTS)
    if kind < 5:
        return str(source.below(1_000_000))
    if kind == 5:
        return f"{source.below(100_000)}.{source.below(100):02d}"
    if kind == 6:
        return str(1_600_000_000_000 + source.below(1 << 32) * 40)
    return repr(source.below(1 << 31) / 1000)


def corner_number(source: Source) -> str:
    """Any spelling JSON (and Python's `json`) reads, up to 400 digits."""
    kind = source.below(10)
    if kind < 2:
        return source.pick(FLOATS)
    if kind < 4:
        return source.pick(INTS)
    if kind == 4:
        return _beside_a_power(source)
    if kind == 5:
        return random_double(source)
    if kind == 6:
        return _sign(source) + digits(source, source.pick(LONG_LENGTHS))
    if kind == 7:
        return everyday_number(source)
    return _spelled(source)


def limit_number(source: Source) -> str:
    """A number that meets a limit: int digits around 640 and 4300, ints around the double range."""
    kind = source.below(5)
    if kind < 2:
        length = source.pick(DIGIT_LIMITS) + source.between(-2, 2)
        return _sign(source) + digits(source, length)
    if kind == 2:  # from here on ints round to 2**1024, which is no double
        return _sign(source) + str((1 << 1024) - (1 << 970) + source.between(-2, 1))
    if kind == 3:
        whole, fraction = digits(source, source.between(1, 30)), digits(source, source.between(300, 1200))
        return f"{_sign(source)}{whole}.{fraction}"
    return f"{_sign(source)}{digits(source, source.between(1, 700))}e-{source.below(800)}"


def random_double(source: Source) -> str:
    """`repr` of a double of random bits, so of any size: the shortest digits that read back the same."""
    (number,) = struct.unpack("<d", source.bits(64).to_bytes(8, "little"))
    text = repr(number)
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text)


def digits(source: Source, length: int) -> str:
    """An int of exactly `length` digits, its first not 0 unless it is the only one."""
    lowest = 10 ** (length - 1) if length > 1 else 0
    body = source.bits(length * 10 // 3 + 1) % (10**length - lowest) + lowest
    return decimal(body)


def decimal(number: int) -> str:
    """`str` of an int from 0 in pieces of 500 digits, as the interpreter may forbid longer ones."""
    pieces = []
    while number >= _PIECE:
        number, piece = divmod(number, _PIECE)
        pieces.append(f"{piece:0500d}")
    return str(number) + "".join(reversed(pieces))


def _sign(source: Source) -> str:
    return "-" if source.chance(4) else ""


def _beside_a_power(source: Source) -> str:
    """An int one off a power of two or ten."""
    power = 1 << source.below(130) if source.chance(2) else 10 ** source.below(40)
    return _sign(source) + str(power + source.between(-1, 1)).lstrip("-")


def _spelled(source: Source) -> str:
    """A number put together part by part: sign, int, fraction, exponent with odd zeros and signs."""
    out = [_sign(source), digits(source, source.between(1, 18))]
    if not source.chance(3):
        out.append("." + "0" * (source.below(4) * source.below(3)) + digits(source, source.between(1, 18)))
        if source.chance(4):
            out.append("0" * source.below(4))
    if not source.chance(3):
        out += (source.pick("eE"), source.pick(("", "+", "-")), "0" * source.below(2), str(source.below(30)))
        if source.chance(8):
            out.append(str(source.below(30)))
    return "".join(out)
