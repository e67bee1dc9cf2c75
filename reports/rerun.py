"""Some shards of a parity run done again, by the very wheels that were judged.

The wheels are unpacked, not installed, and come before everything else on the path of a
process of their own; what it loads must have the digests that the run recorded.  A shard's
counts and groups depend on plan and build alone, so they must come out the same.

Run as a module it is that process: the plan and the shards come in as JSON on stdin, one line
for each shard goes out.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from driftgate.base.exit_codes import Unfit

from .evidence import Evidence
from .parity_results import REPEATABLE, ParityResults
from .provenance import ROOT
from .wheels import NotForThisPython, unpack


class Impossible(Exception):
    """The cases cannot be put again here; the message says why and where they can."""


def chosen(parity: ParityResults, share: float, seed: int) -> list[dict[str, Any]]:
    """Shards that hold at least `share` of the cases, by a random choice that `seed` repeats."""
    shards = list(parity.shards)
    random.Random(seed).shuffle(shards)
    taken, cases = [], 0
    for shard in shards:
        if cases >= share * parity.planned:
            break
        taken.append(shard)
        cases += sum(tally.get("generated", 0) for tally in shard["census"])
    return taken


def differing(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
    """Do the shards again; a line for each that does not come out the same.  Raises `Impossible`."""
    parity = evidence.parity
    with tempfile.TemporaryDirectory(prefix="driftcore-verify-") as unpacked:
        for build in (parity.candidate, parity.reference):
            _unpack(evidence, build.sha256, wheels, Path(unpacked))
        given = {
            "plan": _plan(parity),
            "shards": [shard["shard"] for shard in shards],
            "builds": [parity.candidate.sha256, parity.reference.sha256],
        }
        path = os.pathsep.join((unpacked, str(ROOT)))
        done = subprocess.run(
            [sys.executable, "-m", "reports.rerun"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT,
            check=False,
        )
    again = all_told(done, len(shards))
    problems = []
    for before, now in zip(shards, again):
        parts = unlike(before, now)
        if parts:
            problems.append(f"shard {_name(before['shard'])} came out another: its {', '.join(parts)} differ")
    return problems


def all_told(done: subprocess.CompletedProcess[str], shards: int) -> list[dict[str, Any]]:
    """A line for each of so many shards; raises `Impossible` where the process did not get to its end."""
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != shards:
        said = done.stderr.strip().splitlines()
        reason = said[-1] if said else f"{len(lines)} of {shards} shards were done"
        raise Impossible(f"the cases could not be put again: {reason}")
    return [json.loads(line) for line in lines]


def unlike(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The fields of a shard that depend on plan and build alone and yet came out another."""
    return [name for name in REPEATABLE if _text(before.get(name)) != _text(now.get(name))]


def _unpack(evidence: Evidence, sha256: str, wheels: Path, to: Path) -> None:
    wheel = next((one for one in evidence.wheels if one.holds(sha256)), None)
    if wheel is None:
        raise Impossible(f"no wheel of the folder holds the build {sha256[:12]}")
    try:
        unpack(wheels / wheel.file, to)
    except NotForThisPython as error:
        raise Impossible(f"{error}; verify with the one it is for") from error


def _plan(parity: ParityResults) -> Mapping[str, object]:
    return {**vars(parity.plan), "operations": list(parity.plan.operations)}


def _name(shard: Mapping[str, Any]) -> str:
    return f"{shard['kind']}:{shard['start']}-{shard['stop']}"


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def main() -> None:
    """The process that does shards again."""
    from parity.plan import Plan, Shard
    from parity.results import shard_fields
    from parity.run_shard import run_shard
    from parity.shard import identity
    from parity.workers import Workers

    given = json.load(sys.stdin)
    plan = Plan.from_fields(given["plan"])
    with Workers(1) as workers:
        try:
            found = workers.one(identity, plan, None)
            loaded = [found[plan.candidate], found[plan.reference]]
            if loaded != given["builds"]:
                sys.exit(f"loaded {loaded[0][:12]} and {loaded[1][:12]} instead of the judged builds")
            for shard in given["shards"]:
                print(json.dumps(shard_fields(workers.one(run_shard, plan, Shard(**shard)))))
        except Unfit as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
