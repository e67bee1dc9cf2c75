"""Subjects that exit, die, hang, print, fork or eat memory, through the real commands: none gets past."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, Unfit
from parity.census import total
from parity.cli import main
from parity.corpus import load_corpus
from parity.plan import RECORDED, Plan, Shard
from parity.results import read_run
from parity.run_shard import run_shard
from parity.workers import Workers

from .doubles import SMALLEST, written

NAME = "faulty_subject"
KEPT = ("--operation", "normalize_json", "--cases", "0", "--workers", "1")
"""The cases that are kept in files, all within one or two shards."""

CASE = "g2:everyday:0:0:normalize_json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def run(folder: Path, *options: str) -> ExitCode:
    return main(["run", "--out", str(folder / "run.ndjson"), *KEPT, *options])


AT_IMPORT = {
    "sys.exit(0)": "ended its process with status 0",
    "sys.exit('no')": "ended its process with status 1",
    "os._exit(0)": "ended its process with status 0",
    "os.kill(os.getpid(), signal.SIGKILL)": "crashed with SIGKILL",
    "ctypes.string_at(0)": "crashed with SIGSEGV",
    "time.sleep(600)": "had not ended after 1.2 s",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "raise GeneratorExit": "GeneratorExit",
    "raised(type('Odd', (BaseException,), {})('why'))": "Odd: why",
    "(lambda f: f(f))(lambda f: f(f))": "RecursionError",
    "bytearray(1 << 40)": "asked for more memory than it may take",
    "print_much(); os._exit(3)": "ended its process with status 3; it said ",
    "os.close(2); os._exit(3)": "ended its process with status 3",
}


@pytest.mark.parametrize("role", ["candidate", "reference", "witness"])
@pytest.mark.parametrize("command", ["run", "replay"])
@pytest.mark.parametrize("fault", AT_IMPORT)
def test_an_import_that_fails_in_any_way_is_unfit_by_name_in_one_line(
    fault: str, command: str, role: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, at_import=fault)
    options = [f"--{role}", name, "--timeout", "0.1", "--memory", "64MiB"]
    code = run(folder, *options) if command == "run" else main(["replay", *options, CASE])
    out, said = capfd.readouterr()
    assert (code, out) == (ExitCode.UNFIT, "")
    assert said.startswith(f"UNFIT: {name}: ") and said.count("\n") == 1 and len(said) < 400
    assert AT_IMPORT[fault] in said
    assert not list(folder.glob("run*"))


@pytest.mark.parametrize("which", [2, 3, 4, 5])
def test_an_import_that_exits_in_a_later_process_is_unfit_by_name(
    which: int, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of the processes that import it, the second and third rehearse, and those after them compare."""
    count = folder / "count"
    later = f"""
with open({str(count)!r}, "a") as file:
    file.write("x")
if os.path.getsize({str(count)!r}) >= {which}:
    os._exit(0)
"""
    name = written(folder, NAME, at_import=later)
    options = (*KEPT[:2], "--cases", "9000", "--workers", "2")
    code = main(["run", "--out", str(folder / "run.ndjson"), *options, "--candidate", name])
    out, said = capfd.readouterr()
    assert (code, out) == (ExitCode.UNFIT, "")
    assert said == f"UNFIT: {name}: importing it ended its process with status 0\n"


COSTS_A_CASE = {
    "sys.exit(0)": "raised SystemExit: 0",
    "os._exit(0)": "ended its process with status 0",
    "os._exit(1)": "ended its process with status 1",
    "os.kill(os.getpid(), signal.SIGKILL)": "crashed with SIGKILL",
    "ctypes.string_at(0)": "crashed with SIGSEGV",
    "os.kill(0, signal.SIGTERM)": "crashed with SIGTERM",
    "os.kill(os.getpid(), signal.SIGSTOP)": "had not ended after 0.3 s",
    "raise KeyboardInterrupt('of its own')": "raised KeyboardInterrupt: of its own",
    "raise GeneratorExit('of its own')": "raised GeneratorExit: of its own",
    "bytearray(1 << 40)": "asked for more than 67,108,864 bytes of memory",
    "grow()": "asked for more than 67,108,864 bytes of memory",
    "raise MemoryError('of its own')": "raised MemoryError: of its own",
    "os.closerange(0, 300); os._exit(0)": "ended its process with status 0",
    "write_everywhere(); os._exit(0)": "ended its process with status 0",
    "print_much(); os._exit(0)": "ended its process with status 0",
    "return 'x' * 1_000_000": "str 'xxxx",
    "return 'x' * 60_000_000": "",
}


