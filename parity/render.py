"""A run as text for a person: a summary sentence, details, and last the command to reproduce."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from driftgate.base import columns
from driftgate.base.exit_codes import ExitCode
from driftgate.base.figures import count

from .census import Tally, total
from .cluster_record import ClusterRecord
from .clusters import MOST_REDUCTIONS
from .events import Finished, Started
from .operations import OPERATIONS
from .plan import Plan
from .subjects import Provenance
from .verdict import judge_run
from .witnesses import AGREES, FOLLOWS, LACKS, THIRD

CLUSTERS_SHOWN = 12
"""How many clusters are printed in full, the most frequent first; the result file has all."""

OVERHEAD_PROFILE = "everyday"


def report_text(started: Started, finished: Finished, file: str, most: int = CLUSTERS_SHOWN) -> str:
    """The whole report of a run, which `file` holds, with at most so many causes in full."""
    plan, command = started.plan, run_command(started)
    blocks = [
        summary_sentence(started, finished),
        "\n".join(
            (
                _subject("reference", plan.reference, started.reference),
                _subject("candidate", plan.candidate, started.candidate),
                *(_subject("witness", name, one) for name, one in started.witnesses.items()),
                f"  on         {started.python}, {started.platform}, "
                f"int digits limited to {started.int_max_str_digits:,}",
            )
        ),
        census_text(finished.census, "operation"),
        census_text(finished.census, "profile"),
        _notes(started, finished),
    ]
    shown = finished.clusters[:most]
    if started.witnesses and finished.clusters:
        blocks.append(matrix_text(started, finished.clusters))
    replay = replay_command(started)
    blocks += [cluster_text(number, one, replay) for number, one in enumerate(shown, start=1)]
    hidden = len(finished.clusters) - len(shown)
    if hidden:
        blocks.append(f"{count(hidden, 'more cause')}: {_show_command('--all', file)}")
    blocks += (f"Stderr of what crashed:\n{said}" for said in finished.said[:3])
    if finished.interrupted:
        blocks.append(f"Go on: {command} --out {shlex.quote(file)} --resume")
    else:
        blocks.append(f"Kept in {file}; show again: {_show_command(file)}")
    blocks.append(f"Run again: {command}")
    return "\n\n".join(blocks)


def summary_sentence(started: Started, finished: Finished) -> str:
    """One sentence that can be read aloud."""
    plan = started.plan
    verdict = judge_run(started, finished)
    counts = total(finished.census)
    per_second = counts.compared / max(finished.seconds, 1e-9)
    rate = f"{counts.compared:,} compared cases in {finished.seconds:.1f} s ({per_second:,.0f}/s)"
    declared = f", {count(counts.explained, 'difference')} declared" if counts.explained else ""
    if verdict.code is ExitCode.PASS:
        but = f" but for {count(counts.explained, 'declared difference')}" if counts.explained else ""
        return f"PASS: {plan.candidate} equals {plan.reference}{but} in all of {rate}."
    if verdict.code is ExitCode.UNFIT:
        return f"UNFIT: {verdict.reasons[0]}."
    if verdict.code is ExitCode.INCONCLUSIVE:
        return f"NOT ENOUGH EVIDENCE: {'; '.join(verdict.reasons)}; {rate}{declared}."
    if counts.mismatches:
        causes = count(len(finished.clusters), "cause")
        more = "".join(f"; {reason}" for reason in verdict.reasons[1:])
        return (
            f"MISMATCH: {plan.candidate} differs from {plan.reference} in {counts.mismatches:,} of {rate}, "
            f"by {causes}{declared}{more}."
        )
    return f"FAIL: {'; '.join(verdict.reasons)}; {rate}{declared}."


def cluster_text(number: int, one: ClusterRecord, replay: str) -> str:
    """A cause: how often, where the outcomes part, the smallest input and the command that shows it."""
    lines = [
        f"{number}. {one.title}",
        f"   {how_often(one)}, in {', '.join(one.operations)}",
        f"   {one.operation} parts at {one.path}: {one.reason}",
        f"   reference  {one.expected}",
        f"   candidate  {one.actual}",
        f"   input      {one.input}",
    ]
    if one.verdicts:
        lines.append(
            f"   witnesses  {', '.join(f'{name} {answer}' for name, answer in one.verdicts.items())}"
        )
    if one.calls == 0:
        lines.append(
            "   alone      does not show again in a fresh process: it hangs on earlier calls or on chance"
        )
    elif one.calls > 1:
        lines.append(f"   alone      shows at call {one.calls} in a fresh process")
    calls = f" --calls {one.calls}" if one.calls > 1 else ""
    lines.append(f"   replay     {replay}{calls} {shlex.quote(one.case)}")
    return "\n".join(lines)


def matrix_text(started: Started, clusters: Sequence[ClusterRecord]) -> str:
    """Who dissents from the reference, a row each cause."""
    names = [started.plan.candidate, *started.witnesses]
    rows = [(one.title, *(dissent(one, name) for name in names)) for one in clusters]
    return columns.table([("dissents from the reference", *names), *rows], indent="")


def dissent(one: ClusterRecord, name: str) -> str:
    """Whether a subject dissents from the reference on a cause's smallest input; the candidate does."""
    verdict = one.verdicts.get(name, FOLLOWS)
    return {AGREES: "-", FOLLOWS: "yes", LACKS: "lacks it", THIRD: "in another way"}.get(verdict, verdict)


