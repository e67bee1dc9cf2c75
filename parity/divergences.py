from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .cases import Case
from .outcome import Outcome


@dataclass(frozen=True)
class Divergence:
    id: str
    operations: tuple[str, ...]
    why: str
    explains: Callable[[Case, Outcome, Outcome], bool]


def between(*names: str) -> list[Divergence]:
    return []
