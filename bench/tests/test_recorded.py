"""The check on recorded traffic: a brief look at all, a long one where that does not settle it."""

from __future__ import annotations

import itertools

from bench.events import Event, Pair, Progress
from bench.pairs.contest import Contest, Settings
from bench.pairs.recorded import BRIEF, BRIEF_RELEASE, LONG, Look, Speed, check, speed
from bench.pairs.schedule import subject_first
from bench.stats.order import fewest_blocks

from . import made
from .scripted import ScriptedClock, contest, given, subject

SHORT = Look(Settings(blocks=8, fewest=8, batch_ns=20_000), 0.99)
THOROUGH = Look(Settings(blocks=12, fewest=12, batch_ns=20_000), 0.95)


def checked(contests: list[Contest], clock: ScriptedClock) -> list[Pair]:
    found: list[Event] = list(check(contests, 0, clock, SHORT, THOROUGH))
    assert [event.done for event in found if isinstance(event, Progress)] == list(range(len(contests)))
    return [event for event in found if isinstance(event, Pair)]


def test_the_interval_decides() -> None:
    assert speed(made.pair(1.0, 1.2, 1.3)) is Speed.FASTER
    assert speed(made.pair(0.99, 1.2, 1.3)) is Speed.UNDECIDED
    assert speed(made.pair(0.8, 0.9, 1.0)) is Speed.UNDECIDED
    assert speed(made.pair(0.8, 0.9, 0.99)) is Speed.SLOWER


def test_a_faster_subject_is_settled_by_the_brief_look() -> None:
    clock = ScriptedClock()
    (found,) = checked([contest(clock, 1_000, 1_100)], clock)
    assert (found.settled, speed(found), found.ratio.count) == (True, Speed.FASTER, 8)


def test_a_planted_slow_down_of_a_few_percent_is_found_by_the_long_look() -> None:
    clock = ScriptedClock()
    first, second = checked([contest(clock, 1_030, 1_000)], clock)
    assert (first.settled, first.ratio.count) == (False, 8)
    assert (second.settled, second.ratio.count, speed(second)) == (True, 12, Speed.SLOWER)
    what = "normalize_json(tiny)/native against reference"
    assert subject_first(8, f"0/{what}") != subject_first(8, f"1/{what}"), "each look has a seed of its own"


def test_two_equally_fast_subjects_are_not_called_slower() -> None:
    clock = ScriptedClock()
    noise = itertools.cycle([1_000, 1_060, 980, 1_010, 1_040])
    even = Contest(
        subject("native", clock, lambda: next(noise)),
        subject("reference", clock, lambda: next(noise)),
        given(),
    )
    assert speed(checked([even], clock)[-1]) is not Speed.SLOWER


def test_the_settings_in_force_have_intervals() -> None:
    for look in (BRIEF, BRIEF_RELEASE, LONG):
        assert look.settings.fewest >= fewest_blocks(look.confidence)
    assert (BRIEF.confidence, LONG.confidence) == (0.99, 0.999)
