"""Who may judge follows from who is there and what each answers, whatever comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from parity import admission
from parity.admission import Admission
from parity.plan import Plan
from parity.shard import identity

PLAN = Plan("reference", "native")
MINE = identity(PLAN, None)


class Client:
    """Of Dask's client what is asked of it.

    `there` answer as they do in the mapping: with an identity, a reason, an error, or never if with None.
    The scheduler answers unless it is `deaf`.  `asked` are the batches of workers that were asked; `looks`
    counts how often it was asked who is there.
    """

    status = "running"

    def __init__(self, there: Mapping[str, Any]) -> None:
        self.there = dict(there)
        self.asked: list[list[str]] = []
        self.deaf = False
        self.looks = 0

    async def nthreads(self) -> dict[str, int]:
        self.looks += 1
        if self.deaf:
            raise OSError("gone")
        return dict.fromkeys(self.there, 1)

    async def run(self, *sent: object, workers: list[str], on_error: str) -> dict[str, Any]:
        self.asked.append(sorted(workers))
        answers = {worker: self.there[worker] for worker in workers}
        if None in answers.values():
            await asyncio.Event().wait()
        return answers


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "ADMIT_SECONDS", 0.01)


def looked(found: Admission, times: int = 1) -> Admission:
    """After so many looks, each with the answers to the one before."""

    async def look() -> None:
        for _ in range(times):
            await found.look()
            asking = asyncio.all_tasks() - {asyncio.current_task()}
            if asking:
                await asyncio.wait(asking)

    asyncio.run(look())
    return found


def state(found: Admission) -> tuple[list[str], list[str], list[str]]:
    """(who may judge, who is lost, who is refused)"""
    return sorted(found.allowed), sorted(found.lost), sorted(found.refused)


def test_who_has_the_clients_build_may_judge_and_others_are_told_why_not() -> None:
    there = {"a": MINE, "b": {**MINE, "Python": "3.8.0"}, "c": "has none", "d": LookupError("what?\n")}
    found = looked(Admission(Client(there), PLAN))
    assert state(found) == (["a"], [], ["b", "c", "d"]) and not found.hopeless
    assert found.refused["b"] == f"has 3.8.0 as Python, not {MINE['Python']}"
    assert found.reasons == f"b {found.refused['b']}; c has none; d LookupError: what?"


def test_a_long_list_of_reasons_is_cut() -> None:
    found = looked(Admission(Client(dict.fromkeys("abcde", "has none")), PLAN))
    assert found.hopeless and found.reasons.endswith("c has none; and 2 more")


def test_each_worker_is_asked_once_and_newcomers_together() -> None:
    client = Client({"a": MINE, "b": "has none"})
    found = looked(Admission(client, PLAN), 2)
    client.there.update(c=MINE, d=MINE)
    looked(found, 2)
    assert client.asked == [["a", "b"], ["c", "d"]] and state(found)[0] == ["a", "c", "d"]


def test_who_went_away_is_lost_and_asked_again_when_it_is_back() -> None:
    client = Client({"a": MINE, "b": MINE})
    found = looked(Admission(client, PLAN))
    del client.there["a"]
    looked(found)
    assert state(found) == (["b"], ["a"], [])
    client.there["a"] = {**MINE, "Python": "3.8.0"}
    looked(found)
    assert state(found) == (["b"], ["a"], ["a"])
    del client.there["a"]
    looked(found)
    client.there["a"] = MINE
    looked(found)
    assert state(found) == (["a", "b"], [], [])


def test_another_process_at_the_same_address_is_asked() -> None:
    client = Client({"a": MINE})
    found = looked(Admission(client, PLAN))
    found.forget("a")
    assert state(found) == ([], ["a"], [])
    looked(found)
    assert state(found) == (["a"], [], []) and client.asked == [["a"], ["a"]]


def test_a_worker_that_is_silent_holds_nobody_up_and_is_refused_the_second_time() -> None:
    client = Client({"a": MINE, "b": None})
    found = looked(Admission(client, PLAN))
    assert state(found) == ([], [], [])
    looked(found, 3)
    assert state(found) == (["a"], [], ["b"]) and found.refused["b"] == "does not answer"
    assert sorted(client.asked) == [["a"], ["a", "b"], ["b"]]


def test_a_worker_that_dies_while_it_is_asked_is_not_refused() -> None:
    client = Client({"a": OSError("closed")})
    found = looked(Admission(client, PLAN))
    del client.there["a"]
    looked(found)
    client.there["a"] = MINE
    looked(found)
    assert state(found) == (["a"], [], [])


def test_a_scheduler_that_does_not_answer_changes_nothing() -> None:
    client = Client({"a": MINE})
    found = looked(Admission(client, PLAN))
    client.deaf = True
    assert not asyncio.run(found.look()) and state(found) == (["a"], [], [])


@pytest.mark.parametrize(
    ("there", "deaf", "waited", "unheard"),
    [({}, False, True, False), ({"a": MINE}, False, False, False), ({"a": MINE}, True, False, True)],
)
def test_waiting_counts_while_nobody_may_judge_and_silence_apart(
    there: Mapping[str, Any], deaf: bool, waited: bool, unheard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_SECONDS", 0.001)
    client = Client(there)
    found = looked(Admission(client, PLAN))
    client.deaf = deaf

    async def watched() -> None:
        watching = asyncio.ensure_future(found.watch())
        while client.looks < 5:
            await asyncio.sleep(0)
        client.status = "closed"
        await watching

    asyncio.run(watched())
    assert (found.waited > 0, found.unheard > 0) == (waited, unheard)
