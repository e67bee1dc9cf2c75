"""An operation's arguments as one tree, each part in the form in which it is best made smaller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..nodes import Node, from_object, kept_whole
from ..operations import EXPORT_ARGUMENTS, SPAN_ARGUMENTS, Operation, Takes
from .json_text import read_text
from .wire import read_message

_SPAN: Mapping[str, Any] = {
    **dict.fromkeys(SPAN_ARGUMENTS, ""),
    **dict.fromkeys(("package_type", "kind", "status_code"), 0),
    **dict.fromkeys(("timestamp_seconds", "timestamp_nanos", "duration_seconds", "duration_nanos"), 0),
    **dict.fromkeys(("is_pre_app_start", "is_root_span"), False),
    **dict.fromkeys(("environment", "metadata", "input_value", "output_value"), None),
    **dict.fromkeys(("input_value_proto_struct_bytes", "output_value_proto_struct_bytes"), None),
}


def read(operation: Operation, arguments: tuple[object, ...]) -> Node:
    """The tree of an operation's arguments."""
    children = []
    for name, value in zip(operation.arguments, arguments):
        if name.endswith("_json") and type(value) is str:
            children.append(read_text(value))
        elif name.endswith("_struct_bytes") and type(value) is bytes:
            children.append(read_message(value, "Struct"))
        elif operation.takes is Takes.REQUEST and name == "spans" and type(value) is list:
            children.append(_spans(value))
        else:
            children.append(from_object(value, kept_whole))
    return Node("arguments", None, tuple(children))


def _spans(spans: list[object]) -> Node:
    parts = [
        read_message(span, "Span") if type(span) is bytes else from_object(span, kept_whole) for span in spans
    ]
    return Node("list", None, tuple(parts), 1)


def plainest(operation: Operation) -> list[Node]:
    """The plainest value of each argument."""
    if operation.takes is Takes.SPAN:
        plain = [from_object(_SPAN[name]) for name in SPAN_ARGUMENTS]
        schema = from_object({"type": 6, "properties": {}})
        return [schema if name.endswith("_schema") else node for name, node in zip(SPAN_ARGUMENTS, plain)]
    if operation.takes is Takes.EXPORT:
        payload = read_text("0")
        plain = [from_object(_SPAN.get(name)) for name in EXPORT_ARGUMENTS]
        return [
            payload if name in ("input_json", "output_json") else node
            for name, node in zip(EXPORT_ARGUMENTS, plain)
        ]
    if operation.takes is Takes.REQUEST:
        return [*(from_object("") for _ in range(4)), from_object([])]
    if operation.takes is Takes.TEXT:
        return [read_text("0")]
    if operation.takes is Takes.TEXT_AND_MERGES:
        return [read_text("0"), from_object(None)]
    return [from_object(0), from_object(None)]
