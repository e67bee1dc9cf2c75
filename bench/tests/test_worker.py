"""The measuring process, its protocol, and tasks by name."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from bench.events import LeftOut, Sample, Void
from bench.events import Worker as WorkerEvent
from bench.pairs import planted, probes, worker
from bench.pairs.inputs import generated_names, named
from bench.pairs.limits import find_module
from bench.pairs.planted import spinning
from bench.pairs.rounds import execute
from bench.pairs.tasks import GENERATED, PAIR, SELF_TEST, Task, contest
from bench.pairs.worker import Heard, Request, answers, from_line, to_line, work
from parity.operations import OPERATIONS
from parity.subjects import Function

from .doubles import CLOCK

QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"
DEADLY = "bench.tests.doubles.deadly"


def task(input: str, subject: str = QUICK, against: str = SLOW, role: str = PAIR) -> Task:
    return Task(role, "normalize_json", input, subject, against)


def request(*tasks: Task, process: int = 1) -> Request:
    return Request(process, 0, 100, False, tasks)


def test_every_task_is_answered_and_the_last_answer_is_about_the_process() -> None:
    tasks = [task(name) for name in ("empty", "one-member", "rows-4k")]
    found = list(work(request(*tasks), CLOCK))
    *samples, last = found
    assert {one for one, _ in samples} == set(tasks)
    assert all(isinstance(event, Sample) and event.process == 1 for _, event in samples)
    about = last[1]
    assert last[0] is None and isinstance(about, WorkerEvent)
    assert about.blocks == sum(len(event.subject_first) for _, event in samples if isinstance(event, Sample))
    assert len(about.spin_ns) >= 2, "before and after"


def test_the_order_of_the_tasks_is_random_and_recorded_by_the_seed() -> None:
    tasks = [task(name) for name in ("empty", "one-member", "rows-4k", "http-0.4k", "text-64k")]

    def order(process: int) -> list[Task | None]:
        return [one for one, _ in work(request(*tasks, process=process), CLOCK)]

    assert order(1) == order(1)
    assert len({tuple(map(str, order(process))) for process in range(1, 7)}) > 3


def test_a_task_that_cannot_be_is_unfit_and_the_others_go_on() -> None:
    found = dict(work(request(task("empty", against="no_such_module"), task("one-member")), CLOCK))
    broken = found[task("empty", against="no_such_module")]
    assert isinstance(broken, LeftOut) and broken.unfit and "cannot import" in broken.reason
    assert isinstance(found[task("one-member")], Sample)


def test_a_generated_input_that_kills_a_rival_costs_no_other_measurement() -> None:
    deadly = task("g2:everyday:1:0:normalize_json", against=DEADLY, role=GENERATED)
    found = dict(work(request(deadly, task("one-member")), CLOCK))
    left = found[deadly]
    assert isinstance(left, LeftOut) and not left.unfit and "deadly does not outlive the call" in left.reason
    assert isinstance(found[task("one-member")], Sample)


def test_a_generated_input_that_counts_its_calls_is_left_out() -> None:
    case = "g2:python-objects:1:4:process_export_payload_pyobject"
    counting = Task(GENERATED, "process_export_payload_pyobject", case, "native", "reference")
    ((_, left), _) = work(request(counting), CLOCK)
    assert (
        isinstance(left, LeftOut) and not left.unfit and "native answers each call otherwise" in left.reason
    )


def test_an_unknown_input_is_unfit() -> None:
    ((_, found), _) = work(request(task("rows-5k")), CLOCK)
    assert isinstance(found, LeftOut) and found.unfit and "has no input 'rows-5k'" in found.reason


def test_request_and_answers_survive_the_pipe() -> None:
    asked = request(task("empty"), task("one-member", role=SELF_TEST))
    assert from_line(to_line(asked)) == asked
    out = StringIO()
    worker.main(StringIO(to_line(asked)), out)
    found = list(answers(out.getvalue().splitlines(), asked, Heard()))
    assert {one for one, _ in found} == {*asked.tasks, None}


def test_against_itself_under_another_name() -> None:
    found = contest(task("empty", against=f"{QUICK} again", role=SELF_TEST), CLOCK)
    assert found.subject.functions == found.against.functions
    assert found.against.name == f"{QUICK} again"


def test_a_difference_from_itself_is_void() -> None:
    """A subject that answers differently the second time proves nothing about speed."""
    unsteady = "bench.tests.doubles.unsteady"
    ((_, found), _) = work(request(task("empty", unsteady, f"{unsteady} again", SELF_TEST)), CLOCK)
    assert isinstance(found, Void)


def test_a_slowed_subject_does_the_same_work() -> None:
    found = contest(task("rows-4k", against=f"{QUICK} slowed by 20%", role=SELF_TEST), CLOCK)
    assert found.against.name == f"{QUICK} slowed by 20%"
    assert set(found.against.functions) == {"normalize_json"}
    assert found.against.functions["normalize_json"]("{}") == "the same"


def test_both_sides_of_a_plant_spin_and_one_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the plant would be larger than it says, by what any spin does to caches."""
    turns: list[int] = []

    def spinning(function: Function, count: int) -> Function:
        turns.append(count)
        return function

    monkeypatch.setattr(planted, "spinning", spinning)
    monkeypatch.setattr(planted, "spin_ns", lambda clock: 2.0)
    monkeypatch.setattr(planted, "fastest_call", lambda function, supply, clock: 1_000.0)
    contest(task("rows-4k", against=f"{QUICK} slowed by 20%", role=SELF_TEST), CLOCK)
    assert turns == [100, 100, 100 + 100]


