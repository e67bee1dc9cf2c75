"""Cases by the name a person gives: an id of any kind, or a file."""

from __future__ import annotations

from pathlib import Path

from . import cases
from .cases import Case, UnknownCase
from .saved_case import PROFILE, load_regressions, read

SUFFIX = ".json"


def cases_named(name: str) -> list[Case]:
    """The cases an id or a saved-case file names; raises `UnknownCase` or `DamagedCase`."""
    if name.endswith(SUFFIX):
        saved = read(Path(name))
        return [Case(name, PROFILE, saved.operation, saved.arguments)]
    if name.startswith(f"{PROFILE}:"):
        found = [case for case in load_regressions() if case.id == name]
        if not found:
            raise UnknownCase(f"{name!r}: no such saved regression in fixtures/regressions")
        return found
    return cases.from_id(name)
