"""NaN of either sign, with any payload, quiet and signalling, reach the operations that take objects."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from parity import cases
from parity.operations import OPERATIONS, SPAN_ARGUMENTS

INPUTS = 200
"""Of the profile within a campaign of 40,000 cases, which has twice as many."""

PAYLOAD, SPAN = "process_export_payload_pyobject", "build_span_proto_bytes_pyobject"


def floats(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from floats(key)
            yield from floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from floats(item)


def bits(operation: str, at: int) -> set[int]:
    """Of all NaN in an argument of early inputs."""
    found: set[int] = set()
    for index in range(INPUTS):
        [case] = cases.generated("nans", 0, index, [OPERATIONS[operation]])
        for number in floats(case.arguments()[at]):
            if math.isnan(number):
                found.update(struct.unpack(">Q", struct.pack(">d", number)))
    return found


def test_each_sign_comes_quiet_and_signalling_and_with_a_payload() -> None:
    found = bits(PAYLOAD, 0)
    kinds = {(one >> 63, one >> 51 & 1, one & ((1 << 51) - 1) != 0) for one in found}
    assert kinds == {(sign, quiet, held) for sign in (0, 1) for quiet in (0, 1) for held in (False, True)} - {
        (sign, 0, False) for sign in (0, 1)
    }


def test_what_arithmetic_makes_comes() -> None:
    inf = float("inf")
    assert set(struct.unpack(">Q", struct.pack(">d", inf - inf))) <= bits(PAYLOAD, 0)


def test_spans_have_them_in_values_metadata_and_schemas() -> None:
    for name in ("input_value", "metadata", "input_schema"):
        assert len(bits(SPAN, SPAN_ARGUMENTS.index(name))) > 3


def test_one_object_stands_in_two_places() -> None:
    doubled = 0
    for index in range(INPUTS):
        [case] = cases.generated("nans", 0, index, [OPERATIONS[PAYLOAD]])
        payload = case.arguments()[0]
        if isinstance(payload, dict) and "again" in payload:
            doubled += payload["again"] is payload["value"]
    assert doubled > 10
