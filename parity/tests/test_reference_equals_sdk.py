"""The reference equals upstream's own Python path, byte for byte, but for what `divergences` declares.

The cases are those of the gate: the recorded ones and more than 20,000 generated ones.
Upstream needs milliseconds for a span, so that spans and requests get a share that
keeps the whole below a minute.  Of the recorded requests a few are enough: upstream
truncates the times of every recorded span, so that all of them differ as declared.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from parity import cases, engine
from parity.divergences import DIVERGENCES, declared_for
from parity.events import Finished, Mismatch, Tally
from parity.operations import OPERATIONS, Operation, Takes
from parity.recorded import recorded_cases
from parity.subjects import load

pytest.importorskip("drift", reason="upstream's SDK is not installed")

SEED = 0
RECORDED_REQUESTS = 20
CASES = {
    Takes.TEXT: 15_000,
    Takes.TEXT_AND_MERGES: 2_500,
    Takes.OBJECT_AND_MERGES: 2_000,
    Takes.SPAN: 560,
    Takes.REQUEST: 200,
}


@dataclass
class Campaign:
    """What all the runs came to."""

    mismatches: list[Mismatch] = field(default_factory=list)
    census: list[Tally] = field(default_factory=list)
    divergences: Counter[str] = field(default_factory=Counter)

    def add(self, plan: engine.Plan) -> None:
        for event in engine.run(plan, load("reference"), load("sdk"), declared_for("sdk")):
            if isinstance(event, Mismatch):
                self.mismatches.append(event)
            elif isinstance(event, Finished):
                self.census += event.census
                self.divergences.update(event.divergences)


@pytest.fixture(scope="module")
def done() -> Campaign:
    """Everything run once; the tests below look at it from several sides."""
    out = Campaign()
    everything = list(OPERATIONS.values())
    payloads_and_spans = [one for one in everything if one.takes is not Takes.REQUEST]
    requests = [one for one in everything if one.takes is Takes.REQUEST]
    recorded = recorded_cases(payloads_and_spans) + recorded_cases(requests)[:RECORDED_REQUESTS]
    out.add(engine.Plan(everything, recorded, len(recorded), SEED))
    for takes, count in CASES.items():
        operations: list[Operation] = [one for one in everything if one.takes is takes]
        campaign = cases.Campaign(operations, SEED, count)
        out.add(engine.Plan(operations, campaign, campaign.planned, SEED))
    return out


def test_nothing_differs_that_is_not_declared(done: Campaign) -> None:
    assert done.mismatches == []


def test_enough_was_compared(done: Campaign) -> None:
    generated = [tally for tally in done.census if tally.profile != "recorded"]
    assert sum(tally.compared for tally in generated) >= 20_000
    for operation in OPERATIONS.values():
        tallies = [tally for tally in done.census if tally.operation == operation.name]
        assert any(tally.profile == "recorded" and tally.both_value >= RECORDED_REQUESTS for tally in tallies)
        assert sum(tally.both_value - tally.explained for tally in tallies) > 100
        assert sum(tally.both_error for tally in tallies) > 10


@pytest.mark.parametrize("divergence", [divergence.id for divergence in DIVERGENCES])
def test_declared_divergence_is_met(done: Campaign, divergence: str) -> None:
    assert done.divergences[divergence] > 0
