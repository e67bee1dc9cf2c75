"""The inputs of the golden vectors: every sentence of the contract has one.

`make_golden` runs the reference over them.  A rule's text says what its input is for.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import date, datetime, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from .golden import Color, Item, Mode, Pair, Real, Repeat, Text, Whole
from .wire import NULL, TRUE, double, entry, integer, list_value, number, part, text

MALFORMED = (
    "", " ", "{", "[1", "[1,]", '{"a":1,}', "[1 2]", '{"a" 1}', "{1:2}", "nul", "nan", "True", "-", "01",
    "1.", ".5", "1e", "+1", "1 2", '"\\x"', '"\\u12G4"', '"a\tb"', '"a', "\ufeff{}", "\xa01", "[1]x",
    '\n[1,\n "é😀" x]', "'a'", "１", '"\\ud83d\\u12"',
)  # fmt: skip

# What alphabet behind a completed padding comes to hangs on the Python, so no such text is among these;
# the twin tests ask the running one (test_merges.py).
LENIENT_BASE64 = (
    "", "YQ", "Y", "YQ=", "Y=Q=", "=YQ==", "Y*Q-=_=", "YWJj\\r\\nZGVm", "YWJjZ", "!!!", "YQ=a=b", "/////w==",
    "wyjD", "7aCAeA==", "é YQ==",
)  # fmt: skip

WRONG_MERGES = (
    "[]", "null", "5", '{"k":[]}', '{"k":null}', '{"k":{"encoding":2}}', '{"k":{"encoding":true}}',
    '{"k":{"encoding":1.0}}', '{"k":{"decoded_type":25}}', '{"k":{"decoded_type":"1"}}',
    '{"k":{"match_importance":NaN}}', '{"k":{"match_importance":"1"}}', '{"k":{"match_importance":false}}',
    '{"é\\n":{"match_importance":1' + "0" * 400 + "}}",
)  # fmt: skip

MALFORMED_SPANS = (
    b"\x0a", b"\x00", b"\x0a\x02x", b"\x0a\x01\xff", b"\x08\x01", b"\x42\x00", b"\xd3\x01", b"\xd1\x01\x00",
    b"\x40" + b"\x80" * 10, b"\x8a\x80\x80\x80\x10", part(9, part(1, part(2, b"\x10\x01"))),
)  # fmt: skip

# (rule, JSON text): each goes through the five operations over one text.
TEXTS: list[tuple[str, Any]] = [
    ("insertion order stays", '{"z":1,"a":{"y":2,"b":[{"x":3,"c":4}]},"":5}'),
    (
        "repeated key keeps first position and last value",
        '{"a":1,"b":{"c":1,"d":2,"c":3},"a":[{"e":1,"e":2}]}',
    ),
    (
        "repeated keys settle among many",
        "{" + ",".join(f'"k{i % 19}":{i}' for i in range(40)) + ',"\\u006b3":{"b":1,"a":2}}',
    ),
    (
        "ints keep their digits",
        '{"a":[0,-1,9007199254740993,18446744073709551616,-12345678901234567890123456789]}',
    ),
    ("ints of 640 digits keep their digits", '["' + "x" * 9 + '",' + "1234567890" * 64 + "]"),
    ("minus zero is the int zero, as a float it keeps its sign", '{"i":-0,"f":-0.0,"e":-0e0,"u":-1e-400}'),
    ("nan and infinities are as in Python", '{"a":[NaN,Infinity,-Infinity,1e400,-1e400,1e99999]}'),
    (
        "floats are written as repr",
        '{"a":[1.50,100.00,1e1,1E+2,1e15,1e16,9999999999999999.0,0.0001,0.00001,1e-7,1e22,1e23,0.1,0.30000000000000004]}',
    ),
    (
        "floats at the edges of their range",
        '{"a":[5e-324,2.4703282292062327e-324,2.4703282292062328e-324,2.2250738585072011e-308,1.7976931348623158e308,'
        "1.7976931348623159e308,2.2204460492503131e-16]}",
    ),
    (
        "floats halfway between two doubles go to even",
        '{"a":[9007199254740993.0,9007199254740993.00000000000000000000001,4503599627370497.5,0.99999999999999994,'
        "0.500000000000000166533453693773481063544750213623046875]}",
    ),
    (
        "escapes are resolved or kept in their shortest form",
        r'{"\u0041\/\u00e9":"\"\\\b\f\n\r\t\u0000\u001F\u007f\u2028"}',
    ),
    ("non-ASCII stays", '{"é中😀\x7f\u2028\ufeff":"ß\x80\uffff\U0010ffff"}'),
    ("an escaped surrogate pair joins", r'{"\ud83d\ude00":"\uD800\uDC00\uDBFF\uDFFF"}'),
    ("a lone surrogate stays in text and fails in hash and Struct", r'{"a":"\ud800"}'),
    ("a lone surrogate in a key", r'{"b":1,"\udfff":{}}'),
    ("reversed surrogates are two lone ones", r'["\ude00\ud83d",1]'),
    ("a raw half beside an escaped one does not join", '"\ud83d\\ude00"'),
    ("overflow goes before a lone surrogate in a Struct", r'{"a":"\ud800","b":' + "9" * 400 + "}"),
    (
        "keys are hashed in code-point order",
        '{"\U00010000":1,"\uffff":2,"\ue000":3,"é":4,"z":5,"a":6,"A":7,"":8,"aa":9}',
    ),
    (
        "keys with a long common prefix",
        '{"12345678b":1,"12345678":2,"12345678aa":3,"1234567":4,"12345678a":5}',
    ),
    ("keys are compared unescaped", r'{"a\\":1,"a\n":2,"a\"":3,"a0":4,"a\u0000":5,"a":6}'),
    ("thirty keys are sorted", "{" + ",".join(f'"{(7 * i) % 31}":{i}' for i in range(30)) + "}"),
    ("blanks between tokens go", ' \t\r\n{ "a b" :\n[ 1 ,\t{ } , [ ] ]\r}\n '),
    (
        "every kind of value in a Struct",
        '{"n":null,"f":false,"t":true,"d":0,"s":"","l":[null,[],{}],"o":{"":null}}',
    ),
    ("an int beyond double range fails in a Struct only", '{"a":[1' + "0" * 309 + "]}"),
    ("the largest int that rounds to a double", '{"a":' + str(2**1024 - 2**970 - 1) + "}"),
    ("ints become doubles in a Struct", '{"a":[9007199254740993,18446744073709551617,-1' + "0" * 308 + "]}"),
    ("a Struct with lengths of two bytes", '{"' + "k" * 200 + '":["' + "v" * 130 + '"]}'),
    ("root null", "null"),
    ("root true", "true"),
    ("root string", '"{}"'),
    ("root float", "1.0"),
    ("root int", "-17"),
    ("root list", '[{"b":1,"a":2}]'),
    ("root of nothing", "{}"),
    ("nesting of 200", "[" * 200 + "]" * 200),
    ("nesting of 201", '{"a":' * 201 + "0" + "}" * 201),
    ("nesting without end", Repeat("[", 100_000)),
    ("nesting of objects without end", Repeat('{"a":', 100_000)),
    ("too many digits", Repeat("1", 100_000)),
    *(("text that is not JSON", malformed) for malformed in MALFORMED),
]

# (rule, JSON text, merges text or None)
EXPORTS: list[tuple[str, Any, Any]] = [
    ("without merges", '{"b":[{"y":1,"x":null}],"a":{"c":true,"c":"s"},"n":1.50,"e":[],"o":{}}', None),
    ("schema of a root that is no object", '["a",1]', None),
    ("schema of nested lists", "[[[1.5]]]", None),
    ("schema of keys named like its parts", '{"type":1,"properties":{"items":[{"encoding":null}]}}', None),
    ("base64 is decoded", '{"k":"aMOpIPCfmIA=","z":"YQ=="}', '{"k":{"encoding":1}}'),
    *(
        ("base64 is as lenient as Python's", '{"k":"' + data + '"}', '{"k":{"encoding":1}}')
        for data in LENIENT_BASE64
    ),
    ("JSON is parsed", r'{"k":" {\"b\":1e1,\"a\":-0,\"b\":[]} "}', '{"k":{"decoded_type":1}}'),
    (
        "base64 then JSON",
        '{"k":"eyJhIjpbMV19"}',
        '{"k":{"encoding":1,"decoded_type":1,"match_importance":0.5}}',
    ),
    (
        "where JSON fails the base64 stays decoded",
        '{"k":"e25vdA=="}',
        '{"k":{"encoding":1,"decoded_type":1}}',
    ),
    ("where base64 fails JSON is not tried", '{"k":"12345"}', '{"k":{"encoding":1,"decoded_type":1}}'),
    ("text that is no JSON stays", '{"k":"[1,"}', '{"k":{"decoded_type":1}}'),
    ("what is no string stays", '{"k":[1]}', '{"k":{"encoding":1,"decoded_type":1}}'),
    ("other decoded types decode nothing", '{"k":"[1]"}', '{"k":{"decoded_type":24}}'),
    (
        "merges act on top-level keys only",
        '{"k":{"k":"YQ=="},"l":["YQ=="]}',
        '{"k":{"encoding":1},"l":{"encoding":1}}',
    ),
    ("merges for keys that are not there", '{"a":1}', '{"k":{"encoding":1}}'),
    ("merges on a root that is no object", '["YQ=="]', '{"k":{"encoding":1,"match_importance":1}}'),
    (
        "annotations in fixed order",
        '{"k":1}',
        '{"k":{"match_importance":2,"decoded_type":0,"encoding":0,"note":[1]}}',
    ),
    (
        "importance is a float",
        '{"k":1,"l":2}',
        '{"k":{"match_importance":1' + "0" * 30 + '},"l":{"match_importance":-0.0}}',
    ),
    ("annotations come after items", '{"k":[1]}', '{"k":{"encoding":0}}'),
    ("empty merges", '{"k":"YQ=="}', "{}"),
    (
        "null members of a rule count as not given",
        '{"k":"YQ=="}',
        '{"k":{"encoding":null,"match_importance":null}}',
    ),
    (
        "repeated keys in merges",
        '{"k":"YQ=="}',
        '{"k":{"encoding":1},"k":{"decoded_type":2,"decoded_type":3}}',
    ),
    (
        "Struct bytes are of the normalised value",
        '{"k":"WzFd","b":2,"b":3}',
        '{"k":{"encoding":1,"decoded_type":1}}',
    ),
    ("a lone surrogate in decoded JSON", r'{"k":"\"\\ud800\""}', '{"k":{"decoded_type":1}}'),
    ("a lone surrogate in base64 leaves it untouched", r'{"k":"YQ==\ud800"}', '{"k":{"encoding":1}}'),
    ("decoded JSON nested 201 deep", '{"k":"' + "[" * 201 + "]" * 201 + '"}', '{"k":{"decoded_type":1}}'),
    ("decoded JSON nested too deep stays", Repeat("[", 100_000), '{"k":{"decoded_type":1}}'),
    *(("merges that are not right", '{"k":1}', merges) for merges in WRONG_MERGES),
    ("merges that are not JSON", '{"k":1}', '{"k":'),
    ("normalise fails before decode", "[", "{"),
    ("decode fails before the value hash", r'{"k":"\ud800"}', '{"k":{"encoding":9}}'),
    ("the value hash fails before Struct bytes", r'{"a":"\ud800","b":' + "9" * 400 + "}", None),
    ("Struct bytes fail last", '{"b":' + "9" * 400 + "}", None),
    ("payload of the wrong type", b"{}", None),
    ("merges of the wrong type", "{}", 5),
]

# (rule, payload, merges or None)
OBJECTS: list[tuple[str, Any, Any]] = [
    ("JSON types stay", {"z": [None, True, 1, -0.0, 1e16, "é\x00", {}], "a": {"": []}}, None),
    ("floats stay", [math.inf, -math.inf, math.nan, 5e-324, 0.1, 1e-5], None),
    ("ints of any size stay", [2**63, -(2**63) - 1, 10**300, 2**53 + 1], None),
    (
        "keys become their str",
        {True: 1, None: 2, 1.5: 3, 7: 4, (1, "a"): 5, b"k": 6, Decimal("1.0"): 7},
        None,
    ),
    ("keys that collide", {"1": "a", "x": 0, 1: "b"}, None),
    ("other mappings", [MappingProxyType({"z": 1, 2: (3,)}), OrderedDict([("b", 1), ("a", None)])], None),
    ("tuples, namedtuples and sets become lists", {"t": (1, (2,)), "p": Pair(1, b"x"), "s": {5}}, None),
    ("bytes become base64", [b"", b"a", bytearray(b"\x00\xff\xfe"), b"abc"], None),
    ("dataclasses become dicts", [Item("pen", Item((1,), b"y")), {"k": Item({True: 1})}], None),
    ("subclasses of str, int and float stay", [Color.RED, Mode.FAST, Whole(12), Real(1e16), Text("t")], None),
    (
        "anything else becomes its str",
        [
            Decimal("1E+5"),
            date(2024, 2, 29),
            datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=timezone.utc),
            UUID(int=1),
            frozenset([1]),
            deque([1, "a"]),
        ],
        None,
    ),
    ("adjacent surrogates join", {"\ud83d\ude00": "a\ud83d\ude00"}, None),
    ("keys equal after joining collide", {"😀": 1, "x": 2, "\ud83d\ude00": 3}, None),
    ("a lone surrogate", {"a": ["\ud800"]}, None),
    ("an int beyond double range", {"a": 10**400}, None),
    ("an int beyond double range outside an object", [10**400], None),
    ("a root that is no container", "text", None),
    ("a root of bytes", b"text", None),
    (
        "merges decode and annotate",
        {"k": b"[1]", "l": 0},
        {"k": {"encoding": 1, "decoded_type": 1}, "l": {"match_importance": 1}},
    ),
    ("merges with enum members", {"k": "MQ=="}, {"k": {"decoded_type": Color.RED, "note": {1}}}),
    ("merges keep the normalised value", {"k": "WzFd"}, {"k": {"encoding": 1, "decoded_type": 1}}),
    ("merges with a key that is no str", {}, {5: {}}),
    ("merges with a rule that is no dict", {}, {"k": None}),
    ("merges with an infinite importance", {}, {"k": {"match_importance": math.inf}}),
    ("merges of the wrong type", {}, "{}"),
    ("decode fails before the value hash", {"a": "\ud800"}, {"k": {"encoding": True}}),
]

STRUCT = entry("a", list_value(NULL, number(1.5), text("é"))) + entry("", TRUE)

FULL: dict[str, Any] = {
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
    "span_id": "b7ad6b7169203331",
    "parent_span_id": "",
    "name": "GET /é",
    "package_name": "http",
    "instrumentation_name": "requests",
    "submodule_name": "GET",
    "package_type": 1,
    "environment": "prod",
    "kind": 3,
    "input_schema": {"type": 6, "properties": {"u": {"type": 2, "properties": {}, "match_importance": 0.5}}},
    "output_schema": {"type": 7, "properties": {}, "items": {"type": 1, "properties": {}}},
    "input_schema_hash": "11",
    "output_schema_hash": "22",
    "input_value_hash": "33",
    "output_value_hash": "44",
    "status_code": 2,
    "status_message": "no",
    "is_pre_app_start": True,
    "is_root_span": True,
    "timestamp_seconds": 1_767_225_600,
    "timestamp_nanos": 123_456_789,
    "duration_nanos": 7_654_321,
    "metadata": {"k": "v", "n": None},
    "input_value": {"u": "/é", "h": {"a": [1, None]}},
    "output_value": {"ignored": True},
    "output_value_proto_struct_bytes": STRUCT,
}

WRONG_TYPES: tuple[dict[str, Any], ...] = (
    {"trace_id": None},
    {"environment": b"prod"},
    {"kind": "2"},
    {"timestamp_nanos": 1.0},
    {"is_root_span": 1},
    {"metadata": []},
    {"input_schema": None},
    {"output_value_proto_struct_bytes": "x"},
)

# (rule, changes to the plainest span)
SPANS: list[tuple[str, dict[str, Any]]] = [
    ("defaults are left out but for schemas and status", {}),
    ("all fields in number order", FULL),
    ("environment empty is present", {"environment": ""}),
    ("largest enum numbers", {"package_type": 11, "kind": 5, "status_code": 2}),
    (
        "times are exact",
        {"timestamp_seconds": 253_402_300_800, "timestamp_nanos": 999_999_999, "duration_seconds": -1},
    ),
    (
        "widest times",
        {"timestamp_seconds": -(2**63), "timestamp_nanos": 2**31 - 1, "duration_nanos": -(2**31)},
    ),
    ("an empty Struct is left out", {"input_value": {}, "output_value": [{"a": 1}], "metadata": {"a": None}}),
    ("values of other types are left out", {"input_value": "text", "output_value": 5}),
    (
        "values keep order and kinds",
        {"input_value": {"z": [None, True, False, 1, 1.5, "é", {}, []], "": {"": -0.0}}},
    ),
    ("parts of a value that are no JSON become their str", {"output_value": {"t": (1, 2), "b": b"x"}}),
    (
        "metadata drops None and makes keys str",
        {"metadata": {True: 1, "n": None, None: {"deep": None}, 1.5: "x"}},
    ),
    ("metadata keys that collide", {"metadata": {"1": "a", "x": 0, 1: "b"}}),
    ("struct bytes win over the value", {"input_value": {1: 2}, "input_value_proto_struct_bytes": STRUCT}),
    (
        "empty struct bytes leave the value in force",
        {"input_value": {"a": 1}, "input_value_proto_struct_bytes": b""},
    ),
    (
        "struct bytes that are not canonical pass",
        {"input_value_proto_struct_bytes": entry("a", NULL + TRUE) + integer(9, 0)},
    ),
    (
        "an empty entry of a schema is kept",
        {"input_schema": {"properties": {"": {}, "a": None, "b": {"type": 0}}}},
    ),
    (
        "unknown numbers of a schema",
        {"input_schema": {"type": 10, "encoding": 2, "decoded_type": -1, "properties": 5}},
    ),
    (
        "zero encoding and decoded type are present",
        {"input_schema": {"encoding": 0, "decoded_type": 0, "items": {}}},
    ),
    (
        "importance is present whenever it is not None",
        {"input_schema": {"match_importance": 0, "items": {"match_importance": None, "type": 1}}},
    ),
    (
        "importance of other numbers",
        {"input_schema": {"match_importance": True}, "output_schema": {"match_importance": math.inf}},
    ),
    ("int subclasses are ints", {"kind": Whole(2), "name": Text("n"), "input_schema": {"type": Color.RED}}),
    *(
        ("an enum out of range", {name: value})
        for name, value in (("package_type", 12), ("kind", -1), ("status_code", 3), ("kind", 2**70))
    ),
    *(
        ("a number too large for its field", {name: value})
        for name, value in (
            ("timestamp_seconds", 2**63),
            ("timestamp_nanos", -(2**31) - 1),
            ("duration_nanos", 2**31),
        )
    ),
    *(("an argument of the wrong type", changed) for changed in WRONG_TYPES),
    *(
        ("malformed struct bytes", {"input_value_proto_struct_bytes": data})
        for data in (b"\x0a", b"\x0a\x05ab", b"\x08\x01", b"\x00", b"\x0a\x03\x0a\x01\xff", STRUCT[:-1])
    ),
    ("a schema with a property that is no dict", {"input_schema": {"properties": {"k": 5}}}),
    ("a schema with a property that is no str", {"output_schema": {"properties": {5: {}}}}),
    ("a schema with an importance that is no number", {"input_schema": {"match_importance": "1"}}),
    ("a value with a key that is no str", {"input_value": {"a": [{1: 2}]}}),
    ("a value with an int beyond double range", {"output_value": {"a": 10**400}}),
    ("a lone surrogate in a string", {"name": "a\ud800"}),
    ("a lone surrogate in a value", {"input_value": {"\udfff": 1}}),
    ("overflow goes before a lone surrogate", {"name": "\ud800", "metadata": {"a": 10**400}}),
    (
        "arguments are checked before anything is encoded",
        {"name": "\ud800", "output_value_proto_struct_bytes": b"\x0a"},
    ),
]

# (rule, spans)
# (rule, changed arguments of a plain exported span)
EXPORTED_SPANS: list[tuple[str, dict[str, Any]]] = [
    ("empty payloads leave no values", {}),
    (
        "both payloads and the metadata",
        {
            "name": "é",
            "input_json": '{"b":[{"é":1.50,"a":null}],"a":{"x":true}}',
            "output_json": ' {"status": 200} ',
            "metadata_json": '{"m":{"k":[1]},"gone":null}',
        },
    ),
    (
        "merges of either payload",
        {
            "input_json": '{"body":"eyJhIjpbMV19","rest":{"body":1}}',
            "input_schema_merges_json": '{"body":{"encoding":1,"decoded_type":1,"match_importance":0.5}}',
            "output_json": '{"body":"[1,{}]","none":0}',
            "output_schema_merges_json": '{"body":{"decoded_type":1},"none":{"encoding":0},"missing":{}}',
        },
    ),
    ("payloads that are no objects have no Struct", {"input_json": "[1,[2]]", "output_json": '"text"'}),
    ("a repeated key", {"input_json": '{"a":1,"b":2,"a":{"c":3}}', "output_json": "[{},{}]"}),
    ("metadata that is empty", {"metadata_json": "{}", "environment": ""}),
    ("numbers that are not finite", {"input_json": '{"a":[NaN,1e400,-1e400]}'}),
    ("the input fails before the output", {"input_json": "[1 2]", "output_json": "{"}),
    ("the output fails before the metadata", {"output_json": '{"a":"\\ud800"}', "metadata_json": "{"}),
    ("the metadata fails before the span", {"metadata_json": "[", "package_type": 12}),
    ("metadata that is no object", {"metadata_json": "[]"}),
    ("merges that are wrong", {"output_schema_merges_json": '{"k":{"encoding":2}}'}),
    ("an int of a payload beyond double range", {"input_json": '{"a":1' + "0" * 400 + "}"}),
    ("an int of the metadata beyond double range", {"metadata_json": '{"a":1' + "0" * 400 + "}"}),
    ("an enum number out of range", {"kind": 6}),
    ("a text of the wrong type", {"output_json": None, "input_json": "{"}),
]

REQUESTS: list[tuple[str, Any]] = [
    ("no spans", []),
    ("an empty span is kept", [b""]),
    (
        "a span of many fields",
        [part(1, b"t") + integer(8, 1) + part(9, STRUCT) + part(11) + part(18) + part(24)],
    ),
    ("many spans", [integer(8, kind) for kind in range(150)]),
    (
        "spans pass unchanged and in order",
        [part(4, b"two") + part(1, b"one"), integer(8, 99) + part(99, b"\xff")],
    ),
    (
        "spans that are not canonical pass",
        [b"\x40\x80\x00", part(9, STRUCT) * 2, part(11, part(2), double(6, 0.5))],
    ),
    *(("a malformed span is named", [b"", data]) for data in MALFORMED_SPANS),
    ("an item of the wrong type", [b"", "x"]),
    ("spans of the wrong type", (b"",)),
]
