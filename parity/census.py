"""How much was compared: counts by operation and profile, which add up over shards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Tally:
    """Counts of cases of one operation and profile.

    `generated` is `compared` + `no_verdict` + `skipped`, and `compared` is `both_value` +
    `both_error` + `one_error` + `lost`, the last being crashes and hangs of the candidate.
    `punted_value` and `punted_error` count those which the candidate had another
    implementation answer: they prove nothing of its own.  `explained` counts differences
    that an entry of the ledger accounts for; they are not in `mismatches`.
    """

    operation: str
    profile: str
    generated: int = 0
    compared: int = 0
    both_value: int = 0
    punted_value: int = 0
    both_error: int = 0
    punted_error: int = 0
    one_error: int = 0
    lost: int = 0
    no_verdict: int = 0
    skipped: int = 0
    explained: int = 0
    mismatches: int = 0

    @property
    def own_values(self) -> int:
        """Comparisons of two values, the candidate's by its own work."""
        return self.both_value - self.punted_value


COUNTS = tuple(field.name for field in fields(Tally))[2:]
"""The names of the counts, as a table shows them."""


def tally(operation: str, profile: str, counts: Mapping[str, int]) -> Tally:
    """A tally of some counts; `compared` and `generated` follow from the others."""
    compared = sum(counts.get(name, 0) for name in ("both_value", "both_error", "one_error", "lost"))
    known = {name: counts.get(name, 0) for name in COUNTS}
    known["compared"] = compared
    known["generated"] = compared + known["no_verdict"] + known["skipped"]
    return Tally(operation, profile, **known)


def merged(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One tally for each operation and profile, in the order in which these first appear."""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for one in tallies:
        counts = sums.setdefault((one.operation, one.profile), dict.fromkeys(COUNTS, 0))
        for name in COUNTS:
            counts[name] += getattr(one, name)
    return tuple(Tally(operation, profile, **counts) for (operation, profile), counts in sums.items())


def total(tallies: Iterable[Tally], operation: str = "total", profile: str = "") -> Tally:
    """The sum of some tallies, under names of its own."""
    counted = list(tallies)
    sums = {name: sum(getattr(one, name) for one in counted) for name in COUNTS}
    return Tally(operation, profile, **sums)


def compared_by_operation(tallies: Iterable[Tally]) -> dict[str, int]:
    """How many cases of each operation were compared."""
    compared: dict[str, int] = {}
    for one in tallies:
        compared[one.operation] = compared.get(one.operation, 0) + one.compared
    return compared


def summed(counts: Iterable[Mapping[str, Number]]) -> dict[str, Number]:
    """Sums by name, the names in order of first appearance."""
    sums: dict[str, Number] = {}
    for one in counts:
        for name, number in one.items():
            sums[name] = sums[name] + number if name in sums else number
    return sums
