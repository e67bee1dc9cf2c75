"""Merges: what they decode, what they write into a schema, and which ones are refused."""

from __future__ import annotations

import base64
import enum
import json
import math
import sys
from types import ModuleType
from typing import Any

import pytest

from .failures import told


def decoded(core: ModuleType, text: str, merges: str) -> str:
    result: str = core.process_export_payload(text, merges)[1]
    return result


def decoded_member(core: ModuleType, value: str, rule: dict[str, Any]) -> Any:
    """What a rule makes of one string, also through the object function's hash."""
    text, merges = json.dumps({"k": value}), {"k": rule}
    _, decoded_json, value_hash, _, _, _ = core.process_export_payload(text, json.dumps(merges))
    assert core.deterministic_hash(decoded_json) == value_hash
    assert core.process_export_payload_pyobject({"k": value}, merges)[1] == value_hash
    return json.loads(decoded_json)["k"]


def member_schema(core: ModuleType, rule: str, value: str = '"x"') -> str:
    schema: str = core.process_export_payload(f'{{"k":{value}}}', f'{{"k":{rule}}}')[3]
    head, tail = '{"type":6,"properties":{"k":', "}}"
    assert schema.startswith(head)
    assert schema.endswith(tail)
    return schema[len(head) : -len(tail)]


# ---- decoding -------------------------------------------------------------------------------

BASE64 = {"encoding": 1}
JSON = {"decoded_type": 1}
BOTH = {"encoding": 1, "decoded_type": 1}


def test_encoding_1_decodes_base64_to_text(core: ModuleType) -> None:
    assert decoded_member(core, "aMOpIPCfmIA=", BASE64) == "hé 😀"


LENIENT = (
    "", "YQ==", "YWI=", "YWJj", "YWJjZA==", "YQ", "YWI", "Y", "YQ=", "YQ==YWJj", "YQ==Y", "Y=Q=", "=YQ==",
    "==YQ==", "YQ===", "Y Q = =", "YQ=\n=", "Y*Q-=_=", "YWJj\r\nZGVm", "YWJj====", "YWJjZ", "Y=W=J=j",
    "====", "=", "YWI=YWI=", "YW=I", "Y===", "YWJ=j", "YWé Jj", "\x00YQ==\x00", "YQ==\n", "-_-_", "+/+/",
    "YQ=a=", "YQ=a=b", "YQ=bcYQ=", "YQ=bcYQ==", "QUJDREVGR0g=" * 50, "Zm9v YmFy", "w6k=", "/////w==",
    "😀YQ==",
)  # fmt: skip


@pytest.mark.parametrize("text", LENIENT)
def test_base64_is_as_lenient_as_pythons(core: ModuleType, text: str) -> None:
    try:
        expected = base64.b64decode(text.encode("utf-8")).decode("utf-8", errors="ignore")
    except ValueError:
        expected = text
    assert decoded_member(core, text, BASE64) == expected


def test_base64_that_cannot_be_decoded_stays(core: ModuleType) -> None:
    assert decoded_member(core, "YQ", BASE64) == "YQ"
    assert decoded_member(core, "Y", BASE64) == "Y"


def test_base64_of_no_characters_is_the_empty_text(core: ModuleType) -> None:
    assert decoded_member(core, "!!!", BASE64) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"a\xffb",
        b"\xc3",
        b"\xc3a",
        b"\xe2\x82",
        b"\xe2\x82a\xac",
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80x",
        b"\xc0\x80",
        b"\xe0\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xf0\x80\x80\x80",
        b"\x80\x81\xc3\xa9\xf8",
        bytes(range(256)),
        bytes(reversed(range(256))) * 3,
    ],
)
def test_bytes_that_are_no_utf8_are_ignored(core: ModuleType, data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decoded_member(core, text, BASE64) == data.decode("utf-8", errors="ignore")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"b":1,"a":[]}', {"b": 1, "a": []}),
        (" [1.50, null] ", [1.5, None]),
        ("5", 5),
        ('"x"', "x"),
        ("null", None),
        (r'"\ud83d\ude00"', "😀"),
    ],
)
def test_decoded_type_1_parses_json(core: ModuleType, value: str, expected: Any) -> None:
    assert decoded_member(core, value, JSON) == expected


