"""A case: one operation and its arguments, found again from its id alone.

Ids read `g1:numbers:normalize_json:42:17` (generator version, profile, operation, seed,
index) or `recorded:3:normalize_json` (a number among the recorded fixtures).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .generate import GENERATOR_VERSION
from .generate.profiles import PROFILES, Arguments
from .generate.source import SeededSource
from .operations import OPERATIONS, Operation

RECORDED = "recorded"


class UnknownCase(ValueError):
    """An id that names no case; the message says which part is wrong."""


@dataclass(frozen=True)
class Case:
    """`arguments()` makes them anew on each call, so that no subject sees another's changes."""

    id: str
    profile: str
    operation: Operation
    arguments: Callable[[], Arguments]


def generated(profile: str, operation: Operation, seed: int, index: int) -> Case:
    """The case of a profile, an operation it serves, a seed and an index."""
    identity = f"g{GENERATOR_VERSION}:{profile}:{operation.name}:{seed}:{index}"
    make = PROFILES[profile].makes[operation.takes]
    return Case(identity, profile, operation, lambda: make(SeededSource(identity)))


def lanes(operations: Sequence[Operation]) -> list[tuple[str, Operation]]:
    """Every profile with every operation it serves."""
    return [
        (profile.name, operation)
        for operation in operations
        for profile in PROFILES.values()
        if operation.takes in profile.makes
    ]


def campaign(operations: Sequence[Operation], seed: int, count: int) -> Iterator[Case]:
    """`count` cases, taking turns between the lanes so that each gets its share."""
    turns = lanes(operations)
    for number in range(count):
        profile, operation = turns[number % len(turns)]
        yield generated(profile, operation, seed, number // len(turns))


def from_id(identity: str) -> Case:
    """The case an id names; raises `UnknownCase`."""
    if identity.startswith(f"{RECORDED}:"):
        return _recorded_from_id(identity)
    parts = identity.split(":")
    if len(parts) != 5:
        raise UnknownCase(
            f"{identity!r} is no case id: it has {len(parts)} parts, not version:profile:operation:seed:index"
        )
    version, profile, operation, seed, index = parts
    if version != f"g{GENERATOR_VERSION}":
        raise UnknownCase(f"{identity!r} was made by generator {version}, this one is g{GENERATOR_VERSION}")
    if profile not in PROFILES:
        raise UnknownCase(f"{identity!r}: no profile {profile!r}; there are {', '.join(PROFILES)}")
    found = _operation(identity, operation)
    if found.takes not in PROFILES[profile].makes:
        raise UnknownCase(f"{identity!r}: profile {profile} makes no cases for {operation}")
    try:
        return generated(profile, found, int(seed), int(index))
    except ValueError:
        raise UnknownCase(f"{identity!r}: seed and index must be ints") from None


def _operation(identity: str, name: str) -> Operation:
    if name not in OPERATIONS:
        raise UnknownCase(f"{identity!r}: no operation {name!r}; there are {', '.join(OPERATIONS)}")
    return OPERATIONS[name]


def _recorded_from_id(identity: str) -> Case:
    from .recorded import recorded_cases  # the fixtures are read only where they are asked for

    operation = _operation(identity, identity.rpartition(":")[2])
    for case in recorded_cases([operation]):
        if case.id == identity:
            return case
    raise UnknownCase(f"{identity!r}: no such recorded case")
