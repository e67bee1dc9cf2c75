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
_SCHEMA_MEMBERS = {"type", "properties", "items", "encoding", "decoded_type", "match_importance"}


def _true_for_one(value: Any) -> Any:
    return True if type(value) is int and value == 1 else value


def _one_for_true(value: Any) -> Any:
    return 1 if value is True else value


def _unsigned_zero(value: Any) -> Any:
    return abs(value) if type(value) is float and value == 0 else value


def _whole_float_as_int(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() and 0 < abs(value) < 2**53 else value


def _sorts_plain_dicts(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        answer = honest(payload, merges)
        if type(payload) is not dict:
            return answer
        return (dict(sorted(answer[0].items())), *answer[1:])

    return process


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
                key: change(value) if isinstance(value, str) and merges.get(key) == {"encoding": 1} else value
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


def _without_items(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        answer = honest(payload, merges)
        if type(payload) is not dict or merges or set(payload) & _SCHEMA_MEMBERS:
            return answer
        lists = {key for key, value in payload.items() if type(value) is list}
        properties = {
            key: {name: value for name, value in member.items() if key not in lists or name != "items"}
            for key, member in answer[_SCHEMA]["properties"].items()
        }
        return (*answer[:2], {**answer[_SCHEMA], "properties": properties}, *answer[3:])

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
    value = json.loads(text) if isinstance(text, str) else None
    if isinstance(value, dict) and "" in value:
        del value[""]
        return json.dumps(value, ensure_ascii=False)
    return text


def _single_precision(text: Any) -> Any:
    def rounded(digits: str) -> float:
        number = float(digits)
        plain = 1e-4 < abs(number) < 1e15 and not number.is_integer()
        return float(struct.unpack("<f", struct.pack("<f", number))[0]) if plain else number

    if not isinstance(text, str):
        return text
    return json.dumps(json.loads(text, parse_float=rounded), ensure_ascii=False)


def _process(name: str, about: str, fault: str, twist: Twist, minimum: str, **limits: int) -> Liar:
    return Liar(name, about, fault, {PROCESS: twist}, minimum, **limits)


def _merging_by_31_bytes(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        right = honest(payload, merges)
        if type(payload) is not dict or type(merges) is not dict:
            return right
        rules = {_start(key): rule for key, rule in merges.items()}
        taken = {key: rules[_start(key)] for key in payload if _start(key) in rules and key not in merges}
        return honest(payload, {**merges, **taken}) if taken else right

    return process


def _looking_keys_up(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        if type(payload) is dict:
            for key in payload:
                payload.get(str.__str__(key) if isinstance(key, str) else None)
        return honest(payload, merges)

    return process


def _reading_merges_first(honest: Function) -> Function:
    return lambda payload, merges: honest(payload, dict(merges) if type(merges) is dict else merges)


def _start(key: Any) -> Any:
    return key.encode("utf-8", "surrogatepass")[:31] if isinstance(key, str) else key


def _one_byte_of_128(data: bytes) -> bytes:
    """What stands behind the head is left, so that a reader goes astray."""
    return data.replace(b"\x0a\x80\x01", b"\x0a\x80")


LIARS = (
    _process(
        "true-for-one",
        "normalises 1 to True, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _true_for_one)),
        "payload=1, schema_merges=None",
    ),
    _process(
        "one-for-true",
        "normalises True to 1, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _one_for_true)),
        "payload=True, schema_merges=None",
    ),
    _process(
        "whole-floats-as-ints",
        "normalises 2.0 to 2, which `==` calls equal",
        "types",
        on_part(_NORMALIZED, lambda value: everywhere(value, _whole_float_as_int)),
        "payload=1.0, schema_merges=None",
    ),
    _process(
        "unsigned-zero",
        "normalises -0.0 to 0.0, which `==` calls equal",
        "float bits",
        on_part(_NORMALIZED, lambda value: everywhere(value, _unsigned_zero)),
        "payload=-0.0, schema_merges=None",
    ),
    _process(
        "object-sorted-keys",
        "normalises an object to one with sorted keys, which `==` calls equal",
        "key order",
        _sorts_plain_dicts,
        "payload={'b': 0, 'a': 0}, schema_merges=None",
    ),
    _process(
        "list-for-tuple",
        "returns its five results in a list",
        "types",
        on_answer(list),
        "payload=0, schema_merges=None",
    ),
    _process(
        "schema-members-swapped",
        "returns schemas with properties before type",
        "key order",
        on_part(_SCHEMA, _type_after_properties),
        "payload=0, schema_merges=None",
        causes=2,
    ),
    _process(
        "schema-without-items",
        "leaves out what a member's list holds",
        "schema",
        _without_items,
        "payload={'a': [0]}, schema_merges=None",
        causes=3,
    ),
    _process(
        "importance-as-int",
        "keeps a whole match_importance an int",
        "schema",
        on_part(_SCHEMA, _importance_as_int),
        "payload={'a': 0}, schema_merges={'a': {'match_importance': 0}}",
        within=4000,
    ),
    Liar(
        "mended-base64",
        "decodes base64 whose padding is missing",
        "base64",
        {PROCESS_TEXT: _changing_merged_text(_padded)},
        'payload_json=\'{"a":"==AY===="}\', schema_merges_json=\'{"a":{"encoding":1}}\'',
        within=4000,
        causes=2,
    ),
    Liar(
        "strict-base64",
        "refuses base64 with foreign characters, which Python skips",
        "base64",
        {PROCESS_TEXT: _changing_merged_text(_strict)},
        'payload_json=\'{"a":"==aa"}\', schema_merges_json=\'{"a":{"encoding":1}}\'',
        within=4000,
    ),
    Liar(
        "merge-keys-of-31-bytes",
        "takes merges for a key that agrees with theirs in 31 bytes",
        "merges",
        {PROCESS: _merging_by_31_bytes},
        "",
        causes=3,
    ),
    _process(
        "looks-keys-up",
        "compares keys of a payload, so that code of theirs runs",
        "keys compared",
        _looking_keys_up,
        "",
    ),
    _process(
        "reads-merges-first",
        "does not see that merges change while it reads the payload",
        "merges",
        _reading_merges_first,
        "",
        causes=4,
    ),
    Liar(
        "one-byte-length-of-128",
        "writes the length of an entry of 128 bytes in one byte",
        "lengths",
        {STRUCT: on_answer(_one_byte_of_128)},
        "",
        causes=4,
    ),
    Liar(
        "struct-drops-empty-key",
        'leaves the key "" out of Struct bytes',
        "members",
        {STRUCT: on_first_argument(_without_empty_key)},
        "payload_json='{\"\":0}'",
    ),
    Liar(
        "struct-single-precision",
        "rounds numbers in Structs to single precision",
        "float bits",
        {STRUCT: on_first_argument(_single_precision)},
        "payload_json='{\"a\":0.1}'",
    ),
)
