"""How much of the core ran, by the campaign alone and by all tests: two checks of the hardening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from driftgate.base.result_file import Json

from ..checks import Check
from .model import Cell, Table, number, text

BY_CAMPAIGN, BY_ALL = "coverage: coverage-campaign", "coverage: coverage-all"
_COUNTED = ("C lines", "C branches", "reference lines", "reference branches")


def coverage(checks: Sequence[Check]) -> Iterator[Table]:
    """The table, where one of the two was made."""
    columns = [
        next((one.figures for one in checks if one.name == name), {}) for name in (BY_CAMPAIGN, BY_ALL)
    ]
    if not any(columns):
        return
    rows = tuple(
        (
            text(what),
            _number(next((column[what] for column in columns if what in column), None)),
            *(_share(column.get(f"% of {what}")) for column in columns),
        )
        for what in _COUNTED
    )
    yield Table("coverage-table", "Coverage", ("", "counted", "by the campaign alone", "by all tests"), rows)


def _number(value: Json) -> Cell:
    return number(value if isinstance(value, (int, float)) else None)


def _share(value: Json) -> Cell:
    return number(value, f"{value:.2f} %") if isinstance(value, (int, float)) else number(None)
