"""Candidates that misbehave on purpose, through the real command: each is caught, and for its own lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.__main__ import main
from parity.events import FORMAT
from reports.exit_codes import ExitCode
from reports.result_file import read_results

LIARS = "parity.tests.liars"

PROCESS = "process_export_payload_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"


def run(liar: str, operation: str, out: Path, cases: int = 1000) -> ExitCode:
    options = ["--operation", operation, "--cases", str(cases), "--out", str(out)]
    return main(["run", "--candidate", f"{LIARS}.{liar}", *options])


@pytest.mark.parametrize(
    ("liar", "operation", "reason"),
    [
        ("wrong_exponent", "normalize_json", "value"),
        ("sorted_keys", PROCESS, "key order"),
        ("true_for_one", PROCESS, "type"),
        ("lost_sign_of_zero", PROCESS, "value"),
        ("wrong_message", "deterministic_hash", "error message"),
        ("swallows_errors", "normalize_json", "outcome"),
        ("changes_argument", PROCESS, "arguments after the call"),
        ("drops_empty_span", REQUEST, "value"),
        ("panics", "object_to_protobuf_struct_field_count", "outcome"),
    ],
)
def test_liar_is_caught_for_its_lie_alone(
    liar: str, operation: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.ndjson"
    assert run(liar, operation, out) == ExitCode.FAIL
    mismatches = read_results(out, FORMAT).events
    assert {mismatch["reason"] for mismatch in mismatches} == {reason}
    assert {mismatch["operation"] for mismatch in mismatches} == {operation}
    text = capsys.readouterr().out
    assert text.startswith("MISMATCH: ")
    assert f"python -m parity replay --candidate {LIARS}.{liar} {mismatches[0]['case']}" in text


def test_honest_candidate_passes_every_operation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--candidate", f"{LIARS}.honest", "--cases", "1000"]) == ExitCode.PASS
    assert capsys.readouterr().out.startswith(f"PASS: {LIARS}.honest equals reference in all of ")


@pytest.mark.parametrize(
    ("liar", "explanation"),
    [
        ("borrowed", "offers the normalize_json of reference as its own"),
        ("broken", "OSError: libdriftcore.so: cannot open shared object file"),
        ("not_there", "cannot import"),
    ],
)
def test_subject_that_proves_nothing_is_unfit(
    liar: str, explanation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(liar, "normalize_json", tmp_path / "results.ndjson") == ExitCode.UNFIT
    assert explanation in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_reference_against_itself_is_unfit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--candidate", "driftcore.reference"]) == ExitCode.UNFIT
    assert "are the same module" in capsys.readouterr().err


def test_operation_the_candidate_lacks_is_not_enough_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.ndjson"
    assert run("lacks_a_function", "deterministic_hash", out, cases=10) == ExitCode.INCONCLUSIVE
    text = capsys.readouterr().out
    assert text.startswith("NOT ENOUGH EVIDENCE: deterministic_hash ")
    assert f"Skipped: {LIARS}.lacks_a_function has no deterministic_hash" in text


def test_candidate_that_has_the_reference_answer_proves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.ndjson"
    assert run("punts_everything", "normalize_json", out, cases=10) == ExitCode.INCONCLUSIVE
    finished = read_results(out, FORMAT).finished
    assert isinstance(finished["punts"], dict)
    assert isinstance(finished["census"], list)
    for tally in finished["census"]:
        assert isinstance(tally, dict)
        assert tally["punted_value"] == tally["both_value"]
    assert "nesting" in capsys.readouterr().out