def test_decoded_json_is_in_normal_form(core: ModuleType) -> None:
    text = json.dumps({"k": ' {"b":1e1,"a":-0,"b":{"c":"\\u00e9"}} ', "l": "[1]"})
    assert decoded(core, text, '{"k":{"decoded_type":1}}') == '{"k":{"b":{"c":"é"},"a":0},"l":"[1]"}'


@pytest.mark.parametrize("value", ["", "{", "nul", "[1,]", "'a'", "x", '{"a":1}}', "\ufeff{}", '"\t"'])
def test_text_that_is_no_json_stays(core: ModuleType, value: str) -> None:
    assert decoded_member(core, value, JSON) == value


def test_json_with_too_many_digits_stays(core: ModuleType) -> None:
    if not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    value = "[" + "1" * (sys.get_int_max_str_digits() + 1) + "]"
    assert decoded_member(core, value, JSON) == value


def test_json_nested_too_deep_stays(core: ModuleType) -> None:
    value = "[" * 100_000 + "]" * 100_000
    assert decoded_member(core, value, JSON) == value


@pytest.mark.parametrize("levels", [199, 200, 201, 250])
def test_json_nested_moderately_is_parsed(core: ModuleType, levels: int) -> None:
    nested = "[" * levels + "]" * levels
    assert decoded(core, json.dumps({"k": nested}), '{"k":{"decoded_type":1}}') == f'{{"k":{nested}}}'


def test_base64_is_decoded_before_json(core: ModuleType) -> None:
    assert decoded_member(core, base64.b64encode(b' {"a": [1]} ').decode(), BOTH) == {"a": [1]}


def test_where_json_fails_the_decoded_base64_stays(core: ModuleType) -> None:
    assert decoded_member(core, base64.b64encode(b"{not json").decode(), BOTH) == "{not json"


def test_where_base64_fails_json_is_not_tried(core: ModuleType) -> None:
    assert decoded_member(core, "12345", BOTH) == "12345"
    assert decoded_member(core, "12345", JSON) == 12345


@pytest.mark.parametrize("value", ["null", "true", "5", "1.5", "{}", '["YQ=="]', '{"k":"YQ=="}'])
def test_what_is_no_string_stays(core: ModuleType, value: str) -> None:
    assert decoded(core, f'{{"k":{value}}}', '{"k":{"encoding":1,"decoded_type":1}}') == f'{{"k":{value}}}'


@pytest.mark.parametrize("number", [0, *range(2, 25)])
def test_other_decoded_types_decode_nothing(core: ModuleType, number: int) -> None:
    assert decoded_member(core, "[1]", {"decoded_type": number}) == "[1]"


def test_encoding_0_decodes_nothing(core: ModuleType) -> None:
    assert decoded_member(core, "YQ==", {"encoding": 0}) == "YQ=="


def test_a_lone_surrogate_in_base64_leaves_it_untouched(core: ModuleType) -> None:
    # The encode error shows which text was hashed: the undecoded one.
    with pytest.raises(UnicodeEncodeError) as raised:
        core.process_export_payload(r'{"k":"YQ==\ud800"}', '{"k":{"encoding":1}}')
    assert raised.value.object == '{"k":"YQ==\ud800"}'


def test_a_lone_surrogate_in_decoded_json_is_an_encode_error(core: ModuleType) -> None:
    for text in (r'{"k":"\"\\ud800\""}', json.dumps({"k": '{"\\udfff":1}'})):
        with pytest.raises(UnicodeEncodeError):
            core.process_export_payload(text, '{"k":{"decoded_type":1}}')


# ---- where merges act -----------------------------------------------------------------------


def test_merges_act_on_top_level_keys_only(core: ModuleType) -> None:
    text = '{"k":{"k":"YQ=="},"l":["YQ=="],"m":"YQ=="}'
    merges = '{"k":{"encoding":1},"l":{"encoding":1},"m":{"encoding":1}}'
    assert decoded(core, text, merges) == '{"k":{"k":"YQ=="},"l":["YQ=="],"m":"a"}'


def test_merges_leave_other_keys_and_the_order_alone(core: ModuleType) -> None:
    text = '{"z":"YQ==","k":"YQ==","a":"YQ=="}'
    assert decoded(core, text, '{"k":{"encoding":1},"not there":{"encoding":1}}') == (
        '{"z":"YQ==","k":"a","a":"YQ=="}'
    )


