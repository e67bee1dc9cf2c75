"""Too little compared is told, and for what it is."""

from __future__ import annotations

import pytest

from parity.census import Tally, tally
from parity.evidence import ENOUGH_FOR_SHARES, FLOORS, shortfalls
from parity.operations import OPERATIONS

OPERATION = "normalize_json"
MANY = 10 * ENOUGH_FOR_SHARES


WHOLE = list(OPERATIONS)


def counted(profile: str, **counts: int) -> Tally:
    return tally(OPERATION, profile, counts)


def whole(*tallies: Tally) -> list[Tally]:
    """With a little evidence for every operation beside them."""
    return [*(tally(name, "beside", {"both_value": 1}) for name in WHOLE), *tallies]


def test_enough_is_enough() -> None:
    assert shortfalls([OPERATION], [counted("everyday", both_value=MANY)]) == []


def test_operation_without_an_own_value_is_unproven() -> None:
    punted = counted("everyday", both_value=MANY, punted_value=MANY)
    assert "normalize_json never gave values on both sides" in shortfalls([OPERATION], [punted])
    assert shortfalls(["deterministic_hash"], [counted("everyday", both_value=MANY)]) == [
        "deterministic_hash never gave values on both sides"
    ]


@pytest.mark.parametrize("profile", [name for name, floor in FLOORS.items() if floor.own_values])
def test_too_few_values_of_its_own_fall_below_the_floor(profile: str) -> None:
    own = int(MANY * FLOORS[profile].own_values)
    enough = counted(profile, both_value=MANY, punted_value=MANY - own - 1 if own < MANY else 0)
    assert shortfalls(WHOLE, whole(enough)) == []
    [reason] = shortfalls(WHOLE, whole(counted(profile, both_value=MANY, punted_value=MANY - own + 1)))
    assert "values of the candidate's own, less than the" in reason


@pytest.mark.parametrize("profile", [name for name, floor in FLOORS.items() if floor.errors])
def test_too_few_errors_fall_below_the_floor(profile: str) -> None:
    [reason] = shortfalls(WHOLE, whole(counted(profile, both_value=MANY, both_error=1)))
    assert "errors on both sides, less than the" in reason


def test_shares_of_some_operations_alone_are_not_judged() -> None:
    assert shortfalls([OPERATION], [counted("everyday", both_value=MANY, punted_value=MANY - 1)]) == []


def test_shares_of_a_handful_are_not_judged() -> None:
    few = ENOUGH_FOR_SHARES - 1
    assert shortfalls(WHOLE, whole(counted("everyday", both_value=few, punted_value=few - 1))) == []


def test_what_the_subject_lacks_is_no_shortfall_of_the_profile() -> None:
    assert shortfalls(WHOLE, whole(counted("everyday", both_value=MANY, skipped=MANY))) == []


def test_many_cases_without_a_verdict_are_too_many() -> None:
    [reason] = shortfalls([OPERATION], [counted("everyday", both_value=MANY, no_verdict=MANY // 100)])
    assert reason.endswith("cases of normalize_json from everyday have no verdict")
    assert shortfalls([OPERATION], [counted("everyday", both_value=MANY, no_verdict=1)]) == []
