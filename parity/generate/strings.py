"""Strings as JSON literals, quotes included, and as plain Python text."""

from __future__ import annotations

from .pools import AWKWARD_KEYS, ESCAPES, KEYS, LONE_SURROGATES, RAW_CHARACTERS, WORDS
from .source import Source

_MUST_ESCAPE = {code: f"\\u{code:04x}" for code in range(0x20)} | {ord('"'): '\\"', ord("\\"): "\\\\"}
LONG_LENGTHS = (15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 4096)


def quoted(text: str) -> str:
    """A text as a literal with only the escapes JSON demands, so every other character stays raw."""
    return f'"{text.translate(_MUST_ESCAPE)}"'


_QUOTED_WORDS, _QUOTED_KEYS = tuple(map(quoted, WORDS)), tuple(map(quoted, KEYS))


def everyday_string(source: Source) -> str:
    return source.pick(_QUOTED_WORDS)


def everyday_key(source: Source) -> str:
    return source.pick(_QUOTED_KEYS)


def hostile_string(source: Source) -> str:
    """Pieces of words, raw characters, escapes of every form and, in one of eight, half surrogates."""
    surrogates = source.chance(8)
    out = ['"']
    while source.more(3):
        out.append(_piece(source, surrogates))
    out.append('"')
    return "".join(out)


def long_string(source: Source) -> str:
    """A run of one character with something awkward somewhere in it, its length near a power of two."""
    length = source.pick(LONG_LENGTHS)
    before = source.below(length + 1)
    filler = source.pick(("a", "é", "中", "😀"))
    return f'"{filler * before}{_piece(source, False)}{filler * (length - before)}"'


def awkward_key(source: Source) -> str:
    """A key that sorts, compares or escapes unlike a plain word; at times spelled in escapes."""
    text = source.pick(AWKWARD_KEYS)
    if source.chance(8):
        return hostile_string(source)
    if source.chance(4):
        return f'"{escaped(text)}"'
    return quoted(text)


def escaped(text: str) -> str:
    """Every character as a `\\u` escape: another spelling of the same text."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def hostile_text(source: Source) -> str:
    """Python text with anything in it, half surrogates in one of eight."""
    surrogates = source.chance(8)
    out = []
    while source.more(2):
        kind = source.below(8 if surrogates else 7)
        if kind < 3:
            out.append(source.pick(WORDS))
        elif kind < 6:
            out.append(source.pick(RAW_CHARACTERS))
        elif kind == 6:
            out.append(chr(source.below(0x20)))
        else:
            out.append(chr(0xD800 + source.below(0x800)))
    return "".join(out)


def _piece(source: Source, surrogates: bool) -> str:
    """Part of a literal between its quotes."""
    kind = source.below(9 if surrogates else 8)
    if kind < 2:
        return source.pick(_QUOTED_WORDS)[1:-1]
    if kind < 4:
        return source.pick(RAW_CHARACTERS)
    if kind < 6:
        return source.pick(ESCAPES)
    if kind == 6:
        code = source.below(0x20 if source.chance(2) else 0x100)
        return f"\\u{code:04x}" if source.chance(2) else f"\\u{code:04X}"
    if kind == 7:
        return _any_character(source)
    return source.pick(LONE_SURROGATES)


def _any_character(source: Source) -> str:
    """One scalar value of any plane, raw or escaped."""
    code = source.bits(source.between(7, 20)) + 0x20
    character = "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    return escaped(character) if source.chance(2) else quoted(character)[1:-1]
