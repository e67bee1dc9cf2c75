"""A contest by names: what a process is told, and how it finds subjects and input again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from parity.subjects import Subject, load

from . import limits, planted
from .contest import Contest, Settings
from .inputs import named
from .timing import Clock

PAIR, SELF_TEST, LADDER, GENERATED = "pair", "self-test", "ladder", "generated"


@dataclass(frozen=True)
class Task:
    """Subject against another on an input of an operation.

    `against` is a subject, a limit, or the subject itself with ` again` or ` slowed by N%`
    behind its name.  `role` says what the sample is for, and how long to look.
    """

    role: str
    operation: str
    input: str
    subject: str
    against: str


@dataclass(frozen=True)
class Effort:
    """How long to look at a task by its role."""

    pair: Settings
    brief: Settings

    def of(self, task: Task) -> Settings:
        return self.pair if task.role in (PAIR, SELF_TEST) else self.brief


QUICK = Effort(
    pair=Settings(blocks=8, fewest=4, batch_ns=600_000, budget_ns=30_000_000, longest_call_ns=200_000_000),
    brief=Settings(blocks=4, fewest=2, batch_ns=120_000, budget_ns=6_000_000, longest_call_ns=200_000_000),
)
RELEASE = Effort(
    pair=Settings(blocks=20, fewest=6, batch_ns=750_000, budget_ns=150_000_000, longest_call_ns=200_000_000),
    brief=Settings(blocks=6, fewest=2, batch_ns=250_000, budget_ns=20_000_000, longest_call_ns=200_000_000),
)


def contest(task: Task, clock: Clock) -> Contest:
    """The contest of a task.  Raises `Unfit` where a subject cannot be loaded, ValueError for a bad input."""
    subject, given = subject_named(task.subject), named(task.operation, task.input)
    if task.against in limits.NAMES:
        limit = _limit(task.against)
        return Contest(subject, limit.subject, given, limit.input_for(given), task.role)
    name, _, share = task.against.partition(planted.SLOWED)
    if share:
        planted_share = float(share.rstrip("%")) / 100
        subject, against = planted.slowed(subject_named(name), planted_share, given, clock)
    elif task.against.endswith(planted.AGAIN):
        against = planted.again(subject_named(task.against[: -len(planted.AGAIN)]))
    else:
        against = subject_named(task.against)
    return Contest(subject, against, given, role=task.role)


def subjects_of(task: Task) -> set[str]:
    """Names of the subjects, or of a limit, that a task takes."""
    against = task.against.partition(planted.SLOWED)[0]
    return {task.subject, against[: -len(planted.AGAIN)] if against.endswith(planted.AGAIN) else against}


@cache
def subject_named(name: str) -> Subject:
    return load(name)


@cache
def _limit(name: str) -> limits.Limit:
    return limits.load(name)
