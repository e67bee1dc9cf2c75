"""The CI files: what they run exists, what a job needs another one makes, and what is published was judged.

`make workflows` runs the commands of the gate's jobs; here they are only read.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports.policy import POLICY, conduct_of
from scripts import workflow_actions as actions
from scripts.workflow_steps import GITLAB, WORKFLOWS, Job, Step, action, gitlab_job, jobs, main, uses

from .commands import doing, modules

ROOT = Path(__file__).resolve().parents[2]
ACTION = "./.github/actions/signoff"
JOBS = jobs()
RELEASE = {name: job for name, job in JOBS.items() if name.startswith("release.")}
UPLOAD, DOWNLOAD = "actions/upload-artifact", "actions/download-artifact"

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
_MAKE = re.compile(r"\bmake((?: [a-z][\w/-]*)+)")
_OURS = re.compile(r"python3?(?: -S)? -m (reports|parity|bench|scripts|core)([\w.]*)((?: [^\s;&|]+)*)")


def scripts() -> Iterator[tuple[str, Step]]:
    for name, job in [*JOBS.items(), (ACTION, Job(ACTION, action(ACTION)[1]))]:
        for step in job.steps:
            if step.run:
                yield name, step


def test_there_are_scripts() -> None:
    assert len(list(scripts())) > 15 and {"signoff.judge", "release.publish", "driftcore-gate"} <= JOBS.keys()


@pytest.mark.parametrize(
    ("name", "step"), list(scripts()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_is_run_exists(name: str, step: Step) -> None:
    script = _EXPRESSION.sub("expression", step.run)
    assert subprocess.run(["bash", "-n", "-c", script], check=False).returncode == 0
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)) | {
        "build/stamps/venv"
    }
    for words in _MAKE.findall(step.run):
        assert set(words.split()) <= targets
    for path in re.findall(r"(?<![\w/])scripts/\w+", script):
        assert (ROOT / path).is_file()
    for package, module, words in _OURS.findall(script):
        options = {word.partition("=")[0] for word in shlex.split(words) if word.startswith("--")}
        verb = words.split()[0] if words.split() and not words.split()[0].startswith("-") else ""
        known = {str(one): one for one in doing()}
        if f"{package}{module}" not in {one.removesuffix(".cli") for one in modules()}:
            continue
        command = known.get(f"{package}{module} {verb}".strip()) or known[f"{package}{module}"]
        assert options <= {option for one in command.actions for option in one.option_strings}


def needed(name: str) -> Iterator[str]:
    for one in RELEASE[f"release.{name}"].needs:
        yield one
        yield from needed(one)


def uploaded(names: set[str]) -> set[str]:
    found = {
        _EXPRESSION.sub("x", given["name"])
        for name in names
        for given in uses(RELEASE[f"release.{name}"], UPLOAD)
    }
    by_action = {g["artifact"] for name in names for g in uses(RELEASE[f"release.{name}"], ACTION)}
    return found | by_action


def taken(job: Job) -> list[str]:
    return [_EXPRESSION.sub("x", given.get("pattern") or given["name"]) for given in uses(job, DOWNLOAD)]


@pytest.mark.parametrize("name", [name.partition(".")[2] for name in RELEASE])
def test_what_a_job_takes_a_job_that_it_waits_for_has_left(name: str) -> None:
    there = uploaded(set(needed(name)))
    for pattern in taken(RELEASE[f"release.{name}"]):
        assert any(fnmatch(one, pattern) for one in there), (pattern, there)


def test_each_result_that_a_release_takes_in_is_made_by_a_job_and_handed_on() -> None:
    conduct, steps = conduct_of("release", POLICY)
    [given] = uses(RELEASE["release.evidence"], UPLOAD)
    assert given["path"] == "reports/out/${{ matrix.make }}.ndjson"
    document = yaml.safe_load((WORKFLOWS / "release.yml").read_text(encoding="utf-8"))
    made = document["jobs"]["evidence"]["strategy"]["matrix"]["make"]
    assert set(conduct.takes_in) == {"matrix.ndjson", *(f"{one}.ndjson" for one in made)}
    assert {"evidence-*", "matrix-*"} <= set(taken(RELEASE["release.signoff"]))
    assert any("python -m parity.matrix" in step.run for step in RELEASE["release.signoff"].steps)
    assert "published files" in steps


def test_what_is_published_is_what_was_signed_off() -> None:
    publish, signoff = RELEASE["release.publish"], RELEASE["release.signoff"]
    others = {name.partition(".")[2] for name in RELEASE} - {"publish"}
    assert set(publish.needs) == others, "a job that failed, or that nothing waits for, must stop it"
    assert "dist-*" in taken(publish) and "dist-*" in taken(signoff)
    last = publish.steps[-1]
    assert last.uses.startswith("pypa/gh-action-pypi-publish"), (
        "nothing comes between the check and the upload"
    )


def test_who_may_upload_runs_nothing_but_the_check_by_the_standard_library() -> None:
    """No installed package and no build: any of their code could upload what it likes."""
    workflows = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS.glob("*.yml")
    }
    may = [
        f"{file}.{name}"
        for file, document in workflows.items()
        for name, job in document["jobs"].items()
        if (job.get("permissions") or document["permissions"]).get("id-token") == "write"
    ]
    assert may == ["release.publish"]
    [check] = [step.run.strip() for step in JOBS["release.publish"].steps if step.run]
    assert check == "python3 -S -m reports.signed dist --signoff signoff"
    assert [step.uses.partition("@")[0] for step in JOBS["release.publish"].steps if step.uses] == [
        "actions/checkout",
        *[DOWNLOAD] * 2,
        "pypa/gh-action-pypi-publish",
    ]


def test_gitlab_judges_merge_requests_and_the_default_branch_and_lets_nothing_but_go_pass() -> None:
    job = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["driftcore-gate"]
    assert "allow_failure" not in job
    assert [one["if"] for one in job["rules"]] == [
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
    ]


def test_values_of_a_matrix_are_known_to_each_of_its_jobs() -> None:
    for name, job in JOBS.items():
        texts = [text for one in job.steps for text in (one.run, *one.env.values(), *one.given.values())]
        wanted = set(re.findall(r"\$\{\{ matrix\.(\w+) \}\}", " ".join(texts)))
        for values in job.matrices:
            assert wanted <= values.keys(), name


def test_a_missing_wheel_stops_the_sign_off_instead_of_leaving_it_another_one(tmp_path: Path) -> None:
    """An empty WHEEL would mean the one that is built on the spot."""
    [step] = [one for one in RELEASE["release.signoff"].steps if one.id == "wheel"]
    (tmp_path / "dist").mkdir()
    bash = ["bash", "--noprofile", "--norc", "-e", "-c", step.run]
    place = {"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    found = subprocess.run(bash, cwd=tmp_path, env=place, capture_output=True, text=True, check=False)
    assert found.returncode != 0 and found.stderr.count("\n") == 1
    assert not (tmp_path / "outputs").exists()
    name = "dist/driftcore_native-0.1.0-cp311-cp311-manylinux_2_28_x86_64.whl"
    (tmp_path / name).write_bytes(b"")
    assert subprocess.run(bash, cwd=tmp_path, env=place, check=False).returncode == 0
    assert (tmp_path / "outputs").read_text() == f"file={name}\n"


def test_jobs_in_a_container_that_count_or_use_sanitizers_may_switch_off_random_addresses() -> None:
    """Docker's own seccomp profile forbids `setarch -R`, by which valgrind and ThreadSanitizer are run."""
    unconfined = {"image": "debian:12", "options": "--security-opt seccomp=unconfined"}
    for file, names in (("signoff", ("tests", "judge")), ("release", ("evidence", "signoff"))):
        document = yaml.safe_load((WORKFLOWS / f"{file}.yml").read_text(encoding="utf-8"))
        assert [document["jobs"][name]["container"] for name in names] == [unconfined] * len(names)


