"""One case in full, as `replay` shows it."""

from __future__ import annotations

from collections.abc import Mapping

from . import show
from .cases import Case
from .explain import Layer, explain
from .judge import Judgement
from .ledger import Entry
from .outcome import NoVerdict
from .surroundings import USUAL


def judgement_text(
    case: Case,
    judgement: Judgement,
    names: tuple[str, str],
    entry: Entry | None,
    verdicts: Mapping[str, str],
    again: str,
) -> str:
    """`names` are those of reference and candidate, `entry` what the ledger explains the difference by,
    `verdicts` how witnesses answer, `again` the command that shows the same."""
    difference = judgement.difference
    if isinstance(judgement.expected, NoVerdict):
        sentence = f"NO VERDICT on {case.operation.name}: {judgement.expected.reason}."
    elif difference is None:
        sentence = f"EQUAL: {names[1]} and {names[0]} agree on {case.operation.name}."
    else:
        sentence = f"DIFFERENT: {case.operation.name} parts at {difference.path}: {difference.reason}."
        if entry is not None:
            sentence = f"DECLARED {entry.id}: {entry.why}\n{sentence}"
    arguments = zip(case.operation.arguments, case.arguments())
    blocks = [
        sentence,
        f"case {case.id}" + (f"\ncalled with {case.within}" if case.within != USUAL else ""),
        "arguments\n" + "\n".join(f"  {name} = {show.full(value)}" for name, value in arguments),
    ]
    if difference is not None:
        layers = explain(case.operation, judgement.expected, judgement.actual, difference)
        blocks += (layer_text(layer, names) for layer in layers)
    blocks += [
        f"{names[0]}\n  {show.outcome(judgement.expected)}",
        f"{names[1]}\n  {show.outcome(judgement.actual)}",
    ]
    if verdicts:
        blocks.append(
            "witnesses\n" + "\n".join(f"  {name} answers {said}" for name, said in verdicts.items())
        )
    blocks.append(f"Show again: {again}")
    return "\n\n".join(blocks)


def layer_text(layer: Layer, names: tuple[str, str]) -> str:
    """A difference seen in one way: each row's label, then both sides one above the other."""
    lines = [f"where they part: {layer.name}"]
    width = max(map(len, names))
    for row in layer.rows:
        if row.actual:
            lines += (
                f"  {row.label}".rstrip() if row.label else "",
                f"    {names[0]:<{width}}  {row.expected}",
                f"    {names[1]:<{width}}  {row.actual}",
            )
        else:
            lines.append(f"  {row.label}  {row.expected}")
    return "\n".join(line for line in lines if line)
