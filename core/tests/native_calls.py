"""Every native function with arguments that need much of it, and with some it refuses.

What the tests of memory, references and threads do to calls they do to all of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Union

from .span_arguments import arguments, export_arguments
from .wire import NULL, entry, part

KEYS = ",".join(f'"é{i % 30}":{{"b":[1.50,"\\u00e9"],"a":{{}}}}' for i in range(60))
TEXT = '{"k":"eyJhIjpbMSwiXHUwMGU5Il19",' + KEYS + ',"n":9007199254740993.00000000000000000000001}'
PLAIN_TEXT = '{"method":"GET","rows":[{"id":1,"price":19.9,"tags":["a","b"]},{"id":2,"price":0.1,"tags":[]}]}'
TEXT_MERGES = '{"k":{"encoding":1,"decoded_type":1}}'
MERGES = {"k": {"encoding": 1, "decoded_type": 1, "match_importance": 0.5}}
DIGITS = '{"k":{"d":[' + "1," * 3000 + '1]},"n":null}'  # Struct bytes of five times its size
LONG_KEY = (
    '{"' + "k" * 3000 + '":{"d":[' + "1," * 3800 + "1]}}"
)  # in the memory of its numbers no room is left for it
ROWS = '{"rows":[' + ",".join(f'{{"id":{i},"tags":[]}}' for i in range(200)) + "]}"
VALUE = {"b": [1, 2.5, "é" * 300, {"": None}], "a": {str(i): i for i in range(40)}, "i": 2**70, "k": "WzFd"}
DECODED_VALUE = {"i": 10**60, "k": '{"a":[1],"\u00e9":{"b":null}}', "l": "x"}
DECODED_MERGES = {
    "i": {"match_importance": (2**54 + 3 << 79) + 1},  # halfway between two doubles, and 1
    "k": {"decoded_type": 1},
    "l": {"encoding": 1, "decoded_type": 2},
}
WIDE = ",".join(f'"w{i:02}":{i}' for i in range(25, 0, -1))  # more keys than have a known order
UNSORTED = '{"b":1,"i":' * 40 + '{"z":{' + WIDE + "}}" + ',"a":{"d":1.0e3,"c":{}}}' * 40
DEEP_VALUE: Any = {"n": [0.5] * 40}
for _ in range(40):
    DEEP_VALUE = {"b": [DEEP_VALUE, None], "a": "x"}
DEEP_SCHEMA: Any = {"type": 1}
for _ in range(60):
    DEEP_SCHEMA = {"type": 6, "properties": {"p": DEEP_SCHEMA}}
SCHEMA = {
    "type": 6,
    "properties": {"é": {"type": 2, "encoding": 1, "match_importance": 0.25}},
    "items": {"type": 1},
}
SPAN = part(4, b"n") + part(9, entry("a", NULL))


@dataclass(frozen=True)
class NativeCall:
    """A function by name, and its positional arguments."""

    function: str
    given: list[Any]

    def make(self, native: ModuleType) -> object:
        """What the call returns."""
        result: object = getattr(native, self.function)(*self.given)
        return result

    def outcome(self, native: ModuleType) -> Union[object, tuple[type, str]]:
        """What the call returns, or the class and message of what it raises."""
        try:
            return self.make(native)
        except Exception as error:
            return type(error), str(error)


ANSWERED = [
    NativeCall("deterministic_hash", [UNSORTED]),
    NativeCall("deterministic_hash", ['{"\\u0062":' + UNSORTED + "}"]),
    NativeCall("process_export_payload_pyobject", [[{"k": DEEP_VALUE}], None]),
    NativeCall("build_span_proto_bytes_pyobject", arguments(input_schema=DEEP_SCHEMA)),
    NativeCall("normalize_json", [TEXT]),
    NativeCall("normalize_json", [PLAIN_TEXT]),
    NativeCall("deterministic_hash", [TEXT]),
    NativeCall("deterministic_hash", [PLAIN_TEXT]),
    NativeCall("normalize_and_hash", [TEXT]),
    NativeCall("normalize_and_hash", [PLAIN_TEXT]),
    NativeCall("object_to_protobuf_struct_bytes", [TEXT]),
    NativeCall("object_to_protobuf_struct_bytes", [DIGITS]),
    NativeCall("object_to_protobuf_struct_bytes", [LONG_KEY]),
    NativeCall("object_to_protobuf_struct_bytes", [ROWS]),
    NativeCall("object_to_protobuf_struct_field_count", [TEXT]),
    NativeCall("process_export_payload", [TEXT, None]),
    NativeCall("process_export_payload", [DIGITS, None]),
    NativeCall("process_export_payload", [TEXT, TEXT_MERGES]),
    NativeCall("process_export_payload_pyobject", [VALUE, None]),
    NativeCall("process_export_payload_pyobject", [VALUE, MERGES]),
    NativeCall("process_export_payload_pyobject", [[VALUE, [VALUE], "é\U0001f600"], None]),
    NativeCall("process_export_payload_pyobject", [[1234], None]),
    NativeCall("process_export_payload_pyobject", [DECODED_VALUE, DECODED_MERGES]),
    NativeCall(
        "build_span_proto_bytes_pyobject",
        arguments(name="é", environment="e", metadata=VALUE, input_value=VALUE, input_schema=SCHEMA),
    ),
    NativeCall("build_span_proto_bytes_pyobject", arguments(input_value_proto_struct_bytes=entry("a", NULL))),
    NativeCall(
        "export_span",
        export_arguments(
            name="é",
            input_json=TEXT,
            input_schema_merges_json=TEXT_MERGES,
            output_json=TEXT,
            metadata_json=TEXT,
        ),
    ),
    NativeCall("build_export_spans_request_bytes_pyobject", ["é", "", "", "", [SPAN] * 20]),
    NativeCall("verify_span", [SPAN]),
]
"""Calls the C core answers by itself."""

PUNTED = [
    NativeCall("normalize_json", ['{"a":1,}']),
    NativeCall("normalize_json", [7]),
    NativeCall("deterministic_hash", ['{"a":"\\ud800"}']),
    NativeCall("normalize_and_hash", ["[1" * 300]),
    NativeCall("object_to_protobuf_struct_bytes", ['{"a":1' + "0" * 400 + "}"]),
    NativeCall("object_to_protobuf_struct_bytes", [DIGITS[:-1]]),
    NativeCall("object_to_protobuf_struct_field_count", [""]),
    NativeCall("process_export_payload", [PLAIN_TEXT, '{"a":{"encoding":7}}']),
    NativeCall("process_export_payload", [PLAIN_TEXT, "{"]),
    NativeCall("process_export_payload_pyobject", [{"a": (1, 2), 3: b"x"}, None]),
    NativeCall("process_export_payload_pyobject", [{"a": [1, "\ud800"]}, None]),
    NativeCall("process_export_payload_pyobject", [VALUE, {"k": {"encoding": "x"}}]),
    NativeCall("build_span_proto_bytes_pyobject", arguments(kind=99)),
    NativeCall("build_span_proto_bytes_pyobject", arguments(name=None)),
    NativeCall("build_span_proto_bytes_pyobject", arguments(input_schema={"properties": 1})),
    NativeCall("build_span_proto_bytes_pyobject", arguments(input_value_proto_struct_bytes=b"\x0a")),
    NativeCall("export_span", export_arguments(input_json="{")),
    NativeCall("build_export_spans_request_bytes_pyobject", ["s", "e", "v", "i", [SPAN, b"\x0a"]]),
    NativeCall("build_export_spans_request_bytes_pyobject", ["s", "e", "v", "i", [SPAN, None]]),
    NativeCall("verify_span", [b"\x0a"]),
]
"""Calls it hands to the reference, most of them to raise."""
