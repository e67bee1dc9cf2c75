"""Strings and keys meant to hurt: every escape, half surrogates, controls, keys that sort oddly."""

from __future__ import annotations

from ..numbers import everyday_number
from ..source import Source
from ..strings import awkward_key, hostile_string, long_string
from ..text import Style, document
from .base import payload_profile


def _string(source: Source) -> str:
    return long_string(source) if source.chance(24) else hostile_string(source)


STYLE = Style(everyday_number, _string, awkward_key, depth=2, repeats=12)


def text(source: Source) -> str:
    return document(source, STYLE)


PROFILE = payload_profile("hostile-text", "escapes, half surrogates, odd characters and keys", text, weight=2)
