"""Files whose seal and JSON are right, but not what stands in them: refused or read, never a traceback."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import history
from driftgate.base.exit_codes import ExitCode
from parity.commands import corpus
from parity.corpus import CORPUS
from parity.saved_case import DamagedCase, parsed
from reports.tests import samples

from .commands import doing

STRANGE: list[Any] = [
    None, True, 0, -1, 10**400, 1e308, -1e308, "", "\ud800", "x\n\x1b[31m", "../../x", "g2:x", 3.5,
    [], {}, [[]], [None], ["a"], {"a": 1}, {"\ud800": None},
]  # fmt: skip
MISSING = object()
Path_ = tuple[Any, ...]


def places(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where a value can be replaced, at any depth."""
    yield at
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from places(member, (*at, name))


def replaced(value: Any, at: Path_, new: Any) -> Any:
    changed = json.loads(json.dumps(value))
    inside = changed
    for name in at[:-1]:
        inside = inside[name]
    if new is MISSING:
        del inside[at[-1]]
    else:
        inside[at[-1]] = new
    return changed


def sealed(lines: list[dict[str, Any]]) -> str:
    """Lines as a result file, with a digest that is right."""
    before = "".join(json.dumps(line) + "\n" for line in lines[:-1])
    footer = json.dumps({name: value for name, value in lines[-1].items() if name != "sha256"})
    digest = hashlib.sha256((before + footer).encode()).hexdigest()
    return f'{before}{footer[:-1]}, "sha256": "{digest}"}}\n'


READERS = {
    "parity": ("parity show", "parity ledger", "parity corpus add"),
    "bench": ("bench verify", "bench history", "bench compare"),
}


def words(command: str, file: str, number: int) -> list[str]:
    return {
        "parity ledger": ["check", file],
        "parity corpus add": ["1", f"kept-{number}", f"--run={file}"],
        "bench history": [f"--add={file}"],
        "bench compare": [file, file],
    }.get(command, [file])


@pytest.mark.parametrize("kind", READERS)
def test_values_of_another_kind_in_a_result_file(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corpus, "REGRESSIONS", tmp_path / "regressions")
    monkeypatch.setattr(history, "FOLDER", tmp_path / "history")
    whole = samples.no_go().write(tmp_path / "whole") / f"{kind}.ndjson"
    lines = [json.loads(line) for line in whole.read_text().splitlines()]
    where = [(at, place) for at, line in enumerate(lines) for place in places(line) if place]
    chance, given = random.Random(f"{kind} 1"), tmp_path / "given.ndjson"
    commands = [one for one in doing() if str(one) in READERS[kind]]
    assert len(commands) == len(READERS[kind])
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(errors="backslashreplace")  # as the frame of commands has it
    for number in range(120):
        at, place = chance.choice(where)
        new = chance.choice([*STRANGE, MISSING])
        changed = [replaced(line, place, new) if at == row else line for row, line in enumerate(lines)]
        given.write_text(sealed(changed))
        for command in commands:
            code = command.run(words(str(command), str(given), number))
            err = capsys.readouterr().err
            assert "Traceback" not in err and err.count("\n") <= 1, (
                f"{command}: {place} of line {at}: {new!r}"
            )
            assert (code in (ExitCode.USAGE, ExitCode.UNFIT)) == bool(err)


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ("started", ("plan", "operations", 0)),
        ("finished", ("census", 0, "operation")),
        ("cluster", ("operation",)),
        ("cluster", ("operations", 1)),
    ],
)
@pytest.mark.parametrize("command", ["parity show", "parity ledger"])
def test_an_operation_that_there_is_not(
    event: str, place: Path_, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = samples.no_go().write(tmp_path / "whole") / "parity.ndjson"
    lines = [json.loads(line) for line in whole.read_text().splitlines()]
    changed = [replaced(line, place, "mend") if line["event"] == event else line for line in lines]
    (tmp_path / "given").write_text(sealed(changed))
    (one,) = (one for one in doing() if str(one) == command)
    assert one.run(words(command, str(tmp_path / "given"), 0)) == ExitCode.UNFIT
    assert capsys.readouterr().err == f"UNFIT: {tmp_path / 'given'}: there is no operation 'mend'\n"


def test_values_of_another_kind_in_a_saved_case() -> None:
    lines = gzip.decompress(CORPUS.read_bytes()).decode("ascii").splitlines()
    chance = random.Random(1)
    for _ in range(2_000):
        case = json.loads(chance.choice(lines))
        place = chance.choice([one for one in places(case) if one])
        text = json.dumps(replaced(case, place, chance.choice([*STRANGE, MISSING])))
        try:
            parsed(text, "given")
        except DamagedCase as error:
            assert str(error).startswith("given: ")
