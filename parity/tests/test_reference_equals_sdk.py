"""The reference equals upstream's own Python path, byte for byte, but for what the ledger declares.

The cases are those of the gate: the recorded ones and more than 20,000 generated ones.
Upstream needs milliseconds for a span, so that spans and requests get a share that
keeps the whole below a minute.  Of the recorded requests a few are enough: upstream
truncates the times of every recorded span, so that all of them differ as declared.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from parity.census import Tally, compared_by_operation
from parity.clusters import Group
from parity.generate.profiles import PROFILES
from parity.ledger import check, load
from parity.operations import OPERATIONS, Takes
from parity.plan import CORPUS, GENERATED, RECORDED, Plan, Shard
from parity.run_shard import run_shard

pytest.importorskip("drift", reason="upstream's SDK is not installed")

RECORDED_REQUESTS = 20
CASES = {
    Takes.TEXT: 15_000,
    Takes.TEXT_AND_MERGES: 2_500,
    Takes.OBJECT_AND_MERGES: 2_000,
    Takes.SPAN: 900,
    Takes.REQUEST: 400,
}


@dataclass
class Campaign:
    """What all the shards came to."""

    mismatches: list[Group] = field(default_factory=list)
    census: list[Tally] = field(default_factory=list)
    ledger: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def done() -> Campaign:
    """Everything run once; the tests below look at it from several sides."""
    out = Campaign()
    for takes, count in CASES.items():
        operations = tuple(one.name for one in OPERATIONS.values() if one.takes is takes)
        plan = Plan("reference", "sdk", operations, cases=count)
        for shard in plan.shards():
            if shard.kind == CORPUS or (shard.kind == RECORDED and takes is Takes.REQUEST):
                continue
            add(out, plan, shard)
        if takes is Takes.REQUEST:
            add(out, plan, Shard(RECORDED, 0, RECORDED_REQUESTS))
    return out


def add(out: Campaign, plan: Plan, shard: Shard) -> None:
    result = run_shard(plan, shard)
    out.mismatches += result.groups
    out.census += result.census
    if shard.kind == GENERATED:
        out.ledger.update(result.ledger)


def test_nothing_differs_that_is_not_declared(done: Campaign) -> None:
    assert [(group.example.case, group.signature) for group in done.mismatches] == []


def test_enough_was_compared(done: Campaign) -> None:
    generated = [tally for tally in done.census if tally.profile != RECORDED]
    assert sum(tally.compared for tally in generated) >= 20_000
    for name in {tally.operation for tally in done.census}:
        tallies = [tally for tally in done.census if tally.operation == name]
        assert any(tally.profile == RECORDED and tally.both_value >= RECORDED_REQUESTS for tally in tallies)
        assert sum(tally.both_value for tally in tallies) > 200
        assert sum(tally.compared - tally.explained for tally in tallies) > 100
        assert sum(tally.both_error for tally in tallies) > 10


def test_every_kind_of_shard_was_run(done: Campaign) -> None:
    assert {GENERATED, RECORDED} == {
        GENERATED if one.profile != RECORDED else RECORDED for one in done.census
    }


def test_declared_divergences_are_met_as_often_as_declared(done: Campaign) -> None:
    cases = compared_by_operation(tally for tally in done.census if tally.profile in PROFILES)
    assert check(load().of("sdk"), done.ledger, cases) == []
    assert sum(count > 0 for count in done.ledger.values()) > 10
