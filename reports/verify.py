"""An archived folder checked again: digests, verdicts, reports, and a sample of the cases.

Each step works on its own and names what does not agree; a step that another one's failure
makes pointless is left out.  Damage is told apart from disagreement: a file whose digest is
another than the manifest's makes the folder UNFIT, a verdict that does not follow fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from bench.claims.loader import load
from bench.verdict import judge_run
from bench.verify import judged_again
from driftgate.base import strict_json
from driftgate.base.decode import decode
from driftgate.base.exit_codes import ExitCode, Unfit, UsageError
from driftgate.base.figures import count
from driftgate.base.files import digest_of
from driftgate.base.result_file import DamagedResults
from parity.operations import default_operations

from . import bundle
from .attestation import statement
from .document import SignOff
from .evidence import WHEELS, Evidence
from .provenance import ROOT
from .rerun import Impossible, chosen, differing
from .signoff import reopened

DEFAULT_SHARE = 0.01
NAMED = 10
"""Problems named in a step; further ones are counted."""


class State(Enum):
    AGREES = "agrees"
    DIFFERS = "DIFFERS"
    DAMAGED = "DAMAGED"
    OPEN = "open"


@dataclass(frozen=True)
class Step:
    """One thing that was checked, and what does not agree in it."""

    what: str
    state: State
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verification:
    steps: tuple[Step, ...]
    sentence: str
    code: ExitCode


Rerun = Callable[[Evidence, Sequence[dict[str, Any]], Path], list[str]]


def verify(
    folder: Path, share: float, seed: int, root: Path = ROOT, rerun: Rerun = differing
) -> Verification:
    """Check a folder against itself and a checkout; `share` of the cases, chosen by `seed`, are put again."""
    steps = list(_steps(folder, share, seed, root, rerun))
    states = {step.state for step in steps}
    if State.DAMAGED in states:
        code, word = ExitCode.UNFIT, "UNFIT"
    elif State.DIFFERS in states:
        code, word = ExitCode.FAIL, "FAIL"
    elif State.OPEN in states:
        code, word = ExitCode.INCONCLUSIVE, "INCONCLUSIVE"
    else:
        code, word = ExitCode.PASS, "PASS"
    worst = next((step for step in steps if step.problems), None)
    why = f"{folder}: {worst.problems[0]}" if worst else f"{folder} agrees with itself and with this checkout"
    return Verification(tuple(steps), f"{word}: {why}.", code)


def _steps(folder: Path, share: float, seed: int, root: Path, rerun: Rerun) -> Iterator[Step]:
    try:
        manifest = _read_manifest(folder)
    except DamagedResults as error:
        yield Step("the manifest", State.DAMAGED, (str(error),))
        return
    files = _files(folder, manifest)
    yield _step(f"digests of {count(len(manifest['files']), 'file')}", State.DAMAGED, files)
    sources = _sources(root, manifest, folder)
    yield _step(f"digests of {count(len(manifest['checkout']), 'source and input')}", State.DIFFERS, sources)
    try:
        document = reopened(folder)
    except (Unfit, UsageError, ValueError) as error:
        yield Step("the evidence", State.DAMAGED, (str(error),))
        return
    yield _step("verdicts of the benches, from their samples", State.DIFFERS, _benches(document.evidence))
    yield _step("verdict and reports, rendered again", State.DIFFERS, _reports(document, folder))
    yield _step("the attestation", State.DIFFERS, _attestation(document, folder))
    yield _cases(document.evidence, folder, share, seed, rerun)


def _step(what: str, otherwise: State, problems: Sequence[str]) -> Step:
    named = tuple(problems[:NAMED])
    if len(problems) > NAMED:
        named += (f"and {len(problems) - NAMED} more",)
    return Step(what, otherwise if problems else State.AGREES, named)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / bundle.MANIFEST_NAME
    try:
        manifest: Any = strict_json.parse(path.read_bytes())
        known = (bundle.MANIFEST_FORMAT, bundle.MANIFEST_VERSION)
        if (manifest["format"], manifest["version"]) != known:
            raise ValueError(f"is not {known[0]!r} version {known[1]}")
        for part in ("files", "checkout"):
            decode(dict[str, str], manifest[part], part)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedResults(f"{path}: cannot be read: {error}") from error
    return dict(manifest)


def _files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    known, there = manifest["files"], set(bundle.files_of(folder))
    problems = [f"{name} is missing" for name in known if name not in there]
    problems += [f"{name} is not in the manifest" for name in sorted(there) if name not in known]
    return problems + [
        f"{name} was changed after the sign-off"
        for name, digest in known.items()
        if name in there and digest_of(folder / name) != digest
    ]


def _sources(root: Path, manifest: dict[str, Any], folder: Path) -> list[str]:
    """What differs in the checkout, changed files first: they say the most."""
    known, there = manifest["checkout"], set(bundle.sources_of(root, (folder,)))
    problems = [
        f"{name} of this checkout is another"
        for name, digest in known.items()
        if name in there and digest_of(root / name) != digest
    ]
    problems += [f"{name} is not in this checkout" for name in known if name not in there]
    return problems + [f"{name} is only in this checkout" for name in sorted(there) if name not in known]


def _benches(evidence: Evidence) -> list[str]:
    problems = []
    for bench in evidence.benches:
        problems += judged_again(bench.results, load())
        verdict = judge_run(bench.results.events, bench.started.check, default_operations(()))
        if verdict.code != bench.finished.exit_code:
            problems.append(
                f"a bench says {bench.finished.exit_code.name}, its measurements say {verdict.code.name}"
            )
    return problems


def _reports(document: SignOff, folder: Path) -> list[str]:
    return [
        f"{name} is not what the evidence gives"
        for name, text in bundle.reports(document)
        if not (folder / name).exists() or (folder / name).read_bytes() != text.encode("utf-8")
    ]


def _attestation(document: SignOff, folder: Path) -> list[str]:
    names = (bundle.MANIFEST_NAME, bundle.POLICY_NAME)
    covered = [(name, digest_of(folder / name)) for name in names if (folder / name).exists()]
    try:
        stated = strict_json.parse((folder / bundle.ATTESTATION_NAME).read_bytes())
    except (OSError, ValueError) as error:
        return [f"{bundle.ATTESTATION_NAME} cannot be read: {error}"]
    return (
        []
        if stated == statement(document, covered)
        else [f"{bundle.ATTESTATION_NAME} attests something else"]
    )


def _cases(evidence: Evidence, folder: Path, share: float, seed: int, rerun: Rerun) -> Step:
    if share == 0:
        return Step("no case was put again", State.AGREES)
    shards = chosen(evidence.parity, share, seed)
    cases = sum(tally.get("generated", 0) for shard in shards for tally in shard["census"])
    what = f"{count(cases, 'case')} put again, of {evidence.parity.planned:,}, chosen by seed {seed}"
    try:
        return _step(what, State.DIFFERS, rerun(evidence, shards, folder / WHEELS))
    except Impossible as error:
        return Step(what, State.OPEN, (str(error),))