def how_often(one: ClusterRecord) -> str:
    rate = one.count / max(one.compared, 1)
    return f"{count(one.count, 'case')} of {one.compared:,} ({rate:.2%})"


def run_command(started: Started) -> str:
    """The command that does the same again."""
    plan = started.plan
    out = ["python", "-m", "parity", "run", *_subjects(plan), *bounds(plan.timeout, plan.memory)]
    for name in started.witnesses:
        out += ["--witness", name]
    if plan.operations != tuple(OPERATIONS):
        for name in plan.operations:
            out += ["--operation", name]
    return shlex.join([*out, "--seed", str(plan.seed), "--cases", str(plan.cases)])


def replay_command(started: Started) -> str:
    """The command that shows one case, without its id."""
    plan = started.plan
    bounded = bounds(plan.timeout, plan.memory)
    return shlex.join(["python", "-m", "parity", "replay", *_subjects(plan), *bounded])


def _show_command(*arguments: str) -> str:
    return shlex.join(["python", "-m", "parity", "show", *arguments])


def bounds(timeout: float, memory: int) -> list[str]:
    """The options that bound calls in the same way again, those of the default left out."""
    out = [] if timeout == Plan.timeout else ["--timeout", f"{timeout:g}"]
    if memory != Plan.memory:
        whole = memory % (1 << 20) == 0
        out += ["--memory", f"{memory >> 20}MiB" if whole else str(memory)]
    return out


def _subjects(plan: Plan) -> list[str]:
    out = ["--candidate", plan.candidate] if plan.candidate != "native" else []
    return out if plan.reference == "reference" else [*out, "--reference", plan.reference]


def census_text(census: Sequence[Tally], by: str) -> str:
    """A table with a row for each operation or profile and a total; columns that are all 0 are left out."""
    names = list(dict.fromkeys(getattr(tally, by) for tally in census))
    rows = [total((one for one in census if getattr(one, by) == name), name) for name in names]
    rows.append(total(census, "total"))
    shown = [name for name in _COLUMNS if name in _ALWAYS or getattr(rows[-1], name)]
    header = (by, *(name.replace("_", " ") for name in shown))
    counts = [(row.operation, *(f"{getattr(row, name):,}" for name in shown)) for row in rows]
    return columns.table([header, *counts], indent="")


_ALWAYS = ("generated", "compared", "both_value", "both_error", "mismatches")
_COLUMNS = (
    "generated", "compared", "both_value", "punted_value", "both_error", "punted_error", "one_error", "lost",
    "no_verdict", "skipped", "explained", "mismatches",
)  # fmt: skip


def _subject(role: str, name: str, provenance: Provenance) -> str:
    kind = "compiled" if provenance.compiled else "Python"
    what = f"{provenance.module} {provenance.version}, {kind}, sha256 {provenance.sha256[:16]}"
    return f"  {role:<9}  {name}: {what}\n             {provenance.file}"


def _notes(started: Started, finished: Finished) -> str:
    lines = []
    shaky = len(finished.steadiness.unsteady)
    contradictions = count(shaky, "contradiction") if shaky else "no contradiction"
    lines.append(
        f"Each subject against itself, other process, order and hash seed: {contradictions} in "
        f"{count(finished.steadiness.cases, 'case')}"
    )
    if finished.punts is not None:
        punts = sum(finished.punts.values())
        lines.append(f"Punts of the candidate to the reference: {punts:,}{_in_brackets(finished.punts)}")
    if finished.skipped:
        lines.append(f"Skipped: {_by_count(finished.skipped)}")
    if finished.no_verdict:
        lines.append(f"No verdict: {_by_count(finished.no_verdict)}")
    if finished.unexplained:
        lines.append(
            f"Mismatches whose cause was not looked for: {finished.unexplained:,}, as there are more than "
            f"{MOST_REDUCTIONS} kinds; mend what is named and run again"
        )
    if finished.ledger:
        lines.append(f"Declared divergences seen: {_by_count(finished.ledger)}")
    lines += (f"Ledger: {finding.text}" for finding in finished.findings)
    lines.append(overhead_text(finished))
    return "\n".join(lines)


def overhead_text(finished: Finished) -> str:
    """How much of the time went beside the subjects' own calls, on everyday payloads and over all."""
    workers = count(finished.workers, "worker")
    parts = []
    for name in (OVERHEAD_PROFILE, "all"):
        inside = sum(_of(finished.inside, name))
        spent = sum(_of(finished.spent, name))
        if inside:
            parts.append(f"{(spent - inside) / inside:.0%} on {'all profiles' if name == 'all' else name}")
    return f"Time beside the subjects' own calls, {workers}: {', '.join(parts) or 'not measured'}"


def _of(seconds: Mapping[str, float], profile: str) -> list[float]:
    return list(seconds.values()) if profile == "all" else [seconds.get(profile, 0.0)]


def _in_brackets(counts: Mapping[str, int]) -> str:
    return f" ({_by_count(counts)})" if any(counts.values()) else ""


def _by_count(counts: Mapping[str, int]) -> str:
    """The most frequent first; what never occurred is left out."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {many:,}" for name, many in ordered if many)