def test_only_wheels_that_a_campaign_compares_are_handed_to_the_sign_off() -> None:
    for given in uses(RELEASE["release.wheels"], UPLOAD):
        if given["name"].startswith("dist-"):
            assert "musllinux" not in given["path"] and "win*" not in given["path"]


def test_no_step_builds_what_the_sign_off_makes_itself() -> None:
    inner = " ".join(step.run for step in action(ACTION)[1])
    assert "scripts/signoff" in inner and "make" not in inner


LEAVES = Job(
    "leaves",
    (
        Step(run="mkdir -p .out/deep dist && touch .out/deep/a dist/one.whl dist/two.txt"),
        Step(
            uses="actions/upload-artifact@v4", given={"name": "dist-${{ matrix.os }}", "path": "dist/*.whl"}
        ),
        Step(uses="actions/upload-artifact@v4", given={"name": "unseen", "path": ".out"}),
        Step(
            uses="actions/upload-artifact@v4",
            given={"name": "seen", "path": ".out", "include-hidden-files": "True"},
        ),
    ),
    matrices=({"os": "here"},),
)
MERGED = {"pattern": "dist-*", "path": "in", "merge-multiple": "True"}
TAKES = Job(
    "takes",
    (
        Step(uses="actions/download-artifact@v4", given=MERGED),
        Step(uses="actions/download-artifact@v4", given={"name": "seen", "path": "in"}),
        Step(run='test "$(ls in | tr "\\n" " ")" = "deep one.whl "'),
        Step(uses="actions/download-artifact@v4", given={"name": "unseen", "path": "in"}),
    ),
)