@pytest.mark.parametrize("fault", COSTS_A_CASE)
def test_a_call_that_fails_in_any_way_costs_its_case_and_is_shown_again_by_replay(
    fault: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, in_call=fault)
    bounds = ("--timeout", "0.7", "--memory", "64MiB")
    assert run(folder, "--candidate", name, *bounds) == ExitCode.FAIL
    out, said = capfd.readouterr()
    assert out.startswith(f"MISMATCH: {name} differs from reference in 2 of ") and not said
    started, finished = read_run(folder / "run.ndjson")
    counts = total(finished.census)
    assert counts.compared == started.planned and counts.mismatches == 2
    smallest = min(finished.clusters, key=lambda one: len(one.input))
    assert smallest.input == SMALLEST and COSTS_A_CASE[fault] in smallest.actual
    again = ["replay", "--candidate", name, *bounds, smallest.case]
    assert f"python -m parity {' '.join(again)}" in out
    assert main(again) == ExitCode.FAIL
    assert COSTS_A_CASE[fault].replace("0.3", "0.7") in capfd.readouterr().out


HAS_NO_EFFECT = (
    "os.fork()",
    "fork_and_stay()",
    "os.closerange(0, 300)",
    "write_everywhere()",
    "print_much()",
    "alarmed()",
    "atexit.register(os._exit, 3)",
    "threading.Thread(target=time.sleep, args=(600,)).start()",
    "sys.stdout = sys.stderr = None",
    "os.environ.clear(); os.chdir('/')",
    "sys.setrecursionlimit(200)",
    "getattr(sys, 'set_int_max_str_digits', id)(0)",
)


@pytest.mark.parametrize("fault", HAS_NO_EFFECT)
def test_what_a_call_leaves_behind_has_no_effect(
    fault: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, in_call=fault)
    assert run(folder, "--candidate", name) == ExitCode.PASS
    out, said = capfd.readouterr()
    started, finished = read_run(folder / "run.ndjson")
    assert out.startswith(f"PASS: {name} equals reference in all of {started.planned:,} compared cases")
    assert len(out) < 6000 and not said
    assert total(finished.census).compared == started.planned


@pytest.mark.parametrize(
    "fault",
    [
        "print_much()",
        "sys.stdout = sys.stderr = sys.stdin = None",
        "os.closerange(0, 3)",
        "os._exit = sys.exit = os.getpid = None",
        "os.environ.clear(); os.chdir('/')",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_DFL)",
        "threading.Thread(target=time.sleep, args=(600,)).start()",
        "atexit.register(time.sleep, 600)",
        "fork_and_stay()",
        "os.fork()",
    ],
)
def test_what_an_import_leaves_behind_has_no_effect(
    fault: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, at_import=fault)
    assert run(folder, "--candidate", name) == ExitCode.PASS
    assert main(["replay", "--candidate", name, CASE]) == ExitCode.PASS
    out, said = capfd.readouterr()
    assert out.startswith(f"PASS: {name} equals reference") and "EQUAL: " in out
    assert len(out) < 6000 and not said


def test_a_thread_that_ends_the_process_after_its_call_does_not_pass(folder: Path) -> None:
    """Its case cannot be told for sure, and it must not end the run as unfit."""
    late = "threading.Thread(target=lambda: (time.sleep(0.002), os._exit(0))).start()"
    name = written(folder, NAME, in_call=late, when="len(payload_json) > 300")
    plan = Plan("reference", name, ("normalize_json",), cases=0)
    with Workers(1) as workers:
        counts = total(workers.one(run_shard, plan, Shard(RECORDED, 0, 200)).census)
    assert 0 < counts.lost == counts.mismatches < 200
    assert counts.compared + counts.no_verdict == 200


ELSEWHERE = """
left = {{}}
def another_call():
    me = os.getpid()
    if me not in left:
        open({count!r}, "a").write("x")
        left[me] = dict(enumerate({calls}, start=1)).get(os.path.getsize({count!r}), -1)
    if left[me] == 0:
        os._exit(0)
    left[me] -= 1
"""
"""Each process that calls it ends after as many calls; those that are not named go on."""


