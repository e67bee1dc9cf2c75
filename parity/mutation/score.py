"""What became of each mutant, the score, and the list of mutants known to be equivalent.

`equivalents.txt` holds one mutant a line, by what it is and not by its line number:
`file ¦ function ¦ kind ¦ before ¦ after ¦ reason`.  A mutant in the list that the gate
catches was no equivalent: that is a fault of the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .mutants import Mutant

EQUIVALENTS = Path(__file__).with_name("equivalents.txt")
TARGET = 0.97


@dataclass(frozen=True)
class Fate:
    """How a mutant ended: differs, memory, keeps, punts, crash, hang, survived; after how much."""

    mutant: Mutant
    how: str
    case: str = ""
    cases: int = 0
    seconds: float = 0.0

    @property
    def caught(self) -> bool:
        return self.how != "survived"


@dataclass(frozen=True)
class Score:
    """The gate's strength against some mutants."""

    fates: Sequence[Fate]
    equivalents: Mapping[tuple[str, ...], str]

    @property
    def caught(self) -> int:
        return sum(fate.caught for fate in self.fates)

    @property
    def survivors(self) -> list[Fate]:
        """Those that nothing explains."""
        return [one for one in self.fates if not one.caught and one.mutant.key not in self.equivalents]

    @property
    def explained(self) -> int:
        return len(self.fates) - self.caught - len(self.survivors)

    @property
    def share(self) -> float:
        """Of the mutants that are not equivalent, how many were caught."""
        judged = self.caught + len(self.survivors)
        return self.caught / judged if judged else 0.0

    @property
    def wrongly_explained(self) -> list[Fate]:
        return [one for one in self.fates if one.caught and one.mutant.key in self.equivalents]

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """{kind: (caught, all)}"""
        total = Counter(fate.mutant.kind for fate in self.fates)
        caught = Counter(fate.mutant.kind for fate in self.fates if fate.caught)
        return {kind: (caught[kind], count) for kind, count in total.items()}

    def by_end(self) -> dict[str, int]:
        return dict(Counter(fate.how for fate in self.fates).most_common())

    def quantile(self, share: float) -> float:
        """Seconds within which that share of the caught mutants was caught."""
        times = sorted(fate.seconds for fate in self.fates if fate.caught)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def equivalents(text: Optional[str] = None) -> dict[tuple[str, ...], str]:
    """The committed list, {mutant's key: reason}."""
    if text is None:
        text = EQUIVALENTS.read_text(encoding="utf-8") if EQUIVALENTS.exists() else ""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" ¦ ")]
        if len(parts) != 6 or not parts[5]:
            raise ValueError(
                f"{EQUIVALENTS.name}:{number}: needs six parts set apart by ¦, the last a reason"
            )
        found[tuple(parts[:5])] = parts[5]
    return found


def line_of(mutant: Mutant, reason: str) -> str:
    """A mutant as a line of the list."""
    return " ¦ ".join((*mutant.key, reason))
