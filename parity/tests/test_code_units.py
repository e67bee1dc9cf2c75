"""Every pair of code units at a border is drawn, mostly as two escapes."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product

from driftcore import reference

from parity import cases
from parity.generate.profiles.code_units import PAIRS, UNITS
from parity.judge import Pair, judge
from parity.operations import OPERATIONS
from parity.subjects import Subject, load

NORMALIZE = "normalize_json"
INPUTS = len(PAIRS)
"""Of the profile within a campaign of 40,000 cases, which has about 180."""


@cache
def texts() -> tuple[str, ...]:
    made = (cases.generated("code-units", 0, index, [OPERATIONS[NORMALIZE]]) for index in range(INPUTS))
    return tuple(str(case.arguments()[0]) for [case] in made)


def test_every_pair_is_drawn() -> None:
    """Halves that are not both escaped stay apart."""
    read = [repr(json.loads(text)) for text in texts()]
    for first, second in product(UNITS, repeat=2):
        apart = chr(first) + chr(second)
        joined = json.loads(f'"\\u{first:04x}\\u{second:04x}"')
        assert any(repr(pair)[1:-1] in text for pair in (apart, joined) for text in read), (first, second)


def test_most_are_two_escapes() -> None:
    lower = [text.lower() for text in texts()]
    escaped = sum(any(f"\\u{first:04x}\\u{second:04x}" in text for text in lower) for first, second in PAIRS)
    assert len(PAIRS) / 2 < escaped < len(PAIRS)


def test_who_joins_two_low_halves_is_caught() -> None:
    """As a core did that was mutated; no other profile saw it."""

    def joined(text: str) -> str:
        return "" if re.search(r"\\udc00\\ud[c-f]", text, re.IGNORECASE) else reference.normalize_json(text)

    honest = load("reference")
    faulty = Subject("faulty", {NORMALIZE: joined}, honest.provenance)
    found = [
        case
        for index in range(INPUTS)
        for case in cases.generated("code-units", 0, index, [OPERATIONS[NORMALIZE]])
        if judge(case, Pair(honest, faulty)).difference is not None
    ]
    assert found
