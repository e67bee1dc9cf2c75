"""What must hold for a GO: the levels of `policy.toml`, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Union

from bench.toml import read_toml
from driftgate.base.decode import decode
from driftgate.base.exit_codes import Unfit, UsageError

POLICY = Path(__file__).parent / "policy.toml"
FORMAT = 1


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


def read_policy(path: Path = POLICY) -> dict[str, Level]:
    """The levels by name; raises `BadPolicy`."""
    try:
        document = read_toml(path)
        version = document.pop("format", None)
        if version != FORMAT:
            raise ValueError(f"format is {version!r}, this harness follows {FORMAT}")
        return {name: decode(Level, fields, name) for name, fields in document.items()}
    except (OSError, ValueError) as error:
        raise BadPolicy(f"{path}: {error}") from error
