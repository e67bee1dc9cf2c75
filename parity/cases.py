"""A case: one operation and its arguments, found again from its id alone.

One generated input is put to every operation that can take it.  Ids read
`g2:numbers:42:17:normalize_json` (generator version, profile, seed, index; the operation
is left out to mean all that take the input).  Cases that are kept have ids of their own
(`lookup`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from driftgate.base.exit_codes import UsageError

from .generate import GENERATOR_VERSION
from .generate.profiles import PROFILES, Arguments, Profile
from .generate.source import SeededSource, Source
from .operations import OPERATIONS, Operation
from .surroundings import USUAL, Surroundings

_SEED, _INDEX = re.compile(r"-?[0-9]{1,25}", re.ASCII), re.compile(r"[0-9]{1,25}", re.ASCII)


class UnknownCase(UsageError, ValueError):
    """An id that names no case; the message says which part is wrong."""


@dataclass(frozen=True, init=False)
class Case:
    """`arguments()` makes them anew on each call, so that no subject sees another's changes.

    `within` says where the candidate is called.
    """

    id: str
    profile: str
    operation: Operation
    arguments: Callable[[], Arguments]
    within: Surroundings

    def __init__(
        self,
        id: str,
        profile: str,
        operation: Operation,
        arguments: Callable[[], Arguments],
        within: Surroundings = USUAL,
    ) -> None:
        # Seven cases come of an input, and setting a frozen field by field costs thrice as much.
        self.__dict__.update(id=id, profile=profile, operation=operation, arguments=arguments, within=within)


def generated(profile: str, seed: int, index: int, operations: Sequence[Operation]) -> list[Case]:
    """The cases of one input: those of `operations` that can take it, in their order."""
    identity = f"{_stream(profile, seed)}:{index}"
    makers, within = PROFILES[profile].make(source(profile, seed, index)), PROFILES[profile].within(index)
    return [
        Case(f"{identity}:{operation.name}", profile, operation, makers[operation.takes], within)
        for operation in operations
        if operation.takes in makers
    ]


def source(profile: str, seed: int, index: int) -> Source:
    """The choices an input is made from."""
    return SeededSource(_stream(profile, seed), index)


def _stream(profile: str, seed: int) -> str:
    return f"g{GENERATOR_VERSION}:{profile}:{seed}"


_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Campaign:
    """Inputs numbered from 0, enough to give at least `cases` cases of some operations.

    Profiles take turns by their weight, so that any run of numbers has its share of each.
    Which input a number has depends on the operations, but what is in it does not.
    """

    operations: Sequence[Operation]
    seed: int
    cases: int

    @cached_property
    def inputs(self) -> int:
        """How many inputs give at least `cases` cases."""
        turns, per_turn = self._turns, [self._takers(profile) for profile, _ in self._turns]
        rounds, wanted = divmod(self.cases, sum(per_turn)) if turns else (0, 0)
        count = rounds * len(turns)
        while wanted > 0:
            wanted -= per_turn[count % len(turns)]
            count += 1
        return count

    @cached_property
    def planned(self) -> int:
        """How many cases those inputs give."""
        per_turn = [self._takers(profile) for profile, _ in self._turns]
        rounds, rest = divmod(self.inputs, len(per_turn)) if per_turn else (0, 0)
        return rounds * sum(per_turn) + sum(per_turn[:rest])

    def at(self, number: int) -> list[Case]:
        """The cases of input `number`."""
        rounds, turn = divmod(number, len(self._turns))
        profile, earlier = self._turns[turn]
        return generated(profile.name, self.seed, rounds * profile.weight + earlier, self.operations)

    def size(self, number: int) -> int:
        """How many cases input `number` gives, told without making them."""
        return self._takers(self._turns[number % len(self._turns)][0])

    def __iter__(self) -> Iterator[Case]:
        """The cases of every input in turn."""
        for number in range(self.inputs):
            yield from self.at(number)

    @cached_property
    def _turns(self) -> list[tuple[Profile, int]]:
        """One round: whose turn it is and how many turns of that profile came before in the round.

        Each profile's turns are as far from one another as can be, and begin somewhere else: multiples of
        the golden ratio fill a round evenly, however many there are.
        """
        profiles = [profile for profile in PROFILES.values() if self._takers(profile)]
        spread = sorted(
            ((earlier + order * _GOLDEN % 1) / profile.weight, order, earlier)
            for order, profile in enumerate(profiles)
            for earlier in range(profile.weight)
        )
        return [(profiles[order], earlier) for _, order, earlier in spread]

    def _takers(self, profile: Profile) -> int:
        return sum(operation.takes in profile.takes for operation in self.operations)


def from_id(identity: str) -> list[Case]:
    """The generated cases an id names, all of an input where it names no operation; raises `UnknownCase`."""
    parts = identity.split(":")
    if len(parts) not in (4, 5):
        raise UnknownCase(
            f"{identity!r} is no case id, which is version:profile:seed:index:operation, nor a saved case"
        )
    version, profile, seed, index = parts[:4]
    if version != f"g{GENERATOR_VERSION}":
        raise UnknownCase(f"{identity!r} was made by generator {version}, this one is g{GENERATOR_VERSION}")
    if profile not in PROFILES:
        raise UnknownCase(f"{identity!r}: no profile {profile!r}; there are {', '.join(PROFILES)}")
    operations = [_operation(identity, name) for name in parts[4:]] or list(OPERATIONS.values())
    if not (_SEED.fullmatch(seed) and _INDEX.fullmatch(index)):
        raise UnknownCase(f"{identity!r}: seed and index must be ints, the index not negative")
    cases = generated(profile, int(seed), int(index), operations)
    if not cases:
        raise UnknownCase(f"{identity!r}: profile {profile} makes no cases for {operations[0].name}")
    return cases


def _operation(identity: str, name: str) -> Operation:
    if name not in OPERATIONS:
        raise UnknownCase(f"{identity!r}: no operation {name!r}; there are {', '.join(OPERATIONS)}")
    return OPERATIONS[name]


def shrink_with_hypothesis(
    case: Case, still: Callable[[Arguments], bool], *, calls: int, seconds: float
) -> Callable[[], Arguments] | None:
    """Simpler arguments for which `still` holds, made by the same profile; None if none were found.

    For a generated case only: its id says which choices it was made from.  `still` is asked
    at most `calls` times and for about `seconds` seconds.
    """
    from .generate.hypothesis_source import shrink  # Hypothesis takes long to import

    if case.profile not in PROFILES:
        return None
    _, _, seed, index, _ = case.id.split(":")
    make, takes = PROFILES[case.profile].make, case.operation.takes
    found = shrink(
        lambda choices: make(choices)[takes](),
        source(case.profile, int(seed), int(index)),
        still,
        calls=calls,
        seconds=seconds,
    )
    return None if found is None else make(found)[takes]
