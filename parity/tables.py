"""Plain text tables and counts, the one place where both are formatted."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """A table whose first `texts` columns are texts and whose others are numbers."""
    lines = [header, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(header))]
    return "\n".join(_line(line, widths, texts) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], texts: int) -> str:
    padded = (
        cell.ljust(width) if at < texts else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths))
    )
    return "  ".join(padded).rstrip()


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 case`, `2,000 cases`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
