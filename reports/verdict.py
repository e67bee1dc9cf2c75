"""The verdict: a pure function of what the result files say.

UNFIT         the results cannot be judged: they belong to different builds, or the harness was broken
NO-GO         the candidate differs from the reference, a claim does not hold, or a check on recorded
              inputs found it slower
INCONCLUSIVE  too little was compared or measured to tell
GO            none of these

The worst that applies decides, in this order.  Of comparisons only those count as evidence
in which both sides gave a value and the candidate's was its own work: where it punted, the
reference was compared with itself, and most of what both refuse is punted.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bench import figures

from .bench_results import BenchResults, Pair
from .exit_codes import ExitCode
from .parity_results import ParityResults

FLOOR = 500
"""Comparisons of values of the candidate's own that each operation needs."""
NAMED = 3
"""How many claims a reason names."""

PASS, FAIL, INCONCLUSIVE = "PASS", "FAIL", "INCONCLUSIVE"
"""Verdicts of claims, as they stand in a bench result file."""


class Verdict(Enum):
    GO = "GO"
    NO_GO = "NO-GO"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNFIT = "UNFIT"

    @property
    def exit_code(self) -> ExitCode:
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Verdict.GO: ExitCode.PASS,
    Verdict.NO_GO: ExitCode.FAIL,
    Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    Verdict.UNFIT: ExitCode.UNFIT,
}


@dataclass(frozen=True)
class Reason:
    """What speaks for a verdict, as a clause that can follow it in a sentence."""

    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Judgement:
    """The verdict, one sentence that can be read aloud, and all reasons, the deciding ones first."""

    verdict: Verdict
    sentence: str
    reasons: tuple[Reason, ...]


def judge(parity: ParityResults, benches: Sequence[BenchResults], required: Sequence[str]) -> Judgement:
    """Judge the candidate of a parity run; `required` are the operations it must have."""
    reasons = (
        *(Reason(Verdict.UNFIT, text) for text in _unfit(parity, benches)),
        *(Reason(Verdict.NO_GO, text) for text in _faults(parity, benches)),
        *(Reason(Verdict.INCONCLUSIVE, text) for text in _gaps(parity, benches, required)),
    )
    if not reasons:
        reasons = tuple(Reason(Verdict.GO, text) for text in _grounds(parity, benches))
    verdict = reasons[0].verdict
    deciding = [reason.text for reason in reasons if reason.verdict is verdict]
    if verdict is Verdict.GO:
        clause = f"{deciding[0]}, and {deciding[1]}"
    else:
        more = figures.count(len(deciding) - 1, "more reason")
        clause = deciding[0] + (f" ({more} below)" if len(deciding) > 1 else "")
    return Judgement(verdict, f"{verdict.value}: {clause}.", reasons)


def is_slower(pair: Pair) -> bool:
    """Whether the whole interval says so."""
    return pair.ratio.high < 1


def _unfit(parity: ParityResults, benches: Sequence[BenchResults]) -> Iterator[str]:
    candidate, reference = parity.candidate, parity.reference
    if not candidate.compiled:
        yield f"{candidate.name} is not a compiled extension"
    if candidate.sha256 == reference.sha256:
        yield f"{candidate.name} and {reference.name} are the same build"
    for bench in benches:
        for timed in bench.builds:
            for judged in (candidate, reference):
                if timed.name == judged.name and timed.sha256 != judged.sha256:
                    yield (
                        f"a bench timed another build of {judged.name} ({timed.sha256[:12]}) "
                        f"than the one that was compared ({judged.sha256[:12]})"
                    )
    broken = sum(left_out.unfit for bench in benches for left_out in bench.left_out)
    if broken:
        yield f"the benches could not measure {figures.count(broken, 'thing')} that they should have"
    for bench in benches:
        if bench.self_test is not None and bench.self_test.verdict != PASS:
            yield f"the bench failed its own test: {bench.self_test.explanation.rstrip('.')}"


