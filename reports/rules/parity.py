"""What the comparison says: mismatches, contradictions, the ledger, and whether enough was compared.

Only those comparisons count as evidence in which both sides gave a value and the
candidate's was its own work: where it punted, the reference was compared with itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from driftgate.base.figures import count
from parity.evidence import shortfalls

from ..parity_results import ParityResults
from ..policy import Level
from ..reasons import Place, Reason, Verdict


def reasons(parity: ParityResults, level: Level, operations: Sequence[str]) -> Iterator[Reason]:
    yield from _mismatches(parity)
    yield from _steadiness(parity)
    for finding in parity.findings:
        yield Reason(Verdict.NO_GO, f"the ledger: {finding.text}", Place.LEDGER)
    yield from _evidence(parity, level, operations)
    yield from _grounds(parity, level)


def _steadiness(parity: ParityResults) -> Iterator[Reason]:
    for name, verdict in ((parity.plan.reference, Verdict.UNFIT), (parity.plan.candidate, Verdict.NO_GO)):
        shaky = [one for one in parity.unsteady if one.subject == name]
        if shaky:
            yield Reason(
                verdict,
                f"{name} contradicts itself from one process to the next in {count(len(shaky), 'case')}, "
                f"such as {shaky[0].case}",
                Place.TRUST,
                voids=verdict is Verdict.UNFIT,
            )


def _mismatches(parity: ParityResults) -> Iterator[Reason]:
    total = parity.total
    if total.mismatches:
        cause = f", most often by “{parity.clusters[0].title}”" if parity.clusters else ""
        causes = f", by {count(len(parity.clusters), 'cause')}" if parity.clusters else ""
        yield Reason(
            Verdict.NO_GO,
            f"{parity.plan.candidate} differs from {parity.plan.reference} in {total.mismatches:,} of "
            f"{count(total.compared, 'compared case')}{causes}{cause}",
            Place.CLUSTERS,
        )


def _evidence(parity: ParityResults, level: Level, operations: Sequence[str]) -> Iterator[Reason]:
    if parity.total.compared < level.cases:
        yield _lacking(
            f"only {count(parity.total.compared, 'case')} were compared, {level.cases:,} are needed"
        )
    own = {tally.operation: tally.own_values for tally in parity.by_operation()}
    short = [name for name in operations if own.get(name, 0) < level.own_values]
    if short:
        least = min(short, key=lambda name: own.get(name, 0))
        more = f", as of {count(len(short) - 1, 'more operation')}" if len(short) > 1 else ""
        yield _lacking(
            f"of {least} only {count(own.get(least, 0), 'comparison')} rest on values of "
            f"{parity.plan.candidate}'s own{more}; {level.own_values:,} are needed"
        )
    for text in shortfalls(parity.plan.operations, parity.tallies):
        yield _lacking(text)


def _grounds(parity: ParityResults, level: Level) -> Iterator[Reason]:
    total = parity.total
    but = f" but for {count(total.explained, 'declared difference')}" if total.explained else ""
    if not total.mismatches:
        yield Reason(
            Verdict.GO,
            f"{parity.plan.candidate} equals {parity.plan.reference}{but} in all of "
            f"{count(total.compared, 'compared case')} of {count(len(parity.plan.operations), 'operation')}",
            Place.CENSUS,
        )
    least = min(parity.by_operation(), key=lambda tally: tally.own_values)
    if least.own_values >= level.own_values:
        yield Reason(
            Verdict.GO,
            f"each operation has at least {least.own_values:,} comparisons that rest on values of "
            f"{parity.plan.candidate}'s own",
            Place.CENSUS,
        )
    if not parity.unsteady and parity.repeated:
        yield Reason(
            Verdict.GO,
            f"neither subject contradicts itself in {count(parity.repeated, 'case')} put to it twice",
            Place.TRUST,
        )


def _lacking(text: str) -> Reason:
    return Reason(Verdict.INCONCLUSIVE, text, Place.CENSUS)
