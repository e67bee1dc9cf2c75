"""Debian's Chromium, driven by Playwright; the tests are skipped where either is missing.

`make test-browser` installs both and fails instead of skipping.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports import bundle
from reports.signoff import sign_off

from .. import samples

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path("build/browser/node_modules/axe-core/axe.min.js")
SCREENSHOTS = Path("build/screenshots")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FOLDERS = {"go": samples.Folder, "no-go": samples.no_go, "inconclusive": samples.inconclusive}


def missing(what: str) -> None:
    """Skip, or fail where the tests were asked for."""
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(f"{what} is missing; run: make test-browser")
    pytest.skip(f"{what} is missing; make test-browser installs it")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), headless=True, chromium_sandbox=False, args=ARGUMENTS
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        missing("axe-core")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def reports_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a signed-off folder of each verdict."""
    top = tmp_path_factory.mktemp("reports")
    for name, folder in FOLDERS.items():
        bundle.write(sign_off(folder().write(top / name), "signoff"), top / name)
    return top


@pytest.fixture
def screenshots() -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS
