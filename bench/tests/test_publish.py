"""Figures in texts come from the signed-off result, and no other figure stands there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.claims import publish
from bench.claims.publish import Unpublishable, generated, unclaimed
from bench.events import Claim, Event, Finished, SelfTest
from bench.results import Results
from driftgate.base.exit_codes import ExitCode

from . import made

TEST = SelfTest((), 0.01, 0.02, "PASS", "")


def results(*events: Event, release: bool = True) -> Results:
    finished = Finished(1.0, ExitCode.PASS, "PASS: it holds.")
    return Results(made.started(release=release), events, finished)


@pytest.fixture
def signed(tmp_path: Path) -> publish.Signed:
    open_ = made.claim("INCONCLUSIVE", "open")
    publish.sign(results(TEST, made.claim(), open_), tmp_path / "signed.json")
    found = publish.read(tmp_path / "signed.json")
    assert found is not None
    return found


def test_the_figures_of_this_checkout_are_those_of_the_signed_off_result() -> None:
    """When this fails: `python -m bench figures --write`, or put markers around a new figure."""
    assert publish.check_all() == []


def test_a_figure_is_put_between_its_markers(signed: publish.Signed) -> None:
    text = "It is <!-- claim fast -->3 times<!-- /claim --> as fast."
    assert generated(text, signed) == "It is <!-- claim fast -->12.0 times<!-- /claim --> as fast."
    assert list(unclaimed(text)) == []


def test_the_table_has_what_passed_and_nothing_else(signed: publish.Signed) -> None:
    text = generated("before\n<!-- claims -->\nold\n<!-- /claims -->\nafter\n", signed)
    assert "| It is fast. | 12.0× | 11.8–12.2 | ≥ 10.0× |" in text
    assert text.count("| It is fast. |") == 1
    assert text.startswith("before\n<!-- claims -->\n| claim |") and text.endswith(
        "<!-- /claims -->\nafter\n"
    )
    assert generated(text, signed) == text
    assert list(unclaimed(text)) == []


def test_before_the_first_signed_result_the_table_says_so() -> None:
    assert publish.NOT_YET in generated("<!-- claims -->\n<!-- /claims -->\n", None)


@pytest.mark.parametrize("name", ["unknown", "open"])
def test_a_figure_that_is_not_proved_is_refused(signed: publish.Signed, name: str) -> None:
    with pytest.raises(Unpublishable, match=name):
        generated(f"<!-- claim {name} -->x<!-- /claim -->", signed)


@pytest.mark.parametrize(
    "text",
    [
        "19.0 times as fast",
        "12×",
        "up to 5.5 × more",
        "3x faster",
        "1,000 times\u00a0faster",
        "a 4-fold gain",
    ],
)
def test_a_speed_up_without_a_claim_is_found_with_its_line(text: str) -> None:
    ((line, what),) = unclaimed(f"first\n\nIt is {text}.\n")
    assert line == 3 and "has no claim" in what


@pytest.mark.parametrize("text", ["two or three times", "0.8 times", "version 2.1", "takes 30 ms", "2 x 3"])
def test_other_numbers_are_no_speed_ups(text: str) -> None:
    assert list(unclaimed(text)) == []


def test_only_a_whole_release_run_without_a_failure_is_signed(tmp_path: Path) -> None:
    path = tmp_path / "signed.json"
    for refused, why in (
        (results(TEST, made.claim(), release=False), "only a whole release run"),
        (results(TEST), "only a whole release run"),
        (results(made.claim()), "failed its own test"),
        (results(replace(TEST, verdict="UNFIT"), made.claim()), "failed its own test"),
        (results(TEST, made.claim(), made.claim("FAIL", "slow")), "slow: a claim that does not hold"),
    ):
        with pytest.raises(Unpublishable, match=why):
            publish.sign(refused, path)
    assert not path.exists()


def test_texts_are_written_and_checked(tmp_path: Path) -> None:
    claims: list[Claim] = [made.claim()]
    publish.sign(results(TEST, *claims), tmp_path / "signed.json")
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("<!-- claim fast --><!-- /claim -->\n")
    (tmp_path / "docs" / "more.md").write_text("It is 7 times as fast.\n")
    (tmp_path / "docs" / "performance.md").write_text("It became 7 times as fast: a log.\n")
    assert publish.check_all(tmp_path, tmp_path / "signed.json") == [
        "README.md: its figures are not those of the signed-off result: python -m bench figures --write",
        "docs/more.md:1: '7 times as fast' has no claim; put a marker around it, or take it out",
    ]
    assert len(publish.write_all(tmp_path, tmp_path / "signed.json")) == 1
    assert (tmp_path / "README.md").read_text() == "<!-- claim fast -->12.0 times<!-- /claim -->\n"


def test_a_figure_that_is_refused_leaves_every_text(tmp_path: Path) -> None:
    publish.sign(results(TEST, made.claim()), tmp_path / "signed.json")
    (tmp_path / "docs").mkdir()
    texts = {
        "README.md": "<!-- claim fast -->old<!-- /claim -->\n",
        "docs/more.md": "<!-- claim no --><!-- /claim -->\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(Unpublishable, match="no claim 'no'"):
        publish.write_all(tmp_path, tmp_path / "signed.json")
    assert {name: (tmp_path / name).read_text() for name in texts} == texts


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"commit": 1, "commit": 2}']
)
def test_a_damaged_result_is_not_published(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "signed.json").write_bytes(content)
    with pytest.raises(Unpublishable, match=r"signed\.json is damaged"):
        publish.read(tmp_path / "signed.json")
