"""Does the gate catch what it is for?  Candidates that lie, through the real runner, as a number.

For each liar: how many cases until a campaign catches it, over several seeds (its detection
power), whether the mismatches of one campaign come out as one cause, and whether the
smallest input found is the one that the liar's author says there is.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import partial

from .campaign import causes
from .clusters import Groups
from .isolate import Breadcrumb, Lost, isolated
from .judge import Pair, judge, spot_check
from .liars import LIARS, Liar
from .plan import Plan
from .run_shard import run_shard
from .shard import CHECK_EVERY, subjects_of
from .subjects import LIAR, Subject
from .workers import Here

SEEDS = 20
TIMEOUT = 1.5
"""Seconds after which a liar's call counts as a hang: an honest one takes milliseconds."""


@dataclass(frozen=True)
class Caught:
    """What became of one liar.

    `needed` is the number of cases until it was caught for each seed, None where it was not
    within its limit.  `causes` are the titles of the causes one campaign names, `minimum` the
    smallest input it found.
    """

    liar: str
    fault: str
    within: int
    needed: tuple[int | None, ...]
    causes: tuple[str, ...]
    minimum: str
    wanted: str
    faces: int

    @property
    def median(self) -> float:
        return statistics.median(self.within if one is None else one for one in self.needed)

    @property
    def worst(self) -> int | None:
        """None if one seed did not catch it."""
        return None if None in self.needed else max(one for one in self.needed if one is not None)

    @property
    def faults(self) -> list[str]:
        """What the gate did wrong, a clause each."""
        out = []
        missed = self.needed.count(None)
        if missed:
            out.append(f"not caught within {self.within:,} cases by {missed} of {len(self.needed)} seeds")
        if not 1 <= len(self.causes) <= self.faces:
            out.append(f"named as {len(self.causes)} causes: {'; '.join(self.causes) or 'none'}")
        if self.wanted and self.minimum != self.wanted:
            out.append(f"minimised to {self.minimum!r} instead of {self.wanted!r}")
        return out


def plan_for(liar: Liar, seed: int = 0) -> Plan:
    """A campaign in which the liar has to be caught."""
    return Plan("reference", LIAR + liar.name, tuple(liar.twists), seed, liar.within, TIMEOUT)


def catch(_: Plan, name: str, seeds: int) -> Caught:
    """Everything about one liar; the plan is its own."""
    liar = LIARS[name]
    plan = plan_for(liar)
    results = [run_shard(plan, shard) for shard in plan.shards()]
    found = causes(plan, Here(), Groups(group for one in results for group in one.groups)).clusters
    return Caught(
        liar.name,
        liar.fault,
        liar.within,
        tuple(_needed(plan_for(liar, seed)) for seed in range(seeds)),
        tuple(cluster.title for cluster in found),
        found[0].input if found else "",
        liar.minimum,
        liar.causes,
    )


def _needed(plan: Plan) -> int | None:
    """How many generated cases a campaign puts until one shows the fault."""
    reference, candidate = subjects_of(plan)
    done = isolated(partial(_first, plan, reference, candidate), plan.timeout, plan.memory)
    return done.position + 1 if isinstance(done, Lost) else done.value


def _first(plan: Plan, reference: Subject, candidate: Subject, crumb: Breadcrumb) -> int | None:
    pair = Pair(reference, candidate, crumb.calling, crumb.beat)
    for position, case in enumerate(plan.campaign()):
        crumb.at(position)
        judgement = judge(case, pair, candidate_first=position % 2 == 1)
        if judgement.difference is not None:
            return position + 1
        if position % CHECK_EVERY == 0 and spot_check(case, pair, judgement) is not None:
            return position + 1
    return None
