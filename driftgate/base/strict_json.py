"""JSON that can be read in one way only: no name twice, no NaN, nothing too deep or too long for Python."""

from __future__ import annotations

import json
from typing import NoReturn, Union

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]


def parse(text: str | bytes) -> Json:
    """The value of a JSON text, as UTF-8 where it is bytes; raises `ValueError` for anything else."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value: Json = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    return value


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has {twice!r} twice in one object")
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)
