"""Every spelling of a number: exponents, many digits, the edges of double and int64, zeros with signs."""

from __future__ import annotations

from ..numbers import corner_number, limit_number
from ..source import Source
from ..strings import everyday_key, everyday_string
from ..text import Style, document
from .base import payload_profile


def _number_or_limit(source: Source) -> str:
    return limit_number(source) if source.chance(32) else corner_number(source)


def _mostly_numbers(source: Source) -> str:
    """Stands where a string would, so that numbers fill the text."""
    return everyday_string(source) if source.chance(4) else corner_number(source)


STYLE = Style(_number_or_limit, _mostly_numbers, everyday_key, depth=2)
WITHIN_LIMITS = Style(corner_number, _mostly_numbers, everyday_key, depth=2)


def text(source: Source) -> str:
    return _number_or_limit(source) if source.chance(4) else document(source, STYLE)


def text_within_limits(source: Source) -> str:
    """No int of thousands of digits: such a text may be refused before it is an object."""
    return corner_number(source) if source.chance(4) else document(source, WITHIN_LIMITS)


PROFILE = payload_profile("numbers", "spellings and limits of numbers", text, weight=2)
