"""One declared difference, and which of them explains a mismatch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Optional

from ..causes import CAUSES, Instance
from ..features import features
from ..operations import Operation
from ..outcome import Outcome
from ..signature import Signature
from .conditions import ANYWHERE, Conditions

KINDS = ("bug", "by design", "limit", "upstream")
SEVERITIES = ("data loss", "wrong hash", "wrong bytes same meaning", "error text", "cosmetic")


@dataclass(frozen=True)
class Entry:
    """One declared difference.

    `signature` has patterns (`*`, `?`) for members of a signature; of pairs one for each side.  The
    input has to contain `features` and to meet the named `cause`.  `least` and `most` are
    hits per million generated cases of its operations.
    """

    id: str
    subject: str
    operations: tuple[str, ...]
    kind: str
    severity: str
    why: str
    least: float
    most: float
    signature: Mapping[str, Any]
    features: frozenset[str] = frozenset()
    cause: str = ""
    link: str = ""
    conditions: Conditions = ANYWHERE

    def fits(self, signature: Signature) -> bool:
        """Whether the operation and the patterns fit."""
        return signature.operation in self.operations and all(
            _fits(pattern, getattr(signature, name)) for name, pattern in self.signature.items()
        )

    def holds(self, instance: Instance) -> bool:
        """Whether the input is of the class this entry is about."""
        if self.features and not self.features <= features(instance.operation, instance.arguments()):
            return False
        return not self.cause or CAUSES[self.cause](instance)


@dataclass(frozen=True)
class Ledger:
    """All entries, in the order of the file."""

    entries: tuple[Entry, ...]

    def of(self, subject: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.subject == subject)


@dataclass(frozen=True)
class Explanation:
    """Which entry explains a mismatch.

    `other_reason` are entries whose signature fits while their cause does not hold.
    """

    entry: Optional[Entry]
    other_reason: tuple[Entry, ...] = ()


def explain_case(
    entries: Iterable[Entry],
    operation: Operation,
    arguments: Callable[[], tuple[Any, ...]],
    expected: Outcome,
    actual: Outcome,
    signature: Signature,
) -> Explanation:
    """Which of a subject's entries explains a mismatch, if any does."""
    instance = Instance(operation, arguments, expected, actual)
    fitting = [entry for entry in entries if entry.fits(signature)]
    for entry in fitting:
        if entry.holds(instance):
            return Explanation(entry)
    return Explanation(None, tuple(fitting))


def _fits(pattern: Any, value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(fnmatchcase, value, pattern))
    return fnmatchcase(value, pattern)
