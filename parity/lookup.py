"""Cases by the name a person gives: an id of any kind, or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from . import cases, corpus, recorded, saved_case
from .cases import Case, UnknownCase
from .operations import OPERATIONS
from .saved_case import read

SUFFIX = ".json"


def cases_named(name: str) -> list[Case]:
    """The cases an id or a saved-case file names; raises `UnknownCase` or `DamagedCase`."""
    if name.endswith(SUFFIX):
        saved = read(Path(name))
        return [Case(name, saved_case.PROFILE, saved.operation, saved.arguments)]
    profile = name.partition(":")[0]
    if profile not in _KEPT:
        return cases.from_id(name)
    load, folder = _KEPT[profile]
    found = [case for case in load() if case.id == name]
    if not found:
        raise UnknownCase(f"{name!r}: no such case in {folder}")
    return found


_KEPT: dict[str, tuple[Callable[[], Sequence[Case]], str]] = {
    saved_case.PROFILE: (saved_case.load_regressions, "fixtures/regressions"),
    corpus.PROFILE: (corpus.load_corpus, "fixtures/corpus"),
    recorded.PROFILE: (lambda: recorded.recorded_cases(list(OPERATIONS.values())), "fixtures/recorded"),
}
