"""Columns that line up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

Row = Sequence[str]


def widths(rows: Sequence[Row]) -> list[int]:
    return [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]


def line(cells: Row, to: Sequence[int], left: int = 1) -> str:
    """The first `left` cells are aligned to the left, the others to the right."""
    aligned = [
        cell.ljust(width) if at < left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, to))
    ]
    return ("  " + "  ".join(aligned)).rstrip()


def table(rows: Sequence[Row], left: int = 1) -> str:
    to = widths(rows)
    return "\n".join(line(row, to, left) for row in rows)
