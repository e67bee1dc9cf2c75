"""The sign-off document: one tree that holds verdict and evidence, and its JSON form."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Optional

from parity.operations import OPERATIONS
from parity.show import shortened

from .bench_results import BenchResults
from .parity_results import RECORDED, Mismatch, ParityResults
from .provenance import Commit
from .verdict import Judgement

FORMAT, VERSION = "driftcore sign-off", 1

LISTED_PER_OPERATION = 5
TEXT_LIMIT = 2000
"""Longer texts of a mismatch are shortened; the result file has them whole."""


@dataclass(frozen=True)
class Source:
    """A result file the document was made from; `path` is as it was given."""

    role: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ListedMismatch:
    """A mismatch with its texts shortened, and the command that shows it again."""

    mismatch: Mismatch
    replay: str


@dataclass(frozen=True)
class SignOff:
    """Everything a release owner is told; the mismatches in `parity` give way to the `mismatches` listed."""

    made: str
    judgement: Judgement
    parity: ParityResults
    mismatches: tuple[ListedMismatch, ...]
    benches: tuple[BenchResults, ...]
    commit: Optional[Commit]
    sources: tuple[Source, ...]
    commands: tuple[str, ...]
    """What to type to get it again."""


def assemble(
    judgement: Judgement,
    parity: ParityResults,
    benches: Sequence[BenchResults],
    commit: Optional[Commit],
    sources: Sequence[Source],
    made: str,
) -> SignOff:
    options = _subject_options(parity)
    listed = tuple(
        ListedMismatch(one, f"python -m parity replay{options} {shlex.quote(one.case)}")
        for one in map(_shortened, _listed(parity.mismatches))
    )
    return SignOff(
        made=made,
        judgement=judgement,
        parity=replace(parity, mismatches=()),
        mismatches=listed,
        benches=tuple(benches),
        commit=commit,
        sources=tuple(sources),
        commands=tuple(_commands(parity, benches, commit, sources)),
    )


def source_of(role: str, path: Path) -> Source:
    data = path.read_bytes()
    return Source(role, str(path), len(data), hashlib.sha256(data).hexdigest())


def _subject_options(parity: ParityResults) -> str:
    """The options of `python -m parity` that choose the subjects compared, those of the default left out."""
    names = (
        ("--candidate", parity.candidate.name, "native"),
        ("--reference", parity.reference.name, "reference"),
    )
    return "".join(f" {option} {shlex.quote(name)}" for option, name, default in names if name != default)


def to_json(document: SignOff) -> dict[str, object]:
    """The document as JSON values, verdict first."""
    judgement, parity = document.judgement, asdict(document.parity)
    del parity["mismatches"]
    return {
        "format": FORMAT,
        "version": VERSION,
        "verdict": judgement.verdict.value,
        "exit_code": int(judgement.verdict.exit_code),
        "sentence": judgement.sentence,
        "reasons": [{"verdict": one.verdict.value, "text": one.text} for one in judgement.reasons],
        "made": document.made,
        "commit": None if document.commit is None else asdict(document.commit),
        "sources": [asdict(source) for source in document.sources],
        "parity": parity,
        "mismatches": {
            "total": document.parity.total.mismatches,
            "listed": [{**asdict(one.mismatch), "replay": one.replay} for one in document.mismatches],
        },
        "reproduce": list(document.commands),
        "benches": [asdict(bench) for bench in document.benches],
    }


def _commands(
    parity: ParityResults,
    benches: Sequence[BenchResults],
    commit: Optional[Commit],
    sources: Sequence[Source],
) -> Iterator[str]:
    if commit is not None:
        yield f"git checkout {commit.id}"
        yield "make build"
    whole = len(parity.operations) == len(OPERATIONS)
    chosen = "" if whole else "".join(f" --operation {shlex.quote(name)}" for name in parity.operations)
    cases = parity.planned - parity.profiles.get(RECORDED, 0)
    files = [shlex.quote(source.path) for source in sources]
    options = _subject_options(parity)
    yield f"python -m parity run{options}{chosen} --seed {parity.seed} --cases {cases} --out {files[0]}"
    for bench in benches:
        yield bench.command
    given = "".join(f" --bench {file}" for file in files[1:])
    yield f"python -m reports signoff --parity {files[0]}{given}"


def _listed(mismatches: Sequence[Mismatch]) -> Iterator[Mismatch]:
    """Of each operation and profile the one with the shortest input, the operations in their order."""
    shortest: dict[str, dict[str, Mismatch]] = {}
    for mismatch in mismatches:
        by_profile = shortest.setdefault(mismatch.operation, {})
        known = by_profile.get(mismatch.profile)
        if known is None or len(mismatch.input) < len(known.input):
            by_profile[mismatch.profile] = mismatch
    for by_profile in shortest.values():
        yield from sorted(by_profile.values(), key=lambda one: len(one.input))[:LISTED_PER_OPERATION]


def _shortened(mismatch: Mismatch) -> Mismatch:
    return Mismatch(**{name: shortened(text, TEXT_LIMIT) for name, text in asdict(mismatch).items()})
