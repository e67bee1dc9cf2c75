"""The table of platforms says what the committed results say, and never more than was run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit
from driftgate.base.result_file import read_results
from reports.checks import CHECKS_FORMAT, Check, CheckVerdict, read_checks
from scripts.platforms import cli, cross, page
from scripts.platforms.at_home import steps_of as steps_at_home
from scripts.platforms.steps import C_TESTS, CAMPAIGN, COMPILED, STEPS, TESTS, WHEEL, run, run_steps, title
from scripts.platforms.targets import TARGETS, Cross, results_in


def passes() -> str:
    return "done"


def fails() -> str:
    raise Unfit("it broke", "the last lines")


def lacks() -> str:
    raise Inconclusive("there is no wine")


def test_the_page_has_the_table_of_the_committed_results() -> None:
    """When this fails: `python -m scripts.platforms.page`."""
    for path, text in page.files().items():
        assert path.read_text(encoding="utf-8") == text


def test_the_committed_results_are_of_steps_that_there_are() -> None:
    files = {results_in(page.RESULTS, target): target for target in TARGETS}
    found = sorted(page.RESULTS.iterdir())
    assert found
    for path in found:
        target = files[path]
        steps = cross.steps_of(target) if isinstance(target, Cross) else steps_at_home(target)
        known = [title(target.platform, name) for name, _ in steps]
        assert [check.name for check in read_checks(path).checks] == known


@pytest.mark.parametrize(
    ("name", "passed", "status"),
    [
        ("linux-arm64", set(), "no result"),
        ("linux-arm64", {WHEEL}, "compiled and linked only"),
        ("linux-arm64", {WHEEL, TESTS}, "compiled and linked only"),
        ("linux-arm64", {WHEEL, CAMPAIGN}, "compiled and linked only"),
        ("linux-arm64", {WHEEL, TESTS, CAMPAIGN}, "proven"),
        ("macos-arm64", {COMPILED}, "compiled and linked only"),
        ("musl-arm64", {COMPILED, C_TESTS, WHEEL}, "C core proven, wheel compiled and linked only"),
        ("windows-x86_64", {COMPILED, C_TESTS}, "C core proven, extension compiled and linked only"),
        ("linux-s390x", {COMPILED, C_TESTS}, "C core proven"),
    ],
)
def test_a_status_is_no_more_than_what_passed(name: str, passed: set[str], status: str) -> None:
    (target,) = (one for one in TARGETS if one.name == name)
    assert page.status_of(target, passed) == status


def test_a_failed_step_and_one_that_could_not_be_had_stand_in_the_table_as_such() -> None:
    platform = TARGETS[0].platform
    checks = {
        title(platform, WHEEL): Check(title(platform, WHEEL), "platforms", CheckVerdict.PASS, "built", 1.0),
        title(platform, TESTS): Check(title(platform, TESTS), "platforms", CheckVerdict.FAIL, "1 | 2", 1.0),
        title(platform, CAMPAIGN): Check(
            title(platform, CAMPAIGN), "platforms", CheckVerdict.INCONCLUSIVE, "no root", 1.0
        ),
    }
    rows = page.table(checks).splitlines()
    assert len(rows) == 2 + len(TARGETS)
    status = "supported | **compiled and linked only**"
    assert rows[2] == f"| {platform} | {status} | - | - | built | FAILED: 1 \\| 2 | not run: no root |"
    assert rows[3].endswith("| **no result** |" + " - |" * len(STEPS))


def test_a_page_without_markers_is_not_written() -> None:
    with pytest.raises(Unfit, match="no <!-- platforms"):
        page.with_table("text", "table")


def test_steps_rest_on_the_first_one_and_not_on_each_other() -> None:
    checks = list(run_steps("here", [(COMPILED, passes), (C_TESTS, lacks), (WHEEL, fails), (TESTS, passes)]))
    verdicts = [check.verdict for check in checks]
    assert verdicts == [
        CheckVerdict.PASS,
        CheckVerdict.INCONCLUSIVE,
        CheckVerdict.FAIL,
        CheckVerdict.PASS,
    ]
    assert [finding.text for finding in checks[2].findings] == ["the last lines"]
    for first in (fails, lacks):
        built, rest = run_steps("here", [(COMPILED, first), (C_TESTS, passes)])
        assert built.verdict is not CheckVerdict.PASS
        assert (rest.verdict, rest.summary) == (CheckVerdict.INCONCLUSIVE, "nothing was built")


@pytest.mark.parametrize(
    ("acts", "code"),
    [
        ((passes, passes), ExitCode.PASS),
        ((passes, lacks), ExitCode.INCONCLUSIVE),
        ((passes, fails), ExitCode.FAIL),
        ((lacks, passes), ExitCode.INCONCLUSIVE),
    ],
)
def test_the_command_ends_with_the_worst_and_keeps_all(
    acts: tuple[object, object], code: ExitCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross, "steps_of", lambda target: list(zip((COMPILED, C_TESTS), acts)))
    assert cli.main(["--only", "macos-arm64", "--out", str(tmp_path / "results")]) == code
    (out,) = (tmp_path / "results").iterdir()
    assert out.name == "macos-arm64.ndjson"
    assert [check.name for check in read_checks(out).checks] == [
        title("macOS arm64", COMPILED),
        title("macOS arm64", C_TESTS),
    ]
    assert read_results(out, CHECKS_FORMAT).finished["checks"] == 2


def test_a_run_that_is_cut_off_keeps_the_targets_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off() -> str:
        raise KeyboardInterrupt

    acts = {"macos-x86_64": passes, "macos-arm64": cut_off}
    monkeypatch.setattr(cross, "steps_of", lambda target: [(COMPILED, acts[target.name])])
    only = [text for name in acts for text in ("--only", name)]
    assert cli.main([*only, "--out", str(tmp_path)]) == ExitCode.INCONCLUSIVE
    assert [path.name for path in tmp_path.glob("*.ndjson*")] == ["macos-x86_64.ndjson"]


def test_a_command_that_fails_tells_its_last_lines() -> None:
    with pytest.raises(Unfit, match="ended with 3") as told:
        run([sys.executable, "-c", "print('why'); raise SystemExit(3)"])
    assert told.value.details == "why"


def test_a_command_that_is_not_there_could_not_be_had() -> None:
    with pytest.raises(Inconclusive, match="no-such-program cannot be run"):
        run(["no-such-program"])


def test_what_another_root_lacks_could_not_be_had() -> None:
    with pytest.raises(Inconclusive, match="there is no nowhere; make it first"):
        run(["scripts/root", "run", "nowhere", "true"])
