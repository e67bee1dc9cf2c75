"""Text that is not JSON, most of it only just: the class, message and position of the error must agree."""

from __future__ import annotations

from ...operations import Takes
from ..merge_rules import merges_text
from ..pools import MALFORMED, STRAY_CHARACTERS
from ..source import Source
from . import everyday, hostile_text, numbers, structure
from .base import Makers, Profile, export_arguments

_AROUND = (
    "\ufeff{0}", " \ufeff{0}", "\xef\xbb\xbf{0}", "{0}\ufeff", "{0}\x00", "\x00{0}", "{0}\xa0",
    "\u2028{0}", "{0};", "{0}//", "{0}{0}", "{0},", "({0})", "// {0}", "{0}\x0c",
)  # fmt: skip


def text(source: Source) -> str:
    """A known malformed text, bare or inside a right one, or a right text damaged in one or two places."""
    kind = source.below(6)
    if kind == 0:
        return source.pick(MALFORMED)
    if kind == 1:
        return source.pick(
            ("[1,{0}]", '{{"a":{0}}}', "[{0}", '{{"a":1,"b":[{0}', " {0} ", '["😀",{0}]')
        ).format(source.pick(MALFORMED))
    if kind == 2 and source.chance(4):  # a right text with something before or after it
        return source.pick(_AROUND).format(everyday.text(source))
    draw = source.pick((everyday.text, hostile_text.text, structure.text, numbers.text_within_limits))
    damaged = damage(source, draw(source))
    return damage(source, damaged) if source.chance(8) else damaged


def damage(source: Source, text: str) -> str:
    """Cut short, or a character left out, put in, exchanged or doubled."""
    at = source.below(len(text) + 1)
    kind = source.below(5)
    if kind == 0:
        return text[:at]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + source.pick(STRAY_CHARACTERS) + text[at:]
    if kind == 3:
        return text[:at] + source.pick(STRAY_CHARACTERS) + text[at + 1 :]
    return text[:at] + text[at : at + 1] * 2 + text[at + 1 :]


def _make(source: Source) -> Makers:
    """Payload wrong, merges wrong, or both: which of them is reported first is part of the contract."""
    if source.chance(48):
        return _wrong_types(source)
    wrong = text(source)
    kind = source.below(4)
    payload = everyday.text(source) if kind == 3 else wrong
    merges = None if kind == 0 else text(source) if kind > 1 else merges_text(source, ('"id"', '"name"'))
    return {
        Takes.TEXT: lambda: (wrong,),
        Takes.TEXT_AND_MERGES: lambda: (payload, merges),
        Takes.EXPORT: lambda: export_arguments(payload, merges),
    }


def _wrong_types(source: Source) -> Makers:
    """What a careless caller passes for a text, as payload or as merges."""
    payload, merges = source.below(len(_not_payloads())), source.below(len(_not_merges()))
    beside = everyday.text(source) if source.chance(2) else None
    return {
        Takes.TEXT: lambda: (_not_payloads()[payload],),
        Takes.TEXT_AND_MERGES: lambda: (
            (_not_payloads()[payload], None) if beside is None else (beside, _not_merges()[merges])
        ),
        Takes.EXPORT: lambda: export_arguments(
            *((_not_payloads()[payload], None) if beside is None else (beside, _not_merges()[merges]))
        ),
    }


def _not_payloads() -> tuple[object, ...]:
    """Made anew each time because some can be changed."""
    return None, b"{}", bytearray(b"{}"), 1, 1.5, True, (), ["{}"], {"a": 1}, float("nan")


def _not_merges() -> tuple[object, ...]:
    return b"{}", {"id": {"encoding": 1}}, 1, False, [], ()


PROFILE = Profile(
    "malformed",
    "text that is not JSON, and arguments that are not text",
    (Takes.TEXT, Takes.TEXT_AND_MERGES, Takes.EXPORT),
    _make,
    weight=3,
)
