"""The history of a machine class, and two results held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import compare, history
from bench.claims import publish
from bench.events import Event, Finished
from bench.pairs.rounds import Evidence
from bench.pairs.tasks import PAIR, SELF_TEST, Task
from bench.pairs.worker import Answer, Request
from bench.results import Results
from driftgate.base.exit_codes import ExitCode, Unfit, UsageError
from driftgate.base.result_file import DamagedResults

from . import made


def results(*events: Event, commit: str = "0123", cpu: str = "Some CPU") -> Results:
    started = replace(made.started(release=True, cpu=cpu), commit=commit)
    return Results(started, events, Finished(1.0, ExitCode.PASS, "PASS: it holds."))


def runs(tmp_path: Path, *figures: float) -> list[history.Run]:
    for number, figure in enumerate(figures):
        history.append(results(made.claim(figure=figure), commit=f"c{number}"), tmp_path)
    return history.read(made.machine().kind, tmp_path)


def test_runs_are_appended_and_never_replaced(tmp_path: Path) -> None:
    found = runs(tmp_path, 12.0, 12.1, 12.0)
    assert [run.commit for run in found] == ["c0", "c1", "c2"]
    figure = found[1].claims["fast"].figure
    assert figure is not None and figure.median == 12.1
    assert history.read("another_class", tmp_path) == []


def test_a_result_of_another_candidate_is_neither_kept_nor_signed(tmp_path: Path) -> None:
    one = results(made.claim())
    subjects = {**one.started.subjects, "mine": one.started.subjects["native"]}
    foreign = replace(one, started=replace(one.started, candidate="mine", subjects=subjects))
    for keep in (history.append, publish.sign):
        with pytest.raises(UsageError, match="this result is of 'mine'; only those of 'native' are kept"):
            keep(foreign, tmp_path / "kept")
    assert not list(tmp_path.iterdir())


def test_each_machine_class_has_a_file_of_its_own(tmp_path: Path) -> None:
    history.append(results(cpu="One"), tmp_path)
    history.append(results(cpu="Two"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "x86_64_one_2cores_python3.11.ndjson",
        "x86_64_two_2cores_python3.11.ndjson",
    ]


def test_a_class_is_a_plain_name_whatever_a_file_says(tmp_path: Path) -> None:
    odd = replace(made.machine(), architecture="../../x", python="../3.11")
    assert odd.kind == "-x_some-cpu_2cores_python3.11"
    one = results()
    history.append(replace(one, started=replace(one.started, machine=odd)), tmp_path / "history")
    assert [path.name for path in tmp_path.iterdir()] == ["history"]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (b"{", "cut off inside line 3"),
        (b"{}\n", ":3: "),
        (b"\xff\n", ":3: "),
        (b"[" * 100_000 + b"\n", "nested too deep"),
        (b"NaN\n", "NaN is no JSON"),
    ],
)
def test_a_damaged_history_is_neither_read_nor_added_to(damage: bytes, why: str, tmp_path: Path) -> None:
    runs(tmp_path, 12.0, 12.1)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes() + damage)
    before = path.read_bytes()
    with pytest.raises(DamagedResults, match=why):
        history.read(made.machine().kind, tmp_path)
    if damage == b"{":
        with pytest.raises(Unfit, match="its last line has no end"):
            history.append(results(made.claim()), tmp_path)
        assert path.read_bytes() == before


def test_a_step_is_shown_with_the_commit_that_began_it(tmp_path: Path) -> None:
    pytest.importorskip("ruptures")
    found = runs(tmp_path, 12.0, 12.1, 11.9, 12.0, 12.05, 14.5, 14.6, 14.4, 14.5, 14.55)
    (change,) = history.changes(found, "fast")
    assert change.run.commit == "c5"
    assert change.share == pytest.approx(0.208, abs=0.01)
    assert "fast went from 12.0× to 14.5× (+20.8%) with commit c5" in history.text(found, None)


def test_a_steady_claim_has_no_change(tmp_path: Path) -> None:
    pytest.importorskip("ruptures")
    found = runs(tmp_path, *[12.0, 12.1, 11.9] * 4)
    assert "No figure has changed its level." in history.text(found, "fast")


def test_an_empty_history_says_how_to_begin_one() -> None:
    assert "bench history --add FILE" in history.text([], None)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    runs(tmp_path, 12.0)
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(DamagedResults, match=r"\.ndjson:2: "):
        history.read(made.machine().kind, tmp_path)


# ---- compare ----------------------------------------------------------------------


def test_a_pair_whose_intervals_part_is_slower_or_faster() -> None:
    before = results(made.pair(9.8, 10, 10.2), made.pair(9.8, 10, 10.2, input="other"))
    after = results(made.pair(7.8, 8, 8.2), made.pair(9.9, 10.1, 10.3, input="other"))
    outcome = compare.files(before, after, force=False)
    assert [line.verdict for line in outcome.lines] == ["slower", ""]
    assert outcome.code is ExitCode.FAIL
    assert compare.text(outcome).startswith("FAIL: slower in 1, first in normalize_json(tiny), by reference;")
    assert compare.files(after, before, force=False).code is ExitCode.PASS


def test_results_of_two_machine_classes_are_not_compared_without_force() -> None:
    here, there = results(made.pair(9, 10, 11)), results(made.pair(9, 10, 11), cpu="Other CPU")
    with pytest.raises(compare.Refused, match=r"different machine classes.*--force"):
        compare.files(here, there, force=False)
    assert compare.files(here, there, force=True).code is ExitCode.PASS


def test_nothing_in_common_is_inconclusive() -> None:
    outcome = compare.files(results(made.pair(9, 10, 11)), results(), force=False)
    assert outcome.code is ExitCode.INCONCLUSIVE


def evidence(*ratios: float) -> tuple[list[Task], Evidence]:
    """Of the new build against the old one, one ratio for each process, on two payloads."""
    tasks = [made.task(name, against="old") for name in ("empty", "rows-4k")]
    found = Evidence()
    for task in tasks:
        for process, ratio in enumerate(ratios, start=1):
            found.add(task, made.sample(task, ratio, process))
    return tasks, found


@pytest.mark.parametrize(
    ("ratios", "verdict"),
    [([0.9] * 6, "slower"), ([1.1] * 6, "faster"), ([0.99] * 6, ""), ([0.9] * 5 + [1.0], "")],
)
def test_two_builds_are_judged_by_operation_over_the_processes(ratios: list[float], verdict: str) -> None:
    (line,) = compare.lines(*evidence(*ratios))
    assert (line.what, line.verdict) == ("normalize_json", verdict)


def with_own(ratio: float, *own: tuple[float, ...]) -> compare.Line:
    """The line of a new build that shows `ratio`, where the builds show `own` against their copies."""
    tasks, found = evidence(*[ratio] * 6)
    for against, ratios in zip(("old", "new"), own):
        task = made.task("empty", against=against, role=SELF_TEST)
        tasks.append(task)
        for process, one in enumerate(ratios, start=1):
            found.add(task, made.sample(task, one, process))
    (line,) = compare.lines(tasks, found)
    return line


@pytest.mark.parametrize(
    ("ratio", "own", "verdict"),
    [
        (0.95, [(1.0,) * 6, (1.0,) * 6], "slower"),
        (0.95, [(0.94, 1.0, 1.0, 1.0, 1.0, 1.01), (1.0,) * 6], ""),
        (1.05, [(1.0,) * 6, (0.99, 1.0, 1.0, 1.0, 1.0, 1.06)], ""),
        (1.05, [(1.0,) * 6, (0.99, 1.0, 1.0, 1.0, 1.0, 1.01)], "faster"),
        (0.90, [(0.97,) * 6, (1.0,) * 6], compare.UNSETTLED),
        (0.90, [(1.0,) * 6, (1.03,) * 6], compare.UNSETTLED),
    ],
)
def test_a_difference_counts_beyond_what_a_build_shows_of_itself(
    ratio: float, own: list[tuple[float, ...]], verdict: str
) -> None:
    assert with_own(ratio, *own).verdict == verdict


def test_a_machine_on_which_builds_differ_from_their_copies_gives_no_verdict() -> None:
    outcome = compare.Outcome("b against a", (with_own(0.9, (0.97,) * 6, (1.0,) * 6),))
    assert outcome.code is ExitCode.INCONCLUSIVE
    assert compare.text(outcome).startswith("INCONCLUSIVE: slower in none,")


def test_builds_of_the_same_bytes_are_not_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("a", b"code"), ("b", b"code"), ("c", b"other")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "_core.so").write_bytes(content)
    monkeypatch.setattr(compare, "BUILDS", tmp_path)
    monkeypatch.setattr(compare, "commit_of", lambda revision: revision)
    monkeypatch.setattr(compare, "package", lambda commit: commit)
    monkeypatch.setattr(compare, "describe", lambda subjects: None)
    asked: list[Request] = []

    def execute(request: Request) -> Iterator[Answer]:
        asked.append(request)
        return iter(())

    alike = compare.commits("a", "b", "", execute, lambda event: None)
    assert (alike.code, asked) == (ExitCode.PASS, [])
    assert "the same bytes" in compare.text(alike)
    compare.commits("a", "c", "", execute, lambda event: None)
    assert {(one.role, one.subject, one.against) for one in asked[0].tasks} == {
        (PAIR, "c", "a"),
        (SELF_TEST, "a_copy", "a"),
        (SELF_TEST, "c_copy", "c"),
    }
