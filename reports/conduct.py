"""A sign-off from nothing: wheels are put in front of the path, the level's steps run, the evidence judged.

All of it happens in a folder beside the final one, which takes its place when it is whole.  A conduct that
is interrupted, cannot judge or is refused leaves what stood there, and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.checkout import commit_of, without_git
from driftgate.base.exit_codes import ExitCode, Unfit, UsageError
from driftgate.base.folders import beside, held, require_swappable, swap
from driftgate.base.interrupts import noted
from driftgate.base.result_file import DamagedResults

from . import bundle
from .checking import file_name
from .document import SignOff
from .evidence import WHEELS
from .own import KEPT, is_made_elsewhere, require_own
from .policy import Conduct, Step, conduct_of
from .provenance import ROOT
from .signoff import sign_off
from .wheels import unpack

BUILT, DIST = ROOT / "build" / "wheels", ROOT / "dist"
JUDGED, PURE = "driftcore_native", "driftcore"

PATIENCE = 20.0
"""Seconds that a step is given to end when the sign-off is interrupted."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What is asked for.  `cases` is None for the level's own number, `wheel` for the one that was built.

    `dist` holds what is to be published.
    """

    level: str
    out: Path
    policy: Path
    wheel: Path | None = None
    cases: int | None = None
    seed: int = 0
    dist: Path = DIST
    pure: Path | None = None


@dataclass(frozen=True)
class Prepared:
    """A request that was found to be possible."""

    request: Request
    target: Path
    conduct: Conduct
    steps: dict[str, Step]
    wheels: tuple[Path, ...]

    def values(self, out: Path, junit: Path) -> dict[str, object]:
        """What is filled in for the names of `policy.FILLED_IN`."""
        cases = self.conduct.cases if self.request.cases is None else self.request.cases
        asked = self.request
        return {"cases": cases, "seed": asked.seed, "out": out, "junit": junit, "dist": asked.dist}


def prepared(request: Request) -> Prepared:
    """Check all that can be checked beforehand; nothing is changed.  Raises `UsageError` or `Unfit`."""
    conduct, steps = conduct_of(request.level, request.policy)
    target = require_swappable(request.out, ROOT)
    require_own(target)
    judged = request.wheel
    if judged is not None and not judged.name.startswith(f"{JUDGED}-"):
        raise UsageError(f"{judged} is no wheel of {JUDGED}")
    wheels = (judged or _built(JUDGED), request.pure or _built(PURE))
    return Prepared(request, target, conduct, steps, wheels)


def conduct(request: Request, say: Say) -> tuple[SignOff, list[Path]]:
    """Conduct a sign-off; (what it came to, the reports).  `say` is told which step begins."""
    ready = prepared(request)
    with held(ready.target):
        require_own(ready.target)
        with beside(ready.target) as new, tempfile.TemporaryDirectory(prefix="driftcore-signoff-") as work:
            say(f"results are gathered in {new}, which becomes {ready.target}")
            try:
                document, written = _made(ready, new, Path(work), say)
            except DamagedResults as error:
                raise DamagedResults(str(error).replace(str(new), "the new evidence")) from error
            require_own(ready.target)
            swap(new, ready.target)
    return document, [request.out / path.name for path in written]


def _made(ready: Prepared, new: Path, work: Path, say: Say) -> tuple[SignOff, list[Path]]:
    """Make the new folder whole."""
    commit = commit_of(ROOT)
    _put_wheels(ready.wheels, new / WHEELS, work / "judged")
    environment = {**without_git(), "PYTHONPATH": os.pathsep.join((f"{work}/judged", str(ROOT)))}
    _carry_over(ready, new)
    for number, (name, step) in enumerate(ready.steps.items(), start=1):
        say(f"step {number} of {len(ready.steps)}: {name}")
        _take(name, step, list(_words(ready, name, step, new, work)), environment, say)
        _keep_check(name, new, work)
    document = sign_off(new, ready.request.level, ready.request.policy)
    now = document.commit
    if commit is not None and now is not None and commit.id != now.id:
        raise Unfit(f"the checkout went from commit {commit.id[:12]} to {now.id[:12]} meanwhile")
    return document, bundle.write(document, new, ready.request.policy, place=ready.target)


def _built(name: str) -> Path:
    """The one wheel of a distribution that the build left."""
    found = sorted(BUILT.glob(f"{name}-*.whl"))
    if len(found) != 1:
        what = "no wheel" if not found else f"{len(found)} wheels"
        raise Unfit(f"there is {what} of {name} in {BUILT}; run: make build")
    return found[0]


def _put_wheels(wheels: Sequence[Path], into: Path, judged: Path) -> None:
    """Copy the wheels to where they are archived, and unpack the copies to where they are run from."""
    into.mkdir()
    for wheel in wheels:
        unpack(Path(shutil.copy(wheel, into)), judged)


def _words(ready: Prepared, name: str, step: Step, new: Path, work: Path) -> Iterator[str]:
    """The command line of a step; that of a check is run by `python -m reports check`."""
    junit = work / Path(file_name(name)).with_suffix(".xml").name
    words = step.words(ready.values(new, junit))
    if words[0] == "python":
        words[0] = sys.executable
    if step.check is not None:
        yield from (sys.executable, "-m", "reports", "check", name, "--group", step.check)
        yield from ("--junit", str(junit)) if step.has_junit else ()
        yield from ("--out", str(work / file_name(name)), "--")
    yield from words


def _keep_check(name: str, new: Path, work: Path) -> None:
    """Put a check among the evidence once it is whole: its own step may read all that is there."""
    made = work / file_name(name)
    if made.exists():
        shutil.move(made, new / made.name)


def _take(name: str, step: Step, words: Sequence[str], environment: dict[str, str], say: Say) -> None:
    """Run a step.  It writes its result file or none: the verdict says what is there and what is not."""
    try:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    except OSError as error:
        ended, code = f"cannot be run: {error}", None
    else:
        code = _waited_for(process)
        ended = f"ended with exit code {code}" if code >= 0 else f"died of signal {-code}"
    if step.required and code not in (ExitCode.PASS, ExitCode.FAIL, ExitCode.INCONCLUSIVE):
        raise Unfit(f"{name} {ended}, and without it nothing is judged")
    if code != ExitCode.PASS:
        say(f"{name} {ended}")


def _waited_for(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait()
    except BaseException:
        with noted():
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()
            process.wait()
        raise


def _carry_over(ready: Prepared, new: Path) -> None:
    """What no step makes is taken in, or kept for a sign-off that takes it in: the later one of two."""
    found: dict[str, list[Path]] = {}
    for folder in (ready.target, ready.target / KEPT):
        for path in folder.glob("*.ndjson"):
            if is_made_elsewhere(path):
                found.setdefault(path.name, []).append(path)
    for name, paths in found.items():
        to = new / name if name in ready.conduct.takes_in else new / KEPT / name
        to.parent.mkdir(exist_ok=True)
        shutil.copy2(max(paths, key=lambda one: one.stat().st_mtime_ns), to)
