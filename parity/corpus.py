"""A small set of inputs that covers what a long campaign does, run first by every gate.

What a case covers is a set of facts: which branches of the reference it takes, how both
outcomes end, why the candidate punts, which features its input has.  A case is chosen when
it adds a fact; of those that cover the same, the first and so usually the plainest stays.
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Callable, Optional

from driftcore import reference

from driftgate.base.files import write_whole

from .anatomy import UnknownKind
from .cases import Campaign, Case
from .features import features
from .operations import OPERATIONS
from .outcome import Error, Outcome, Value, observe
from .saved_case import DamagedCase, parsed, saved_case, written
from .subjects import Subject, load

CORPUS = Path(__file__).parent.parent / "fixtures" / "corpus" / "distilled.jsonl.gz"
PROFILE = "corpus"

Fact = tuple[object, ...]

_REFERENCE = str(Path(reference.__file__).parent)


def distill(seed: int, cases: int) -> list[Case]:
    """The cases of a campaign that add a fact, in its order."""
    native = load("native")
    covered: set[Fact] = set()
    chosen = []
    for case in Campaign(tuple(OPERATIONS.values()), seed, cases):
        facts = set(_facts(case, native))
        if not facts <= covered:
            covered |= facts
            chosen.append(case)
    return chosen


def save_corpus(cases: list[Case], path: Path = CORPUS) -> None:
    """Write the inputs themselves, whole or not at all; what cannot be saved is left out."""
    lines = []
    for case in cases:
        try:
            saved = saved_case(
                case.operation, case.arguments(), differed="", origin=case.id, subject="", date=""
            )
        except UnknownKind:
            continue
        lines.append(json.dumps(json.loads(written(saved))) + "\n")
    # No time in the header, so that the same cases make the same file.
    write_whole(path, gzip.compress("".join(lines).encode("ascii"), mtime=0))


@lru_cache(maxsize=2)
def load_corpus(path: Path = CORPUS) -> tuple[Case, ...]:
    """Its cases, with ids `corpus:NUMBER:OPERATION`; raises `DamagedCase`."""
    if not path.exists():
        return ()
    try:
        lines = gzip.decompress(path.read_bytes()).decode("ascii").splitlines()
    except (EOFError, ValueError, OSError, zlib.error) as error:
        raise DamagedCase(f"{path}: cannot be read: {error}") from error
    return tuple(_case(number, line, path) for number, line in enumerate(lines))


def _case(number: int, line: str, path: Path) -> Case:
    saved = parsed(line, f"{path}:{number + 1}")
    return Case(f"{PROFILE}:{number}:{saved.operation.name}", PROFILE, saved.operation, saved.arguments)


def _facts(case: Case, native: Subject) -> Iterator[Fact]:
    name = case.operation.name
    for feature in features(case.operation, case.arguments()):
        yield name, "feature", feature
    arcs: set[Fact] = set()
    expected = _traced(getattr(reference, name), case, arcs)
    yield from ((name, *arc) for arc in arcs)
    yield name, "reference", _ending(expected)
    before = dict(native.count_punts()) if native.count_punts else {}
    yield name, "native", _ending(observe(native.functions[name], case.arguments()))
    after = dict(native.count_punts()) if native.count_punts else {}
    for reason, count in after.items():
        if count != before.get(reason, 0):
            yield name, "punt", reason


def _ending(outcome: Outcome) -> str:
    if isinstance(outcome, Error):
        return outcome.kind
    return type(outcome.value).__name__ if isinstance(outcome, Value) else str(outcome)


def _traced(function: Callable[..., Any], case: Case, arcs: set[Fact]) -> Outcome:
    """A call's outcome; `arcs` gains the steps from line to line it takes inside the reference."""
    last: dict[FrameType, int] = {}

    def of_line(frame: FrameType, event: str, argument: object) -> Optional[Callable[..., Any]]:
        if event == "line":
            arcs.add((_place(frame.f_code), last.get(frame, 0), frame.f_lineno))
            last[frame] = frame.f_lineno
        return of_line

    def of_call(frame: FrameType, event: str, argument: object) -> Optional[Callable[..., Any]]:
        return of_line if frame.f_code.co_filename.startswith(_REFERENCE) else None

    arguments = case.arguments()
    sys.settrace(of_call)
    try:
        return observe(function, arguments)
    finally:
        sys.settrace(None)


def _place(code: CodeType) -> str:
    return f"{Path(code.co_filename).name}:{code.co_name}"