def test_a_job_takes_what_the_jobs_before_it_uploaded(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Hidden files are not uploaded unless asked for: `.tox` of the Pythons would be lost."""
    monkeypatch.setattr("scripts.workflow_steps.jobs", lambda: {"leaves": LEAVES, "takes": TAKES})
    assert main(["leaves", "takes"]) == 1
    said = [line for line in capfd.readouterr().out.splitlines() if not line.startswith("$ ")]
    assert said == [
        "actions/upload-artifact: 1 files as dist-here",
        "actions/upload-artifact: 0 files as unseen",
        "actions/upload-artifact: 1 files as seen",
        "PASS: leaves here",
        "actions/download-artifact: dist-here into in",
        "actions/download-artifact: seen into in",
        "there is no artifact unseen",
        "FAIL: takes",
    ]


def test_of_a_matrix_that_names_this_machine_only_its_own_job_is_run() -> None:
    here = f"{sys.platform}_{platform.machine()}"
    pythons = [one for one in JOBS["release.matrix"].matrices if one["platform"] == here]
    assert [one["python"] for one in pythons] == [".".join(map(str, sys.version_info[:2]))]
    assert all(one["os"].startswith("ubuntu-") for one in pythons)
    assert [one for one in JOBS["release.wheels"].matrices if one["platform"] == here]
    assert [one["make"] for one in JOBS["release.evidence"].matrices] == ["harden", "mutation"]


SMALL = Job(
    "small",
    (
        Step(run='echo "out=$WORD" >> "$GITHUB_OUTPUT"', id="first", env={"WORD": "said"}),
        Step(run='test "${{ steps.first.outputs.out }}" = said && test -f README.md'),
        Step(uses="actions/checkout@v4"),
        Step(run="exit 3"),
        Step(run="echo not reached"),
        Step(run="echo reached", always=True),
    ),
)


def test_a_job_is_run_step_by_step_in_a_clone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.workflow_steps.jobs", lambda: {"small": SMALL})
    assert main(["small"]) == 1
    said = capfd.readouterr().out.splitlines()
    assert "reached" in said and "not reached" not in said and said[-1] == "FAIL: small"
    assert "ended with exit code 3" in said and "left out: actions/checkout@v4" in said


def run(job: Job, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("scripts.workflow_steps.jobs", lambda: {job.name: job})
    return main([job.name])


ASKED = (
    *("OUT", "CASES", "SEED", "WHEEL", "DIST", "SECONDS", "EVERY"),
    *("MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKELEVEL", "PYTEST_ADDOPTS", "PYTHONPATH", "GIT_DIR"),
    *("DRIFTCORE_DROPIN_PYTHON", "HYPOTHESIS_PROFILE", "GITHUB_OUTPUT"),
)
"""What `make CASES=7 workflows`, or a shell, leaves in the environment; bash has SECONDS of its own."""


def test_what_whoever_runs_a_job_asked_for_does_not_reach_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ASKED:
        monkeypatch.setenv(name, "asked for")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    seen = Step(run="env | grep -E '^(HTTPS_PROXY|CASES)=|asked for' || true", env={"CASES": "the job's own"})
    assert run(Job("asked", (seen,)), monkeypatch) == 0
    said = capfd.readouterr().out.splitlines()
    assert sorted(said[1:]) == ["CASES=the job's own", "HTTPS_PROXY=http://proxy.example", "PASS: asked"]


def test_a_stand_in_for_an_action_gets_no_more_than_a_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAKEFLAGS", "asked for")
    seen: list[dict[str, str]] = []

    def noted(command: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        seen.append(options["env"])
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr("scripts.workflow_actions.subprocess.run", noted)
    place = actions.Place(tmp_path / "clone", tmp_path)
    actions.set_up_python(place, {"python-version": "3"})
    actions.build_wheels(place, {})
    assert ["MAKEFLAGS" in one for one in seen] == [False, False]
    assert seen[1]["PATH"].startswith(str(tmp_path / "python/bin")), "the Python that was set up comes first"


def test_values_of_a_matrix_are_filled_in_and_what_is_not_known_fails(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    step = Step(run='test "$NAME ${{ matrix.os }}" = "here-x here"', env={"NAME": "${{ matrix.os }}-x"})
    assert run(Job("filled", (step,), matrices=({"os": "here"},)), monkeypatch) == 0
    capfd.readouterr()
    for expression in ("matrix.python", "github.ref", "secrets.TOKEN", "inputs.level"):
        assert run(Job("unknown", (Step(run=f"echo ${{{{ {expression} }}}}"),)), monkeypatch) == 1
        assert capfd.readouterr().out.splitlines() == [
            f"not known here: ${{{{ {expression} }}}}",
            "FAIL: unknown",
        ]


def test_the_lines_of_a_gitlab_job_share_one_shell(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    job = {
        "before_script": ["apt-get update", "export WORD=said", "cd docs"],
        "script": ["test -f ci.md", 'test "$WORD" = said', "echo reached"],
    }
    assert run(gitlab_job("lines", job), monkeypatch) == 0
    said = capfd.readouterr().out
    assert said.startswith("left out, it changes this machine: apt-get update\n") and "\nreached\n" in said


def test_a_line_of_a_gitlab_job_that_fails_ends_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(gitlab_job("lines", {"script": ["false", "echo reached"]}), monkeypatch) == 1
    assert "reached" not in capfd.readouterr().out.splitlines()