@pytest.mark.parametrize("text", ['"YQ=="', "[1]", "null", "5", '[{"k":"YQ=="}]'])
def test_merges_do_nothing_to_what_is_no_object(core: ModuleType, text: str) -> None:
    with_merges = core.process_export_payload(text, '{"k":{"encoding":1,"match_importance":1}}')
    assert with_merges == core.process_export_payload(text, None)
    assert with_merges[1] == text


@pytest.mark.parametrize("merges", ["{}", '{"k":{}}', '{"k":{"encoding":null,"decoded_type":null}}'])
def test_empty_merges_do_nothing(core: ModuleType, merges: str) -> None:
    text = '{"k":"YQ=="}'
    assert core.process_export_payload(text, merges) == core.process_export_payload(text, None)


def test_other_members_of_a_rule_are_ignored(core: ModuleType) -> None:
    rule = '{"x":[1],"type":99,"items":"no","":null,"encoding":1}'
    assert member_schema(core, rule) == '{"type":2,"properties":{},"encoding":1}'


def test_many_merges_find_their_keys(core: ModuleType) -> None:
    names = [f"{'long common prefix ' * (i % 2)}{i}" for i in range(100)]
    text = json.dumps(dict.fromkeys(names, "YQ=="))
    merges = json.dumps({name: {"encoding": 1} for name in reversed(names[::3])})
    result = json.loads(decoded(core, text, merges))
    assert result == {name: "a" if i % 3 == 0 else "YQ==" for i, name in enumerate(names)}


def test_keys_of_merges_are_matched_exactly(core: ModuleType) -> None:
    text = '{"é":"YQ==","e\u0301":"YQ==","":"YQ==","k":"YQ==","k ":"YQ=="}'
    assert decoded(core, text, r'{"\u00e9":{"encoding":1},"":{"encoding":1},"k ":{"encoding":1}}') == (
        '{"é":"a","e\u0301":"YQ==","":"a","k":"YQ==","k ":"a"}'
    )


def test_repeated_keys_in_merges_text_leave_the_last(core: ModuleType) -> None:
    merges = '{"k":{"encoding":1},"k":{"decoded_type":1,"decoded_type":2}}'
    assert core.process_export_payload('{"k":"YQ=="}', merges)[1:4:2] == (
        '{"k":"YQ=="}',
        '{"type":6,"properties":{"k":{"type":2,"properties":{},"decoded_type":2}}}',
    )


def test_struct_bytes_are_of_the_normalised_value(core: ModuleType) -> None:
    text = '{"k":"WzFd"}'
    result = core.process_export_payload(text, '{"k":{"encoding":1,"decoded_type":1}}')
    assert result[0] == text
    assert result[1] == '{"k":[1]}'
    assert result[5] == b"\x0a\x0b\x0a\x01k\x12\x06\x1a\x04WzFd"


def test_the_object_function_returns_the_normalised_object(core: ModuleType) -> None:
    payload = {"k": "WzFd"}
    result = core.process_export_payload_pyobject(payload, {"k": {"encoding": 1, "decoded_type": 1}})
    assert result[0] == {"k": "WzFd"}
    assert result[0] is not payload


# ---- annotations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "annotations"),
    [
        ('{"encoding":0}', ',"encoding":0'),
        ('{"encoding":1}', ',"encoding":1'),
        ('{"encoding":-0}', ',"encoding":0'),
        ('{"decoded_type":0}', ',"decoded_type":0'),
        ('{"decoded_type":9}', ',"decoded_type":9'),
        ('{"decoded_type":10}', ',"decoded_type":10'),
        ('{"decoded_type":24}', ',"decoded_type":24'),
        ('{"match_importance":0}', ',"match_importance":0.0'),
        ('{"match_importance":1}', ',"match_importance":1.0'),
        ('{"match_importance":-0}', ',"match_importance":0.0'),
        ('{"match_importance":-0.0}', ',"match_importance":-0.0'),
        ('{"match_importance":0.5}', ',"match_importance":0.5'),
        ('{"match_importance":1e-7}', ',"match_importance":1e-07'),
        ('{"match_importance":1' + "0" * 30 + "}", ',"match_importance":1e+30'),
        ('{"match_importance":9007199254740993}', ',"match_importance":9007199254740992.0'),
        (
            '{"match_importance":2,"decoded_type":3,"encoding":0}',
            ',"encoding":0,"decoded_type":3,"match_importance":2.0',
        ),
    ],
)
def test_annotations_follow_in_fixed_order(core: ModuleType, rule: str, annotations: str) -> None:
    assert member_schema(core, rule) == f'{{"type":2,"properties":{{}}{annotations}}}'


