"""The law by which a campaign scales, and that it is fed by what is measured."""

from __future__ import annotations

import pytest

from scripts.scaling import BEYOND, Law, Measured, law, text

ONE = Measured(count=1, cases=8000, shards=3, seconds=5.0, serial=1.0, workers=4.0, scheduler=0.1, client=0.2)
TWO = Measured(count=2, cases=8000, shards=3, seconds=2.5, serial=1.0, workers=4.0, scheduler=0.1, client=0.2)


def test_without_feeding_it_is_amdahls_law() -> None:
    found = Law(serial=1.0, work=9.0, feeding=0.0)
    for workers in (1, 2, 10, 1000):
        assert found.speed_up(workers) == pytest.approx(1 / (0.1 + 0.9 / workers))


def test_more_workers_than_can_be_fed_give_nothing() -> None:
    found = Law(serial=0.0, work=8.0, feeding=0.5)
    assert found.fed == 16
    assert [found.speed_up(workers) for workers in (2, 16, 32)] == [2, 16, 16]


def test_of_a_longer_campaign_the_serial_share_is_smaller_and_the_feeding_limit_the_same() -> None:
    short = Law(serial=1.0, work=4.0, feeding=0.2)
    assert short.of(1000).speed_up(8) > short.speed_up(8)
    assert short.of(1000).fed == pytest.approx(short.fed)


def test_the_law_is_of_medians_and_the_busier_of_client_and_scheduler() -> None:
    assert law([ONE, TWO]) == Law(1.0, 4.0, 0.2)


def test_the_text_has_both_measured_rows_and_those_of_the_law() -> None:
    lines = text([ONE, TWO]).splitlines()
    assert lines[1].split()[:2] == ["1", "1,600"] and lines[2].split()[:2] == ["2", "3,200"]
    assert lines[3] == "two against one, round by round: 2.00"
    assert len(lines) == 7 + len(BEYOND) + 2
