"""A command run as a check: what its exit code, its end and its JUnit reports say together.

    FAIL           a test failed or met an error, whatever the exit code; the command died, or says so
    UNFIT          the command could not be run or says so, or a report is missing, stale or no report
    INCONCLUSIVE   the command says so, or no test was run
    PASS           none of these

The first that applies decides.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import ExitCode, UsageError
from driftgate.base.files import require_target
from driftgate.base.junit import JUnit, looks_like_junit, read_junit
from driftgate.base.result_file import DamagedResults, Json

from .checks import Check, CheckRun, CheckVerdict, Finding
from .followed import Ended, Tell, follow
from .masking import masked, masked_line

_BY_EXIT_CODE = {
    ExitCode.PASS: CheckVerdict.PASS,
    ExitCode.INCONCLUSIVE: CheckVerdict.INCONCLUSIVE,
    ExitCode.UNFIT: CheckVerdict.UNFIT,
}
_ORDER = (CheckVerdict.FAIL, CheckVerdict.UNFIT, CheckVerdict.INCONCLUSIVE, CheckVerdict.PASS)

_NO_TESTS = 5
"""What pytest and unittest end with where they found no test."""

_SLUG_LENGTH = 60


@dataclass(frozen=True)
class _Said:
    """What one witness makes of a check: its verdict and, where it is not a pass, why."""

    verdict: CheckVerdict
    why: str = ""


@dataclass(frozen=True)
class _Stamp:
    """What tells a file that was written again from one that was not."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @staticmethod
    def of(path: Path) -> _Stamp | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return _Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def file_name(name: str) -> str:
    """The file of a check by its name: two names, however alike, have two, and none leads elsewhere."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower(), flags=re.ASCII).strip("-")[:_SLUG_LENGTH].strip("-")
    if slug == name:
        return f"check-{slug}.ndjson"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"check-{slug}.{digest}.ndjson" if slug else f"check.{digest}.ndjson"


def require_report(path: Path) -> Path:
    """Where a command may write its JUnit report; raises `UsageError` for a file that is something else."""
    target = require_target(path)
    if target.exists() and not looks_like_junit(target):
        raise UsageError(f"{path} holds no JUnit report; it stays, and a check does not read it")
    return path


def run_check(
    name: str,
    group: str,
    command: Sequence[str],
    sha256: str | None,
    junit: Sequence[Path] = (),
    tell: Tell = print,
    clock: Callable[[], float] = time.monotonic,
) -> CheckRun:
    """Run a command as a check; `tell` is given each line that it prints.

    `junit` are reports that the command writes: their counts become figures, their failures findings.
    They are read and left; one that the command did not write is stale.
    """
    for report in junit:
        require_report(report)
    before = [_Stamp.of(report) for report in junit]
    begun = clock()
    ended = follow(command, tell, [verdict.value for verdict in CheckVerdict])
    seconds = clock() - begun
    said: list[_Said] = []
    suites: list[JUnit] = []
    for report, stamp in zip(junit, before):
        try:
            suites.append(_written_by_it(report, stamp))
        except DamagedResults as error:
            said.append(_Said(CheckVerdict.UNFIT, str(error)))
    figures = _figures(suites)
    said += [*_of_suites(suites), _of_end(ended, bool(junit) and not any(figures.values()))]
    verdict = min((one.verdict for one in said), key=_ORDER.index)
    findings = [Finding(masked(text)) for suite in suites for text in suite.failures]
    findings += [Finding(one.why) for one in said if one.why and one.verdict is not CheckVerdict.PASS]
    if verdict is not CheckVerdict.PASS and ended.lines and not any(suite.failures for suite in suites):
        findings.insert(0, Finding("\n".join(ended.lines)))
    if verdict is not CheckVerdict.PASS and not findings:
        findings = [Finding(f"{ended.why}, nothing printed")]
    check = Check(name, group, verdict, _summary(figures, ended), seconds, figures, tuple(findings))
    words = ["python" if word == sys.executable else word for word in command]
    return CheckRun(masked_line(shlex.join(words)), sha256, (check,))


def _written_by_it(report: Path, before: _Stamp | None) -> JUnit:
    now = _Stamp.of(report)
    if now is None:
        raise DamagedResults(f"{report}: the command wrote no JUnit report there")
    if now == before:
        raise DamagedResults(f"{report}: is stale: the command did not write it again")
    return read_junit(report)


def _of_suites(suites: Sequence[JUnit]) -> Iterator[_Said]:
    if any(suite.failed for suite in suites):
        yield _Said(CheckVerdict.FAIL)
    elif suites and not any(suite.passed for suite in suites):
        yield _Said(CheckVerdict.INCONCLUSIVE, "no test was run")


def _of_end(ended: Ended, is_empty: bool) -> _Said:
    """What the command says itself; `is_empty`: its reports tell of no test at all."""
    if ended.code is None:
        return _Said(CheckVerdict.UNFIT, ended.why)
    if ended.code == _NO_TESTS and is_empty:
        return _Said(CheckVerdict.INCONCLUSIVE)
    try:
        verdict = _BY_EXIT_CODE.get(ExitCode(ended.code), CheckVerdict.FAIL)
    except ValueError:  # a code of no meaning in the project's table
        verdict = CheckVerdict.FAIL
    return _Said(verdict, ended.why if ended.code < 0 else "")


def _figures(suites: Sequence[JUnit]) -> dict[str, Json]:
    if not suites:
        return {}
    return {
        "passed": sum(suite.passed for suite in suites),
        "failed": sum(suite.failed for suite in suites),
        "skipped": sum(suite.skipped for suite in suites),
    }


def _summary(figures: dict[str, Json], ended: Ended) -> str:
    """The counts where there are any, else the sentence that the command ended with."""
    counts = ", ".join(f"{number:,} {name}" for name, number in figures.items() if isinstance(number, int))
    if ended.code is None or ended.code < 0:
        return f"{counts}; {ended.why}" if counts else ended.why
    return counts or ended.sentence or ended.why
