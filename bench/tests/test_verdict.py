"""Exit codes and the sentence that explains them."""

from __future__ import annotations

from bench.events import Event, LeftOut, SelfTest, Void
from bench.verdict import judge_run
from driftgate.base.exit_codes import ExitCode

from . import made

OPERATIONS = ["normalize_json"]
FASTER, CLOSE = made.pair(4.9, 5, 5.1), made.pair(0.9, 1.0, 1.1, input="recorded:2:normalize_json")
SLOWER = made.pair(0.7, 0.8, 0.9, input="recorded:1:normalize_json")
VOID, MISSING = Void("here", "outputs differ"), LeftOut("normalize_json(odd)", "rust raises ValueError")
BROKEN = LeftOut("the C library alone", "it crashed", unfit=True)
HOLDS, FAILS, OPEN = made.claim(), made.claim("FAIL", "slow"), made.claim("INCONCLUSIVE", "close")
BLIND = SelfTest((), 0.0, 1.0, "UNFIT", "a planted slow-down of 20% went unseen.")


def code(*events: Event, check: bool = False) -> ExitCode:
    return judge_run(events, check, OPERATIONS).code


def sentence(*events: Event, check: bool = False) -> str:
    return judge_run(events, check, OPERATIONS).sentence


def test_claims_decide() -> None:
    assert code(FASTER, HOLDS) is ExitCode.PASS
    assert code(FASTER, HOLDS, OPEN) is ExitCode.INCONCLUSIVE
    assert code(FASTER, HOLDS, OPEN, FAILS) is ExitCode.FAIL


def test_claims_that_do_not_hold_are_named() -> None:
    failed = [made.claim("FAIL", f"slow-{at}") for at in range(5)]
    assert sentence(HOLDS, FAILS) == "FAIL: slow does not hold; 1 of 2 claims hold."
    assert sentence(HOLDS, OPEN, *failed) == (
        "FAIL: slow-0, slow-1, slow-2 and 2 more do not hold; 1 of 7 claims hold, 1 open."
    )
    assert sentence(HOLDS, OPEN) == "INCONCLUSIVE: close is open; 1 of 2 claims hold."
    assert sentence(FASTER, HOLDS) == (
        "PASS: all 1 claim hold; native is 5.00 times as fast as reference in one measurement."
    )


def test_a_broken_harness_has_no_verdict_but_its_own() -> None:
    assert code(FASTER, HOLDS, FAILS, VOID, BLIND) is ExitCode.UNFIT
    assert sentence(HOLDS, BLIND) == "UNFIT: a planted slow-down of 20% went unseen."
    assert code(FASTER, HOLDS, BROKEN) is ExitCode.UNFIT


def test_a_void_fails_every_run() -> None:
    assert code(FASTER, HOLDS, VOID) is ExitCode.FAIL
    assert code(FASTER, VOID, check=True) is ExitCode.FAIL


def test_a_run_without_claims_passes_slower_or_not() -> None:
    assert code(FASTER, SLOWER, CLOSE, MISSING) is ExitCode.PASS


def test_nothing_measured_is_never_a_pass() -> None:
    assert code() is ExitCode.INCONCLUSIVE
    assert code(MISSING) is ExitCode.INCONCLUSIVE
    assert code(check=True) is ExitCode.INCONCLUSIVE


def test_in_a_check_slower_fails_and_close_is_inconclusive() -> None:
    assert code(FASTER, check=True) is ExitCode.PASS
    assert code(FASTER, CLOSE, SLOWER, check=True) is ExitCode.FAIL
    assert code(FASTER, CLOSE, check=True) is ExitCode.INCONCLUSIVE


def test_a_pair_that_was_measured_again_does_not_count() -> None:
    again = made.pair(0.7, 0.8, 0.9, settled=False)
    assert code(again, FASTER, check=True) is ExitCode.PASS
    assert code(again, check=True) is ExitCode.INCONCLUSIVE


def test_a_check_needs_every_operation_measured() -> None:
    verdict = judge_run([FASTER], True, ["normalize_json", "deterministic_hash"])
    assert verdict.code is ExitCode.INCONCLUSIVE
    assert verdict.sentence == "INCONCLUSIVE: no input could be timed for deterministic_hash."


def test_speeds_name_the_middle_the_extremes_and_what_is_slower() -> None:
    rust = made.pair(0.5, 0.6, 0.7, against="rust")
    limit = made.pair(0.5, 0.6, 0.7, against="orjson")
    assert sentence(FASTER, made.pair(0.6, 0.7, 0.8), rust, limit) == (
        "Measured, with no claim to judge: native is 2.85 times as fast as reference in the median of "
        "2 measurements, from 0.700 to 5.00 times, and slower in 1 of them; "
        "native is 0.600 times as fast as rust in one measurement."
    )


def test_a_check_says_where_it_stands() -> None:
    assert sentence(FASTER, SLOWER, CLOSE, check=True) == (
        "FAIL: native is slower than reference on 1 of 3 recorded inputs, recorded:1:normalize_json."
    )
    assert sentence(FASTER, CLOSE, check=True) == (
        "INCONCLUSIVE: on 1 recorded input the two are too close to tell, first recorded:2:normalize_json."
    )
    assert sentence(FASTER, made.pair(2.9, 3, 3.1), MISSING, check=True) == (
        "PASS: native is faster than reference on all 2 recorded inputs: "
        "4.00 times in the median, 3.00 times on the worst (1 more left out)."
    )
