"""What became of each mutant, the score, and the list of mutants known to be equivalent.

`equivalents.txt` holds one mutant a line, by what it is and not by its line number:
`file ¦ function ¦ its lines ¦ the lines mutated ¦ reason`.  A mutant in the list that is
caught was no equivalent, and a line that names no mutant is out of date: faults of the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from driftgate.base.exit_codes import Unfit

from .mutants import Mutant

EQUIVALENTS = Path(__file__).with_name("equivalents.txt")
TARGET = 0.97
AIM_OF_COMPARISON, GATE_SECONDS = 0.95, 60.0
"""What the comparison alone is to catch, and within how many seconds of the processor's time a mutant."""

SURVIVED = "survived"
COSTS = "costs"
BESIDE = (COSTS, "C tests", "twin tests")


class DamagedList(Unfit, ValueError):
    """A list of mutants cannot be read; the message names it and the line."""


@dataclass(frozen=True)
class Fate:
    """How a mutant ended, after how many cases that met it and how many seconds of the processor's time.

    By the comparison: differs, memory, keeps, punts, crash or hang.  Beside it: costs, as the gate of
    instructions sees them, C tests, twin tests.  Or survived.
    """

    mutant: Mutant
    how: str
    case: str = ""
    cases: int = 0
    seconds: float = 0.0

    @property
    def caught(self) -> bool:
        return self.how != SURVIVED

    @property
    def by_comparison(self) -> bool:
        return self.caught and self.how not in BESIDE


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
    def share_of_comparison(self) -> float:
        """The same without what was caught beside the comparison, or too late."""
        return self._of_comparison(self.caught + len(self.survivors))

    @property
    def share_of_answers(self) -> float:
        """The same of those that do more than cost: no comparison sees a cost."""
        dear = sum(fate.how == COSTS for fate in self.fates)
        return self._of_comparison(self.caught + len(self.survivors) - dear)

    def _of_comparison(self, judged: int) -> float:
        seen = sum(fate.by_comparison and fate.seconds <= GATE_SECONDS for fate in self.fates)
        return seen / judged if judged else 0.0

    @property
    def wrongly_explained(self) -> list[Fate]:
        """Caught, though the list has them; of two that read alike, one may be equivalent."""
        alive = {one.mutant.key for one in self.fates if not one.caught}
        named = self.equivalents.keys() - alive
        return [one for one in self.fates if one.caught and one.mutant.key in named]

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """{kind: (caught, all)}"""
        total = Counter(fate.mutant.kind for fate in self.fates)
        caught = Counter(fate.mutant.kind for fate in self.fates if fate.caught)
        return {kind: (caught[kind], count) for kind, count in total.items()}

    def by_end(self) -> dict[str, int]:
        return dict(Counter(fate.how for fate in self.fates).most_common())

    def quantile(self, share: float) -> float:
        """Seconds within which the comparison caught that share of the mutants it caught."""
        times = sorted(fate.seconds for fate in self.fates if fate.by_comparison)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def read_list(path: Path) -> dict[tuple[str, ...], str]:
    """A list in the form of the committed one; raises `DamagedList`."""
    try:
        return equivalents(path.read_bytes().decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise DamagedList(f"{path}: is no list of mutants: {error}") from error


def equivalents(text: Optional[str] = None, name: str = EQUIVALENTS.name) -> dict[tuple[str, ...], str]:
    """A list, by default the committed one, as {mutant's key: reason}; raises `DamagedList`."""
    if text is None:
        text = EQUIVALENTS.read_text(encoding="utf-8") if EQUIVALENTS.exists() else ""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" ¦ ")]
        if len(parts) != 5 or not parts[4]:
            raise DamagedList(f"{name}:{number}: needs five parts set apart by ¦, the last a reason")
        found[tuple(parts[:4])] = parts[4]
    return found


def unmatched(known: Mapping[tuple[str, ...], str], mutants: Iterable[Mutant]) -> list[tuple[str, ...]]:
    """Entries of the list that name none of the mutants."""
    keys = {mutant.key for mutant in mutants}
    return [key for key in known if key not in keys]


def line_of(mutant: Mutant, reason: str) -> str:
    """A mutant as a line of the list."""
    return " ¦ ".join((*mutant.key, reason))