def test_annotations_come_after_items(core: ModuleType) -> None:
    assert member_schema(core, '{"encoding":0}', "[1]") == (
        '{"type":7,"properties":{},"items":{"type":1,"properties":{}},"encoding":0}'
    )


def test_annotations_go_with_the_decoded_value(core: ModuleType) -> None:
    assert member_schema(core, '{"decoded_type":1}', r'"{\"a\":1}"') == (
        '{"type":6,"properties":{"a":{"type":1,"properties":{}}},"decoded_type":1}'
    )


def test_annotations_are_for_top_level_members_only(core: ModuleType) -> None:
    schema = core.process_export_payload('{"k":{"k":1},"l":[{"k":1}]}', '{"k":{"encoding":0}}')[3]
    assert schema.count('"encoding"') == 1
    assert core.process_export_payload('[{"k":1}]', '{"k":{"encoding":0}}')[3].count('"encoding"') == 0


# ---- merges given as objects ----------------------------------------------------------------


class Encoding(enum.IntEnum):
    BASE64 = 1


def test_enum_members_are_the_ints_they_are(core: ModuleType) -> None:
    result = core.process_export_payload_pyobject({"k": "MQ=="}, {"k": {"encoding": Encoding.BASE64}})
    member = result[2]["properties"]["k"]
    assert member == {"type": 2, "properties": {}, "encoding": 1}
    assert type(member["encoding"]) is int


def test_importance_is_a_float_whatever_number_was_given(core: ModuleType) -> None:
    class Real(float):
        pass

    for number in (1, 1.0, Real(1.0), Encoding.BASE64):
        result = core.process_export_payload_pyobject({"k": 0}, {"k": {"match_importance": number}})
        member = result[2]["properties"]["k"]
        assert member == {"type": 1, "properties": {}, "match_importance": 1.0}
        assert type(member["match_importance"]) is float


def test_ignored_members_of_a_rule_may_be_anything(core: ModuleType) -> None:
    result = core.process_export_payload_pyobject({"k": 0}, {"k": {"note": object(), 5: {1}, "encoding": 0}})
    assert result[2]["properties"]["k"] == {"type": 1, "properties": {}, "encoding": 0}


def test_merges_are_left_alone(core: ModuleType) -> None:
    merges = {"k": {"encoding": 1, "match_importance": 1}}
    core.process_export_payload_pyobject({"k": "YQ=="}, merges)
    assert merges == {"k": {"encoding": 1, "match_importance": 1}}
    assert type(merges["k"]["match_importance"]) is int


# ---- merges that are refused ----------------------------------------------------------------

REFUSED_TEXT = (
    ("[]", "schema_merges_json must be an object of objects, not list"),
    ("null", "schema_merges_json must be an object of objects, not NoneType"),
    ('"k"', "schema_merges_json must be an object of objects, not str"),
    ("5", "schema_merges_json must be an object of objects, not int"),
    ('{"k":[]}', "schema_merges_json['k'] must be an object, not list"),
    ('{"k":null}', "schema_merges_json['k'] must be an object, not NoneType"),
    ('{"é\\n":1}', "schema_merges_json['é\\n'] must be an object, not int"),
    ('{"ok":{},"k":{"encoding":2}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"encoding":-1}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"encoding":1.0}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"encoding":true}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"encoding":"1"}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"encoding":100}}', "schema_merges_json['k']: encoding must be an int from 0 to 1"),
    ('{"k":{"decoded_type":25}}', "schema_merges_json['k']: decoded_type must be an int from 0 to 24"),
    ('{"k":{"decoded_type":-1}}', "schema_merges_json['k']: decoded_type must be an int from 0 to 24"),
    ('{"k":{"decoded_type":[]}}', "schema_merges_json['k']: decoded_type must be an int from 0 to 24"),
    ('{"k":{"decoded_type":false}}', "schema_merges_json['k']: decoded_type must be an int from 0 to 24"),
    ('{"k":{"match_importance":"1"}}', "schema_merges_json['k']: match_importance must be a finite number"),
    ('{"k":{"match_importance":true}}', "schema_merges_json['k']: match_importance must be a finite number"),
    ('{"k":{"match_importance":NaN}}', "schema_merges_json['k']: match_importance must be a finite number"),
    (
        '{"k":{"match_importance":-Infinity}}',
        "schema_merges_json['k']: match_importance must be a finite number",
    ),
    ('{"k":{"match_importance":1e400}}', "schema_merges_json['k']: match_importance must be a finite number"),
    (
        '{"k":{"match_importance":1' + "0" * 400 + "}}",
        "schema_merges_json['k']: match_importance must be a finite number",
    ),
    (
        '{"k":{"encoding":9,"match_importance":{}}}',
        "schema_merges_json['k']: encoding must be an int from 0 to 1",
    ),
    ('{"b":{"encoding":9},"a":7}', "schema_merges_json['b']: encoding must be an int from 0 to 1"),
)


