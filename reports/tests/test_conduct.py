"""A sign-off is conducted beside its folder and swapped in whole; what goes wrong leaves what stood there."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from driftgate.base.checkout import Commit
from driftgate.base.exit_codes import ExitCode, Unfit, UsageError
from driftgate.base.files import open_alone
from driftgate.base.result_file import Format, ResultFile
from reports import conduct as conducting
from reports.checking import file_name
from reports.checks import CheckVerdict, read_checks, write_checks
from reports.cli import main
from reports.conduct import Request, conduct, prepared
from reports.endtoend_results import ENDTOEND_FORMAT
from reports.evidence import Evidence
from reports.harden_results import HARDEN_FORMAT
from reports.own import require_own
from reports.policy import POLICY, BadPolicy, conduct_of, read_policy
from reports.reasons import Verdict
from reports.signed import SUMS, sums
from reports.verify import verify

from . import samples
from .distributions import build_plain, checkout

ROOT = Path(__file__).resolve().parents[2]

LEVEL = """
[{name}]
sentence = "it is small"
cases = 1
own_values = 1
operations = "all"
claims = "none"
recorded_speed = false
checks = []
matrix = false
wheels = true
clean_checkout = false
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two wheels that this Python can run, what a campaign about them found, and a sign-off of that."""
    folder = tmp_path_factory.mktemp("made")
    found = samples.brief()
    found.claims = None
    found.write(folder)
    for path in (folder / "wheels").iterdir():
        path.rename(folder / f"{path.name.split('-')[0]}-0.1.0-py3-none-any.whl")
    Bench(folder, folder).conduct()
    return folder


class Bench:
    """A place to conduct sign-offs of steps that take no time."""

    def __init__(self, made: Path, path: Path) -> None:
        self.made, self.out, self.policy = made, path / "out", path / "policy.toml"
        self.told: list[str] = []
        self.steps(comparison=f"cp {made}/parity.ndjson {{out}}/parity.ndjson")

    def steps(
        self, takes_in: Sequence[str] = (), check: str = "", required: str = "comparison", **commands: str
    ) -> None:
        """Declare them, in the levels `small` and `large`; the second takes evidence in."""
        lines = ["format = 1"]
        for name, command in commands.items():
            lines += [f"[steps.{name}]", f"command = {json.dumps(command)}"]
            lines += ['check = "tests"'] * (name == check) + ["required = true"] * (name == "comparison")
        for level, taken in (("small", []), ("large", list(takes_in))):
            conducted = f"cases = 7\nsteps = {list(commands)}\ntakes_in = {json.dumps(taken)}"
            lines += [LEVEL.format(name=level), f"[{level}.conduct]", conducted]
        self.policy.write_text("\n".join(lines), encoding="utf-8")

    def request(self, level: str = "small", **changed: Any) -> Request:
        wheels = {"wheel": "driftcore_native", "pure": "driftcore"}
        files = {name: self.made / f"{wheel}-0.1.0-py3-none-any.whl" for name, wheel in wheels.items()}
        return Request(**{"level": level, "out": self.out, "policy": self.policy, **files, **changed})

    def conduct(self, level: str = "small", **changed: Any) -> Verdict:
        return conduct(self.request(level, **changed), self.told.append)[0].judgement.verdict

    def command(self, *more: str) -> list[str]:
        wheel = self.made / "driftcore_native-0.1.0-py3-none-any.whl"
        options = ("--out", str(self.out), "--policy", str(self.policy), "--wheel", str(wheel))
        return ["run", "small", *options, *more]


@pytest.fixture
def bench(made: Path, tmp_path: Path) -> Bench:
    return Bench(made, tmp_path)


@pytest.fixture
def old(bench: Bench) -> Bench:
    """With an earlier sign-off in its folder."""
    shutil.copytree(bench.made / "out", bench.out)
    return bench


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a folder, and that it is the very same."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_ino,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in [folder, *folder.rglob("*")]
    }


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def beside(folder: Path) -> list[str]:
    return [name for name in names(folder.parent) if name != "policy.toml"]


def agreeing(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
    return []


def test_the_new_folder_takes_the_place_of_the_old_and_verifies(old: Bench) -> None:
    before = state(old.out)
    (old.out / "recorded.ndjson.part").write_text("")  # of a run that was cut off
    (old.out / "check-left-over.ndjson").write_text("")
    assert old.conduct() is Verdict.NO_GO
    assert old.out.stat().st_ino != before["."][0]
    assert beside(old.out) == ["out"]
    assert not list(old.out.glob("*.part")) and not list(old.out.glob("check-*"))
    found = verify(old.out, 0.0, 1, rerun=agreeing)
    assert found.code is ExitCode.PASS, found.sentence
    assert sorted(path.name for path in (old.out / "wheels").iterdir()) == [
        "driftcore-0.1.0-py3-none-any.whl",
        "driftcore_native-0.1.0-py3-none-any.whl",
    ]


LOOK = """
import json, os, sys, driftcore_native
git = [name for name in os.environ if name.startswith("GIT_")]
found = [os.getcwd(), sys.argv[2:], sys.stdin.read(), driftcore_native.__file__, git]
open(sys.argv[1], "w").write(json.dumps(found))
"""


def test_what_the_steps_get(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    wheel = tmp_path / "driftcore_native-9-py3-none-any.whl"
    shutil.copy(bench.made / "driftcore_native-0.1.0-py3-none-any.whl", wheel)
    with ZipFile(wheel, "a") as archive:
        archive.writestr("driftcore_native/__init__.py", "")
    (tmp_path / "look.py").write_text(LOOK)
    look = f"python {tmp_path}/look.py {tmp_path}/told {{cases}} {{seed}} {{out}}"
    bench.steps(look=look, comparison=f"cp {bench.made}/parity.ndjson {{out}}/parity.ndjson")
    bench.conduct(seed=-3, wheel=wheel)
    cwd, (cases, seed, out), given, judged, git = json.loads((tmp_path / "told").read_text())
    assert (cwd, cases, seed, given, git) == (str(ROOT), "7", "-3", "", [])
    assert Path(out).parent == bench.out.parent and not Path(out).exists()
    assert "driftcore-signoff-" in judged and not Path(judged).exists()
    bench.conduct(cases=12, wheel=wheel)
    assert json.loads((tmp_path / "told").read_text())[1][0] == "12"
    assert bench.told[1:3] == ["step 1 of 2: look", "step 2 of 2: comparison"]


def test_a_check_among_the_steps_is_kept_under_its_name(bench: Bench) -> None:
    report = "<testsuites><testsuite><testcase/></testsuite></testsuites>"
    write = f"import sys; open(sys.argv[1], 'w').write('{report}')"
    bench.steps(
        comparison=f"cp {bench.made}/parity.ndjson {{out}}/parity.ndjson",
        suite=f"python -c {json.dumps(write)} {{junit}}",
        check="suite",
    )
    bench.conduct()
    [check] = read_checks(bench.out / file_name("suite")).checks
    assert (check.name, check.group, check.verdict) == ("suite", "tests", CheckVerdict.PASS)
    assert check.figures["passed"] == 1
    reproduce = json.loads((bench.out / "signoff.json").read_text())["reproduce"]
    assert any(line.startswith("python -c ") for line in reproduce), reproduce
    assert not list(bench.out.glob("*.xml.part")) and not (bench.out / "1.xml").exists()


def test_the_step_that_records_what_is_published_reads_the_evidence_while_its_check_is_made(
    bench: Bench, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As `policy.toml` declares it; what it records is what `publishable` asks for."""
    dist = tmp_path / "to publish"
    build_plain(checkout(tmp_path / "checkout"), dist)
    wheel = shutil.copy(bench.made / "driftcore_native-0.1.0-py3-none-any.whl", tmp_path)
    with ZipFile(wheel, "a") as archive:  # so that the check finds the build that it is about
        archive.writestr("driftcore_native/__init__.py", "")
    step = conduct_of("release", POLICY)[1]["published files"]
    assert step.check is not None
    command = json.dumps(step.command)
    with bench.policy.open("a", encoding="utf-8") as policy:
        policy.write(f'\n[steps."published files"]\ncommand = {command}\ncheck = "{step.check}"\n')
    declared = bench.policy.read_text(encoding="utf-8")
    bench.policy.write_text(declared.replace("['comparison']", "['comparison', 'published files']"))
    assert bench.conduct(dist=dist, wheel=Path(wheel)) is Verdict.NO_GO  # for its mismatches
    [check] = read_checks(bench.out / file_name("published files")).checks
    assert check.verdict is CheckVerdict.PASS, check.summary
    assert (bench.out / SUMS).read_text() == sums(dist)
    assert verify(bench.out, 0.0, 1, rerun=agreeing).code is ExitCode.PASS
    reproduce = json.loads((bench.out / "signoff.json").read_text())["reproduce"]
    assert any(line.endswith("--signoff DIR --record") for line in reproduce), reproduce

    capfd.readouterr()
    assert main(["publishable", str(dist), "--signoff", str(bench.out)]) is ExitCode.FAIL
    said = capfd.readouterr().out.splitlines()
    assert said[:2] == [
        "  the sign-off's level is small, not release",
        "  the sign-off's verdict is NO-GO, not GO",
    ]
    assert "  the sign-off's policy is not the checkout's reports/policy.toml" in said
    assert not any(path.name in line for path in dist.iterdir() for line in said)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ({"comparison": "sh -c 'exit 4'"}, "comparison ended with exit code 4"),
        ({"comparison": "sh -c 'exit 2'"}, "comparison ended with exit code 2"),
        ({"comparison": "sh -c 'kill -9 $$'"}, "comparison died of signal 9"),
        ({"comparison": "/nowhere/to/be/found"}, "comparison cannot be run"),
        ({"comparison": "true"}, "the new evidence: has no results of a parity run"),
        ({"comparison": "sh -c 'echo no > {out}/parity.ndjson'"}, "the new evidence/parity.ndjson"),
    ],
)
def test_a_conduct_that_cannot_judge_is_unfit_and_leaves_the_old(
    old: Bench, steps: dict[str, str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(old.out)
    old.steps(**steps)
    with pytest.raises(Unfit, match=why):
        old.conduct()
    assert state(old.out) == before and beside(old.out) == ["out"]
    assert main(old.command()) is ExitCode.UNFIT
    said = capsys.readouterr().err.splitlines()[-1]
    made = json.loads((old.out / "signoff.json").read_text())
    assert said.startswith("UNFIT: ") and "Traceback" not in said
    assert f"{old.out} still holds the sign-off of " in said and said.endswith(
        f", made {made['made']}: NO-GO"
    )
    assert state(old.out) == before and beside(old.out) == ["out"]


def test_where_nothing_stood_a_conduct_that_cannot_judge_leaves_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.steps(comparison="false")
    bench.out = bench.out / "deep" / "er"
    assert main(bench.command()) is ExitCode.UNFIT
    assert capsys.readouterr().err.endswith("er holds no sign-off\n")
    assert not bench.out.parent.parent.exists()


def test_other_steps_that_fail_are_told_and_judged(bench: Bench) -> None:
    bench.steps(
        comparison=f"sh -c 'cp {bench.made}/parity.ndjson {{out}}/; exit 1'",
        claims="sh -c 'exit 4'",
        late="true",
    )
    assert bench.conduct() is Verdict.NO_GO
    assert bench.told[0].endswith(f".new, which becomes {bench.out}")
    assert [line for line in bench.told if "ended" in line] == [
        "comparison ended with exit code 1",
        "claims ended with exit code 4",
    ]


@pytest.mark.parametrize("where", ["reports.conduct.swap", "reports.bundle.write_together"])
def test_a_full_disk_at_the_end_leaves_the_old(
    old: Bench, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/the/disk")

    before = state(old.out)
    monkeypatch.setattr(where, full)
    assert main(old.command()) is ExitCode.UNFIT
    assert "UNFIT: /the/disk: No space left on device." in capsys.readouterr().err
    assert state(old.out) == before and beside(old.out) == ["out"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--cases", "abc"],
        ["--cases", "-1"],
        ["--cases", "9" * 20],
        ["--seed", "x"],
        ["--seed", "nan"],
        ["--wheel", "/nowhere.whl"],
        ["--wheel", str(ROOT / "README.md")],
        ["--policy", "/nowhere.toml"],
        ["--nonsense"],
        ["twice"],
    ],
)
def test_what_is_mistyped_is_wrong_usage_and_touches_nothing(
    old: Bench, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(old.out)
    try:
        code: Any = main(old.command(*wrong))
    except SystemExit as refused:
        code = refused.code
    assert code == ExitCode.USAGE
    assert capsys.readouterr().err.count("\n") == 1
    assert state(old.out) == before and beside(old.out) == ["out"]


def test_a_policy_that_is_none_is_unfit_and_touches_nothing(
    old: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(old.out)
    assert main(old.command("--policy", str(ROOT / "tox.ini"))) is ExitCode.UNFIT
    assert capsys.readouterr().err.count("\n") == 1
    assert state(old.out) == before and beside(old.out) == ["out"]


def test_a_level_that_is_not_there_is_wrong_usage(old: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(old.out)
    assert main(["run", "smal", *old.command()[2:]]) is ExitCode.USAGE
    assert "has no level 'smal'; there are small, large" in capsys.readouterr().err
    assert state(old.out) == before


def _notes(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def _hidden(folder: Path) -> None:
    (folder / ".keep").write_text("")


def _source(folder: Path) -> None:
    (folder / "main.c").write_text("int main;")


def _results_of_others(folder: Path) -> None:
    (folder / "data.ndjson").write_text('{"a": 1}\n')


def _foreign_junit(folder: Path) -> None:
    (folder / "junit.xml").write_text("<testsuites/>")


def _foreign_policy(folder: Path) -> None:
    (folder / "policy.toml").write_text("[tool]\n")


def _folder(folder: Path) -> None:
    (folder / "more").mkdir()


def _link(folder: Path) -> None:
    (folder / "parity.ndjson").unlink(missing_ok=True)
    (folder / "parity.ndjson").symlink_to("/etc/hostname")


def _linked_wheels(folder: Path) -> None:
    shutil.rmtree(folder / "wheels", ignore_errors=True)
    (folder / "wheels").symlink_to("/usr")


def _among_wheels(folder: Path) -> None:
    (folder / "wheels").mkdir(exist_ok=True)
    (folder / "wheels" / "requirements.txt").write_text("")


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "signoff.md.part")


FOREIGN = [
    _notes, _hidden, _source, _results_of_others, _foreign_junit, _foreign_policy, _folder, _link,
    _linked_wheels, _among_wheels, _fifo,
]  # fmt: skip


@pytest.mark.parametrize("change", FOREIGN)
@pytest.mark.parametrize("is_old", [True, False])
def test_a_folder_with_something_of_somebody_else_is_refused_by_name(
    bench: Bench, change: Callable[[Path], None], is_old: bool
) -> None:
    if is_old:
        shutil.copytree(bench.made / "out", bench.out)
    bench.out.mkdir(exist_ok=True)
    change(bench.out)
    before = state(bench.out)
    bench.steps(comparison=f"touch {bench.out.parent}/ran")
    with pytest.raises(UsageError, match="is no file of a sign-off"):
        bench.conduct()
    assert state(bench.out) == before and beside(bench.out) == ["out"]


def test_what_sign_offs_and_their_tools_leave_is_their_own(old: Bench) -> None:
    folder = old.out
    (folder / "kept").mkdir()
    (folder / "diff").mkdir()
    (folder / "diff" / "diff.md").write_text("# driftcore: two sign-offs compared\n")
    samples.BenchRun(check=True).write(folder / "recorded.ndjson")
    samples.BenchRun().write(folder / "kept" / "harden.ndjson")
    write_checks(samples.golden_check(), folder / "check-0.ndjson")
    with ResultFile(folder / "endtoend.ndjson", ENDTOEND_FORMAT) as out:
        out.write("started", {})
        out.write("finished", {})
    for name in ("bench.ndjson.part", "empty.ndjson.part", ".signoff.html.abcd1234.part"):
        (folder / name).write_text(
            "" if "empty" in name else '{"event": "started", "format": "driftcore bench results"'
        )
    (folder / "history.jsonl").write_text('{"commit": "c", "at": "t", "claims": {}}\n')
    (folder / "tests.xml").write_text("<testsuites/>")
    (folder / ".staging.abcd1234.new").mkdir()
    require_own(folder)


def test_a_folder_that_somebody_is_writing_results_to_is_refused(old: Bench) -> None:
    with open_alone(old.out / "harden.ndjson.part"):
        before = state(old.out)
        with pytest.raises(UsageError, match="another run is writing"):
            old.conduct()
    assert state(old.out) == before


def test_what_comes_into_the_folder_meanwhile_is_not_replaced(old: Bench) -> None:
    old.steps(comparison=f"sh -c 'cp {old.made}/parity.ndjson {{out}}/; echo mine > {old.out}/notes.txt'")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        old.conduct()
    assert (old.out / "notes.txt").read_text() == "mine\n" and beside(old.out) == ["out"]


@pytest.mark.parametrize("name", [".", "..", "reports", "core", "bench/data/history", "build/wheels"])
def test_the_checkout_and_its_folders_are_refused(
    bench: Bench, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    if (ROOT / name).exists():
        with pytest.raises(UsageError, match="is not replaced"):
            prepared(bench.request(out=Path(name)))


def test_a_link_to_elsewhere_is_followed_and_stays(old: Bench) -> None:
    link = old.out.parent / "link"
    link.symlink_to("out")
    before = old.out.stat().st_ino
    old.conduct(out=link)
    assert link.is_symlink() and old.out.stat().st_ino != before


def elsewhere(path: Path, format: Format, commit: str) -> None:
    with ResultFile(path, format) as out:
        out.write("started", {"checks": [], "commit": commit})
        out.write("finished", {"comparisons": 0})


def test_evidence_that_takes_an_hour_is_taken_in_or_kept(old: Bench) -> None:
    elsewhere(old.out / "harden.ndjson", HARDEN_FORMAT, "one")
    elsewhere(old.out / "endtoend.ndjson", ENDTOEND_FORMAT, "one")
    old.steps(["harden.ndjson"], comparison=f"cp {old.made}/parity.ndjson {{out}}/parity.ndjson")
    for _ in range(2):
        old.conduct("small")
        assert not (old.out / "harden.ndjson").exists()
        assert names(old.out / "kept") == ["endtoend.ndjson", "harden.ndjson"]
    old.conduct("large")
    assert (old.out / "harden.ndjson").is_file() and names(old.out / "kept") == ["endtoend.ndjson"]
    assert verify(old.out, 0.0, 1, rerun=agreeing).code is ExitCode.PASS
    old.conduct("small")
    elsewhere(old.out / "harden.ndjson", HARDEN_FORMAT, "two")
    old.conduct("large")
    assert b'"two"' in (old.out / "harden.ndjson").read_bytes()


def test_a_checkout_that_moves_meanwhile_is_unfit(old: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(old.out)
    commits = iter([Commit("a" * 40, 0), Commit("b" * 40, 0)])
    monkeypatch.setattr(conducting, "commit_of", lambda root: next(commits))
    monkeypatch.setattr("reports.signoff.commit_of", lambda root: next(commits))
    with pytest.raises(Unfit, match=r"from commit a{12} to b{12}"):
        old.conduct()
    assert state(old.out) == before


def test_a_wheel_that_is_none_or_of_another_python_is_unfit(old: Bench) -> None:
    before = state(old.out)
    for name in ("driftcore_native-0.1.0-py3-none-any.whl", "driftcore_native-0.1.0-cp27-cp27m-win32.whl"):
        wheel = old.out.parent / name
        wheel.write_bytes(b"PK, but no more")
        with pytest.raises(Unfit, match=r"cannot be read as a wheel|does not run under this Python"):
            old.conduct(wheel=wheel)
        wheel.unlink()
    assert state(old.out) == before and beside(old.out) == ["out"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_of_two_at_once_the_second_is_refused_and_an_interrupt_leaves_the_old(
    old: Bench, number: signal.Signals
) -> None:
    before = state(old.out)
    old.steps(comparison="sh -c 'echo $$; exec sleep 600'")
    first = subprocess.Popen(
        [sys.executable, "-m", "reports", *old.command()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout is not None
        pid = int(first.stdout.readline())
        with pytest.raises(UsageError, match="another run"):
            old.conduct()
        assert main(["signoff", str(old.out)]) is ExitCode.USAGE
        first.send_signal(number)
        _, said = first.communicate(timeout=120)
    finally:
        first.kill()
    assert first.returncode == ExitCode.INCONCLUSIVE
    assert said.splitlines()[-1] == "INCONCLUSIVE: interrupted before its end"
    assert "still holds the sign-off of" in said
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert state(old.out) == before and beside(old.out) == ["out"]


def test_a_dry_run_says_what_would_be_run_and_runs_nothing(
    old: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(old.out)
    old.steps(comparison="touch {out}/here", again="python -m parity run --cases {cases}")
    assert main(old.command("--dry-run", "--cases", "5")) is ExitCode.PASS
    said = capsys.readouterr().out
    assert f"  comparison: touch {old.out}/here\n" in said
    assert "  again: python -m parity run --cases 5\n" in said
    assert state(old.out) == before


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("steps = ['comparison']", "steps = ['comparisn']", "there is no step 'comparisn'"),
        ("steps = ['comparison']", "steps = ['comparison', 'comparison']", "stands there twice"),
        ("{out}/parity", "{put}/parity", "{put} is none of cases, seed, out, junit"),
        ("{out}/parity", "{junit}", "is no check"),
        ("command = ", "comand = ", "unknown 'comand'"),
        ("takes_in = []", "takes_in = ['../x.ndjson']", "names of result files"),
        ('command = "cp', "command = \"'cp", "No closing quotation"),
        ("[small.conduct]", "[small.conducts]", "unknown 'conducts'"),
    ],
)
def test_how_a_level_is_conducted_is_read_strictly(bench: Bench, before: str, after: str, why: str) -> None:
    text = bench.policy.read_text()
    assert before in text
    bench.policy.write_text(text.replace(before, after))
    with pytest.raises(BadPolicy, match=why):
        read_policy(bench.policy)


def test_every_level_of_the_project_is_conducted() -> None:
    policy = ROOT / "reports" / "policy.toml"
    for level, asked in read_policy(policy).items():
        conducted, steps = conduct_of(level, policy)
        assert conducted.cases >= asked.cases
        made = {*steps, "hardening", "mutation score"}
        assert set(asked.checks) <= made
        assert [name for name, step in steps.items() if step.required] == ["comparison"]
