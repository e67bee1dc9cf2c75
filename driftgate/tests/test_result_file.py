"""Result files appear whole or not at all, and only whole ones are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from driftgate.base.exit_codes import UsageError
from driftgate.base.result_file import DamagedResults, Format, ResultFile, read_results

FORMAT = Format("test results", 3)
HEADER = '{"event": "started", "format": "test results", "version": 3}\n'
EVENT = '{"event": "measured", "value": 1.5}\n'
FOOTER = '{"event": "finished"}\n'


def written(path: Path) -> Path:
    with ResultFile(path, FORMAT) as out:
        out.write("started", {"seed": 7})
        out.write("measured", {"value": 1.5, "text": "\ud800 | \n"})
        out.write("finished", {"seconds": 2})
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    results = read_results(written(tmp_path / "r.ndjson"), FORMAT)
    assert results.started["seed"] == 7
    assert results.events == [{"event": "measured", "value": 1.5, "text": "\ud800 | \n"}]
    assert results.finished["seconds"] == 2


def test_file_has_its_name_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.ndjson"
    with ResultFile(path, FORMAT) as out:
        out.write("started", {})
        out.write("finished", {})
        assert not path.exists()
    assert [one.name for one in path.parent.iterdir()] == ["r.ndjson"]


def test_events_are_on_disk_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    with ResultFile(path, FORMAT) as out:
        out.write("started", {})
        out.write("measured", {"value": 1})
        assert len((tmp_path / "r.ndjson.part").read_text().splitlines()) == 2


def test_a_run_that_writes_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ResultFile(tmp_path / "r.ndjson", FORMAT, resumable=True):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.ndjson.part").symlink_to("elsewhere")
    with pytest.raises(UsageError, match="is a link"), ResultFile(tmp_path / "r.ndjson", FORMAT):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["r.ndjson.part"]


@pytest.mark.parametrize("lines", [("started",), ("started", "finished")])
@pytest.mark.parametrize("resumable", [False, True])
def test_a_run_that_dies_leaves_a_part_only_to_resume(
    tmp_path: Path, lines: tuple[str, ...], resumable: bool
) -> None:
    path = written(tmp_path / "r.ndjson")
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), ResultFile(path, FORMAT, resumable) as out:
        for line in lines:
            out.write(line, {"again": True})
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert (tmp_path / "r.ndjson.part").exists() == resumable


def test_a_run_that_ends_without_footer_is_no_result(tmp_path: Path) -> None:
    with ResultFile(tmp_path / "r.ndjson", FORMAT) as out:
        out.write("started", {})
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_into_one_file_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    with ResultFile(path, FORMAT) as out:
        out.write("started", {"mine": True})
        with pytest.raises(UsageError, match="another run is writing"), ResultFile(path, FORMAT):
            pass
        out.write("finished", {})
    assert read_results(path, FORMAT).started["mine"] is True
    read_results(written(path), FORMAT)


def test_a_run_that_was_killed_does_not_hold_its_file(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from driftgate.base.result_file import *\n"
        "with ResultFile(Path(sys.argv[1]), Format('tests', 1), True) as out:\n"
        "    out.write('started', {}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "r.ndjson"
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == -9
    assert (tmp_path / "r.ndjson.part").exists()
    read_results(written(path), FORMAT)


@pytest.mark.parametrize("name", ["r.ndjson", "r.ndjson.part"])
@pytest.mark.parametrize("text", ["# A page\n", "{}", '{"event": "started"}\n', "\0\xff"])
def test_a_file_of_others_is_not_replaced(tmp_path: Path, name: str, text: str) -> None:
    other = tmp_path / name
    other.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="holds no results"), ResultFile(tmp_path / "r.ndjson", FORMAT):
        pass
    assert other.read_text(encoding="utf-8") == text


def test_a_number_json_does_not_know_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError), ResultFile(tmp_path / "r.ndjson", FORMAT) as out:
        out.write("started", {"value": float("nan")})
    assert not (tmp_path / "r.ndjson").exists()


def test_results_beside_a_part_are_refused(tmp_path: Path) -> None:
    """Else a run that was cut off is judged by the results of the one before it."""
    path = written(tmp_path / "r.ndjson")
    with pytest.raises(RuntimeError), ResultFile(path, FORMAT, resumable=True) as out:
        out.write("started", {})
        raise RuntimeError
    with pytest.raises(DamagedResults, match=r"r\.ndjson\.part"):
        read_results(path, FORMAT)
    read_results(written(path), FORMAT)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has no header"),
        (EVENT + FOOTER, "has no header"),
        (FOOTER, "has no header"),
        (HEADER, "has no footer"),
        (HEADER + EVENT, "has no footer"),
        (HEADER + EVENT + FOOTER[:-1], "cut off inside line 3"),
        (HEADER + EVENT[:12], "cut off inside line 2"),
        (HEADER + EVENT[:12] + "\n" + FOOTER, ":2: not JSON"),
        (HEADER + '{"value": ' + "9" * 5000 + "}\n" + FOOTER, ":2: not JSON"),
        (HEADER + "[" * 100_000 + "\n" + FOOTER, ":2: not JSON"),
        (HEADER + "[]\n" + FOOTER, ":2: not a JSON object"),
        (HEADER + "\n" + FOOTER, ":2: not JSON"),
        (HEADER + HEADER + FOOTER, ":2: a second `started`"),
        (HEADER + FOOTER + FOOTER, ":2: a second `finished`"),
        (HEADER + EVENT + FOOTER + HEADER + EVENT + FOOTER, ":3: a second `finished`"),
        (HEADER.replace("test", "other") + FOOTER, "is not 'test results' version 3"),
        (HEADER.replace("3", "4") + FOOTER, "is not 'test results' version 3"),
        ('{"event": "started"}\n' + FOOTER, "is not 'test results' version 3"),
    ],
)
def test_damaged_file_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "damaged.ndjson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DamagedResults) as refused:
        read_results(path, FORMAT)
    assert str(refused.value).startswith(str(path))
    assert complaint in str(refused.value)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.ndjson").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "r.ndjson", tmp_path / "absent.ndjson", tmp_path):
        with pytest.raises(DamagedResults, match="cannot be read"):
            read_results(path, FORMAT)


def test_lines_are_plain_ascii_json(tmp_path: Path) -> None:
    data = written(tmp_path / "r.ndjson").read_bytes()
    assert data.isascii()
    assert [json.loads(line)["event"] for line in data.splitlines()] == ["started", "measured", "finished"]
