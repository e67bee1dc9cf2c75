"""JSON that can be read in one way only; anything else is a ValueError with a reason."""

from __future__ import annotations

import pytest

from driftgate.base.strict_json import parse


def test_plain_json_is_read() -> None:
    assert parse('{"a": [1, -2.5, "\\ud800", true, null, {}]}') == {"a": [1, -2.5, "\ud800", True, None, {}]}
    assert parse('"ü"'.encode()) == "ü"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("{}{}", "Extra data"),
        ("NaN", "NaN is no JSON"),
        ("[-Infinity]", "-Infinity is no JSON"),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', "has 'b' twice"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        (b"\xff", "can't decode"),
        ("\ufeff{}", "Expecting value"),
    ],
)
def test_anything_else_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)
