"""Lengths around each byte of a varint are drawn at every place, by early inputs of a campaign."""

from __future__ import annotations

from functools import cache

import pytest
from driftcore import reference

from parity import cases
from parity.generate import encoded
from parity.generate.limits import THREE_BYTE_LENGTHS, TWO_BYTE_LENGTHS
from parity.generate.places import PLACES, Place, fitted
from parity.generate.profiles import PROFILES
from parity.generate.profiles.sizes import HUGE_PAYLOAD_IN, HUGE_SPAN_IN, in_turn
from parity.operations import OPERATIONS
from parity.tests.wire_lengths import LENGTHS_IN, lengths

EARLY = 4 * len(PLACES) + 1
"""Inputs of the profile within a campaign of 40,000 cases, which has about 200."""

NO_LENGTHS_OF_THEIR_OWN = {("span", 20), ("span", 21), ("span", 25)}
"""Times are short; nobody writes an id."""

STRUCT, PAYLOAD = "object_to_protobuf_struct_bytes", "process_export_payload_pyobject"
SPAN, REQUEST = "build_span_proto_bytes_pyobject", "build_export_spans_request_bytes_pyobject"
MADE_OF = {STRUCT: "struct", SPAN: "span", REQUEST: "request"}
SITES = [
    (operation, message, field)
    for operation, outermost in MADE_OF.items()
    for message, fields in LENGTHS_IN.items()
    for field in fields
    if (message, field) not in NO_LENGTHS_OF_THEIR_OWN
    and (message in ("struct", "entry", "value", "list") or operation != STRUCT)
    and (message != "request" or operation == REQUEST)
]


@cache
def written(operation: str) -> frozenset[tuple[str, int, int]]:
    """Every length that the reference writes for the early inputs."""
    found: set[tuple[str, int, int]] = set()
    for index in range(EARLY):
        for case in cases.generated("sizes", 0, index, [OPERATIONS[operation]]):
            found.update(lengths(MADE_OF[operation], getattr(reference, operation)(*case.arguments())))
    return frozenset(found)


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site[0][:12]}-{site[1]}-{site[2]}")
def test_early_inputs_have_every_length_at_every_place(site: tuple[str, str, int]) -> None:
    operation, message, field = site
    wanted = {(message, field, length) for length in (*TWO_BYTE_LENGTHS, *THREE_BYTE_LENGTHS)}
    assert wanted - written(operation) == set()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_reference_writes_the_length_a_place_was_fitted_to(place: Place) -> None:
    for wanted in (*TWO_BYTE_LENGTHS, *THREE_BYTE_LENGTHS):
        key, value = place.fitted(wanted, "k", lambda size: "a" * size)
        annotated = (key,) if place.annotated else ()
        schema = encoded.inferred({key: value}, annotated)
        span = reference.build_span_proto_bytes_pyobject(
            *("",) * 7, 0, None, 0, schema, {}, *("",) * 4, 0, "", False, False, 0, 0, 0, 0, None,
            {key: value}, None, None, None,
        )  # fmt: skip
        assert wanted in {length for _, _, length in lengths("span", span)}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_what_is_measured_is_what_the_reference_writes(place: Place) -> None:
    key, value = place.member("é" * 70, "name")
    assert encoded.struct_bytes({key: value}) == reference.struct_encoding.encode_struct("v", {key: value})
    rules = {key: encoded.ANNOTATIONS} if place.annotated else {}
    schema = reference.process_export_payload_pyobject({key: value}, rules)[2]
    assert encoded.inferred({key: value}, tuple(rules)) == schema
    assert encoded.schema_bytes(schema) == reference.span._schema("v", schema)


@pytest.mark.parametrize("lengths", [TWO_BYTE_LENGTHS, THREE_BYTE_LENGTHS], ids=["two bytes", "three bytes"])
def test_each_place_comes_at_each_length_before_one_comes_again(lengths: tuple[int, ...]) -> None:
    for start in (1, 77, 9999):
        turns = {
            (place.name, length)
            for place, length in (in_turn(start + at, lengths) for at in range(EARLY - 1))
        }
        assert turns == {(place.name, length) for place in PLACES for length in lengths}


def test_lengths_of_four_bytes_come_seldom_and_early() -> None:
    assert HUGE_SPAN_IN >= 32 and HUGE_PAYLOAD_IN >= 256
    for operation, indices in (
        (SPAN, (HUGE_SPAN_IN, 2 * HUGE_SPAN_IN)),
        (REQUEST, (HUGE_SPAN_IN - 1, 2 * HUGE_SPAN_IN - 1)),
        (STRUCT, (HUGE_PAYLOAD_IN // 4,)),
    ):
        for index, wanted in zip(indices, (1 << 21, (1 << 21) - 1)):
            [case] = cases.generated("sizes", 0, index, [OPERATIONS[operation]])
            found = {
                length
                for _, _, length in lengths(
                    MADE_OF[operation], getattr(reference, operation)(*case.arguments())
                )
            }
            # A Struct is as long as its schema but for a few bytes.
            assert any(abs(wanted - length) <= (0 if operation != STRUCT else 40) for length in found)


def test_no_text_is_found_for_a_length_that_none_gives() -> None:
    with pytest.raises(ValueError, match="no text gives a length of 130"):
        fitted(130, lambda size: "a" * size, lambda text: len(encoded.value_bytes(text)))


def test_the_profile_offers_every_shape_that_has_lengths() -> None:
    assert {one.takes for one in OPERATIONS.values()} == set(PROFILES["sizes"].takes)
