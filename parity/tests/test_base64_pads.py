"""Pads, blanks and letters of base64 come in every order."""

from __future__ import annotations

import base64
import binascii
import json
import re

import pytest

from parity import cases
from parity.generate.profiles.base64_pads import EACH, WORDS
from parity.operations import OPERATIONS

INPUTS = 1 + -(-len(WORDS) // EACH)
"""Of the profile, within a campaign of 40,000 cases, which has about 200."""


def values() -> list[str]:
    found: list[str] = []
    for index in range(INPUTS):
        [case] = cases.generated("base64-pads", 0, index, [OPERATIONS["process_export_payload"]])
        payload, merges = map(json.loads, map(str, case.arguments()))
        assert payload.keys() == merges.keys()
        found += payload.values()
    return found


VALUES = values()
SHAPES = {re.sub(r"\r\n|[^a=]", " ", re.sub(r"[A-Za-z0-9+/]", "a", value)) for value in VALUES}


@pytest.mark.parametrize(
    "known", ["YQ==YWJj", "YQ==Y", "Y=W=J=j", "YWI=YWI=", "BA==c", "=YQ==", "YQ=", "YQ===", "Y Q= ="]
)
def test_arrangements_on_which_interpreters_part_are_drawn(known: str) -> None:
    assert re.sub(r"[A-Za-z0-9+/]", "a", known) in WORDS


def test_most_words_stand_alone_and_all_stand_in_something_longer() -> None:
    assert len(SHAPES & set(WORDS)) > len(WORDS) / 3
    assert all(any(word in shape for shape in SHAPES) for word in WORDS)


def test_they_are_decoded_and_refused() -> None:
    """By the running interpreter, whose own affair it is."""
    refused = 0
    for value in VALUES:
        try:
            base64.b64decode(value.encode())
        except binascii.Error:
            refused += 1
    assert len(VALUES) / 5 < refused < len(VALUES) * 4 / 5
