"""The sign-off: from a folder of evidence to a verdict and the reports that tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench import history
from bench.claims.loader import load
from driftgate.base import strict_json
from driftgate.base.checkout import Commit, commit_of
from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults
from parity.operations import OPERATIONS

from . import bundle
from .document import SignOff, assemble
from .evidence import Evidence, read_folder
from .policy import POLICY, level_of
from .provenance import ROOT
from .verdict import judge

OF_THIS_PROJECT = ("reference", "native", "native")
"""The reference and candidate of a comparison and the candidate of a bench, whose history is kept."""


def sign_off(folder: Path, level_name: str, policy: Path = POLICY) -> SignOff:
    """Read, judge and assemble; raises `DamagedResults`, `BadPolicy` or `UnknownLevel`."""
    evidence = read_folder(folder)
    evidence = replace(evidence, history=_earlier_runs(evidence))
    made = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return judged(evidence, level_name, policy, commit_of(ROOT), made)


def _earlier_runs(evidence: Evidence) -> tuple[history.Run, ...]:
    """The runs that are kept for this machine class.  They are of this project's pair, and of no other."""
    bench, plan = evidence.claims, evidence.parity.plan
    if bench is None or (plan.reference, plan.candidate, bench.started.candidate) != OF_THIS_PROJECT:
        return ()
    return tuple(history.read(bench.started.machine.kind))


def judged(evidence: Evidence, level_name: str, policy: Path, commit: Commit | None, made: str) -> SignOff:
    """The document of some evidence: the same for the same arguments, anywhere and at any time."""
    level = level_of(level_name, policy)
    judgement = judge(evidence, level, tuple(OPERATIONS), load(), commit)
    return assemble(judgement, evidence, level_name, level, commit, made)


def reopened(folder: Path) -> SignOff:
    """The document of an archived folder, made anew from its evidence; raises `DamagedResults`.

    Only when it was made, at which level and of which commit is taken from the old report.
    """
    path = folder / "signoff.json"
    try:
        old: Any = strict_json.parse(path.read_bytes())
        made, level = decode(str, old["made"], "made"), decode(str, old["level"], "level")
        commit = None if old["commit"] is None else decode(Commit, old["commit"], "commit")
        runs = bundle.read_history(folder / bundle.HISTORY_NAME)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedResults(f"{path}: cannot be read as a sign-off: {error}") from error
    evidence = replace(read_folder(folder), history=runs)
    return judged(evidence, level, folder / bundle.POLICY_NAME, commit, made)
