"""The table of platforms in docs/compatibility.md, from the committed results.

`python -m scripts.platforms.page` writes it anew; a test fails where it differs.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("scripts.platforms.page")

from collections.abc import Collection, Mapping
from pathlib import Path

from driftgate.base.exit_codes import Unfit
from driftgate.base.rewriting import rewriting
from reports.checks import Check, CheckVerdict, read_checks

from .steps import C_TESTS, CAMPAIGN, COMPILED, STEPS, TESTS, WHEEL, title
from .targets import TARGETS, Target, has_extension, results_in

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results")
PAGE = ROOT / "docs" / "compatibility.md"

BEGIN, END = "<!-- platforms: made by python -m scripts.platforms.page -->", "<!-- /platforms -->"

NOTHING = "-"


def status_of(target: Target, passed: Collection[str]) -> str:
    """What the steps that passed say together: never more than was run."""
    if {WHEEL, TESTS, CAMPAIGN} <= set(passed):
        return "proven"
    if C_TESTS in passed:
        linked = "wheel" if WHEEL in passed else "extension" if has_extension(target) else ""
        return f"C core proven, {linked} compiled and linked only" if linked else "C core proven"
    if COMPILED in passed or WHEEL in passed:
        return "compiled and linked only" if has_extension(target) else "C core compiled and linked only"
    return "no result"


def table(checks: Mapping[str, Check]) -> str:
    """A row for each target, whether or not anything of it was run."""
    lines = [f"| platform | upstream | here | {' | '.join(STEPS)} |", f"|{'---|' * (len(STEPS) + 3)}"]
    for target in TARGETS:
        found = [checks.get(title(target.platform, step)) for step in STEPS]
        passed = [
            step
            for step, check in zip(STEPS, found)
            if check is not None and check.verdict is CheckVerdict.PASS
        ]
        cells = [NOTHING if check is None else _cell(check) for check in found]
        begin = f"| {target.platform} | {target.upstream} | **{status_of(target, passed)}** |"
        lines.append(f"{begin} {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(check: Check) -> str:
    how = {CheckVerdict.PASS: "", CheckVerdict.INCONCLUSIVE: "not run: "}.get(check.verdict, "FAILED: ")
    return f"{how}{check.summary}".replace("|", "\\|")


def with_table(text: str, made: str) -> str:
    """The page with the table between its markers; raises `Unfit` where they are not there once."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Unfit(f"the page has no {BEGIN} or no {END} behind it")
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def committed() -> dict[str, Check]:
    """The checks of all targets that have committed results, by name."""
    found = (results_in(RESULTS, target) for target in TARGETS)
    return {check.name: check for path in found if path.exists() for check in read_checks(path).checks}


def files() -> dict[Path, str]:
    """The page as it should be."""
    return {PAGE: with_table(PAGE.read_text(encoding="utf-8"), table(committed()))}


main, parser = rewriting("scripts.platforms.page", "Write the table in docs/compatibility.md anew.", files)
