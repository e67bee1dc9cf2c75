"""Counts add up, over lanes and over shards."""

from __future__ import annotations

from parity.census import COUNTS, Tally, merged, tally, total


def test_compared_and_generated_follow_from_the_rest() -> None:
    counts = {"both_value": 5, "both_error": 3, "one_error": 1, "lost": 2, "no_verdict": 4, "skipped": 7}
    one = tally("normalize_json", "numbers", counts)
    assert (one.compared, one.generated) == (11, 22)


def test_own_values_leave_out_what_was_punted() -> None:
    assert tally("normalize_json", "numbers", {"both_value": 5, "punted_value": 2}).own_values == 3


def test_merging_keeps_lanes_apart_and_their_order() -> None:
    first = [Tally("b", "numbers", generated=1), Tally("a", "numbers", generated=2)]
    second = [Tally("a", "limits", generated=4), Tally("b", "numbers", generated=8)]
    assert merged([*first, *second]) == (
        Tally("b", "numbers", generated=9),
        Tally("a", "numbers", generated=2),
        Tally("a", "limits", generated=4),
    )


def test_merging_in_any_order_gives_the_same_counts() -> None:
    shards = [Tally(name, "p", *range(at, at + len(COUNTS))) for at, name in enumerate("abab")]
    assert set(merged(shards)) == set(merged(reversed(shards)))


def test_total_sums_every_count() -> None:
    parts = [Tally("a", "p", *range(len(COUNTS))), Tally("b", "q", *range(len(COUNTS)))]
    summed = total(parts)
    assert [getattr(summed, name) for name in COUNTS] == [2 * at for at in range(len(COUNTS))]
