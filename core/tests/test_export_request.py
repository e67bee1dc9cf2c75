"""`tusk.drift.backend.v1.ExportSpansRequest` bytes: four strings and verified spans."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments
from .wire import NULL, entry, integer, part, text


def request(core: ModuleType, *spans: bytes, strings: tuple[str, str, str, str] = ("", "", "", "")) -> bytes:
    result: bytes = core.build_export_spans_request_bytes_pyobject(*strings, list(spans))
    assert type(result) is bytes
    return result


def test_strings_stand_before_the_spans(core: ModuleType) -> None:
    span = part(1, b"t")
    assert request(core, span, strings=("service", "prod", "0.1", "inst")) == (
        part(1, b"service") + part(2, b"prod") + part(3, b"0.1") + part(4, b"inst") + part(5, span)
    )


def test_empty_strings_are_left_out(core: ModuleType) -> None:
    assert request(core) == b""
    assert request(core, strings=("", "é", "", "")) == part(2, "é".encode())


@pytest.mark.parametrize("count", [1, 2, 50, 3000])
def test_spans_stand_in_order(core: ModuleType, count: int) -> None:
    spans = [part(4, b"span %d" % i) for i in range(count)]
    assert request(core, *spans) == b"".join(part(5, span) for span in spans)


def test_an_empty_span_is_kept(core: ModuleType) -> None:
    assert request(core, b"", b"") == b"\x2a\x00\x2a\x00"


@pytest.mark.parametrize(
    "span",
    [
        part(1, b"second") + part(1, b"first"),
        integer(22, 0) + part(2, b""),
        b"\x40\x81\x00",
        part(18) + part(1, b"x"),
        integer(999, 5) + part(1000, b"\xff\xfe"),
        part(9, entry("a", NULL)) * 3,
        b"\x8a\x80\x00\x01x",
    ],
)
def test_valid_spans_pass_through_unchanged(core: ModuleType, span: bytes) -> None:
    assert request(core, span) == part(5, span)


def test_built_spans_pass_through_unchanged(core: ModuleType) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"name": "é", "input_value": {"a": [{"b": None}]}, "metadata": {"k": "v"}, "environment": ""},
        {"input_schema": {"properties": {"": {}}}, "timestamp_seconds": -1, "status_message": "x" * 70_000},
    ]
    spans = [core.build_span_proto_bytes_pyobject(*arguments(**changed)) for changed in changes]
    assert request(core, *spans) == b"".join(part(5, span) for span in spans)


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        (b"\x0a", "at byte 1: length is cut short"),
        (b"\x0a\x02x", "at byte 0: field 1 is longer than its message"),
        (b"\x0a\x01\xff", "at byte 2: field 1 is not UTF-8"),
        (b"\x42\x00", "at byte 0: field 8 has wire type 2, not 0"),
        (part(9, entry("a", text("b")))[:-1] + b"\x80", "at byte 11: field 3 is not UTF-8"),
    ],
)
def test_a_malformed_span_is_a_value_error_that_names_the_item(
    core: ModuleType, span: bytes, fault: str
) -> None:
    for position in (0, 1, 7):
        spans = [part(1, b"ok")] * 9
        spans[position] = span
        raised = told(core.build_export_spans_request_bytes_pyobject, "", "", "", "", spans)
        assert raised == (ValueError, f"spans[{position}] is malformed {fault}")


def test_the_first_wrong_item_is_the_one_that_is_named(core: ModuleType) -> None:
    for spans, raised in (
        ([b"\x0a", "text"], (ValueError, "spans[0] is malformed at byte 1: length is cut short")),
        (["text", b"\x0a"], (TypeError, "spans[0] must be bytes, not str")),
    ):
        assert told(core.build_export_spans_request_bytes_pyobject, "", "", "", "", spans) == raised


def test_a_lone_surrogate_in_a_string_is_an_encode_error(core: ModuleType) -> None:
    for position in range(4):
        strings = ["a", "b", "c", "d"]
        strings[position] = "\ud800"
        with pytest.raises(UnicodeEncodeError):
            core.build_export_spans_request_bytes_pyobject(*strings, [])


def test_the_list_is_left_alone(core: ModuleType) -> None:
    spans = [part(1, b"x")]
    core.build_export_spans_request_bytes_pyobject("", "", "", "", spans)
    assert spans == [part(1, b"x")]


def test_bytes_subclasses_are_bytes(core: ModuleType) -> None:
    class Data(bytes):
        pass

    class Batch(list):  # type: ignore[type-arg]
        pass

    span = part(1, b"x")
    result = core.build_export_spans_request_bytes_pyobject("", "", "", "", Batch([Data(span)]))
    assert result == part(5, span)
