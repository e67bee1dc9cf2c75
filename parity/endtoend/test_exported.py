"""Applications under the real SDK: the same spans from the C core, and a comparison that would see others."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from google.protobuf.message import Message

from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import read_results

from . import cli
from .cli import FORMAT, main
from .exported import REQUEST, Comparison, Run, RunsDiffer, compare_runs, read_run
from .messages import message_class


@pytest.fixture(scope="module")
def request_class() -> type[Message]:
    return message_class(REQUEST)


def leave(folder: Path, request: Message, path: str = "native") -> Run:
    folder.mkdir(parents=True)
    (folder / "0000.bin").write_bytes(request.SerializeToString())
    (folder / "run.json").write_text(f'{{"app": "shop", "path": "{path}", "requests": 1}}')
    return read_run(folder)


def a_request(request_class: type[Message], trace: str = "t", seconds: int = 5) -> Message:
    """Two spans, the second the child of the first."""
    request = request_class()
    for number, name in enumerate(("GET /", "query")):
        span = request.spans.add(trace_id=trace, span_id=f"{trace}{number}", name=name)  # type: ignore[attr-defined]
        span.timestamp.seconds = span.duration.seconds = seconds
        span.input_value["price"] = 19.9
        span.input_value["odd"] = float("nan")
        span.input_value_hash = "aa"
        span.input_schema.properties["price"].type = 1
    request.spans[1].parent_span_id = f"{trace}0"  # type: ignore[attr-defined]
    return request


def test_other_ids_and_times_are_no_difference(tmp_path: Path, request_class: type[Message]) -> None:
    one = leave(tmp_path / "one", a_request(request_class), "python")
    other = leave(tmp_path / "other", a_request(request_class, trace="x", seconds=9))
    assert compare_runs(one, other) == Comparison("shop", "native", 2, 0, {}, "")


@pytest.mark.parametrize(
    "field", ["input_value", "input_value_hash", "input_schema", "metadata", "parent_span_id", "environment"]
)
def test_any_other_field_is_a_difference(tmp_path: Path, request_class: type[Message], field: str) -> None:
    one = leave(tmp_path / "one", a_request(request_class), "python")
    changed = a_request(request_class)
    span = changed.spans[1]  # type: ignore[attr-defined]
    if field == "input_value":
        span.input_value["price"] = 19.900000000000002
    elif field == "input_schema":
        span.input_schema.properties[""].SetInParent()
    elif field == "metadata":
        span.metadata.SetInParent()
    else:
        setattr(span, field, "")
    if field == "input_value_hash":
        span.input_value_hash = "ab"
    found = compare_runs(one, leave(tmp_path / "other", changed))
    assert (found.differing, found.fields) == (1, {field: 1})


def test_runs_of_other_spans_are_not_compared(tmp_path: Path, request_class: type[Message]) -> None:
    one = leave(tmp_path / "one", a_request(request_class), "python")
    fewer = a_request(request_class)
    del fewer.spans[1]  # type: ignore[attr-defined]
    with pytest.raises(RunsDiffer):
        compare_runs(one, leave(tmp_path / "other", fewer))


def test_a_lost_request_is_noticed(tmp_path: Path, request_class: type[Message]) -> None:
    leave(tmp_path / "one", a_request(request_class))
    shutil.copy(tmp_path / "one" / "0000.bin", tmp_path / "one" / "0001.bin")
    with pytest.raises(RunsDiffer, match="2 requests, 1 were exported"):
        read_run(tmp_path / "one")


@pytest.mark.parametrize("app", ["shop", "bookings"])
def test_the_sdk_exports_the_same_on_the_c_core(
    app: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "DRIFTCORE_DROPIN_PYTHON" not in os.environ:
        pytest.skip("DRIFTCORE_DROPIN_PYTHON names no environment; `make test-python` makes one")
    out = tmp_path / "endtoend.ndjson"
    code = main(["--app", app, "--path", "native", "--out", str(out)])
    assert code is ExitCode.PASS, capsys.readouterr()
    (comparison,) = read_results(out, FORMAT).events
    assert comparison["differing"] == 0
    spans = comparison["spans"]
    assert isinstance(spans, int)
    assert spans >= 100


def test_an_application_that_exits_before_its_end_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exits = tmp_path / "python"
    exits.write_text("#!/bin/sh\nexit 0\n")
    exits.chmod(0o700)
    monkeypatch.setattr(cli, "DROPIN", exits)
    with pytest.raises(cli.RunFailed, match="shop on the native path ended with 0 before it was done"):
        cli._run("shop", "native", tmp_path)


def test_an_application_that_does_not_end_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = tmp_path / "python"
    waits.write_text("#!/bin/sh\nexec sleep 60\n")
    waits.chmod(0o700)
    monkeypatch.setattr(cli, "DROPIN", waits)
    monkeypatch.setattr(cli, "PATIENCE", 0.2)
    with pytest.raises(cli.RunFailed, match="did not end within"):
        cli._run("shop", "native", tmp_path)
