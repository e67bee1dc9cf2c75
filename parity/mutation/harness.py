"""Faults of the harness itself, each of which the harness's own tests must catch.

A fault is one replacement in one file of a copy of the checkout; its tests run there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import Unfit
from reports.provenance import ROOT

COPIED = (
    "driftgate",
    "parity",
    "reports",
    "fixtures",
    "core/tests",
    "core/src",
    "core/native",
    "pyproject.toml",
)


class FaultMissing(Unfit):
    """The place a fault replaces is not there exactly once; the fault needs a new home."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, the one place it replaces, and the test files that are there to notice."""

    what: str
    file: str
    found: str
    fault: str
    tests: tuple[str, ...]


FAULTS = (
    Fault(
        "the comparator ignores the order of keys",
        "parity/compare.py",
        "        if marks[0] != marks[1]:\n            reason",
        "        if Counter(marks[0]) != Counter(marks[1]):\n            reason",
        ("parity/tests/test_compare.py",),
    ),
    Fault(
        "the fast comparison finds everything identical",
        "parity/compare.py",
        "def identical(expected: Any, actual: Any) -> bool:\n",
        "def identical(expected: Any, actual: Any) -> bool:\n    return True\n",
        ("parity/tests/test_compare.py",),
    ),
    Fault(
        "the fast comparison takes another buffer for bytes",
        "parity/streams.py",
        "PROTOCOL = 4\n",
        "PROTOCOL = 5\n",
        ("parity/tests/test_equality.py",),
    ),
    Fault(
        "attributes of objects are not compared",
        "parity/anatomy/foreign.py",
        "        held = attributes(value, found.slots, found.attributes)\n",
        "        held = attributes(value, found.slots, None)\n",
        ("parity/tests/test_equality.py",),
    ),
    Fault(
        "errors are swallowed",
        "parity/outcome.py",
        "    except BaseException as error:\n        return error_of(error)\n",
        "    except BaseException:\n        return Value(None)\n",
        ("parity/tests/test_outcome.py",),
    ),
    Fault(
        "causes of errors are not compared",
        "parity/outcome.py",
        "    cause = cause_of(error)\n    if cause is None:\n",
        "    cause = None\n    if cause is None:\n",
        ("parity/tests/test_compare.py",),
    ),
    Fault(
        "half of the generated cases are dropped",
        "parity/plan.py",
        "for number in range(shard.start, shard.stop):",
        "for number in range(shard.start, shard.stop, 2):",
        ("parity/tests/test_run.py", "parity/tests/test_workers.py"),
    ),
    Fault(
        "one worker's results are lost",
        "parity/campaign.py",
        "        results[result.shard.id] = result\n        yield ShardDone(result)\n    in_order",
        "        if result.shard.start:\n            continue\n"
        "        results[result.shard.id] = result\n        yield ShardDone(result)\n    in_order",
        ("parity/tests/test_run.py", "parity/tests/test_workers.py"),
    ),
    Fault(
        "a crash counts as no verdict",
        "parity/judge.py",
        "    return Judgement(expected, lost, spared(compare, expected, lost), inside)\n",
        "    nothing = NoVerdict(REFERENCE_LOST)\n    return Judgement(nothing, nothing, None, inside)\n",
        ("parity/tests/test_run.py", "parity/tests/test_isolate.py"),
    ),
    Fault(
        "a process that a subject forked goes on with the work",
        "parity/breadcrumb.py",
        "            _leave(0)\n        self._cells[_POSITION] = position\n",
        "            pass\n        self._cells[_POSITION] = position\n",
        ("parity/tests/test_isolate.py",),
    ),
    Fault(
        "memory is not bounded",
        "parity/memory.py",
        "    if _taken() is None:\n        return\n    _limit = more\n",
        "    return\n    _limit = more\n",
        ("parity/tests/test_isolate.py",),
    ),
    Fault(
        "changed arguments are not looked at",
        "parity/judge.py",
        "difference = spared(compare_arguments, case, for_reference, for_candidate)",
        "difference = None",
        ("parity/tests/test_judge.py",),
    ),
    Fault(
        "containers that a result shares are not looked at",
        "parity/balance.py",
        "    shared = _shared(observe(function, arguments))\n",
        "    shared = None\n",
        ("parity/tests/test_balance.py",),
    ),
    Fault(
        "the ledger explains every difference",
        "parity/shard.py",
        "        if explanation.entry is not None:\n",
        "        if True:\n            return\n        if explanation.entry is not None:\n",
        ("parity/tests/test_run.py",),
    ),
)


def caught(fault: Fault, folder: Path = ROOT / "build" / "mutation" / "harness") -> bool:
    """Whether the fault's tests fail with it; raises `FaultMissing` if it cannot be planted."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in COPIED:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    if text.count(fault.found) != 1:
        count = text.count(fault.found)
        raise FaultMissing(f"{fault.what}: {fault.file} has {count} places of {fault.found!r}")
    path.write_text(text.replace(fault.found, fault.fault), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *fault.tests],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 1
