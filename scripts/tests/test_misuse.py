"""Whatever is typed wrong, missing or damaged ends at once, with one line and 2 or 4, and touches nothing.

All commands and their options come from their parsers, so that none is forgotten: an option that takes
a value has a type that checks it, or stands in `TEXTS`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import require_file, require_in_folder
from driftgate.base.options import Number, Place, Whole
from parity.generate import GENERATOR_VERSION
from parity.operations import OPERATIONS
from parity.saved_case import saved_case, written
from reports.tests import samples

from .commands import ROOT, Command, all_commands, doing

CASE = f"g{GENERATOR_VERSION}:everyday:0:0:normalize_json"

TEXTS = {
    "bench compare before": "HEAD",
    "bench compare after": "HEAD",
    "bench history claim": "hash-rust-mean",
    "parity corpus add case": CASE,
    "parity corpus add note": "",
    "parity replay case": CASE,
    "parity replay memory": "1GiB",
    "parity run memory": "1GiB",
    "parity run scheduler": "tcp://127.0.0.1:9",
    "reports check command_line": "true",
    "reports check group": "tests",
    "reports check junit": "junit.xml",
    "reports check name": "a name",
    "reports run level": "gate",
    "reports check out": "check.ndjson",
    "reports signoff folder": "folder",
    "reports signoff level": "gate",
    "reports signoff policy": "policy.toml",
}
"""Values of options that no type of `driftgate.base.options` checks: texts, and what the command checks."""

NOT_READ = {"core.fuzz replay file": "any bytes are an input"}

FILES = {"claims": ROOT / "bench" / "claims.toml", "policy": ROOT / "reports" / "policy.toml"}
"""By options what a file holds that they can do with; elsewhere none is read."""

KNOWN_BY_NAME = {"reports run wheel"}
"""Files whose name says what they are, so that another one is wrong usage."""

TYPED = ("name", "known_name", "module", "names", "subject", "_subjects", "_payloads")
"""Functions that check a text."""


# ---- command lines -----------------------------------------------------------


def takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def key(command: Command, action: argparse.Action) -> str:
    return f"{command} {action.dest}"


def reads(action: argparse.Action) -> bool:
    return isinstance(action.type, Place) and action.type.require in (require_file, require_in_folder)


def writes(action: argparse.Action) -> bool:
    return isinstance(action.type, Place) and not reads(action)


def given(action: argparse.Action, value: str) -> list[str]:
    return [f"{action.option_strings[0]}={value}"] if action.option_strings else [value]


def plausible(command: Command, action: argparse.Action, folder: Path) -> str:
    """A value that passes, of a file or folder below `folder`."""
    if isinstance(action.type, Place):
        if action.type.require == require_in_folder:
            return str(folder / "empty")
        if reads(action):
            return str(folder / "read" / action.dest)
        return str(folder / "new" / action.dest)
    if action.choices is not None:
        return str(next(iter(action.choices)))
    return TEXTS.get(key(command, action), "plausible")


def line(
    command: Command, folder: Path, changed: argparse.Action | None = None, value: str = ""
) -> list[str]:
    """Arguments that pass the parser, all paths below `folder`, but for one option."""
    for name in ("empty", "read"):
        (folder / name).mkdir(exist_ok=True)
    for action in command.actions:
        given_file = folder / "read" / action.dest
        if not given_file.exists():
            given_file.write_bytes(FILES[action.dest].read_bytes() if action.dest in FILES else b"")
    options: list[str] = []
    positional: list[str] = []
    chosen = {action for action in command.actions if action.required or isinstance(action.type, Place)}
    for group in command.parser._mutually_exclusive_groups:
        if group.required:
            chosen.add(group._group_actions[0])
    for action in command.actions:
        words = positional if not action.option_strings else options
        if action is changed:
            words += given(action, value)
        elif action in chosen or (not action.option_strings and action.nargs != "?"):
            words += (
                given(action, plausible(command, action, folder))
                if takes_value(action)
                else [action.option_strings[0]]
            )
    return [*options, *positional]


def seen(folder: Path) -> dict[str, object]:
    """All that is below a folder: kinds, modes, contents."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path)] = status.st_mode, status.st_mtime_ns if content is not None else 0, content
    return found


def options_of(*kinds: type) -> list[object]:
    return [
        pytest.param(command, action, id=key(command, action))
        for command in doing()
        for action in command.actions
        if isinstance(action.type, kinds)
    ]


