"""The HTML report in a real browser: quiet, alone, readable at once, usable by keyboard and by ear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reports import bundle
from reports.signoff import sign_off

from .. import samples
from ..test_formats import HOSTILE, everything
from .conftest import FOLDERS

DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Seen:
    """What a page did while it was open."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Any, path: Path, size: dict[str, int] = DESK, scheme: str = "light") -> Iterator[Seen]:
    """A page in a context of its own; at the end it must have said and asked for nothing."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    seen = Seen(page)
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(path.resolve().as_uri())
    yield seen
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in seen.requests if url.startswith("file:")]) == 1
    context.close()


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize(("device", "size"), [("desk", DESK), ("phone", PHONE)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdict_is_seen_without_scrolling(
    browser: Any,
    reports_folder: Path,
    screenshots: Path,
    name: str,
    device: str,
    size: dict[str, int],
    scheme: str,
) -> None:
    with opened(browser, reports_folder / name / "signoff.html", size, scheme) as seen:
        mark = seen.page.locator("h1 .mark")
        assert mark.inner_text() == name.upper()
        box = seen.page.locator(".verdict .sentence").bounding_box()
        assert box["y"] + box["height"] <= size["height"]
        across = seen.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert across <= 0, "the page is wider than the screen"
        seen.page.screenshot(path=screenshots / f"{name}-{device}-{scheme}.png")
        seen.page.screenshot(path=screenshots / f"{name}-{device}-{scheme}-whole.png", full_page=True)


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_check_is_clean(
    browser: Any, reports_folder: Path, axe: str, name: str, scheme: str
) -> None:
    with opened(browser, reports_folder / name / "signoff.html", scheme=scheme) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        seen.page.evaluate(axe)  # by the debugger, which the page's security policy does not bind
        found = seen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []


def test_claims_filter_by_verdict_and_by_text(browser: Any, tmp_path: Path) -> None:
    folder = samples.Folder(claims=samples.BenchRun(verdicts={"hash-rust-mean": "FAIL"}))
    bundle.write(sign_off(folder.write(tmp_path), "signoff"), tmp_path)
    with opened(browser, tmp_path / "signoff.html") as seen:
        table = seen.page.locator("#claims-table")
        rows = table.locator("tbody tr:visible")
        every = rows.count()
        assert every > 20
        table.locator("select").nth(1).select_option("FAIL")
        assert rows.count() == 1
        assert rows.first.locator("th").inner_text() == "hash-rust-mean"
        assert table.locator("output").inner_text() == f"1 of {every} rows"
        table.locator("select").nth(1).select_option("")
        table.locator("input").fill("growth")
        assert 1 < rows.count() < every


def test_tables_sort_by_number_and_by_keyboard(browser: Any, reports_folder: Path) -> None:
    with opened(browser, reports_folder / "no-go" / "signoff.html") as seen:
        table = seen.page.locator("#causes")
        head = table.locator("thead th").nth(3)
        head.locator("button").focus()
        seen.page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        cells = [int(text) for text in table.locator("tbody tr td:nth-child(4)").all_inner_texts()]
        assert cells == sorted(cells)
        seen.page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "descending"


def test_a_reason_leads_to_its_evidence_and_a_cause_unfolds(browser: Any, reports_folder: Path) -> None:
    with opened(browser, reports_folder / "no-go" / "signoff.html") as seen:
        seen.page.locator(".reasons a").first.click()
        assert seen.page.url.endswith("#mismatches")
        entry = seen.page.locator("#mismatch-2")
        entry.evaluate("(one) => { one.open = false; }")
        seen.page.locator("#causes a").nth(1).click()
        assert entry.evaluate("(one) => one.open")


def test_it_prints(browser: Any, reports_folder: Path, screenshots: Path) -> None:
    with opened(browser, reports_folder / "no-go" / "signoff.html", scheme="dark") as seen:
        pdf = seen.page.pdf(path=screenshots / "no-go.pdf", format="A4")
        assert pdf.startswith(b"%PDF")
        seen.page.emulate_media(media="print")
        assert (
            seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            == "rgb(255, 255, 255)"
        )


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_hostile_text_does_not_run_nor_break_the_page(
    browser: Any, tmp_path: Path, screenshots: Path, at: int
) -> None:
    bundle.write(sign_off(everything(HOSTILE[at]).write(tmp_path), "signoff"), tmp_path)
    with opened(browser, tmp_path / "signoff.html") as seen:
        seen.page.on("dialog", lambda dialog: seen.errors.append(dialog.message))
        assert seen.page.locator("footer").count() == 1
        assert seen.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        seen.page.screenshot(path=screenshots / f"hostile-{at}.png")


def test_a_page_of_many_causes_opens_within_a_second_of_the_browsers_own_clock(
    browser: Any, tmp_path: Path
) -> None:
    """The time from navigation to load as the browser reports it is shown, and kept beside the pictures."""
    folder = samples.no_go()
    text = "y" * 5_000
    folder.parity.clusters = [
        samples.cluster(at, count=0, expected=text, actual=text, input=text) for at in range(3_000)
    ]
    bundle.write(sign_off(folder.write(tmp_path), "signoff"), tmp_path)
    with opened(browser, tmp_path / "signoff.html") as seen:
        timing = seen.page.evaluate(
            "(() => { const one = performance.getEntriesByType('navigation')[0];"
            " return { loaded: one.loadEventEnd, bytes: document.documentElement.outerHTML.length }; })()"
        )
        print(json.dumps(timing))
        assert timing["bytes"] < 3_000_000
