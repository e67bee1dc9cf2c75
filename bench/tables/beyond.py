"""How cost grows with size, and how the ratio spreads over generated inputs."""

from __future__ import annotations

from collections.abc import Sequence

from driftgate.base import columns, figures

from ..events import Distribution, Growth

LONGEST = 100
"""Characters of a minimal input that are shown."""


def growth_table(found: Sequence[Growth]) -> str:
    if not found:
        return ""
    rows = [["Growth with size", "input", "against", "faster from", "exponent", "its exponent", "excess"]]
    operations = list(dict.fromkeys(one.operation for one in found))
    for one in sorted(found, key=lambda one: operations.index(one.operation)):
        rows.append(
            [
                one.operation,
                one.ladder,
                one.against,
                "nowhere" if one.break_even is None else figures.size(one.break_even.median),
                f"{one.subject_exponent.median:.2f}",
                f"{one.against_exponent.median:.2f}",
                f"{one.excess.median:+.2f}",
            ]
        )
    smallest, largest = min(one.sizes[0] for one in found), max(one.sizes[-1] for one in found)
    note = (
        f"  Sizes from {figures.size(smallest)} to {figures.size(largest)}; the exponent is of time "
        "over size among the four largest; an excess above 0 loses on large input."
    )
    return columns.table(rows, texts=3) + "\n" + note


def distribution_table(found: Sequence[Distribution]) -> str:
    if not found:
        return ""
    rows = [
        ["Generated inputs", "against", "timed", "median", "worst tenth", "worst", "slower", "worst input"]
    ]
    for one in found:
        timed = one.inputs - sum(one.left_out.values())
        rows.append(
            [
                one.operation,
                one.against,
                f"{timed} of {one.inputs}",
                *(figures.times(each.median) for each in (one.median, one.worst_decile, one.worst)),
                f"{one.slower}",
                one.worst_input,
            ]
        )
    to = columns.widths(rows)
    lines = [columns.line(rows[0], to, texts=2)]
    for row, one in zip(rows[1:], found):
        lines.append(columns.line(row, to, texts=2))
        if one.minimal is not None and one.minimal_ratio is not None and one.worst.median < 1:
            text = one.minimal if len(one.minimal) <= LONGEST else one.minimal[: LONGEST - 1] + "…"
            lines.append(f"    as bad ({figures.times(one.minimal_ratio)}) and smaller: {text}")
    return "\n".join([*lines, f"  See an input: python -m parity replay {found[0].worst_input}"])
