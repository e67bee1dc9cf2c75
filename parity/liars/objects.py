"""Faults of processing: normalised objects, decoding by merges, schemas, Struct bytes."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Callable
from typing import Any

from .base import Function, Liar, Twist, everywhere, on_answer, on_first_argument, on_part

PROCESS = "process_export_payload_pyobject"
PROCESS_TEXT = "process_export_payload"
STRUCT = "object_to_protobuf_struct_bytes"

_NORMALIZED, _SCHEMA = 0, 2


def _true_for_one(value: Any) -> Any:
    return True if type(value) is int and value == 1 else value


def _one_for_true(value: Any) -> Any:
    return 1 if value is True else value


def _unsigned_zero(value: Any) -> Any:
    return abs(value) if type(value) is float and value == 0 else value


def _whole_float_as_int(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() and 0 < abs(value) < 2**53 else value


def _sorted(value: Any) -> Any:
    return dict(sorted(value.items())) if type(value) is dict else value


def _changing_merged_text(change: Callable[[str], str]) -> Twist:
    """Changes top-level texts that a merge is to decode from base64."""

    def twist(honest: Function) -> Function:
        def process(payload_json: Any, merges_json: Any) -> Any:
            answer = honest(payload_json, merges_json)
            if not merges_json:
                return answer
            payload, merges = json.loads(payload_json), json.loads(merges_json)
            if not isinstance(payload, dict):
                return answer
            changed = {
                key: change(value)
                if isinstance(value, str) and merges.get(key, {}).get("encoding") == 1
                else value
                for key, value in payload.items()
            }
            text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
            _, *decoded, _ = honest(text, merges_json)
            return (answer[0], *decoded, answer[-1])

        return process

    return twist


def _padded(text: str) -> str:
    """Padding put right where it is missing, as lenient decoders do."""
    stripped = text.rstrip("=")
    return stripped + "=" * (-len(stripped) % 4)


def _strict(text: str) -> str:
    """A text that is not strict base64 made undecodable."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return "="
    return text


def _last_item_first(payload: Any) -> Any:
    if type(payload) is dict:
        return {
            key: value[::-1] if type(value) is list and len(value) > 1 else value
            for key, value in payload.items()
        }
    return payload


def _schema_of_last_item(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        answer = honest(payload, merges)
        reversed_answer = honest(_last_item_first(answer[_NORMALIZED]), merges)
        return (*answer[:2], reversed_answer[2], reversed_answer[3], answer[4])

    return process


def _importance_as_int(schema: Any) -> Any:
    if type(schema) is not dict:
        return schema
    properties = {
        key: {
            name: int(value) if name == "match_importance" and value.is_integer() else value
            for name, value in member.items()
        }
        for key, member in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _type_after_properties(schema: dict[str, Any]) -> dict[str, Any]:
    return {"properties": schema["properties"], **schema}


def _without_empty_key(text: Any) -> Any:
    value = json.loads(text)
    if isinstance(value, dict) and "" in value:
        del value[""]
        return json.dumps(value)
    return text


def _single_precision(text: Any) -> Any:
    def rounded(digits: str) -> float:
        number = float(digits)
        try:
            return float(struct.unpack("<f", struct.pack("<f", number))[0])
        except OverflowError:
            return number

    value = json.loads(text, parse_float=rounded)
    return json.dumps(value)


def _process(name: str, about: str, fault: str, twist: Twist, minimum: str, within: int = 2000) -> Liar:
    return Liar(name, about, fault, {PROCESS: twist}, minimum, within)


LIARS = (
    _process(
        "true-for-one",
        "normalises 1 to True, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _true_for_one)),
        "1",
    ),
    _process(
        "one-for-true",
        "normalises True to 1, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _one_for_true)),
        "True",
    ),
    _process(
        "whole-floats-as-ints",
        "normalises 2.0 to 2, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _whole_float_as_int)),
        "0.0",
    ),
    _process(
        "unsigned-zero",
        "normalises -0.0 to 0.0, which `==` calls equal",
        "float bits",
        on_part(_NORMALIZED, lambda value: everywhere(value, _unsigned_zero)),
        "-0.0",
    ),
    _process(
        "object-sorted-keys",
        "normalises an object to one with sorted keys, which `==` calls equal",
        "key order",
        on_part(_NORMALIZED, _sorted),
        "{'b': 0, 'a': 0}",
    ),
    _process(
        "list-for-tuple",
        "returns its five results in a list",
        "types",
        on_answer(list),
        "None",
    ),
    _process(
        "schema-members-swapped",
        "returns schemas with properties before type",
        "key order",
        on_part(_SCHEMA, _type_after_properties),
        "None",
    ),
    _process(
        "schema-of-last-item",
        "infers a list's schema from its last item",
        "schema",
        _schema_of_last_item,
        "{'': [0, '']}",
    ),
    _process(
        "importance-as-int",
        "keeps a whole match_importance an int",
        "schema",
        on_part(_SCHEMA, _importance_as_int),
        "{'': 0}, {'': {'match_importance': 0}}",
        within=4000,
    ),
    Liar(
        "mended-base64",
        "decodes base64 whose padding is missing",
        "base64",
        {PROCESS_TEXT: _changing_merged_text(_padded)},
        '{"":"AA"}',
        within=4000,
    ),
    Liar(
        "strict-base64",
        "refuses base64 with foreign characters, which Python skips",
        "base64",
        {PROCESS_TEXT: _changing_merged_text(_strict)},
        '{"":" "}',
        within=4000,
    ),
    Liar(
        "struct-drops-empty-key",
        'leaves the key "" out of Struct bytes',
        "members",
        {STRUCT: on_first_argument(_without_empty_key)},
        '{"":0}',
    ),
    Liar(
        "struct-single-precision",
        "rounds numbers in Structs to single precision",
        "float bits",
        {STRUCT: on_first_argument(_single_precision)},
        '{"":0.1}',
    ),
)
