"""Where choices come from: seeds, bytes, records, Hypothesis; and the shrinking of kept choices."""

from __future__ import annotations

import random

import pytest

from parity import cases
from parity.generate.byte_source import ByteSource, writing
from parity.generate.profiles import PROFILES, Arguments
from parity.generate.recording import ReplaySource, recording
from parity.generate.source import SeededSource, Source
from parity.lookup import cases_named
from parity.operations import OPERATIONS
from parity.tests.generated import written


def made(profile: str, source: Source) -> str:
    """The input in writing, in every shape."""
    makers = PROFILES[profile].make(source)
    return " | ".join(written(makers[takes]()) for takes in PROFILES[profile].takes)


def test_below_and_between_reach_both_ends_and_no_further() -> None:
    source = SeededSource("ends")
    assert {source.below(3) for _ in range(200)} == {0, 1, 2}
    assert {source.between(-1, 1) for _ in range(200)} == {-1, 0, 1}
    assert all(source.below(1) == 0 for _ in range(10))


def test_more_goes_on_for_the_average_asked_for() -> None:
    source = SeededSource("average")
    runs = 5000
    yes = sum(1 for _ in range(runs) for _ in iter(lambda: source.more(3), False))
    assert 2.8 < yes / runs < 3.2


def test_what_a_seeded_source_writes_out_for_speed_is_what_every_source_does() -> None:
    class Plain(SeededSource):
        pick, chance, more = Source.pick, Source.chance, Source.more

    quick, plain = SeededSource("speed", 7), Plain("speed", 7)
    for turn in range(300):
        assert quick.pick("abcdefg"[: turn % 7 + 1]) == plain.pick("abcdefg"[: turn % 7 + 1])
        assert quick.chance(turn % 5 + 2) == plain.chance(turn % 5 + 2)
        assert quick.more(turn % 4 + 1) == plain.more(turn % 4 + 1)


def test_a_stream_s_inputs_get_every_turn_and_others_any() -> None:
    assert [SeededSource("turns", number).turn(5) for number in range(3, 9)] == [3, 4, 0, 1, 2, 3]
    assert ByteSource(b"\x07").turn(5) == 2
    recorded = recording(SeededSource("turns", 8))
    assert [recorded.turn(5), recorded.below(2**32), recorded.turn(1)] == [
        3, SeededSource("turns", 8).below(2**32), 0
    ]  # fmt: skip
    assert ReplaySource(recorded.choices).turn(5) == 3


def test_streams_and_numbers_give_different_choices() -> None:
    origins = [("a", 0), ("a", 1), ("b", 0), ("a", 2**63)]
    assert len({SeededSource(*origin).bits(64) for origin in origins}) == len(origins)


@pytest.mark.parametrize("profile", PROFILES)
def test_any_bytes_make_an_input_and_the_same_bytes_the_same(profile: str) -> None:
    bytes_of = random.Random(profile).randbytes
    for size in (0, 1, 7, 50, 400):
        data = bytes_of(size)
        assert made(profile, ByteSource(data)) == made(profile, ByteSource(data))


@pytest.mark.parametrize("profile", PROFILES)
def test_no_bytes_make_a_plain_input(profile: str) -> None:
    assert len(made(profile, ByteSource(b""))) < 800
    assert made(profile, ByteSource(b"")) == made(profile, ByteSource(bytes(100)))


@pytest.mark.parametrize("profile", PROFILES)
def test_choices_written_as_bytes_make_the_same_input(profile: str) -> None:
    for index in range(60):
        source, written_bytes = writing(cases.source(profile, 5, index))
        first = made(profile, source)
        assert made(profile, ByteSource(bytes(written_bytes))) == first


def test_bytes_reach_every_profile_s_variety() -> None:
    bytes_of = random.Random(0).randbytes
    for profile in PROFILES:
        assert len({made(profile, ByteSource(bytes_of(200))) for _ in range(60)}) > 30


@pytest.mark.parametrize("profile", PROFILES)
def test_recorded_choices_replay_to_the_same_input(profile: str) -> None:
    for index in range(60):
        source = recording(cases.source(profile, 3, index))
        first = made(profile, source)
        assert made(profile, source.again()) == first
        assert made(profile, ReplaySource(source.choices)) == first
        assert made(profile, cases.source(profile, 3, index)) == first


def test_choices_that_are_missing_or_too_large_still_make_an_input() -> None:
    source = ReplaySource([10**9, 10**9])
    assert [source.below(4), source.below(1), source.bits(3), source.below(9)] == [3, 0, 7, 0]
    for profile in PROFILES:
        for index in range(20):
            kept = recording(cases.source(profile, 4, index))
            made(profile, kept)
            made(profile, ReplaySource(kept.choices[::-1]))
            made(profile, ReplaySource(kept.choices[: len(kept.choices) // 2]))


# ---- shrinking by Hypothesis ------------------------------------------------------


def first_case(profile: str, operation: str, holds: object) -> cases.Case:
    for index in range(5000):
        (case,) = cases.generated(profile, 0, index, [OPERATIONS[operation]])
        if holds(case.arguments()):  # type: ignore[operator]
            return case
    raise AssertionError("not found")


def has_number(arguments: Arguments) -> bool:
    return "1e16" in str(arguments[0])


def test_a_case_found_by_a_campaign_shrinks_to_what_matters() -> None:
    case = first_case("numbers", "normalize_json", lambda found: has_number(found) and len(found[0]) > 60)
    simpler = cases.shrink_with_hypothesis(case, has_number, calls=1500, seconds=60)
    assert simpler is not None
    assert len(str(simpler()[0])) <= len('{"id":0.0,"id":1e16}')


def test_objects_shrink_too() -> None:
    def raises(arguments: Arguments) -> bool:
        return "FailingKey(" in repr(arguments)

    case = first_case("python-objects", "process_export_payload_pyobject", raises)
    simpler = cases.shrink_with_hypothesis(case, raises, calls=1500, seconds=60)
    assert simpler is not None
    assert len(repr(simpler())) <= len("({'id': FailingKey(1)}, None)")


def test_shrinking_keeps_to_its_calls() -> None:
    asked = 0

    def still(arguments: Arguments) -> bool:
        nonlocal asked
        asked += 1
        return len(str(arguments[0])) > 40

    case = first_case("everyday", "normalize_json", lambda found: len(found[0]) > 200)
    assert cases.shrink_with_hypothesis(case, still, calls=25, seconds=60) is not None
    assert asked <= 25


def test_shrinking_tells_when_nothing_is_simpler() -> None:
    case = first_case("everyday", "normalize_json", lambda found: len(found[0]) > 20)
    assert cases.shrink_with_hypothesis(case, lambda found: False, calls=200, seconds=60) is None


def test_a_recorded_case_has_no_choices_to_shrink() -> None:
    (case,) = cases_named("recorded:0:normalize_json")
    assert cases.shrink_with_hypothesis(case, lambda found: True, calls=5, seconds=5) is None