def _faults(parity: ParityResults, benches: Sequence[BenchResults]) -> Iterator[str]:
    candidate, total = parity.candidate.name, parity.total
    if total.mismatches:
        where = figures.count(sum(census.mismatches > 0 for census in parity.census), "operation")
        yield (
            f"{candidate} differs from {parity.reference.name} in {total.mismatches:,} of "
            f"{figures.count(total.compared, 'compared case')}, in {where}"
        )
    voids = sum(len(bench.voids) for bench in benches)
    if voids:
        yield f"outputs that have to be equal differ in {figures.count(voids, 'timed comparison')}"
    failed = _claims(benches, FAIL)
    if failed:
        yield f"{_names(failed)} {'does' if len(failed) == 1 else 'do'} not hold"
    checked = _checked(parity, benches)
    for rival in dict.fromkeys(pair.against for pair in checked):
        slower = [pair for pair in checked if pair.against == rival and is_slower(pair)]
        if slower:
            worst = min(slower, key=lambda pair: pair.ratio.median)
            yield (
                f"{candidate} is slower than {rival} on {figures.count(len(slower), 'recorded input')}, "
                f"at worst {figures.significant(worst.ratio.median)} times as fast, in {worst.operation}"
            )


def _gaps(parity: ParityResults, benches: Sequence[BenchResults], required: Sequence[str]) -> Iterator[str]:
    candidate, reference = parity.candidate.name, parity.reference.name
    own = {census.operation: census.own_value for census in parity.census}
    for operation in required:
        if own.get(operation, 0) < FLOOR:
            yield (
                f"of {operation} only {own.get(operation, 0):,} comparisons rest on values of "
                f"{candidate}'s own, {FLOOR:,} are needed"
            )
    timed = {pair.operation for pair in _timed(parity, benches)}
    untimed = [operation for operation in required if operation not in timed]
    if untimed:
        yield f"there is no time of {candidate} against {reference} for {', '.join(untimed)}"
    if not any(bench.natives for bench in benches):
        yield "the C library alone was not measured"
    if not any(bench.processes for bench in benches):
        yield "no whole process was measured"
    if not any(bench.claims for bench in benches):
        yield "no claim was judged"
    open_ = _claims(benches, INCONCLUSIVE)
    if open_:
        yield f"{_names(open_)} {'is' if len(open_) == 1 else 'are'} open"


def _grounds(parity: ParityResults, benches: Sequence[BenchResults]) -> Iterator[str]:
    candidate, reference, total = parity.candidate.name, parity.reference.name, parity.total
    yield (
        f"{candidate} equals {reference} in all of {figures.count(total.compared, 'compared case')} "
        f"of {len(parity.census)} operations"
    )
    timed = _timed(parity, benches)
    middle = statistics.median(pair.ratio.median for pair in timed)
    yield (
        f"it is {figures.significant(middle)} times as fast as {reference} in the median of "
        f"{figures.count(len(timed), 'input')}"
    )
    holding = _claims(benches, PASS)
    yield f"{figures.count(len(holding), 'claim')} on speed and memory hold"
    least = min(parity.census, key=lambda census: census.own_value)
    yield (
        f"each operation has at least {FLOOR:,} comparisons that rest on values of {candidate}'s own; "
        f"{least.operation} has the fewest, {least.own_value:,}"
    )
    checked = _checked(parity, benches)
    for rival in dict.fromkeys(pair.against for pair in checked):
        held = [pair for pair in checked if pair.against == rival]
        faster = sum(pair.ratio.low >= 1 for pair in held)
        close = f", too close to tell on {len(held) - faster:,}" if faster < len(held) else ""
        inputs = figures.count(len(held), "recorded input")
        yield f"it is faster than {rival} on {faster:,} of {inputs}{close}"


def _claims(benches: Sequence[BenchResults], verdict: str) -> list[str]:
    """Ids of the claims of this verdict."""
    return [claim.id for bench in benches for claim in bench.claims if claim.verdict == verdict]


def _names(ids: Sequence[str]) -> str:
    """The first few of them, as the subject of a sentence."""
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{'the claim' if len(ids) == 1 else 'the claims'} {', '.join(ids[:NAMED])}{more}"


def _timed(parity: ParityResults, benches: Sequence[BenchResults]) -> list[Pair]:
    """The pairs of what was compared, candidate against reference."""
    sides = parity.candidate.name, parity.reference.name
    return [pair for bench in benches for pair in bench.pairs if (pair.subject, pair.against) == sides]


def _checked(parity: ParityResults, benches: Sequence[BenchResults]) -> list[Pair]:
    """The pairs in which the candidate must not be slower."""
    return [
        pair
        for bench in benches
        if bench.check
        for pair in bench.pairs
        if pair.subject == parity.candidate.name
    ]
