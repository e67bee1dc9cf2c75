"""What `make endtoend` found, read as a check: what applications under the real SDK export on the C core."""

from __future__ import annotations

from pathlib import Path

from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults, Format, read_results
from parity.endtoend.exported import Comparison

from .checks import Check, CheckRun, CheckVerdict, Finding

ENDTOEND_FORMAT = Format("driftcore end-to-end results", 1)

NATIVE = "native"
"""The path that is judged; others are compared to be told of."""


def read_endtoend(path: Path) -> CheckRun:
    """The comparisons of a complete file as one check; raises `DamagedResults`."""
    results = read_results(path, ENDTOEND_FORMAT)
    found: list[Comparison] = []
    try:
        for number, event in enumerate(results.events, start=2):
            if event.get("event") != "comparison":
                raise ValueError(f"line {number}: unknown event {event.get('event')!r}")
            fields = {name: value for name, value in event.items() if name != "event"}
            found.append(decode(Comparison, fields, f"line {number}"))
        counted = results.finished.get("comparisons")
        if counted != len(found):
            raise ValueError(f"{counted} comparisons are counted, {len(found)} are there")
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    judged = [one for one in found if one.path == NATIVE]
    spans, differing = sum(one.spans for one in judged), sum(one.differing for one in judged)
    check = Check(
        name="applications under the SDK",
        group="end to end",
        verdict=CheckVerdict.FAIL if differing else CheckVerdict.PASS if spans else CheckVerdict.INCONCLUSIVE,
        summary=f"the C core exports what Python does: {spans - differing:,} of {spans:,} spans",
        seconds=0.0,
        figures={"spans": spans, "differing": differing},
        findings=tuple(Finding(f"{one.app}: {one.first}") for one in judged if one.differing),
    )
    return CheckRun("make endtoend", None, (check,))