@pytest.mark.parametrize("calls", [(60, 40, 20, 0), (60, 40, 20)])
def test_processes_that_end_at_another_case_each_time_have_their_cases_put_one_by_one(
    calls: tuple[int, ...], folder: Path
) -> None:
    """As where memory was overwritten.  Where no case ends one by itself, nothing can be said of any."""
    ending = ELSEWHERE.format(count=str(folder / "count"), calls=calls)
    name = written(folder, NAME, at_import=ending, in_call="another_call()", when="True")
    plan = Plan("reference", name, ("normalize_json",), cases=0)
    with Workers(1) as workers:
        if calls[-1]:
            unfit = f"^{name} or reference ends its process in recorded"
            with pytest.raises(Unfit, match=unfit):
                workers.one(run_shard, plan, Shard(RECORDED, 1, 100))
        else:
            counts = total(workers.one(run_shard, plan, Shard(RECORDED, 1, 100)).census)
            assert (counts.lost, counts.mismatches, counts.compared) == (1, 1, 99)


def test_an_answer_is_not_asked_what_it_is(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deadly = "Deadly = type('Deadly', (), {'__repr__': lambda self: os._exit(0)})"
    name = written(folder, NAME, at_import=deadly, in_call="return Deadly()")
    assert run(folder, "--candidate", name) == ExitCode.FAIL
    started, finished = read_run(folder / "run.ndjson")
    counts = total(finished.census)
    assert (counts.lost, counts.mismatches, counts.compared) == (0, 2, started.planned)
    assert "candidate  faulty_subject.Deadly faulty_subject.Deadly()" in capfd.readouterr().out


def test_where_both_are_lost_there_is_no_verdict(folder: Path) -> None:
    names = [written(folder, name, f"# {name}", "os._exit(0)") for name in ("one_lost", "another_lost")]
    assert run(folder, "--reference", names[0], "--candidate", names[1]) == ExitCode.INCONCLUSIVE
    _, finished = read_run(folder / "run.ndjson")
    assert total(finished.census).no_verdict == 2 and not finished.clusters


@pytest.mark.parametrize(
    "fault", ["os._exit(0)", "ctypes.string_at(0)", "time.sleep(600)", "bytearray(1 << 40)", "grow()"]
)
def test_a_reference_that_is_lost_gives_no_verdict(
    fault: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, in_call=fault)
    options = ("--reference", name, "--timeout", "0.5", "--memory", "64MiB")
    assert run(folder, *options) == ExitCode.INCONCLUSIVE
    assert "2 of 32 cases of normalize_json from corpus have no verdict" in capfd.readouterr().out
    _, finished = read_run(folder / "run.ndjson")
    assert total(finished.census).no_verdict == 2 and not finished.clusters
    texts = {case.id: case.arguments()[0] for case in load_corpus() if case.id.endswith(":normalize_json")}
    lost = next(case for case, text in texts.items() if "é" in str(text))
    assert main(["replay", *options, lost]) == ExitCode.INCONCLUSIVE
    assert capfd.readouterr().out.startswith("NO VERDICT on normalize_json: the reference crashed or hung")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("os._exit(0)", "ended its process with status 0"),
        ("sys.exit(0)", "otherwise"),
        ("print_much()", "as the reference"),
        ("bytearray(1 << 40)", "asked for more than 2,147,483,648 bytes of memory"),
        ("time.sleep(600)", "had not ended after 0.5 s"),
    ],
)
def test_what_a_witness_does_is_its_answer(
    fault: str, answer: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    differing = written(folder, "differing_subject", in_call="return 'another'")
    name = written(folder, NAME, in_call=fault)
    options = ("--candidate", differing, "--witness", name, "--timeout", "0.5")
    assert run(folder, *options) == ExitCode.FAIL
    _, finished = read_run(folder / "run.ndjson")
    assert {one.verdicts[name] for one in finished.clusters} == {answer}
    capfd.readouterr()
    assert main(["replay", *options, finished.clusters[0].case]) == ExitCode.FAIL
    assert f"{name} answers {answer}" in capfd.readouterr().out


def test_a_call_may_take_all_of_its_memory_though_the_other_one_keeps_its_own(folder: Path) -> None:
    """An answer that is large on both sides is no fault of the second one."""
    large = "return 'x' * 120_000_000"
    names = [written(folder, name, f"# {name}", large) for name in ("one_large", "another_large")]
    options = ("--reference", names[0], "--candidate", names[1], "--memory", "200MiB")
    assert run(folder, *options) == ExitCode.PASS
    _, finished = read_run(folder / "run.ndjson")
    assert total(finished.census).both_value > 0 and total(finished.census).no_verdict == 0


def test_punts_that_cannot_be_counted_are_unfit_by_name(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = written(folder, NAME, at_import="def punts(): sys.exit(0)")
    assert run(folder, "--candidate", name) == ExitCode.UNFIT
    assert capfd.readouterr().err == f"UNFIT: {name}: its punts() raised SystemExit\n"