def test_spinning_hands_arguments_and_result_through() -> None:
    assert spinning(lambda one, two: (two, one), 10)(1, 2) == (2, 1)


@pytest.mark.parametrize("name", ["rows-4k", "records@512", "keys@32"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_inputs_are_found_by_name(operation: str, name: str) -> None:
    given = named(operation, name)
    assert (given.name, given.operation.name) == (name, operation)
    assert len(given.make()) == len(OPERATIONS[operation].arguments)


def test_generated_inputs_are_found_by_name() -> None:
    (name, *_) = generated_names(OPERATIONS["normalize_json"], "numbers", 3, 5)
    assert named("normalize_json", name).name == name


def test_a_span_given_bytes_has_them() -> None:
    arguments = named("build_span_proto_bytes_pyobject", "rows-4k+struct_bytes").make()
    assert all(isinstance(argument, bytes) and argument for argument in arguments[-2:])
    with pytest.raises(ValueError, match="has no input"):
        named("normalize_json", "rows-4k+struct_bytes")


@pytest.mark.parametrize(
    ("operation", "limit", "name"),
    [
        ("normalize_json", "orjson", "rows-4k"),
        ("deterministic_hash", "sha256", "text-64k"),
        ("process_export_payload_pyobject", "tree-copy", "rows-92k"),
        ("build_span_proto_bytes_pyobject", "copy-and-scan", "rows-4k+struct_bytes"),
        ("build_export_spans_request_bytes_pyobject", "copy-and-scan", "rows-4k"),
        ("export_span", "three-calls", "merges-8k"),
    ],
)
def test_limits_do_the_least_of_the_same_work(operation: str, limit: str, name: str) -> None:
    if find_module() is None:
        pytest.skip("the limits in C are not built; make build-bench")
    found = contest(Task(PAIR, operation, name, "reference", limit), CLOCK)
    assert found.for_against is not None
    given = found.for_against.make()
    result = found.against.functions[operation](*given)
    if limit == "orjson":
        assert json.loads(result) == json.loads(given[0])  # type: ignore[arg-type]
    elif limit == "sha256":
        assert result == found.subject.functions[operation](*found.given.make()), "compact text, sorted keys"
    elif limit == "three-calls":
        assert result == found.subject.functions[operation](*given)[0]  # type: ignore[index]
    elif limit == "tree-copy":
        assert result == given[0] and result is not given[0]
        assert result["rows"][0] is not given[0]["rows"][0]  # type: ignore[index]
    else:
        assert result == b"".join(given[0])  # type: ignore[arg-type]


def test_a_real_process_answers() -> None:
    asked = Request(1, 0, 64, False, (Task(PAIR, "normalize_json", "empty", "native", "reference"),))
    found = list(execute(asked))
    assert [type(event) for _, event in found] == [Sample, WorkerEvent]


# ---- probes ---------------------------------------------------------------------


def test_steal_is_the_eighth_column() -> None:
    assert probes.steal_ticks(b"cpu  18665 0 3504 72311 364 0 60 64 0 0\ncpu0 1 2\n") == 64
    assert probes.steal_ticks(b"intr 1 2 3") is None


def test_a_block_during_which_a_counter_moved_is_contaminated() -> None:
    before = probes.Reading(3, 64)
    assert not probes.is_contaminated(before, probes.Reading(3, 64))
    assert probes.is_contaminated(before, probes.Reading(4, 64))
    assert probes.is_contaminated(before, probes.Reading(3, 65))


def test_a_process_is_labelled_with_the_reason() -> None:
    assert probes.label((1.4, 1.42), 100, 5) is None
    assert probes.label((1.4, 1.8), 100, 5) == "the spin loop took from 1.40 to 1.80 ns a turn"
    assert probes.label((1.4,), 100, 30) == "30% of its blocks lost the core"
