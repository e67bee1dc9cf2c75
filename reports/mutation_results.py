"""What `make mutation` found, read as a check: how many faults planted in the C core the gate caught."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults, Json, read_results
from parity.mutation.record import FORMAT
from parity.mutation.score import TARGET

from .checks import Check, CheckRun, CheckVerdict, Finding, commit_in


def read_mutation(path: Path) -> CheckRun:
    """The score of a complete file, its survivors as findings; raises `DamagedResults`."""
    results = read_results(path, FORMAT)
    footer = results.finished
    try:
        mutants, caught, equivalent, survived = (
            decode(int, footer.get(name), f"the footer: {name}")
            for name in ("mutants", "caught", "equivalent", "survived")
        )
        share, alone = (
            decode(float, footer.get(name), f"the footer: {name}")
            for name in ("share", "share_of_comparison")
        )
        half = footer.get("seconds_to_catch_half")
        commit = commit_in(results.started)
        if mutants != len(results.events) or mutants != caught + equivalent + survived:
            raise ValueError("the mutants it lists are not those it counts")
        whole = decode(bool, results.started.get("all_mutants"), "the header: all_mutants")
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    verdict = CheckVerdict.PASS if whole else CheckVerdict.INCONCLUSIVE
    check = Check(
        name="mutation score",
        group="mutation",
        verdict=CheckVerdict.FAIL if share < TARGET else verdict,
        summary=(
            f"the comparison alone caught {alone:.2%} of {mutants - equivalent:,} mutants that are not "
            f"equivalent, with costs and tests beside it {share:.2%}"
        ),
        seconds=0.0,
        figures={
            "mutants": mutants,
            "caught": caught,
            "equivalent": equivalent,
            "seconds to catch half": half,
        },
        findings=tuple(_survivor(event) for event in results.events if _has_survived(event)),
    )
    return CheckRun("make mutation", None, (check,), commit)


def _has_survived(event: Mapping[str, Json]) -> bool:
    return event.get("end") == "survived" and event.get("equivalent") is None


def _survivor(event: Mapping[str, Json]) -> Finding:
    text = f"{event.get('kind')} in {event.get('function')}: {event.get('before')} → {event.get('after')}"
    file, line = event.get("file"), event.get("line")
    return Finding(
        f"survived: {text}",
        file if isinstance(file, str) else None,
        line if isinstance(line, int) else None,
    )
