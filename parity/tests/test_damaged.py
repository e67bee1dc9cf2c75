"""Every way in which a verifier may be too lenient, at every field, shows in some damaged span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from driftcore.reference import verify

from parity import cases
from parity.generate.flaws import MESSAGES, flaws, spots
from parity.generate.profiles.damaged import OF_SPANS, OF_STRUCTS
from parity.generate.wire import varint
from parity.operations import OPERATIONS

SPAN, REQUEST = "build_span_proto_bytes_pyobject", "build_export_spans_request_bytes_pyobject"
HONEST = verify._varint, verify._require_utf8


def damaged(operation: str) -> Iterator[bytes]:
    """The bytes of each flaw at each spot once: Structs, or spans."""
    for index in range(len(OF_STRUCTS if operation == SPAN else OF_SPANS)):
        [case] = cases.generated("damaged", 0, index, [OPERATIONS[operation]])
        *_, one, other = case.arguments()
        if operation == REQUEST:
            assert isinstance(other, list)
            yield from other
        else:
            given = one or other
            assert isinstance(given, bytes)
            yield given


STRUCTS, SPANS = list(damaged(SPAN)), list(dict.fromkeys(damaged(REQUEST)))


def refused(data: bytes, message: verify.Fields) -> str | None:
    try:
        verify.check("it", data, message)
    except ValueError as error:
        return str(error)
    return None


def lenient(taken: Taken) -> Callable[..., tuple[int, int]]:
    """A reader of varints that takes what is cut or too large, if `taken(what, bytes, number, largest)`."""

    def read(data: bytes, at: int, end: int, most: int, largest: int, what: str) -> tuple[int, int]:
        try:
            return HONEST[0](data, at, end, most, largest, what)
        except verify._Malformed as fault:
            size = next((n for n in range(end - at) if data[at + n] < 0x80), end - at - 1) + 1
            number = sum((data[at + n] & 0x7F) << 7 * n for n in range(min(size, end - at)))
            if at < end and taken(what, min(size, end - at), number, largest):
                return number & largest, at + min(size, end - at)
            raise fault

    return read


def cut(wanted: str, there: int, what: str, size: int, number: int, largest: int) -> bool:
    return what == wanted and size == there and number <= largest


def longer(wanted: str, bytes_there: int, what: str, size: int, number: int, largest: int) -> bool:
    return what == wanted and size == bytes_there


def larger(wanted: str, what: str, size: int, number: int, largest: int) -> bool:
    return what == wanted and number > largest


Taken = Callable[[str, int, int, int], bool]
MOST_BYTES = {"tag": 5, "varint": 10, "length": 10}
WEAKNESSES: dict[str, Taken] = {
    f"takes a {what} {how}": weakness
    for what, most in MOST_BYTES.items()
    for how, weakness in (
        *((f"cut behind {size}", partial(cut, what, size)) for size in range(1, most)),
        ("of a byte too many", partial(longer, what, most + 1)),
        ("of too many bits", partial(larger, what)),
    )
}


@pytest.mark.parametrize("weakness", WEAKNESSES)
@pytest.mark.parametrize(
    ("given", "message"), [(STRUCTS, verify.STRUCT), (SPANS, verify.SPAN)], ids=["struct", "span"]
)
def test_a_lenient_reader_of_varints_is_seen(
    given: list[bytes], message: verify.Fields, weakness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = [refused(one, message) for one in given]
    monkeypatch.setattr(verify, "_varint", lenient(WEAKNESSES[weakness]))
    assert [refused(one, message) for one in given] != honest


FIELDS = [(message, field) for message, fields in MESSAGES.items() for field in fields]
TABLES = {
    "struct": verify.STRUCT, "entry": verify.STRUCT_ENTRY, "value": verify.VALUE, "list": verify.LIST_VALUE,
    "schema": verify.SCHEMA, "property": verify.SCHEMA_ENTRY, "time": verify.SECONDS_AND_NANOS,
    "status": verify.STATUS, "span": verify.SPAN,
}  # fmt: skip


@pytest.mark.parametrize(("message", "field"), FIELDS)
def test_a_field_that_is_not_known_is_seen(message: str, field: int, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = [refused(one, verify.SPAN) for one in SPANS]
    monkeypatch.delitem(TABLES[message].kinds, field)
    assert [refused(one, verify.SPAN) for one in SPANS] != honest


@pytest.mark.parametrize("kind", ["varint", "fixed64", "text", "entry", "value", "struct", "list", "schema"])
def test_every_kind_of_field_is_met_with_each_wrong_wire_type(kind: str) -> None:
    names = {flaw.name for flaw in flaws(kind)}
    right = {"varint": 0, "fixed64": 1}.get(kind, 2)
    assert {f"wire type {other}" for other in range(8) if other != right} <= names


def test_known_fields_are_those_of_the_reference() -> None:
    assert {(message, field) for message in TABLES for field in TABLES[message].kinds} == set(FIELDS)


def test_bools_are_met_with_other_numbers_than_0_and_1() -> None:
    found = {one[1][0] for data in STRUCTS for one in re.finditer(rb"[\x0a\x12]\x02\x20(.)", data, re.DOTALL)}
    assert found > {0, 2, 127}


def test_every_reason_to_refuse_is_met() -> None:
    reasons = {re.sub(r"\d+", "N", str(refused(one, verify.SPAN)).rpartition(": ")[2]) for one in SPANS}
    assert reasons == {
        "None", "field number N", "field N has wire type N, not N", "field N is longer than its message",
        "field N is cut short", "field N has wire type N, which protoN does not have", "field N is not UTF-N",
        *(f"{what} is {fault}" for what in ("tag", "varint", "length") for fault in ("cut short", "too long"))
    }  # fmt: skip


def test_a_fault_stands_in_the_middle_and_at_the_end_and_behind_right_spans() -> None:
    first, later = 0, 0
    for index in range(200):
        [case] = cases.generated("damaged", 0, index, [OPERATIONS[REQUEST]])
        spans: Any = case.arguments()[-1]
        at = next((at for at, one in enumerate(spans) if refused(one, verify.SPAN)), None)
        first, later = first + (at == 0), later + bool(at)
    assert first > 50 and later > 10


def test_every_flaw_comes_at_every_spot_and_what_is_cut_in_each_message_around_it() -> None:
    wanted = {
        (spot.messages, spot.kind, flaw.name, outer)
        for spot in spots()
        for flaw in flaws(spot.kind)
        for outer in (spot.outers() if flaw.ends else []) or [""]
    }
    given = (*OF_SPANS, *OF_STRUCTS)
    assert {(spot.messages, spot.kind, flaw.name, spot.outer) for spot, flaw in given} == wanted
    assert ("schema",) in {spot.messages for spot, _ in given if spot.outer == "property"}


def test_a_campaign_of_the_gate_has_them_all() -> None:
    inputs = {
        case.id.split(":")[3]
        for case in cases.Campaign(list(OPERATIONS.values()), 0, 40_000)
        if case.profile == "damaged"
    }
    assert len(inputs) >= max(len(OF_SPANS), len(OF_STRUCTS))


@pytest.mark.parametrize("size", [127, 128, 16_383, 16_384])
@pytest.mark.parametrize("kind", ["text", "struct", "entry", "value", "list", "schema", "property", "status"])
def test_a_length_at_a_step_comes_right_and_with_a_byte_too_few(kind: str, size: int) -> None:
    [right] = [flaw for flaw in flaws(kind) if flaw.name == f"{size} bytes"]
    [short] = [flaw for flaw in flaws(kind) if flaw.name == f"{size} bytes but for one"]
    whole, cut = right.written(1, kind), short.written(1, kind)
    assert len(whole) == 1 + len(varint(size)) + size
    assert len(cut) == len(whole) - 1
    assert short.ends
