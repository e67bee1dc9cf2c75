"""Whether all evidence is about one build, and whether that build is what ships."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from driftgate.base.checkout import Commit
from driftgate.base.figures import count

from ..evidence import Evidence
from ..policy import Level
from ..reasons import Place, Reason, Verdict


def reasons(evidence: Evidence, level: Level, commit: Commit | None) -> Iterator[Reason]:
    parity = evidence.parity
    candidate, reference = parity.candidate, parity.reference
    names = {parity.plan.candidate: candidate, parity.plan.reference: reference}
    if candidate.sha256 == reference.sha256:
        yield _unfit(f"{parity.plan.candidate} and {parity.plan.reference} are the same build")
    for bench in evidence.benches:
        for name, timed in bench.started.subjects.items():
            judged = names.get(name)
            if judged is not None and judged.sha256 != timed.sha256:
                yield _unfit(
                    f"a bench timed another build of {name} ({timed.sha256[:12]}) "
                    f"than the one that was compared ({judged.sha256[:12]})"
                )
    for run in evidence.check_runs:
        if run.sha256 is not None and run.sha256 != candidate.sha256:
            yield _unfit(
                f"{run.checks[0].name if run.checks else run.command} checked another build "
                f"({run.sha256[:12]}) than the one that was compared ({candidate.sha256[:12]})"
            )
    yield from _commits(evidence, level, commit)
    yield from _wheels(evidence, level)
    if level.clean_checkout:
        yield from _checkout(commit)


def _wheels(evidence: Evidence, level: Level) -> Iterator[Reason]:
    parity, wheels = evidence.parity, evidence.wheels
    if not level.wheels:
        return
    if not wheels:
        yield Reason(
            Verdict.INCONCLUSIVE, "the wheels that were judged are not among the evidence", Place.PROVENANCE
        )
        return
    for name, build in ((parity.plan.candidate, parity.candidate), (parity.plan.reference, parity.reference)):
        holder = next((wheel for wheel in wheels if wheel.holds(build.sha256)), None)
        if holder is None:
            yield _unfit(f"no wheel holds the build of {name} that was judged ({build.sha256[:12]})")
        elif name == parity.plan.candidate:
            yield Reason(
                Verdict.GO,
                f"the judged build lies in {holder.file}, SHA-256 {holder.sha256[:12]}",
                Place.PROVENANCE,
            )


def _commits(evidence: Evidence, level: Level, commit: Commit | None) -> Iterator[Reason]:
    """All evidence that names a commit names one, and where the level asks for it that of the checkout."""
    named = list(_named(evidence))
    by_commit: dict[str, list[str]] = {}
    for one in named:
        by_commit.setdefault(one.commit, []).append(one.what)
    if len(by_commit) > 1:
        each = "; ".join(f"{', '.join(who)} of {of[:12]}" for of, who in by_commit.items())
        yield _unfit(f"the evidence is of several commits: {each}")
    for one in named:
        other = f"{one.what} was run on another commit ({one.commit[:12]})"
        is_other = commit is None or one.commit != commit.id
        if is_other and commit is not None and level.clean_checkout:
            yield _unfit(f"{other} than that of the checkout ({commit.id[:12]})")
        elif is_other and one.place is Place.CHECKS:
            yield Reason(Verdict.INCONCLUSIVE, other, one.place)
        elif one.is_changed and level.clean_checkout:
            text = f"{one.what} was run on changed files, so not on the commit"
            yield Reason(Verdict.INCONCLUSIVE, text, one.place)


@dataclass(frozen=True)
class _Named:
    """Some evidence and the commit that it names."""

    what: str
    place: Place
    commit: str
    is_changed: bool


def _named(evidence: Evidence) -> Iterator[_Named]:
    found: list[tuple[str, Place, str | None]] = []
    for bench in evidence.benches:
        what = "recorded inputs" if bench.started.check else "claims"
        place = Place.RECORDED if bench.started.check else Place.CLAIMS
        found.append((f"the timing of {what}", place, bench.started.commit))
    found += [(run.command, Place.CHECKS, run.commit) for run in evidence.check_runs]
    for what, place, commit in found:
        if commit is not None:
            yield _Named(what, place, commit.rstrip("+"), commit.endswith("+"))


def _checkout(commit: Commit | None) -> Iterator[Reason]:
    if commit is None:
        yield Reason(Verdict.INCONCLUSIVE, "the commit that was judged is not known", Place.PROVENANCE)
    elif commit.is_dirty:
        files = count(commit.changed_files, "changed or new file")
        yield Reason(
            Verdict.INCONCLUSIVE, f"the checkout has {files}, so no commit was judged", Place.PROVENANCE
        )


def _unfit(text: str) -> Reason:
    return Reason(Verdict.UNFIT, text, Place.PROVENANCE, voids=True)
