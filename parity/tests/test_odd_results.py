"""Whatever a candidate answers, the end is a readable verdict and a command that shows it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from driftgate.base.exit_codes import ExitCode
from parity.cases import Case
from parity.census import total
from parity.cli import main
from parity.compare import compare
from parity.explain import explain
from parity.judge import Judgement
from parity.judgement_text import judgement_text
from parity.operations import OPERATIONS
from parity.outcome import Outcome, Value
from parity.results import read_run
from parity.shard import example_of
from parity.signature import signature_of
from parity.tests.alike import CLOSED, ROWS, Row
from parity.titles import title

PROCESS = OPERATIONS["process_export_payload_pyobject"]
RIGHT: tuple[Any, ...] = ({}, "a" * 64, {"type": 6, "properties": {}}, "b" * 64, b"")


@pytest.mark.parametrize("one", [*ROWS, *CLOSED], ids=lambda one: one.name)
@pytest.mark.parametrize("at", [None, 0, 4])
def test_any_answer_can_be_told_of(one: Row, at: int | None) -> None:
    """As the whole answer, and as each member of it."""
    wrong: Any = one.make() if at is None else (*RIGHT[:at], one.make(), *RIGHT[at + 1 :])
    expected, actual = Value(RIGHT), Value(wrong)
    difference = compare(expected, actual, PROCESS.results)
    if difference is None:
        assert one.name in ("bytes", "dict")
        return
    case = Case("here", "test", PROCESS, lambda: ({}, None))
    signature = signature_of(PROCESS, expected, actual, difference)
    judgement = Judgement(expected, actual, difference)
    example = example_of(case, judgement, 1)
    assert json.loads(json.dumps([signature.to_json(), example.expected, example.actual]))
    assert title(signature, frozenset())
    assert all(layer.rows for layer in explain(PROCESS, expected, actual, difference))
    text = judgement_text(case, judgement, ("one", "other"), None, {}, "again")
    assert text.startswith("DIFFERENT: ") and text.endswith("Show again: again")


ANSWERS = {
    "normalize_json": "parity.tests.alike.Liar",
    "deterministic_hash": "raised SystemExit: 0",
    "normalize_and_hash": "raised KeyboardInterrupt",
    "object_to_protobuf_struct_bytes": "bytearray",
    "object_to_protobuf_struct_field_count": "float",
    "process_export_payload": "memoryview",
}
"""How the impostors answer, by operation."""


def test_impostors_fail_in_a_run_and_in_a_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.ndjson"
    options = ["--candidate", "parity.tests.impostors", "--cases", "240", "--workers", "1"]
    operations = [word for name in ANSWERS for word in ("--operation", name)]
    assert main(["run", "--out", str(out), *options, *operations]) == ExitCode.FAIL
    assert capsys.readouterr().out.startswith("MISMATCH: ")
    _, finished = read_run(out)
    for name, answer in ANSWERS.items():
        counts = total(one for one in finished.census if one.operation == name)
        assert counts.mismatches > 0.8 * counts.compared > 0
        [cluster, *_] = [one for one in finished.clusters if one.operation == name and answer in one.actual]
        assert main(["replay", *options[:2], cluster.case]) == ExitCode.FAIL
        text = capsys.readouterr().out
        assert text.startswith(f"DIFFERENT: {name} ") and answer in text


def test_an_outcome_of_either_side_may_be_of_any_class() -> None:
    odd: list[Outcome] = [Value(one.make()) for one in ROWS]
    for expected, actual in zip(odd, odd[1:]):
        difference = compare(expected, actual)
        assert difference is not None
        assert signature_of(PROCESS, expected, actual, difference)
        assert explain(PROCESS, expected, actual, difference)
