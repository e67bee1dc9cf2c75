"""Shapes: deep, wide, empty, blank-filled, with repeated keys, with a scalar at the top."""

from __future__ import annotations

from ..numbers import everyday_number
from ..pools import BLANKS, RARE_DEPTHS, USUAL_DEPTHS
from ..source import Source
from ..strings import awkward_key, everyday_key, everyday_string, quoted
from ..text import Style, document, object_text, scalar_text, value_text
from .base import payload_profile


def _blank(source: Source) -> str:
    return source.pick(BLANKS) if source.chance(2) else ""


BUSHY = Style(everyday_number, everyday_string, everyday_key, members=2, depth=6, repeats=6)
SPACED = Style(everyday_number, everyday_string, everyday_key, depth=3, repeats=8, blank=_blank)
SHALLOW = Style(everyday_number, everyday_string, awkward_key, members=2, depth=1)


def text(source: Source) -> str:
    kind = source.below(10)
    if kind < 4:
        return document(source, BUSHY)
    if kind < 6:
        return document(source, SPACED)
    if kind < 8:
        return deep_text(source)
    if kind == 8:
        return (
            scalar_text(source, SPACED)
            if source.chance(2)
            else source.pick(("{}", "[]", "[[]]", '{"":{}}', "[{}]", '""'))
        )
    return wide_text(source) if source.chance(4) else object_text(source, SHALLOW, 2)


def deep_text(source: Source) -> str:
    """A spine of arrays and objects, now and then with something beside the way down."""
    depth = source.pick(RARE_DEPTHS) if source.chance(8) else source.pick(USUAL_DEPTHS)
    mixed, in_objects = source.chance(2), source.chance(2)
    opening, closing = [], []
    for _ in range(depth):
        if mixed:
            in_objects = source.chance(2)
        beside = source.chance(16)
        if in_objects:
            opening.append('{"a":' if not beside else f'{{"b":{value_text(source, SHALLOW, 1)},"a":')
            closing.append("}")
        else:
            opening.append("[" if not beside else f"[{value_text(source, SHALLOW, 1)},")
            closing.append("]" if not source.chance(16) else f",{scalar_text(source, SHALLOW)}]")
    core = source.pick(("1", "{}", "[]", '"x"', "null"))
    return "".join(opening) + core + "".join(reversed(closing))


def wide_text(source: Source) -> str:
    """Hundreds of members: keys in order, in reverse, or with a number in them."""
    count = source.pick((17, 33, 64, 65, 128, 129, 256, 257, 600))
    if source.chance(3):
        return f"[{','.join(scalar_text(source, SHALLOW) for _ in range(count))}]"
    names = [f"k{number * 7919 % 1009}" for number in range(count)]
    members = (f"{quoted(name)}:{scalar_text(source, SHALLOW)}" for name in names)
    return f"{{{','.join(members)}}}"


PROFILE = payload_profile(
    "structure", "nesting, width, blanks, repeated keys, scalars at the top", text, weight=2
)