@pytest.mark.parametrize(("merges", "message"), REFUSED_TEXT)
@pytest.mark.parametrize("text", ['{"k":"YQ=="}', "[]"])
def test_wrong_merges_text_is_a_value_error_that_names_the_key(
    core: ModuleType, text: str, merges: str, message: str
) -> None:
    assert told(core.process_export_payload, text, merges) == (ValueError, message)


REFUSED_OBJECTS: tuple[tuple[dict[Any, Any], str], ...] = (
    ({"k": None}, "schema_merges['k'] must be an object, not NoneType"),
    ({"k": [("encoding", 1)]}, "schema_merges['k'] must be an object, not list"),
    ({5: {}}, "schema_merges: key 5 must be a str"),
    ({"k": {"encoding": 2}}, "schema_merges['k']: encoding must be an int from 0 to 1"),
    ({"k": {"encoding": True}}, "schema_merges['k']: encoding must be an int from 0 to 1"),
    ({"k": {"decoded_type": 10**30}}, "schema_merges['k']: decoded_type must be an int from 0 to 24"),
    ({"k": {"decoded_type": "JSON"}}, "schema_merges['k']: decoded_type must be an int from 0 to 24"),
    ({"k": {"match_importance": math.nan}}, "schema_merges['k']: match_importance must be a finite number"),
    ({"k": {"match_importance": math.inf}}, "schema_merges['k']: match_importance must be a finite number"),
    ({"k": {"match_importance": 10**400}}, "schema_merges['k']: match_importance must be a finite number"),
    ({"k": {"match_importance": False}}, "schema_merges['k']: match_importance must be a finite number"),
    ({"k": {"match_importance": "1"}}, "schema_merges['k']: match_importance must be a finite number"),
)


@pytest.mark.parametrize(("merges", "message"), REFUSED_OBJECTS)
def test_wrong_merges_object_is_a_value_error_that_names_the_key(
    core: ModuleType, merges: dict[Any, Any], message: str
) -> None:
    for payload in ({"k": "YQ=="}, 1):
        assert told(core.process_export_payload_pyobject, payload, merges) == (ValueError, message)


@pytest.mark.parametrize("merges", ["", "{", "{'k':1}", '{"k":{}}x', "\ufeff{}", "nul"])
def test_merges_text_that_is_no_json_raises_pythons_own_error(core: ModuleType, merges: str) -> None:
    with pytest.raises(json.JSONDecodeError) as expected:
        json.loads(merges)
    with pytest.raises(json.JSONDecodeError) as raised:
        core.process_export_payload('{"k":1}', merges)
    assert str(raised.value) == str(expected.value)
    assert (raised.value.pos, raised.value.doc) == (expected.value.pos, merges)


def test_merges_nested_too_deep_are_a_recursion_error(core: ModuleType) -> None:
    with pytest.raises(RecursionError):
        core.process_export_payload("{}", '{"k":' * 100_000 + "0" + "}" * 100_000)


def test_merges_nested_past_the_cores_depth_still_count(core: ModuleType) -> None:
    ignored = "[" * 250 + "]" * 250
    rule = f'{{"note":{ignored},"encoding":0}}'
    assert member_schema(core, rule) == '{"type":2,"properties":{},"encoding":0}'
