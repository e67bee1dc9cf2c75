"""The sign-off page: verdict first, then the reasons, the evidence, and how to get it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.figures import count

from .bench_results import BenchResults
from .document import ListedMismatch, SignOff
from .markdown import block, code, items, prose, table
from .parity_results import Build, Census, ParityResults
from .speed_sections import sections as speed_sections
from .verdict import FLOOR

SENTENCE_LIMIT = 2000
"""A sentence of the verdict may be that long; its words are the harness's own."""


def page(document: SignOff) -> str:
    """The whole page as Markdown."""
    return "\n\n".join(_sections(document)) + "\n"


def _sections(document: SignOff) -> Iterator[str]:
    parity, judgement = document.parity, document.judgement
    yield f"# driftcore sign-off: {judgement.verdict.value}"
    yield f"**{prose(judgement.sentence, SENTENCE_LIMIT)}**"
    yield _judged(document)
    yield f"## Reasons\n\n{items(_reasons(document))}"
    yield f"## What was compared\n\n{_compared(parity)}\n\n{_census_table(parity)}"
    counts = _counts(parity)
    if counts:
        yield items(counts)
    yield f"## Mismatches\n\n{_mismatches(document)}"
    yield from speed_sections(document.benches)
    yield f"## Machine, versions, seeds\n\n{_conditions(document)}"
    yield f"## Provenance\n\n{_builds(document)}"
    yield _sources(document)
    yield f"## How to reproduce\n\n{block(document.commands)}"


def _judged(document: SignOff) -> str:
    candidate = document.parity.candidate
    against = document.parity.reference.module
    return (
        f"Judged: {code(candidate.module)} {prose(candidate.version)}, SHA-256 {code(candidate.sha256)}, "
        f"against {code(against)}.  Commit {_commit(document)}.  {prose(document.made)}."
    )


def _commit(document: SignOff) -> str:
    commit = document.commit
    if commit is None:
        return "unknown"
    dirty = f", **with {count(commit.changed_files, 'changed or new file')}**" if commit.is_dirty else ""
    return f"{code(commit.id)}{dirty}"


def _reasons(document: SignOff) -> list[str]:
    return [
        f"**{reason.verdict.value}**: {prose(reason.text, SENTENCE_LIMIT)}"
        for reason in document.judgement.reasons
    ]


def _compared(parity: ParityResults) -> str:
    total = parity.total
    return (
        f"{count(total.generated, 'case')} ({_by_profile(parity)}) were put to {code(parity.reference.name)} "
        f"and {code(parity.candidate.name)} in {parity.seconds:,.1f} s.  Only the cases under `own value` "
        "are evidence: both sides gave a value, and the candidate's was its own work.  Each operation "
        f"needs {FLOOR:,}.  What the candidate punts, the reference answers: refusals mostly are punted."
    )


def _by_profile(parity: ParityResults) -> str:
    return ", ".join(f"{prose(profile)} {number:,}" for profile, number in parity.profiles.items())


_COLUMNS = {
    "generated": "generated",
    "compared": "compared",
    "both value": "both_value",
    "own value": "own_value",
    "both error": "both_error",
    "one error": "one_error",
    "skipped": "skipped",
    "declared": "explained",
    "mismatches": "mismatches",
}


def _census_table(parity: ParityResults) -> str:
    rows = [(code(census.operation), *_cells(census)) for census in parity.census]
    return table(("operation", *_COLUMNS), [*rows, ("all", *_cells(parity.total))])


def _cells(census: Census) -> list[str]:
    return [f"{getattr(census, name):,}" for name in _COLUMNS.values()]


def _counts(parity: ParityResults) -> list[str]:
    """Punts, skipped cases and declared differences by reason."""
    if parity.punts is None:
        lines = [f"{code(parity.candidate.name)} does not say whether it punts."]
    else:
        lines = [f"Punts: {sum(parity.punts.values()):,}{_by_reason(parity.punts)}"]
    if parity.skipped:
        lines.append(f"Skipped: {sum(parity.skipped.values()):,}{_by_reason(parity.skipped)}")
    if parity.divergences:
        lines.append(
            f"Declared differences: {sum(parity.divergences.values()):,}{_by_reason(parity.divergences)}"
        )
    return lines


def _by_reason(counts: Mapping[str, int]) -> str:
    seen = [f"{code(reason)} {number:,}" for reason, number in counts.items() if number]
    return f" ({', '.join(seen)})" if seen else ""


def _mismatches(document: SignOff) -> str:
    total = document.parity.total.mismatches
    if not total:
        return "None."
    listed = document.mismatches
    shown = "All" if len(listed) == total else f"{len(listed):,} of {total:,}, short ones of each operation"
    blocks = [_mismatch(number, one) for number, one in enumerate(listed, start=1)]
    return "\n\n".join([f"{shown}.", *blocks])


def _mismatch(number: int, one: ListedMismatch) -> str:
    mismatch = one.mismatch
    lines = (
        f"expected  {mismatch.expected}",
        f"actual    {mismatch.actual}",
        f"input     {mismatch.input}",
        f"replay    {one.replay}",
    )
    title = (
        f"### {number}. {code(mismatch.operation)} parts at {code(mismatch.path)}: {prose(mismatch.reason)}"
    )
    return f"{title}\n\n{block(lines)}"


def _conditions(document: SignOff) -> str:
    parity = document.parity
    limit = f"{parity.int_max_str_digits:,}" if parity.int_max_str_digits else "not limited"
    rows = [
        ("parity", f"{prose(parity.python)}, int digits {limit}"),
        ("parity seed", f"{parity.seed}, generator {parity.generator}"),
    ]
    for bench in document.benches:
        name = "bench, recorded inputs" if bench.check else "bench"
        rows += [
            (name, f"{_machine(bench)}"),
            (f"{name}, seed", f"{bench.seed}"),
            (f"{name}, commit", _bench_commit(bench, document)),
        ]
    return table(("what", "value"), rows, left=2)


def _bench_commit(bench: BenchResults, document: SignOff) -> str:
    if bench.commit is None:
        return "unknown"
    is_same = document.commit is not None and bench.commit.startswith(document.commit.id)
    return code(bench.commit) + ("" if is_same else ", **not the commit of this report**")


def _machine(bench: BenchResults) -> str:
    machine = bench.machine
    facts = [machine.cpu or "unknown processor", count(machine.cores, "core")]
    facts.append(f"governor {machine.governor or 'unknown'}")
    if machine.load is not None:
        facts.append(f"load {machine.load:.2f}")
    return prose(", ".join([*facts, machine.system, machine.python, machine.python_compiler]))


def _builds(document: SignOff) -> str:
    """Every build that took part, once."""
    parity = document.parity
    every = dict.fromkeys(
        (parity.candidate, parity.reference, *(build for bench in document.benches for build in bench.builds))
    )
    rows = [
        (code(one.name), code(one.module), prose(one.version), _kind(one), code(one.file), code(one.sha256))
        for one in every
    ]
    return table(("subject", "module", "version", "kind", "file", "SHA-256"), rows, left=6)


def _kind(build: Build) -> str:
    return "compiled" if build.compiled else "Python"


def _sources(document: SignOff) -> str:
    rows = [
        (source.role, code(source.path), f"{source.size:,}", code(source.sha256))
        for source in document.sources
    ]
    return f"Made from these result files:\n\n{table(('role', 'file', 'bytes', 'SHA-256'), rows, left=2)}"
