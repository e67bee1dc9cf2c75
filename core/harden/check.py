"""A check: a name, a purpose, and a function that runs it and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .workspace import Workspace


class Verdict(Enum):
    PASS = "pass"
    FAIL = "fail"
    UNFIT = "unfit"
    """The check could not be made: a build failed, a tool is missing."""


@dataclass(frozen=True)
class Outcome:
    """What a check found: figures by name, and one line for each finding; none means it passed."""

    figures: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAIL if self.findings else Verdict.PASS


@dataclass(frozen=True)
class Check:
    """`topic` groups checks for `--only`; `run` raises `Unfit` where the check cannot be made."""

    name: str
    topic: str
    purpose: str
    run: Callable[[Workspace], Outcome]
