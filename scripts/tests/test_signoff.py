"""scripts/signoff checks what is asked for, makes what it needs, hands over to `python -m reports run`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAKEFILE = """
build:
	@echo building; mkdir -p .venv/bin; cp stub .venv/bin/python; echo build >> made
build-bench build/stamps/dropin:
	@echo $@ >> made
"""

RECORDING = """#!/bin/sh
echo "$@" >> asked
case "$*" in *--dry-run*) exit 0 ;; esac
exit 3
"""

REAL = f"""#!/bin/sh
echo "$@" >> asked
PYTHONPATH={ROOT} exec {sys.executable} "$@"
"""

VARIABLES = ("OUT", "WHEEL", "CASES", "SEED", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing is built; its `make build` brings a Python that notes what it is asked."""
    root = tmp_path / "check out"
    (root / "scripts").mkdir(parents=True)
    script = root / "scripts" / "signoff"
    script.write_bytes((ROOT / "scripts" / "signoff").read_bytes())
    script.chmod(0o755)
    (root / "Makefile").write_text(MAKEFILE)
    stub(root, RECORDING)
    return root


def stub(root: Path, text: str) -> None:
    (root / "stub").write_text(text)
    (root / "stub").chmod(0o755)


def installed(root: Path, text: str) -> None:
    """As after an earlier build."""
    stub(root, text)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(root / "stub")


def signoff(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [str(root / "scripts" / "signoff"), *arguments],
        cwd=root.parent,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_on_a_fresh_machine_it_makes_what_it_needs_first(checkout: Path) -> None:
    done = signoff(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "building\n")
    assert lines(checkout / "made") == ["build", "build-bench", "build/stamps/dropin"]
    assert lines(checkout / "asked") == ["-m reports run"]


def test_the_gate_needs_no_environment_of_the_drop_in(checkout: Path) -> None:
    signoff(checkout, "gate")
    assert lines(checkout / "made") == ["build", "build-bench"]
    assert lines(checkout / "asked") == ["-m reports run gate"]


def test_variables_become_options_and_empty_ones_do_not(checkout: Path) -> None:
    installed(checkout, RECORDING)
    signoff(checkout, "release", OUT="a b", WHEEL="x.whl", CASES="7", SEED="-3")
    signoff(checkout, "release", OUT="", WHEEL="", CASES="", SEED="")
    asked = "--out=a b --wheel=x.whl --cases=7 --seed=-3 release"
    assert lines(checkout / "asked") == [
        f"-m reports run --dry-run {asked}",
        f"-m reports run {asked}",
        "-m reports run --dry-run release",
        "-m reports run release",
    ]


def test_what_cannot_be_made_is_unfit(checkout: Path) -> None:
    (checkout / "Makefile").write_text("build:\n\t@echo no compiler; exit 1\n")
    done = signoff(checkout)
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1].startswith(
        "UNFIT: what the sign-off needs could not be made: make build"
    )


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        ((), {"CASES": "abc"}, "'abc' is not a whole number"),
        ((), {"CASES": "-1"}, "'-1' is not a whole number"),
        (("gate",), {"SEED": "one"}, "'one' is not a whole number"),
        (("gte",), {}, "has no level 'gte'"),
        (("gate", "release"), {}, "unrecognized arguments: release"),
        ((), {"WHEEL": "nowhere.whl"}, "there is no file nowhere.whl"),
        ((), {"WHEEL": "Makefile"}, "no wheel of driftcore_native"),
    ],
)
def test_what_is_mistyped_is_told_at_once_and_touches_nothing(
    checkout: Path, arguments: tuple[str, ...], variables: dict[str, str], named: str
) -> None:
    installed(checkout, REAL)
    (checkout / "out").mkdir()
    (checkout / "out" / "parity.ndjson").write_text("")
    done = signoff(checkout, *arguments, **{"OUT": "out", **variables})
    assert done.returncode == 2, done.stderr
    assert named in done.stderr and done.stderr.count("\n") == 1
    assert not (checkout / "made").exists() and len(lines(checkout / "asked")) == 1
    assert [one.name for one in (checkout / "out").iterdir()] == ["parity.ndjson"]


def test_a_folder_of_somebody_is_refused_at_once(checkout: Path) -> None:
    installed(checkout, REAL)
    done = signoff(checkout, OUT="scripts")
    assert done.returncode == 2 and "signoff in it is no file of a sign-off" in done.stderr
    assert not (checkout / "made").exists()


@pytest.mark.parametrize("target", ["gate", "signoff", "release-signoff"])
def test_make_hands_over_what_it_was_given(target: str) -> None:
    """And none of its own defaults: the level knows how many cases."""
    told = subprocess.run(
        ["make", "-n", target, "CASES=7"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in VARIABLES},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == f"scripts/signoff {target.replace('release-signoff', 'release')}\n"
    shown = " ".join(f"$${{{name}-none}}" for name in ("CASES", "SEED", "OUT", "WHEEL"))
    rule = f"include {ROOT}/Makefile\ntold:\n\t@echo {shown}\n"
    for given, variables, got in (
        (["CASES=7"], {}, "7 none none none\n"),
        (["WHEEL=x y"], {"OUT": "there", "SEED": "5"}, "none 5 there x y\n"),
    ):
        environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        run = subprocess.run(
            ["make", "--silent", "-f", "-", "told", *given],
            cwd=ROOT,
            env={**environment, **variables},
            input=rule,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == got
