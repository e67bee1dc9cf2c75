"""Each finding leads to its verdict, and the worst one decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import Event, LeftOut, Native, Process, Void
from parity.operations import OPERATIONS
from reports.bench_results import read_bench
from reports.exit_codes import ExitCode
from reports.parity_results import read_parity
from reports.verdict import FLOOR, Judgement, Verdict, judge

from . import samples
from .samples import BenchRun, ParityRun, check_run

NAMES = tuple(OPERATIONS)
OTHER_BUILD = replace(samples.NATIVE, sha256="12" * 32)


def judged(tmp_path: Path, parity: ParityRun, *benches: BenchRun) -> Judgement:
    files = [bench.write(tmp_path / f"bench{at}.ndjson") for at, bench in enumerate(benches)]
    return judge(read_parity(parity.write(tmp_path / "parity.ndjson")), [*map(read_bench, files)], NAMES)


def with_values(values: int, operation: str = NAMES[-1]) -> ParityRun:
    """A run in which one operation has so many comparisons of values; 20 of them are punted."""
    others = [samples.tally(name) for name in NAMES if name != operation]
    return ParityRun(census=[*others, samples.tally(operation, values=values)])


def with_mismatch(run: ParityRun) -> ParityRun:
    first, *others = run.census
    return replace(
        run,
        census=[replace(first, mismatches=1), *others],
        mismatches=[samples.mismatch(first.operation)],
    )


def without(*kinds: type) -> BenchRun:
    return BenchRun([event for event in samples.MEASURED if not isinstance(event, kinds)])


def plus(*events: Event) -> BenchRun:
    return BenchRun([*samples.MEASURED, *events])


UNFIT_EVENT = LeftOut("the C library alone", "it crashed", unfit=True)
SLOWER = check_run(samples.pair("normalize_json", "rust", 0.8), samples.pair("normalize_json", "rust", 3.0))
TABLE: list[tuple[str, ParityRun, Sequence[BenchRun], Verdict, str]] = [
    ("all is well", ParityRun(), [BenchRun()], Verdict.GO, "equals reference in all of 9,000 compared cases"),
    (
        "a check is passed",
        ParityRun(),
        [BenchRun(), check_run(samples.pair("normalize_json", "rust", 3.0))],
        Verdict.GO,
        "12.5 times as fast",
    ),
    (
        "too close to tell is not slower",
        ParityRun(),
        [BenchRun(), check_run(samples.pair("normalize_json", "rust", 0.98))],
        Verdict.GO,
        "GO",
    ),
    (
        "slower at a first look only",
        ParityRun(),
        [
            BenchRun(),
            check_run(
                replace(samples.pair("normalize_json", "rust", 0.5), settled=False),
                samples.pair("normalize_json", "rust", 1.5),
            ),
        ],
        Verdict.GO,
        "GO",
    ),
    (
        "slower outside of a check",
        ParityRun(),
        [plus(samples.pair("normalize_json", "rust", 0.5))],
        Verdict.GO,
        "GO",
    ),
    (
        "one mismatch",
        with_mismatch(ParityRun()),
        [BenchRun()],
        Verdict.NO_GO,
        "1 of 9,000 compared cases, in 1 operation",
    ),
    (
        "slower in a check",
        ParityRun(),
        [BenchRun(), SLOWER],
        Verdict.NO_GO,
        "slower than rust on 1 recorded input",
    ),
    ("outputs differ while timed", ParityRun(), [plus(Void("x", "y"))], Verdict.NO_GO, "1 timed comparison"),
    (
        "floor not reached",
        with_values(FLOOR + 19),
        [BenchRun()],
        Verdict.INCONCLUSIVE,
        "only 499 comparisons",
    ),
    ("floor just reached", with_values(FLOOR + 20), [BenchRun()], Verdict.GO, "GO"),
    (
        "all values punted",
        ParityRun(census=[replace(samples.tally(name), punted_value=900) for name in NAMES]),
        [BenchRun()],
        Verdict.INCONCLUSIVE,
        "only 0 comparisons rest on values of native's own, 500 are needed (8 more reasons below)",
    ),
    (
        "operation not compared",
        ParityRun(census=[samples.tally(name) for name in NAMES[1:]]),
        [BenchRun()],
        Verdict.INCONCLUSIVE,
        "of normalize_json only 0",
    ),
    (
        "operation not timed",
        ParityRun(),
        [BenchRun([event for event in samples.MEASURED if getattr(event, "operation", "") != NAMES[0]])],
        Verdict.INCONCLUSIVE,
        "no time of native against reference for normalize_json",
    ),
    ("library alone not timed", ParityRun(), [without(Native)], Verdict.INCONCLUSIVE, "the C library alone"),
    ("no whole process", ParityRun(), [without(Process)], Verdict.INCONCLUSIVE, "no whole process"),
    ("no bench but a check", ParityRun(), [check_run()], Verdict.INCONCLUSIVE, "no time of native"),
    ("left out with reason", ParityRun(), [plus(LeftOut("a", "too slow"))], Verdict.GO, "GO"),
    ("bench is broken", ParityRun(), [plus(UNFIT_EVENT)], Verdict.UNFIT, "could not measure 1 thing"),
    (
        "another build timed",
        ParityRun(),
        [BenchRun(native=OTHER_BUILD)],
        Verdict.UNFIT,
        "another build of native",
    ),
    (
        "another build checked",
        ParityRun(),
        [BenchRun(), replace(check_run(), native=OTHER_BUILD)],
        Verdict.UNFIT,
        "another build of native",
    ),
    (
        "candidate is the reference",
        ParityRun(candidate_provenance=replace(samples.REFERENCE, compiled=True)),
        [BenchRun(native=samples.REFERENCE)],
        Verdict.UNFIT,
        "the same build",
    ),
    (
        "candidate is Python",
        ParityRun(candidate_provenance=replace(samples.NATIVE, compiled=False)),
        [BenchRun()],
        Verdict.UNFIT,
        "not a compiled extension",
    ),
    ("mismatch and too little", with_mismatch(with_values(3 * 20)), [BenchRun()], Verdict.NO_GO, "differs"),
    (
        "mismatch and broken",
        with_mismatch(ParityRun()),
        [plus(UNFIT_EVENT)],
        Verdict.UNFIT,
        "could not measure",
    ),
]


@pytest.mark.parametrize(
    ("parity", "benches", "verdict", "words"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_finding_leads_to_its_verdict(
    tmp_path: Path, parity: ParityRun, benches: Sequence[BenchRun], verdict: Verdict, words: str
) -> None:
    judgement = judged(tmp_path, parity, *benches)
    assert judgement.verdict is verdict, judgement.sentence
    assert words in judgement.sentence
    assert judgement.sentence.startswith(f"{verdict.value}: ") and judgement.sentence.endswith(".")
    assert judgement.reasons[0].verdict is verdict


def test_every_finding_is_among_the_reasons(tmp_path: Path) -> None:
    parity = with_mismatch(with_values(30))
    judgement = judged(tmp_path, parity, plus(UNFIT_EVENT, Void("x", "y")), SLOWER)
    assert [reason.verdict for reason in judgement.reasons] == [
        Verdict.UNFIT,
        Verdict.NO_GO,
        Verdict.NO_GO,
        Verdict.NO_GO,
        Verdict.INCONCLUSIVE,
    ]


def test_grounds_of_a_go_name_floor_and_check(tmp_path: Path) -> None:
    check = check_run(*(samples.pair("normalize_json", "rust", ratio) for ratio in (3.0, 2.0, 1.02)))
    judgement = judged(tmp_path, with_values(600), BenchRun(), check)
    texts = [reason.text for reason in judgement.reasons]
    assert any("build_export_spans_request_bytes_pyobject has the fewest, 580" in text for text in texts)
    assert "it is faster than rust on 2 of 3 recorded inputs, too close to tell on 1" in texts


def test_exit_codes_are_those_of_the_house() -> None:
    assert {verdict: verdict.exit_code for verdict in Verdict} == {
        Verdict.GO: ExitCode.PASS,
        Verdict.NO_GO: ExitCode.FAIL,
        Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
        Verdict.UNFIT: ExitCode.UNFIT,
    }
    assert [int(verdict.exit_code) for verdict in Verdict] == [0, 1, 3, 4]