@pytest.fixture(autouse=True)
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong command line is refused before any work, but that git and the system may be asked something."""
    start = subprocess.Popen.__init__

    def refused(*given: object, **options: object) -> None:
        raise AssertionError(f"work was begun: {given!r}")

    def popen(self: subprocess.Popen[bytes], words: Sequence[str], *given: object, **options: object) -> None:
        if words[0] not in ("git", "uname"):
            refused(words)
        start(self, words, *given, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", popen)
    for name in ("execve", "fork"):
        monkeypatch.setattr(os, name, refused)


def checkout() -> str:
    command = ["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(autouse=True, scope="module")
def untouched_checkout() -> Iterator[None]:
    before = checkout()
    yield
    assert checkout() == before


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, so that defaults lead nowhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all").mkdir()
    return tmp_path / "all"


def refused(
    command: Command, arguments: Sequence[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """(code, line) of a command line that ends with an error; all below `folder` stays as it was."""
    before = seen(folder)
    code = command.run(arguments)
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err[-1:]) == ("", 1, "\n"), f"{command} {arguments}: {code}\n{out}{err}"
    assert seen(folder) == before, f"{command} {arguments}"
    return code, err


# ---- the table ---------------------------------------------------------------


def test_commands_and_options_are_found() -> None:
    names = {str(one) for one in doing()}
    assert {"parity run", "parity corpus distill", "bench gate", "reports verify", "scripts.wheels"} <= names
    assert len(names) >= 30


@pytest.mark.parametrize("command", doing(), ids=str)
def test_every_option_with_a_value_has_a_type_that_checks_it(command: Command) -> None:
    for action in command.actions:
        if takes_value(action) and action.choices is None and key(command, action) not in TEXTS:
            checked = isinstance(action.type, (Whole, Number, Place))
            assert checked or getattr(action.type, "__name__", "") in TYPED, key(command, action)
            default = action.default
            assert not default or isinstance(default, str), f"{key(command, action)}: default unchecked"


@pytest.mark.parametrize("command", all_commands(), ids=str)
def test_help_teaches_with_an_example(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\nexamples:\n" in out and f" -m {command.module.removesuffix('.cli')}" in out
    assert "\nexit codes: 0 " in out


@pytest.mark.parametrize("command", all_commands(), ids=str)
@pytest.mark.parametrize("words", [["--nonsense"], ["--nonsense=\x1b[31m\n\udcff"], ["--", "x" * 5_000, "y"]])
def test_what_no_command_knows_is_one_line(
    command: Command, words: list[str], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if words[0] == "--" and any(action.nargs in ("+", "*") for action in command.actions):
        pytest.skip("it takes any number of words")
    arguments = line(command, place) if command in doing() else []
    code, err = refused(command, [*arguments, *words], place, capsys)
    assert code == ExitCode.USAGE and len(err) < 3_000
    assert err.startswith("python -m ") and "\x1b" not in err


@pytest.mark.parametrize(("command", "action"), options_of(Whole, Number))
def test_numbers_are_finite_and_in_range(
    command: Command, action: argparse.Action, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = action.type
    assert isinstance(kind, (Whole, Number))
    for text in ("0", "-1"):
        arguments = line(command, place, action, text)
        if kind.least <= int(text):
            assert command.parsed(arguments)
        else:
            assert refused(command, arguments, place, capsys)[0] == ExitCode.USAGE
    beyond = (str(int(kind.most) + 1), "9" * 20, "9" * 5_000, "1e999", "-1e999")
    for text in ("nan", "inf", "-inf", "infinity", "", " ", "x", "1_0", "٣", "0x1", "1e", "1;2", *beyond):
        code, err = refused(command, line(command, place, action, text), place, capsys)
        assert code == ExitCode.USAGE and len(err) < 300, text
        assert f"argument {'/'.join(action.option_strings)}" in err
    for limit in (kind.least, kind.most):
        text = repr(limit) if isinstance(kind, Number) else str(limit)
        assert getattr(command.parsed(line(command, place, action, text)), action.dest) == limit


@pytest.mark.parametrize(
    ("command", "action"),
    [
        pytest.param(command, action, id=key(command, action))
        for command in doing()
        for action in command.actions
        if takes_value(action)
        and (action.choices is not None or getattr(action.type, "__name__", "") in TYPED)
    ],
)
def test_names_are_known_or_plain(
    command: Command, action: argparse.Action, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (
        "",
        " ",
        "no such",
        "../../x",
        "/x",
        "x/y",
        "-",
        ".",
        "..",
        "x\n",
        "x\x00",
        "\udcff",
        "x;y",
        "é",
    ):
        words = line(command, place, action, text)
        assert refused(command, words, place, capsys)[0] == ExitCode.USAGE, text


def damaged_paths(folder: Path) -> dict[str, Path]:
    """Paths that are neither files nor folders to read."""
    os.mkfifo(folder / "fifo")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "to-device").symlink_to("/dev/null")
    (folder / "file").touch()
    paths = ("missing", "fifo", "loop", "to-device", "missing/below", "file/below", "x" * 300)
    return {name: folder / name for name in (*paths, "dangling")} | {"device": Path("/dev/full")}


@pytest.mark.parametrize(
    ("command", "action"),
    [pytest.param(c, a, id=key(c, a)) for c in doing() for a in c.actions if reads(a)],
)
def test_what_cannot_be_read_is_refused(
    command: Command, action: argparse.Action, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line(command, place)
    wants_file = isinstance(action.type, Place) and action.type.require == require_file
    paths = [*damaged_paths(place).values(), place / ("empty" if wants_file else "file"), Path()]
    for path in paths:
        words = line(command, place, action, str(path) if path.name else "")
        assert refused(command, words, place, capsys)[0] == ExitCode.USAGE, path


@pytest.mark.parametrize(
    ("command", "action"),
    [pytest.param(c, a, id=key(c, a)) for c in doing() for a in c.actions if writes(a)],
)
def test_what_cannot_be_written_is_refused(
    command: Command, action: argparse.Action, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line(command, place)
    (place / "locked").mkdir(mode=0o555)
    paths = damaged_paths(place)
    for name in ("missing", "missing/below", "dangling"):
        del paths[name]  # there a file or folder can be made
    assert isinstance(action.type, Place)
    is_folder = _accepts(action.type, place / "empty")
    (place / "page.md").write_text("# A page of someone\n")
    (place / "theirs").mkdir()
    (place / "theirs" / "diff.md").mkdir()
    (place / "read-only").write_text("")
    (place / "read-only").chmod(0o444)
    others = (place / "theirs",) if is_folder else (place / "empty", place / "page.md", place / "read-only")
    for path in (*paths.values(), *others, place / "locked" / "below", place / "page.md" / "below", Path()):
        words = line(command, place, action, str(path) if path.name else "")
        assert refused(command, words, place, capsys)[0] == ExitCode.USAGE, path
    (place / "link").symlink_to("target")
    assert command.parsed(line(command, place, action, str(place / "link")))
    assert not (place / "target").exists()


def _accepts(kind: Place, path: Path) -> bool:
    try:
        kind(str(path))
    except argparse.ArgumentTypeError:
        return False
    return True


# ---- contents ----------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each kind that is read."""
    folder = samples.brief().write(tmp_path_factory.mktemp("whole"))
    saved = saved_case(
        OPERATIONS["normalize_json"], ("[1e16]",), differed="", origin=CASE, subject="native", date=""
    )
    return {
        "parity": (folder / "parity.ndjson").read_bytes(),
        "bench": (folder / "bench.ndjson").read_bytes(),
        "check": (folder / "check-0.ndjson").read_bytes(),
        "case": written(saved).encode(),
        **{name: path.read_bytes() for name, path in FILES.items()},
        "survivors": "core/src/f.c ¦ f ¦ 1 ¦ 2 ¦ why\n".encode(),
    }


