"""What the benches say: the harness's test of itself, the claims, and the check of recorded inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.claims.judge import Verdict as ClaimVerdict
from bench.claims.loader import Budget, Spec
from bench.events import Claim, Pair
from bench.pairs.recorded import Speed, speed
from driftgate.base.figures import count, significant
from parity.operations import OPERATIONS

from ..bench_results import BenchResults
from ..evidence import Evidence
from ..policy import Claims, Level
from ..reasons import Place, Reason, Verdict

NAMED = 3
"""How many claims a reason names."""


def reasons(
    evidence: Evidence, level: Level, specs: Sequence[Spec], operations: Sequence[str]
) -> Iterator[Reason]:
    """`specs` are the claims that were declared, all of them."""
    for bench in evidence.benches:
        yield from _voids(bench)
    if evidence.claims is not None:
        yield from _trust(evidence.claims)
        yield from _claims(evidence.claims.claims)
    if level.claims is not Claims.NONE:
        yield from _unmeasured(evidence.claims, level, specs)
    if evidence.recorded is not None:
        yield from _recorded(evidence.recorded, operations)
    elif level.recorded_speed:
        yield Reason(Verdict.INCONCLUSIVE, "the speed on recorded inputs was not checked", Place.RECORDED)


def _voids(bench: BenchResults) -> Iterator[Reason]:
    place = Place.RECORDED if bench.started.check else Place.CLAIMS
    if bench.voids:
        yield Reason(
            Verdict.NO_GO,
            f"outputs that have to be equal differ in {count(len(bench.voids), 'timed comparison')}, "
            f"first in {bench.voids[0].what}",
            place,
        )
    for one in bench.left_out:
        if one.unfit:
            yield Reason(Verdict.UNFIT, f"{one.what} could not be measured: {one.reason}", place)


def _trust(bench: BenchResults) -> Iterator[Reason]:
    test = bench.self_test
    if test is None:
        return
    if test.verdict != ClaimVerdict.PASS:
        why = test.explanation.rstrip(".")
        yield Reason(Verdict.UNFIT, f"the bench failed its test of itself: {why}", Place.TRUST)
    else:
        yield Reason(
            Verdict.GO,
            f"the bench saw the slow-downs planted in it, down to {test.smallest_seen:.1%}, at a noise "
            f"floor of {test.noise_floor:.1%}",
            Place.TRUST,
        )


def _claims(claims: Sequence[Claim]) -> Iterator[Reason]:
    for verdict, to, says in (
        (ClaimVerdict.UNFIT, Verdict.UNFIT, "could not be judged"),
        (ClaimVerdict.FAIL, Verdict.NO_GO, "not kept"),
        (ClaimVerdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, "open"),
    ):
        such = [claim for claim in claims if claim.verdict == verdict]
        if such:
            yield Reason(to, f"{count(len(such), 'claim')} {says}: {_named(such)}", Place.CLAIMS)
    kept = sum(claim.verdict == ClaimVerdict.PASS for claim in claims)
    if claims and kept == len(claims):
        yield Reason(Verdict.GO, f"all {count(kept, 'claim')} of speed and memory are kept", Place.CLAIMS)


def _unmeasured(bench: BenchResults | None, level: Level, specs: Sequence[Spec]) -> Iterator[Reason]:
    """Declared claims that the run says nothing of."""
    if bench is None:
        yield Reason(Verdict.INCONCLUSIVE, "no claim of speed or memory was measured", Place.CLAIMS)
        return
    judged = {claim.id for claim in bench.claims}
    kind = bench.started.machine.kind
    wanted = [
        spec.id
        for spec in specs
        if spec.is_for(kind) and (level.claims is Claims.RELEASE or spec.budget is Budget.QUICK)
    ]
    missing = [name for name in wanted if name not in judged]
    if missing:
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        yield Reason(
            Verdict.INCONCLUSIVE,
            f"{count(len(missing), 'declared claim')} were not measured: {', '.join(missing[:NAMED])}{more}",
            Place.CLAIMS,
        )


def _recorded(bench: BenchResults, operations: Sequence[str]) -> Iterator[Reason]:
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in bench.pairs:
        groups.setdefault((pair.subject, pair.against), []).append(pair)
    for (subject, against), pairs in groups.items():
        slower = [pair for pair in pairs if speed(pair) is Speed.SLOWER]
        inputs = count(len(pairs), "recorded input")
        if slower:
            worst = min(slower, key=lambda pair: pair.ratio.median)
            yield Reason(
                Verdict.NO_GO,
                f"{subject} is slower than {against} on {len(slower):,} of {inputs}, at worst "
                f"{significant(worst.ratio.median)} times as fast, in {worst.operation}",
                Place.RECORDED,
            )
            continue
        close = sum(speed(pair) is Speed.UNDECIDED for pair in pairs)
        but = f" but {close:,}, which are too close to tell" if close else ""
        yield Reason(
            Verdict.GO, f"{subject} is faster than {against} on all of {inputs}{but}", Place.RECORDED
        )
    timed = {pair.operation for pair in bench.pairs}
    # An optional operation is this project's own, so that others have nothing to be timed against.
    untimed = [name for name in operations if name not in timed and not OPERATIONS[name].optional]
    if untimed:
        yield Reason(
            Verdict.INCONCLUSIVE, f"no recorded input was timed for {', '.join(untimed)}", Place.RECORDED
        )


def _named(claims: Sequence[Claim]) -> str:
    more = f" and {len(claims) - NAMED} more" if len(claims) > NAMED else ""
    return ", ".join(claim.id for claim in claims[:NAMED]) + more
