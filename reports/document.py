"""The sign-off document: one tree that holds verdict and evidence, from which every format is rendered.

Everything in it that came from an input is masked (`masking`) and shortened here, once, so
that no renderer has to remember to.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from driftgate.base.checkout import Commit
from parity.explain import Row
from parity.operations import OPERATIONS

from .checks import Check
from .evidence import WHEELS, Evidence, Source
from .masking import MASK, masked_together
from .parity_results import Cluster, ParityResults
from .policy import Level
from .reasons import Judgement
from .shown import MASKED_UP_TO, cut, shown

LISTED = 100
"""Clusters that a report shows, the most frequent first; the result file has all."""

TEXT_LIMIT = 1200
"""Longer texts of a mismatch are shortened; the result file has them whole."""


@dataclass(frozen=True)
class ListedCluster:
    """A cluster with its texts masked and shortened, its number in this report, and how to see it again."""

    number: int
    cluster: Cluster
    replay: str

    @property
    def anchor(self) -> str:
        return f"mismatch-{self.number}"


@dataclass(frozen=True)
class SignOff:
    """Everything a release owner is told.  `made` is in UTC, `commands` say how to get it again."""

    made: str
    level_name: str
    level: Level
    judgement: Judgement
    evidence: Evidence
    clusters: tuple[ListedCluster, ...]
    checks: tuple[Check, ...]
    commit: Commit | None
    commands: tuple[str, ...]

    @property
    def parity(self) -> ParityResults:
        return self.evidence.parity

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.evidence.sources

    @property
    def hidden_clusters(self) -> int:
        return len(self.parity.clusters) - len(self.clusters)


def assemble(
    judgement: Judgement, evidence: Evidence, level_name: str, level: Level, commit: Commit | None, made: str
) -> SignOff:
    parity = evidence.parity
    options = subject_options(parity)
    return SignOff(
        made=made,
        level_name=level_name,
        level=level,
        judgement=judgement,
        evidence=evidence,
        clusters=tuple(
            ListedCluster(number, _shown(one), f"python -m parity replay{options} {shlex.quote(one.case)}")
            for number, one in enumerate(parity.clusters[:LISTED], start=1)
        ),
        checks=tuple(map(_shown_check, evidence.checks)),
        commit=commit,
        commands=tuple(_commands(evidence, commit, level_name)),
    )


def subject_options(parity: ParityResults) -> str:
    """The options of `python -m parity` that choose the subjects, those of the default left out."""
    names = (
        ("--candidate", parity.plan.candidate, "native"),
        ("--reference", parity.plan.reference, "reference"),
    )
    return "".join(f" {option} {shlex.quote(name)}" for option, name, default in names if name != default)


def _shown(one: Cluster) -> Cluster:
    names = ("input", "expected", "actual", "title", "path", "reason")
    texts = [getattr(one, name)[:MASKED_UP_TO] for name in names]
    rows = [
        text[:MASKED_UP_TO] for layer in one.explanation for row in layer.rows for text in vars(row).values()
    ]
    without = masked_together((*texts, *rows), one.path)
    if without[3] == MASK:  # the values under a credential are secret, not what the place is called
        without = (*without[:3], one.title, one.path, one.reason, *without[6:])
    short = [cut(text, TEXT_LIMIT) for text in without]
    fields: dict[str, Any] = dict(zip(names, short))
    left = iter(short[len(names) :])
    layers = tuple(
        replace(layer, rows=tuple(Row(next(left), next(left), next(left)) for _ in layer.rows))
        for layer in one.explanation
    )
    return replace(one, **fields, explanation=layers, saved="")


def _shown_check(one: Check) -> Check:
    findings = tuple(replace(finding, text=shown(finding.text, TEXT_LIMIT)) for finding in one.findings)
    return replace(one, summary=shown(one.summary, TEXT_LIMIT), findings=findings)


def _commands(evidence: Evidence, commit: Commit | None, level_name: str) -> Iterator[str]:
    parity = evidence.parity
    if commit is not None:
        yield f"git checkout {commit.id}"
    yield "make build build-bench"
    yield from _with_wheels(evidence)
    named = {source.kind: source.name for source in evidence.sources}
    options = subject_options(parity)
    chosen = _operations(parity)
    yield (
        f"python -m parity run{options}{chosen} --seed {parity.plan.seed} --cases {parity.plan.cases} "
        f"--out DIR/{named.get('parity', 'parity.ndjson')}"
    )
    for bench in evidence.benches:
        yield _with_dir(bench.started.command)
    for run in evidence.check_runs:
        yield _with_dir(run.command)
    yield f"python -m reports signoff --level {level_name} DIR"
    yield "python -m reports verify DIR"


def _with_dir(command: str) -> str:
    """A command whose results go to DIR: the folder that it was run for was there while it was conducted."""
    try:
        words = shlex.split(command)
    except ValueError:  # it holds what was masked, or was written by hand
        return command
    for at, word in enumerate(words):
        option, _, place = word.partition("=")
        if option == "--junitxml":
            words[at] = f"{option}={PurePosixPath(place).name}"
        elif at and words[at - 1] == "--out":
            words[at] = f"DIR/{PurePosixPath(word).name}"
        elif at and words[at - 1] == "--signoff":
            words[at] = "DIR"
    return shlex.join(words)


def _operations(parity: ParityResults) -> str:
    if len(parity.plan.operations) == len(OPERATIONS):
        return ""
    return "".join(f" --operation {shlex.quote(name)}" for name in parity.plan.operations)


def _with_wheels(evidence: Evidence) -> Iterator[str]:
    judged = [
        wheel.file
        for wheel in evidence.wheels
        if wheel.holds(evidence.parity.candidate.sha256) or wheel.holds(evidence.parity.reference.sha256)
    ]
    if judged:
        files = " ".join(shlex.quote(f"DIR/{WHEELS}/{name}") for name in judged)
        yield f"python -m pip install --no-deps --force-reinstall {files}"
