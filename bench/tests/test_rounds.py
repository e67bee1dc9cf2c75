"""Fresh processes at fixed looks: which run, on what, and what becomes of those that die.  All scripted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import pytest

from bench.events import Event, LeftOut, Progress, Sample, Void
from bench.events import Worker as WorkerEvent
from bench.pairs import worker
from bench.pairs.rounds import Evidence, WorkerDied, environment, rounds
from bench.pairs.tasks import SELF_TEST, Task
from bench.pairs.worker import Answer, Request

from . import made

FAST, SLOW = made.task("fast"), made.task("slow")
AGAIN = Task(SELF_TEST, "normalize_json", "rows-4k", "native", "native again")
LOOKS = (6, 12)


@dataclass
class Scripted:
    """Answers requests without a process; keeps them."""

    refuse: dict[Task, Event] = field(default_factory=dict)
    die_at: Optional[int] = None
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Iterator[Answer]:
        self.requests.append(request)
        for task in request.tasks:
            yield task, self.refuse.get(task) or made.sample(task, 2.0, request.process)
        if request.process == self.die_at:
            raise WorkerDied("measuring ended with 1: MemoryError")
        yield None, about(request.process)


def about(process: int) -> WorkerEvent:
    return WorkerEvent(process, 1, 1, 1.0, 0.1, (1.0,), 0.0, 0, 6, 0, None)


def told(scripted: Scripted, wanted: list[Task], open_: set[Task]) -> tuple[list[Event], Evidence]:
    evidence = Evidence()
    events = list(rounds(wanted, lambda so_far: open_, LOOKS, 7, False, scripted, evidence))
    return events, evidence


def test_settled_claims_end_the_run_at_the_first_look() -> None:
    scripted = Scripted()
    _, evidence = told(scripted, [FAST, SLOW], set())
    assert [request.process for request in scripted.requests] == [1, 2, 3, 4, 5, 6]
    assert [sample.process for sample in evidence.of(FAST)] == [1, 2, 3, 4, 5, 6]
    assert len(evidence.workers) == 6


def test_after_a_look_only_what_is_open_is_repeated_and_the_self_test() -> None:
    scripted = Scripted()
    _, evidence = told(scripted, [AGAIN, FAST, SLOW], {SLOW})
    assert len(scripted.requests) == 12
    assert {request.tasks for request in scripted.requests[:6]} == {(AGAIN, FAST, SLOW)}
    assert {request.tasks for request in scripted.requests[6:]} == {(AGAIN, SLOW)}
    assert (len(evidence.of(FAST)), len(evidence.of(SLOW)), len(evidence.of(AGAIN))) == (6, 12, 12)


def test_a_task_that_is_wanted_twice_runs_once() -> None:
    scripted = Scripted()
    told(scripted, [FAST, FAST], set())
    assert scripted.requests[0].tasks == (FAST,)


def test_a_refused_task_is_told_once_and_has_no_evidence() -> None:
    void = Void("normalize_json(slow)", "outputs differ")
    events, evidence = told(Scripted(refuse={SLOW: void}), [FAST, SLOW], set())
    assert [event for event in events if isinstance(event, Void)] == [void]
    assert evidence.of(SLOW) == [] and evidence.refused[SLOW] == void


def test_a_process_that_left_a_task_out_takes_no_evidence_of_others() -> None:
    evidence = Evidence()
    evidence.add(FAST, made.sample(FAST, 2.0, 1))
    evidence.add(FAST, LeftOut("there", "a call takes too long to repeat it"))
    evidence.add(FAST, made.sample(FAST, 2.0, 3))
    assert [sample.process for sample in evidence.of(FAST)] == [1, 3]


def test_one_void_takes_all_evidence_of_a_task() -> None:
    evidence = Evidence()
    evidence.add(FAST, made.sample(FAST, 2.0))
    evidence.add(FAST, Void("there", "outputs differ"))
    assert evidence.of(FAST) == []


def test_a_process_that_dies_ends_the_measuring_and_is_unfit() -> None:
    scripted = Scripted(die_at=3)
    events, evidence = told(scripted, [FAST], set())
    assert events[-1] == LeftOut("process 3", "measuring ended with 1: MemoryError", unfit=True)
    assert len(scripted.requests) == 3
    assert len(evidence.of(FAST)) == 3, "what was measured is kept"


def test_samples_are_told_as_they_come() -> None:
    events, _ = told(Scripted(), [FAST], set())
    kinds = [type(event) for event in events]
    assert kinds == [Progress, Sample, WorkerEvent] * 6
    first = events[0]
    assert isinstance(first, Progress) and first.what == "process 1 of 6: normalize_json"


def test_each_process_has_a_hash_seed_and_a_padding_of_its_own_and_the_same_again() -> None:
    requests = [Request(process, 7, worker.padding(7, process), False, ()) for process in range(1, 7)]
    given = [environment({"HOME": "/x"}, request, Path("/copies")) for request in requests]
    assert len({one["PYTHONHASHSEED"] for one in given}) == 6
    assert len({len(one["DRIFTCORE_BENCH_PADDING"]) for one in given}) == 6
    assert given[0] == environment({"HOME": "/x"}, requests[0], Path("/copies"))
    assert {one["PYTHONPATH"] for one in given} == {"/copies"}
    assert all(one["HOME"] == "/x" and 1 <= int(one["PYTHONHASHSEED"]) < 2**32 for one in given)


@pytest.mark.parametrize("seed", [0, 7])
def test_padding_stays_small(seed: int) -> None:
    assert all(0 <= worker.padding(seed, process) < 4096 for process in range(50))
