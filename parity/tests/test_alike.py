"""Keys that begin alike are drawn, parting behind as many bytes as any comparison may stop at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

import pytest

from parity import cases
from parity.generate.limits import COMMON_LENGTHS
from parity.operations import OPERATIONS, SPAN_ARGUMENTS

EARLY = 10 * len(COMMON_LENGTHS)
"""Inputs of the profile within a campaign of 40,000 cases, which has about 200."""

PAYLOAD, SPAN = "process_export_payload_pyobject", "build_span_proto_bytes_pyobject"


def arguments(operation: str) -> Iterator[tuple[object, ...]]:
    for index in range(EARLY):
        [case] = cases.generated("alike", 0, index, [OPERATIONS[operation]])
        yield case.arguments()


def common(one: str, other: str) -> int:
    """How many bytes two keys have in common at their start."""
    length = 0
    for left, right in zip(one.encode(), other.encode()):
        if left != right:
            break
        length += 1
    return length


def objects(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


@cache
def within_one(where: str) -> frozenset[int]:
    """Bytes in common of any two keys of one object: of payloads, or of an argument of a span."""
    operation, at = (PAYLOAD, 0) if where == "payload" else (SPAN, SPAN_ARGUMENTS.index(where))
    return frozenset(
        common(*pair)
        for given in arguments(operation)
        for one in objects(given[at])
        for pair in combinations(one, 2)
    )


@pytest.mark.parametrize("length", COMMON_LENGTHS)
@pytest.mark.parametrize("where", ["payload", "metadata", "input_schema", "input_value"])
def test_keys_of_one_object_part_behind_each_length(where: str, length: int) -> None:
    assert length in within_one(where)


@cache
def beside_merges(same_length: bool) -> frozenset[int]:
    """Bytes that a member without a rule and the key of a rule have in common."""
    return frozenset(
        common(key, rule)
        for payload, merges in arguments(PAYLOAD)
        if isinstance(payload, dict) and isinstance(merges, dict)
        for key in payload.keys() - merges.keys()
        for rule in merges
        if (len(rule) == len(key)) == same_length
    )


@pytest.mark.parametrize("length", COMMON_LENGTHS)
def test_merges_have_keys_that_are_only_like_a_member(length: int) -> None:
    assert length in beside_merges(same_length=True)


def test_merges_have_keys_that_begin_as_a_member_and_are_longer_or_shorter() -> None:
    assert len(beside_merges(same_length=False) & set(COMMON_LENGTHS)) > len(COMMON_LENGTHS) / 2


def test_merges_name_members_too() -> None:
    matching = [
        max(map(len, payload.keys() & merges.keys()), default=0)
        for payload, merges in arguments(PAYLOAD)
        if isinstance(payload, dict) and isinstance(merges, dict)
    ]
    assert sum(length > 64 for length in matching) >= 10


def test_rows_differ_in_a_key_of_the_same_length() -> None:
    """What remembers the keys of one row for the next has to see it."""
    found = 0
    for payload, _ in arguments(PAYLOAD):
        for rows in (payload, *payload.values()) if isinstance(payload, dict) else (payload,):
            if isinstance(rows, list):
                for one, other in zip(rows, rows[1:]):
                    if isinstance(one, dict) and isinstance(other, dict):
                        found += [*map(len, one)] == [*map(len, other)] and [*one] != [*other]
    assert found >= 3


@pytest.mark.parametrize(
    "name", ["type", "properties", "items", "encoding", "decoded_type", "match_importance"]
)
def test_schemas_have_keys_that_are_only_near_an_attribute(name: str) -> None:
    near = {
        key
        for given in arguments(SPAN)
        for schema in (given[SPAN_ARGUMENTS.index("input_schema")],)
        if isinstance(schema, dict)
        for key in schema
        if key != name and len(key) == len(name) and sum(a != b for a, b in zip(key, name)) == 1
    }
    assert near
