"""The target `differential`: bytes make a case of any operation, to which native and reference must agree.

The bytes are the choices of the parity generator (`parity.generate.byte_source`): the
profile first, then one of the operations it has inputs for, then everything in the input.
Any bytes are a case, so libFuzzer needs to know nothing of JSON or protobuf.  It sees the
branches of both sides: those of the C core, built for it, and those of the reference.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Optional

from parity import show
from parity.anatomy import UnknownKind
from parity.cases import Case
from parity.generate.byte_source import ByteSource, writing
from parity.generate.profiles import PROFILES
from parity.generate.source import SeededSource, Source
from parity.isolate import Lost, isolated
from parity.judge import Pair, judge
from parity.operations import OPERATIONS
from parity.saved_case import saved_case, write
from parity.subjects import load, require_distinct

NAME = "differential"
MOST_BYTES = 320
"""Longer inputs are not committed, so that the corpus stays below 300 KB."""
PATIENCE = 20.0
"""How many seconds one call of a finding may take when it is made again."""


def case_of(data: bytes) -> Case:
    """The case that some bytes make."""
    return _drawn(ByteSource(data), hashlib.sha1(data).hexdigest()[:16])


def seed(number: int) -> bytes:
    """The choices of a case that the generator makes, as bytes to start from."""
    source, written = writing(SeededSource(NAME, number))
    _drawn(source, "").arguments()
    return bytes(written)


def _drawn(source: Source, name: str) -> Case:
    profile = source.pick(tuple(PROFILES.values()))
    operation = source.pick([one for one in OPERATIONS.values() if one.takes in profile.takes])
    makers = profile.make(source)
    return Case(f"{NAME}:{name}:{operation.name}", profile.name, operation, makers[operation.takes])


def pair() -> Pair:
    """Reference and native as this process imports them; raises `parity.subjects.Unfit`."""
    reference, native = load("reference"), load("native")
    require_distinct(reference, native)
    return Pair(reference, native)


def disagreement(case: Case, subjects: Pair) -> Optional[str]:
    """Where and how the two answers part, as text, or None."""
    difference = judge(case, subjects).difference
    if difference is None:
        return None
    sides = f"{show.full(difference.expected)} became {show.full(difference.actual)}"
    return f"{case.operation.name}: {difference.reason} at {difference.path}: {show.shortened(sides)}"


def keep(found: Path) -> Path:
    """What to replay of a file of bytes that libFuzzer left: a saved case beside it.

    Where the arguments hold something that cannot be saved, it is the file itself.
    """
    case = case_of(found.read_bytes())
    subjects = pair()
    done = isolated(lambda crumb: disagreement(case, subjects), PATIENCE)
    differed = str(done.outcome) if isinstance(done, Lost) else done.value
    path = found.with_suffix(".json")
    try:
        saved = saved_case(
            case.operation,
            case.arguments(),
            differed=differed or "not in the installed build: see the log",
            origin=case.id,
            subject="native",
            date=date.today().isoformat(),
            note=f"found by core.fuzz as {found.name}",
        )
    except UnknownKind:
        return found
    write(saved, path)
    return path
