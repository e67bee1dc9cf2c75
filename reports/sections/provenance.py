"""What was judged, on what, from which files; checks and other Pythons; how to get it all again."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.machine import Machine
from driftgate.base.exit_codes import ExitCode
from driftgate.base.figures import count
from driftgate.base.result_file import Json
from parity.matrix import CellVerdict, Row

from ..checks import Check, CheckVerdict
from ..document import SignOff
from ..reasons import Place
from .coverage import coverage
from .model import (
    Block,
    Cell,
    Code,
    Entry,
    Lines,
    Paragraph,
    Section,
    Strong,
    Table,
    Tone,
    code,
    number,
    paragraph,
    text,
)

_TONES = {
    CheckVerdict.PASS: Tone.GOOD,
    CheckVerdict.FAIL: Tone.BAD,
    CheckVerdict.INCONCLUSIVE: Tone.OPEN,
    CheckVerdict.UNFIT: Tone.BAD,
}


def checks(document: SignOff) -> Section:
    if not document.checks:
        return Section(Place.CHECKS.value, "Tests and hardening", (paragraph("None were run."),))
    rows = tuple(
        (
            text(one.name),
            text(one.group),
            text(one.verdict.value, _TONES[one.verdict]),
            text(one.summary),
            text(_figures(one.figures)),
            number(one.seconds, f"{one.seconds:,.1f} s"),
        )
        for one in document.checks
    )
    head = ("check", "group", "verdict", "what came of it", "figures", "took")
    blocks: list[Block] = [Table("checks-table", "Checks", head, rows, ("group", "verdict"))]
    blocks += coverage(document.checks)
    blocks += (_entry(number_, one) for number_, one in enumerate(document.checks, start=1) if one.findings)
    return Section(Place.CHECKS.value, "Tests and hardening", tuple(blocks))


def _figures(figures: dict[str, Json]) -> str:
    return ", ".join(f"{name} {_figure(value)}" for name, value in figures.items())


def _figure(value: Json) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, str) else json.dumps(value)


def _entry(number_: int, one: Check) -> Entry:
    title = paragraph(Strong(one.verdict.value, _TONES[one.verdict]), f" {one.name}")
    lines = []
    for finding in one.findings[:50]:
        where = f"{finding.file}:{finding.line}: " if finding.file else ""
        lines += (where + finding.text).split("\n")
    return Entry(
        f"check-{number_}", title, (Lines("Findings", tuple(lines)),), one.verdict is not CheckVerdict.PASS
    )


def pythons(document: SignOff) -> Section | None:
    rows = document.evidence.matrix
    if rows is None:
        return None
    operations = list(dict.fromkeys(cell.operation for row in rows for cell in row.cells))
    head = ("", *(row.version for row in rows))
    table = (
        (text("Python"), *(text(row.python or "not run") for row in rows)),
        (text("tests of the core"), *map(_tests, rows)),
        *((code(name), *(_cell(row, name) for row in rows)) for name in operations),
    )
    return Section(
        Place.MATRIX.value, "Every Python", (Table("matrix", "Python × operation × verdict", head, table),)
    )


def _tests(row: Row) -> Cell:
    if row.tests is None:
        return text("not run", Tone.OPEN)
    if row.tests.failed:
        return text(f"{row.tests.failed:,} failed", Tone.BAD)
    return text(f"{row.tests.passed:,} passed", Tone.GOOD)


def _cell(row: Row, operation: str) -> Cell:
    for cell in row.cells:
        if cell.operation == operation:
            if cell.verdict is CellVerdict.DIFFERS:
                return text(f"{cell.mismatches:,} differ", Tone.BAD)
            return text(cell.verdict.value, Tone.GOOD if cell.verdict is CellVerdict.EQUAL else Tone.OPEN)
    return text("not run", Tone.OPEN)


def provenance(document: SignOff) -> Section:
    blocks: list[Block] = [_builds(document)]
    if document.evidence.wheels:
        blocks.append(_wheels(document))
    blocks += (_conditions(document), _sources(document))
    return Section(Place.PROVENANCE.value, "Provenance", tuple(blocks))


def _builds(document: SignOff) -> Table:
    parity = document.parity
    named = {
        parity.plan.candidate: ("candidate", parity.candidate),
        parity.plan.reference: ("reference", parity.reference),
        **{name: ("witness", build) for name, build in parity.witnesses.items()},
    }
    for bench in document.evidence.benches:
        for name, build in bench.started.subjects.items():
            named.setdefault(name, ("timed", build))
    rows = tuple(
        (
            code(name),
            text(role),
            code(build.module),
            text(build.version),
            text("compiled" if build.compiled else "Python"),
            code(build.file),
            code(build.sha256),
        )
        for name, (role, build) in named.items()
    )
    head = ("subject", "role", "module", "version", "kind", "file", "SHA-256")
    return Table("builds", "What was run", head, rows)


def _wheels(document: SignOff) -> Table:
    parity = document.parity
    judged = {parity.candidate.sha256: parity.plan.candidate, parity.reference.sha256: parity.plan.reference}
    rows = tuple(
        (
            code(wheel.file),
            number(wheel.size),
            code(wheel.sha256),
            text(", ".join(judged[digest] for digest in wheel.contents.values() if digest in judged) or "–"),
        )
        for wheel in document.evidence.wheels
    )
    return Table("wheels", "The wheels", ("file", "bytes", "SHA-256", "holds what was judged as"), rows)


def _conditions(document: SignOff) -> Table:
    parity, commit = document.parity, document.commit
    limit = f"{parity.int_max_str_digits:,}" if parity.int_max_str_digits else "no limit"
    facts = [
        ("commit", _commit(document)),
        ("policy", f"{document.level_name}: {document.level.sentence}"),
        ("compared on", f"{parity.python}, {parity.platform}, digits of an int limited to {limit}"),
        ("seed", f"{parity.plan.seed}, generator {parity.generator}"),
    ]
    for bench in document.evidence.benches:
        what = "recorded inputs timed" if bench.started.check else "timed"
        facts += [
            (f"{what} on", _machine(bench.started.machine)),
            (f"{what} at, from seed", f"{bench.started.at}, {bench.started.seed}"),
        ]
        if (
            bench.started.commit is not None
            and commit is not None
            and bench.started.commit.rstrip("+") != commit.id
        ):
            facts.append((f"{what} at another commit", bench.started.commit))
    rows = tuple((text(name), text(value)) for name, value in facts)
    return Table("conditions", "Under which conditions", ("what", "value"), rows)


def _commit(document: SignOff) -> str:
    commit = document.commit
    if commit is None:
        return "unknown"
    return commit.id + (
        f", with {count(commit.changed_files, 'changed or new file')}" if commit.is_dirty else ""
    )


def _machine(machine: Machine) -> str:
    facts = [machine.cpu or "unknown processor", count(machine.cores, "core"), machine.architecture]
    facts.append(f"governor {machine.governor or 'unknown'}")
    if machine.load is not None:
        facts.append(f"load {machine.load:.2f}")
    return ", ".join([*facts, machine.system, machine.python, machine.python_compiler])


def _sources(document: SignOff) -> Table:
    rows = tuple(
        (text(one.kind), code(one.name), number(one.size), code(one.sha256)) for one in document.sources
    )
    return Table(
        "sources", "The result files this report was made from", ("kind", "file", "bytes", "SHA-256"), rows
    )


def reproduce(document: SignOff) -> Section:
    blocks: tuple[Block, ...] = (
        paragraph("With the folder of this report as DIR:"),
        Lines("Commands", document.commands),
        Table(
            "exit-codes",
            "Exit codes",
            ("code", "verdict", "means"),
            tuple((number(int(code_)), text(verdict), text(means)) for code_, verdict, means in EXIT_CODES),
        ),
    )
    return Section("reproduce", "How to reproduce", blocks)


EXIT_CODES = (
    (ExitCode.PASS, "GO", "everything the policy asks for holds"),
    (ExitCode.FAIL, "NO-GO", "a mismatch, a claim that is not kept, a failed check"),
    (ExitCode.USAGE, "", "wrong use of a command"),
    (ExitCode.INCONCLUSIVE, "INCONCLUSIVE", "too little was compared or measured to tell"),
    (ExitCode.UNFIT, "UNFIT", "the harness cannot judge: a broken build, a damaged or foreign file"),
)


def intro(document: SignOff) -> Iterator[Paragraph]:
    """What stands right under the verdict."""
    candidate = document.parity.candidate
    wheel = next((one for one in document.evidence.wheels if one.holds(candidate.sha256)), None)
    name, digest = (
        (wheel.file, wheel.sha256) if wheel else (f"{candidate.module} {candidate.version}", candidate.sha256)
    )
    yield paragraph(f"Judged: {name}, SHA-256 ", Code(digest), ".")
    yield paragraph(f"Commit {_commit(document)}.  {document.made}.  Level: {document.level_name}.")
