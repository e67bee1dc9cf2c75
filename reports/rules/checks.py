"""What tests, hardening, counts and the other Pythons say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from driftgate.base.exit_codes import ExitCode
from driftgate.base.figures import count
from parity.matrix import Row

from ..checks import Check, CheckVerdict
from ..evidence import Evidence
from ..policy import Level
from ..reasons import Place, Reason, Verdict

_TO = {
    CheckVerdict.FAIL: Verdict.NO_GO,
    CheckVerdict.INCONCLUSIVE: Verdict.INCONCLUSIVE,
    CheckVerdict.UNFIT: Verdict.UNFIT,
}


def reasons(evidence: Evidence, level: Level) -> Iterator[Reason]:
    checks = evidence.checks
    for check in checks:
        if check.verdict is not CheckVerdict.PASS:
            text = f"{check.name}: {check.summary.rstrip('.')}"
            yield Reason(_TO[check.verdict], text, Place.CHECKS)
    known = {check.name for check in checks} | {check.group for check in checks}
    missing = [name for name in level.checks if name not in known]
    if missing:
        yield Reason(Verdict.INCONCLUSIVE, f"not checked: {', '.join(missing)}", Place.CHECKS)
    passed = [check for check in checks if check.verdict is CheckVerdict.PASS]
    if passed and len(passed) == len(checks):
        yield Reason(Verdict.GO, f"{_all(passed)} passed", Place.CHECKS)
    if evidence.matrix is not None:
        yield from _matrix(evidence.matrix)
    elif level.matrix:
        yield Reason(Verdict.INCONCLUSIVE, "other versions of Python were not looked at", Place.MATRIX)


def _all(passed: Sequence[Check]) -> str:
    names = ", ".join(check.name for check in passed)
    return names if len(passed) <= 3 else f"all {count(len(passed), 'check')}"


def _matrix(rows: Sequence[Row]) -> Iterator[Reason]:
    failed = [row.version for row in rows if row.code is ExitCode.FAIL]
    unproven = [row.version for row in rows if row.code not in (ExitCode.FAIL, ExitCode.PASS)]
    if failed:
        yield Reason(
            Verdict.NO_GO, f"under {', '.join(failed)} the core differs or its tests fail", Place.MATRIX
        )
    if unproven:
        yield Reason(Verdict.INCONCLUSIVE, f"under {', '.join(unproven)} nothing was proven", Place.MATRIX)
    if not failed and not unproven:
        yield Reason(
            Verdict.GO, f"the core equals the reference under {count(len(rows), 'Python')}", Place.MATRIX
        )