@pytest.fixture(scope="module")
def damaged(whole: dict[str, bytes]) -> dict[str, bytes]:
    """Contents that no command may take for its own: of every kind that is read, cut off and changed."""
    first, _, rest = whole["parity"].partition(b"\n")
    contents = {
        "nothing": b"",
        "binary": bytes(range(256)) * 4,
        "page": b"# A page of someone\n",
        "latin-1": "número\n".encode("latin-1"),
        "deep": b"[" * 100_000 + b"]" * 100_000,
        "deep table": b"x = " + b"[" * 50_000 + b"]" * 50_000,
        "deep in a file": first + b"\n" + b'{"event": ' + b"[" * 100_000 + b"\n" + rest,
        "long int": b'{"event": ' + b"9" * 100_000 + b"}\n",
        "nan": b'{"event": NaN, "format": Infinity}\n',
        "twice": b'{"format": 1, "format": 2, "event": "started", "event": "finished"}\n',
        "half surrogates": b'{"format": "\\ud800", "event": "\\udfff"}\n',
        "null": b"null\n",
        "list": b"[1, 2]\n",
        "no lines": b"\n\n\n",
        "a NUL": b"\0",
    }
    for name, content in whole.items():
        contents[f"{name} cut off"] = content[: len(content) * 2 // 3]
        contents[f"{name} changed"] = content.replace(b'"', b"'", 3).replace("¦".encode(), b"|") + b"= =\n"
        contents[f"{name} twice"] = content + content
    return contents


@pytest.mark.parametrize(
    ("command", "action"),
    [
        pytest.param(c, a, id=key(c, a))
        for c in doing()
        for a in c.actions
        if reads(a)
        and isinstance(a.type, Place)
        and a.type.require == require_file
        and key(c, a) not in NOT_READ
    ],
)
def test_a_damaged_or_foreign_file_is_refused_by_name(
    command: Command,
    action: argparse.Action,
    whole: dict[str, bytes],
    damaged: dict[str, bytes],
    place: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = line(command, place, action, str(place / "given"))
    (place / "read" / "file").write_bytes(whole["bench"])
    if str(command) == "parity corpus add":
        words[words.index(CASE)] = "1"  # a run is read where a cause of it is meant
    for name, content in damaged.items():
        (place / "given").write_bytes(content)
        if command.module == "parity.mutation.cli" and name == "survivors twice":
            continue  # which is a list
        code, err = refused(command, words, place, capsys)
        lists_nothing = command.module == "parity.mutation.cli" and name in ("nothing", "page", "no lines")
        is_usage = lists_nothing or key(command, action) in KNOWN_BY_NAME
        assert code == (ExitCode.USAGE if is_usage else ExitCode.UNFIT), name
        assert str(place / "given") in err, name
