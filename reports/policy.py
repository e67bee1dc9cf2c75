"""What must hold for a GO, and how its evidence is made: the levels of `policy.toml`, read strictly."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Optional, Union

from driftgate.base.decode import decode
from driftgate.base.exit_codes import Unfit, UsageError
from driftgate.base.toml import read_toml

POLICY = Path(__file__).parent / "policy.toml"
FORMAT = 1

FILLED_IN = ("cases", "seed", "out", "junit", "dist")
"""What may stand in braces in the command of a step."""

_RESULTS = re.compile(r"[a-z][a-z-]*\.ndjson")
_BRACES = re.compile(r"\{(\w*)\}")


class BadPolicy(Unfit, ValueError):
    """A policy file that cannot be followed; the message names the file and the field."""


class UnknownLevel(UsageError, ValueError):
    """A policy has no level of that name; the message has those it has."""


class Claims(str, Enum):
    """Which claims a level asks for."""

    NONE = "none"
    QUICK = "quick"
    RELEASE = "release"


@dataclass(frozen=True)
class Level:
    """What one level asks for; `policy.toml` explains each field."""

    sentence: str
    cases: int
    own_values: int
    operations: Union[str, tuple[str, ...]]
    claims: Claims
    recorded_speed: bool
    checks: tuple[str, ...]
    matrix: bool
    wheels: bool
    clean_checkout: bool

    def required_operations(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """The operations that must have been compared, of all that there are."""
        return known if self.operations == "all" else tuple(self.operations)


@dataclass(frozen=True)
class Step:
    """One command of a sign-off; `policy.toml` explains each field."""

    command: str
    check: Optional[str] = None
    required: bool = False

    @property
    def has_junit(self) -> bool:
        return "{junit}" in self.command

    def words(self, values: Mapping[str, object]) -> list[str]:
        """The command line with the values filled in, each within one word."""
        return [_BRACES.sub(lambda name: str(values[name[1]]), word) for word in shlex.split(self.command)]


@dataclass(frozen=True)
class Conduct:
    """How a level's evidence is made; `policy.toml` explains each field."""

    cases: int
    steps: tuple[str, ...]
    takes_in: tuple[str, ...] = ()


def read_policy(path: Path = POLICY) -> dict[str, Level]:
    """The levels by name; raises `BadPolicy`."""
    return {name: level for name, (level, _) in _read(path)[0].items()}


def level_of(name: str, policy: Path) -> Level:
    levels = read_policy(policy)
    _require_level(name, levels, policy)
    return levels[name]


def conduct_of(name: str, policy: Path) -> tuple[Conduct, dict[str, Step]]:
    """(how a level is conducted, its steps by name and in order); raises `BadPolicy`."""
    levels, steps = _read(policy)
    _require_level(name, levels, policy)
    conduct = levels[name][1]
    if conduct is None:
        raise BadPolicy(f"{policy}: the level {name!r} does not say how it is conducted")
    return conduct, {step: steps[step] for step in conduct.steps}


def _require_level(name: str, levels: Mapping[str, object], policy: Path) -> None:
    if name not in levels:
        raise UnknownLevel(f"{policy}: has no level {name!r}; there are {', '.join(levels)}")


def _read(path: Path) -> tuple[dict[str, tuple[Level, Optional[Conduct]]], dict[str, Step]]:
    try:
        document = read_toml(path)
        version = document.pop("format", None)
        if version != FORMAT:
            raise ValueError(f"format is {version!r}, this harness follows {FORMAT}")
        steps = {name: _step(name, fields) for name, fields in document.pop("steps", {}).items()}
        return {name: _level(name, fields, steps) for name, fields in document.items()}, steps
    except (OSError, ValueError, AttributeError) as error:
        raise BadPolicy(f"{path}: {error}") from error


def _level(name: str, fields: Any, steps: Mapping[str, Step]) -> tuple[Level, Optional[Conduct]]:
    given = dict(fields) if isinstance(fields, dict) else fields
    conduct = given.pop("conduct", None) if isinstance(given, dict) else None
    level = decode(Level, given, name)
    if conduct is None:
        return level, None
    conduct = decode(Conduct, conduct, f"{name}.conduct")
    unknown = [step for step in conduct.steps if step not in steps]
    if unknown:
        raise ValueError(f"{name}.conduct: there is no step {unknown[0]!r}; there are {', '.join(steps)}")
    if len(set(conduct.steps)) < len(conduct.steps):
        raise ValueError(f"{name}.conduct: a step stands there twice")
    if any(not _RESULTS.fullmatch(one) for one in conduct.takes_in):
        raise ValueError(f"{name}.conduct: takes_in holds names of result files, NAME.ndjson")
    return level, conduct


def _step(name: str, fields: Any) -> Step:
    step: Step = decode(Step, fields, f"steps.{name}")
    unknown = [one for one in _BRACES.findall(step.command) if one not in FILLED_IN]
    if unknown:
        raise ValueError(f"steps.{name}: {{{unknown[0]}}} is none of {', '.join(FILLED_IN)}")
    if not shlex.split(step.command):
        raise ValueError(f"steps.{name}: has no command")
    if step.has_junit and step.check is None:
        raise ValueError(f"steps.{name}: writes a JUnit report, but is no check")
    return step
