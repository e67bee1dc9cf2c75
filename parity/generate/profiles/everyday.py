"""Payloads as services send them: ids, names, prices, a few levels, nothing odd."""

from __future__ import annotations

from ..numbers import everyday_number
from ..source import Source
from ..strings import everyday_key, everyday_string
from ..text import Style, document
from .base import payload_profile

STYLE = Style(everyday_number, everyday_string, everyday_key, members=4)


def text(source: Source) -> str:
    return document(source, STYLE)


PROFILE = payload_profile("everyday", "payloads as services send them", text, weight=2)
