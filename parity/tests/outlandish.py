"""A candidate whose answers are of every type of the table, chosen by the input."""

from __future__ import annotations

from parity.tests.alike import CLOSED, ROWS

MAKES = [make for one in (*ROWS, *CLOSED) for make in (one.make, *one.near)]


def normalize_json(payload_json: str) -> object:
    return MAKES[sum(map(ord, payload_json)) % len(MAKES)]()
