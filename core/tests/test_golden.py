"""Both subjects against the golden vectors, and the vectors against their own rules."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

import pytest

from . import golden, make_golden
from .golden import Error, GoldenError, Vector, canonical, decode, encode
from .test_subjects import OPERATIONS

FILES = sorted(golden.FOLDER.glob("*.jsonl"))
MOST_BYTES = 1_000_000


def differs(expected: Optional[Error], actual: Optional[Error]) -> bool:
    """Whether two outcomes' errors part in what the expected one tells."""
    if expected is None or actual is None:
        return expected is not actual
    return (
        expected.kind != actual.kind
        or expected.message not in (None, actual.message)
        or expected.position not in (None, actual.position)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vector_holds(core: ModuleType, path: Path) -> None:
    failed = []
    for line, vector in enumerate(golden.read(path), start=2):
        value, error = golden.outcome_of(getattr(core, vector.operation), vector.arguments)
        if canonical(value) != canonical(vector.value) or differs(vector.error, error):
            failed.append(f"{path.name}:{line} {vector.operation}: {vector.rule}: {error or value}")
    assert not failed, "\n".join(failed)


def test_vectors_are_those_that_the_reference_gives_now() -> None:
    written = {path.name: path.read_text(encoding="ascii") for path in FILES}
    assert make_golden.files() == written, "run python -m core.tests.make_golden and read the diff"


def test_vectors_cover_every_operation_with_values_and_errors() -> None:
    vectors = [vector for path in FILES for vector in golden.read(path)]
    values = Counter(vector.operation for vector in vectors if vector.error is None)
    errors = Counter(vector.operation for vector in vectors if vector.error is not None)
    for operation in (*OPERATIONS, "export_span"):
        assert values[operation] >= 5, operation
        assert errors[operation] >= 5, operation


def test_vectors_cover_every_class_of_error() -> None:
    kinds = {vector.error.kind for path in FILES for vector in golden.read(path) if vector.error}
    assert kinds == {
        "JSONDecodeError",
        "RecursionError",
        "ValueError",
        "UnicodeEncodeError",
        "OverflowError",
        "TypeError",
    }


def test_vectors_are_ascii_and_small() -> None:
    contents = [path.read_bytes() for path in FILES]
    assert all(content.isascii() for content in contents)
    assert sum(map(len, contents)) < MOST_BYTES


def test_vectors_of_text_need_no_tags_but_for_bytes_and_odd_strings() -> None:
    tags = set()
    for vector in golden.read(golden.FOLDER / "text.jsonl"):
        for value in [
            *vector.arguments,
            *(vector.value if isinstance(vector.value, list) else [vector.value]),
        ]:
            tags |= set(value) if isinstance(value, dict) else set()
    assert tags <= {"bytes", "code_points", "repeat", "tuple"}


# ---- the format itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None,
        [True, 1, 1.0, "1"],
        [-0.0, math.inf, 5e-324, 0.1],
        [2**53, 2**53 + 1, -(10**100)],
        {"b": {1: None, None: []}, "a": {True: 1}},
        ["\ud800", "\ud83d\ude00", "😀", "\x00é"],
        (b"\x00\xff", bytearray(b"x"), {5}, frozenset([1])),
        golden.Pair(golden.Color.RED, golden.Item("a", golden.Mode.FAST)),
        [golden.Whole(3), golden.Real(1e16), golden.Text("x")],
    ],
)
def test_tagging_is_lossless(value: Any) -> None:
    tagged = json.loads(json.dumps(encode(value)))
    assert decode(tagged) == value
    assert canonical(encode(decode(tagged))) == canonical(tagged)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1], (1,)),
        ("😀", "\ud83d\ude00"),
        (b"", bytearray()),
        (7, golden.Color.RED),
    ],
)
def test_tagging_tells_apart_what_is_not_the_same(one: Any, other: Any) -> None:
    assert canonical(encode(one)) != canonical(encode(other))


def test_nan_has_one_tag() -> None:
    assert encode(math.nan) == encode(float("-nan")) == {"float": "nan"}


def test_written_vectors_are_read_back(tmp_path: Path) -> None:
    vectors = [
        Vector("a", "normalize_json", ["[1]"], value="[1]"),
        Vector("b", "normalize_json", ["["], error=Error("JSONDecodeError", "m", 1)),
        Vector("c", "normalize_json", ["["], error=Error("RecursionError")),
    ]
    (tmp_path / "x.jsonl").write_text(golden.write(vectors), encoding="ascii")
    assert golden.read(tmp_path / "x.jsonl") == vectors


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version":1', '"version":2'),
        ("driftcore golden vectors", "others"),
        ('"vectors":2', '"vectors":3'),
        ('"rule"', '"rules"'),
        ('"value"', '"values"'),
        ('"position"', '"place"'),
    ],
)
def test_another_format_is_refused(tmp_path: Path, old: str, new: str) -> None:
    vectors = [Vector("a", "x", [], value=1), Vector("b", "x", [], error=Error("E"))]
    content = golden.write(vectors)
    assert old in content
    (tmp_path / "x.jsonl").write_text(content.replace(old, new), encoding="ascii")
    with pytest.raises(GoldenError, match=r"x\.jsonl:[123]: "):
        golden.read(tmp_path / "x.jsonl")


def test_a_difference_in_what_an_error_tells_is_seen() -> None:
    told = Error("ValueError", "m", 3)
    assert not differs(told, told)
    assert not differs(Error("ValueError"), told)
    for other in (None, Error("TypeError", "m", 3), Error("ValueError", "n", 3), Error("ValueError", "m", 4)):
        assert differs(told, other)
    assert differs(None, told)
