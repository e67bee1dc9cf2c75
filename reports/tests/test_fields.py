"""A field that is missing or of another kind makes the file damaged, and the message says which."""

from __future__ import annotations

import pytest

from driftgate.base.result_file import DamagedResults, Json
from reports.fields import Fields

FIELDS = Fields(
    "r.ndjson: started",
    {
        "text": "a\nb",
        "name": "native",
        "count": 3,
        "minus": -3,
        "flag": True,
        "number": 1.5,
        "huge": 10**400,
        "infinite": float("inf"),
        "none": None,
        "object": {"b": 1, "a": 2, "c": 2},
        "objects": [{"x": 1}],
        "mixed": [{"x": 1}, 2],
        "numbers": [1, 2.5],
        "names": ["normalize_json", "a b"],
    },
)


def test_fields_are_read_by_their_kind() -> None:
    assert FIELDS.text("text") == "a\nb"
    assert FIELDS.name("name") == "native"
    assert FIELDS.names("names") == ("normalize_json", "a b")
    assert FIELDS.count("count") == 3 and FIELDS.integer("minus") == -3
    assert FIELDS.flag("flag") is True
    assert FIELDS.number("number") == 1.5 and FIELDS.number("count") == 3.0
    assert FIELDS.inner("object").count("b") == 1
    assert [one.count("x") for one in FIELDS.inners("objects")] == [1]
    assert FIELDS.numbers("numbers") == (1.0, 2.5)
    assert FIELDS.optional_text("text") == "a\nb" and FIELDS.optional_text("none") is None
    assert FIELDS.optional_number("number") == 1.5 and FIELDS.optional_number("none") is None
    assert FIELDS.optional_count("count") == 3 and FIELDS.optional_count("none") is None
    assert FIELDS.optional_counts("object") is not None and FIELDS.optional_counts("none") is None


def test_counts_come_largest_first_then_by_name() -> None:
    assert list(FIELDS.counts("object").items()) == [("a", 2), ("c", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("text", "count"),
        ("text", "none"),
        ("text", "absent"),
        ("name", "text"),
        ("names", "name"),
        ("names", "objects"),
        ("flag", "count"),
        ("count", "minus"),
        ("count", "flag"),
        ("count", "number"),
        ("integer", "flag"),
        ("integer", "number"),
        ("number", "minus"),
        ("number", "flag"),
        ("number", "huge"),
        ("number", "infinite"),
        ("numbers", "number"),
        ("numbers", "names"),
        ("optional_text", "absent"),
        ("optional_text", "count"),
        ("optional_count", "minus"),
        ("optional_number", "text"),
        ("optional_counts", "absent"),
        ("counts", "names"),
        ("inner", "objects"),
        ("inners", "object"),
        ("inners", "mixed"),
    ],
)
def test_field_of_another_kind_is_refused(kind: str, name: str) -> None:
    with pytest.raises(DamagedResults, match=rf"r\.ndjson: started: .*'{name}"):
        getattr(FIELDS, kind)(name)


@pytest.mark.parametrize("text", ["", " a", "naïve", "a|b", "a`", "<b>", "a\nb", "\u202ea", "*", "x" * 101])
def test_name_is_fit_for_a_sentence(text: str) -> None:
    values: dict[str, Json] = {"name": text}
    with pytest.raises(DamagedResults, match="plain name"):
        Fields("f", values).name("name")
