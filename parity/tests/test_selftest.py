"""Liars through the real runner: caught, named as one cause, made as small as stated; the table tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftgate.base.exit_codes import ExitCode
from parity.cli import main
from parity.commands.selftest import report_text
from parity.liars import LIARS
from parity.selftest import Caught

SLOW = {
    "crashes-one-in-10000", "crashes-when-deep", "exits", "hangs", "keeps-its-argument",
    "remembers-by-length", "schema-members-swapped",
}  # fmt: skip
"""Others of their kind are quicker to catch or to make small; `python -m parity selftest` has all liars."""


def test_one_liar_of_each_kind_is_caught_named_and_made_small(capsys: pytest.CaptureFixture[str]) -> None:
    of_kind = {liar.fault: liar.name for liar in LIARS.values() if liar.name not in SLOW}
    names = [option for name in of_kind.values() for option in ("--liar", name)]
    assert main(["selftest", "--seeds", "1", *names]) == ExitCode.PASS
    assert capsys.readouterr().out.startswith(f"PASS: {len(of_kind)} liars of {len(of_kind)} kinds of fault")


def test_there_are_liars_enough_of_many_kinds() -> None:
    assert len(LIARS) >= 30
    assert len({liar.fault for liar in LIARS.values()}) >= 15


CAUGHT = Caught("sorted-keys", "key order", 2000, (2, 10, 2), ("keys: order",), "{}", "{}", 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"needed": (2, None, 2)}, "not caught within 2,000 cases by 1 of 3 seeds"),
        ({"causes": ()}, "named as 0 causes: none"),
        ({"causes": ("a", "b")}, "named as 2 causes: a; b"),
        ({"minimum": "[]"}, "minimised to '[]' instead of '{}'"),
        ({"minimum": "[]", "wanted": ""}, None),
    ],
)
def test_what_the_gate_does_wrong_is_told(change: dict[str, object], fault: str | None) -> None:
    assert replace(CAUGHT, **change).faults == ([] if fault is None else [fault])  # type: ignore[arg-type]


def test_table_has_median_and_worst() -> None:
    text = report_text([CAUGHT, replace(CAUGHT, liar="other", needed=(5, None, 7))], 3)
    assert text.startswith("UNFIT: the gate fails for 1 of 2 liars.")
    lines = text.split("\n")
    assert any(line.split() == ["key", "order", "sorted-keys", "2", "10"] for line in lines)
    assert any(line.endswith("never") for line in lines)
