"""Exit codes and the sentence that explains them."""

from __future__ import annotations

from bench.events import Event, LeftOut, Void
from bench.verdict import judge
from reports.exit_codes import ExitCode

from . import made

OPERATIONS = ["normalize_json"]
FASTER, CLOSE = made.pair(4.9, 5, 5.1), made.pair(0.9, 1.0, 1.1, input="recorded:2:normalize_json")
SLOWER = made.pair(0.7, 0.8, 0.9, input="recorded:1:normalize_json")
VOID, MISSING = Void("here", "outputs differ"), LeftOut("rust", "rust: cannot import drift_core")
BROKEN = LeftOut("the C library alone", "it crashed", unfit=True)


def code(*events: Event, check: bool = False) -> ExitCode:
    return judge(events, check, OPERATIONS).code


def test_a_run_that_measured_passes_slower_or_not() -> None:
    assert code(FASTER, SLOWER, CLOSE, MISSING) is ExitCode.PASS


def test_in_a_check_slower_fails_and_close_is_inconclusive() -> None:
    assert code(FASTER, check=True) is ExitCode.PASS
    assert code(FASTER, CLOSE, SLOWER, check=True) is ExitCode.FAIL
    assert code(FASTER, CLOSE, check=True) is ExitCode.INCONCLUSIVE


def test_a_pair_that_was_measured_again_does_not_count() -> None:
    again = made.pair(0.7, 0.8, 0.9, settled=False)
    assert code(again, FASTER, check=True) is ExitCode.PASS
    assert code(again, check=True) is ExitCode.INCONCLUSIVE


def test_a_void_fails_every_run() -> None:
    assert code(FASTER, VOID) is ExitCode.FAIL
    assert code(VOID, BROKEN, check=True) is ExitCode.FAIL


def test_what_should_have_run_and_did_not_is_unfit() -> None:
    assert code(FASTER, BROKEN) is ExitCode.UNFIT


def test_nothing_measured_is_never_a_pass() -> None:
    assert code() is ExitCode.INCONCLUSIVE
    assert code(MISSING) is ExitCode.INCONCLUSIVE


def test_a_check_needs_every_operation_measured() -> None:
    verdict = judge([FASTER], True, ["normalize_json", "deterministic_hash"])
    assert verdict.code is ExitCode.INCONCLUSIVE
    assert verdict.sentence == "INCONCLUSIVE: no input could be timed for deterministic_hash."


def test_summary_names_the_middle_the_extremes_and_what_is_slower() -> None:
    rust = made.pair(0.5, 0.6, 0.7, against="rust")
    other = made.pair(0.6, 0.7, 0.8)
    assert judge([FASTER, other, rust, made.process()], False, OPERATIONS).sentence == (
        "Summary: native is 2.85 times as fast as reference in the median of 2 measurements, "
        "from 0.700 to 5.00 times, and slower in 1 of them. "
        "native is 0.600 times as fast as rust in one measurement. "
        "A process that replays is 4.00 times as fast with the native path."
    )


def test_a_check_says_where_it_stands() -> None:
    assert judge([FASTER, SLOWER, CLOSE], True, OPERATIONS).sentence == (
        "FAIL: native is slower than reference on 1 of 3 recorded inputs, recorded:1:normalize_json."
    )
    assert judge([FASTER, CLOSE], True, OPERATIONS).sentence == (
        "INCONCLUSIVE: on 1 recorded input the two are too close to tell, first recorded:2:normalize_json."
    )
    assert judge([FASTER, made.pair(2.9, 3, 3.1), MISSING], True, OPERATIONS).sentence == (
        "PASS: native is faster than reference on all 2 recorded inputs: "
        "4.00 times in the median, 3.00 times on the worst (1 more left out)."
    )
