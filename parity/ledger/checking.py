"""Holding a run against the ledger: what was declared and did not come, and what came undeclared."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..clusters import Counted
from .entries import Entry

DEVIATIONS = 4.0
"""Standard deviations by which a count of hits may miss its range: once in 30,000 checks by chance."""


@dataclass(frozen=True)
class Finding:
    """One way in which a run and the ledger do not fit; `kind` is one of a closed list.

    new signature · never fired · too rare · over its cap · other reason · outside its conditions
    """

    kind: str
    entry: str
    text: str


def check(
    entries: Iterable[Entry],
    hits: Mapping[str, int],
    cases: Mapping[str, int],
    unexplained: Iterable[Counted] = (),
    other_reasons: Mapping[str, int] | None = None,
    version: tuple[int, int] = sys.version_info[:2],
    system: str = sys.platform,
) -> list[Finding]:
    """Findings of a run for one subject's entries; empty when all is as declared.

    `hits` counts explained cases by entry id and `cases` compared ones by operation, both of
    generated cases alone, as recorded ones are alike.  `unexplained` are the clusters of
    mismatches no entry explains, `other_reasons` how many of them had an entry's signature.
    """
    found = [
        Finding("new signature", "", f"{cluster.title}: {cluster.count:,} cases that no entry explains")
        for cluster in unexplained
    ]
    for entry in entries:
        count = hits.get(entry.id, 0)
        reasons = (other_reasons or {}).get(entry.id, 0)
        if reasons:
            text = f"{reasons:,} mismatches have its signature, but not its cause: a new fault beside it"
            found.append(Finding("other reason", entry.id, text))
        if entry.conditions.hold(version, system):
            found += _out_of_range(entry, count, sum(cases.get(name, 0) for name in entry.operations))
        elif count:
            where = f"Python {version[0]}.{version[1]}, {system}"
            text = f"fired {count:,} times on {where}, where it does not apply"
            found.append(Finding("outside its conditions", entry.id, text))
    return found


def _out_of_range(entry: Entry, count: int, cases: int) -> list[Finding]:
    least, most = entry.least * cases / 1e6, entry.most * cases / 1e6
    seen = f"{count:,} hits in {cases:,} cases of its operations"
    if count > most + DEVIATIONS * math.sqrt(most) + 1:
        return [
            Finding("over its cap", entry.id, f"{seen}, at most {entry.most:,g} per million are declared")
        ]
    if count >= least - DEVIATIONS * math.sqrt(least):
        return []
    declared = f"at least {entry.least:,g} per million are declared"
    if count == 0:
        return [Finding("never fired", entry.id, f"{seen}, {declared}: if it is mended, delete the entry")]
    return [Finding("too rare", entry.id, f"{seen}, {declared}")]
