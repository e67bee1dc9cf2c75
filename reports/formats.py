"""Every file format but the bench's, by the name of its schema file.

`python -m reports.formats` writes the files of `schemas/` anew; a test fails where they differ.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("reports.formats")

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from bench.events import Claim
from driftgate.base.checkout import Commit
from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import FINISHED, STARTED, Format
from driftgate.base.rewriting import rewriting
from driftgate.base.schema import DIALECT, Schema, extended, line, result_file, schema_of, written
from parity.census import Tally
from parity.matrix import FORMAT as MATRIX_FORMAT
from parity.matrix import Row
from parity.mutation.record import FORMAT as MUTATION_FORMAT
from parity.subjects import Provenance

from .attestation import PREDICATE, STATEMENT
from .bundle import MANIFEST_FORMAT, MANIFEST_VERSION
from .checks import CHECKS_FORMAT, Check
from .evidence import Source
from .harden_results import HARDEN_FORMAT, Hardened
from .parity_results import PARITY_FORMAT, Cluster, LedgerFinding, Plan, Unsteady
from .policy import Level
from .reasons import Verdict
from .signoff_json import FORMAT, VERSION
from .wheels import Wheel

FOLDER = Path(__file__).parent / "schemas"

_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_SECONDS: Schema = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}


def _of(**kinds: object) -> Schema:
    """An object's schema of its members' types or schemas."""
    properties = {name: kind if isinstance(kind, dict) else schema_of(kind) for name, kind in kinds.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _file(format: Format, started: Schema, finished: Schema, between: dict[str, Schema]) -> Schema:
    lines = {
        STARTED: line(STARTED, started, format=format.name, version=format.version),
        **between,
        FINISHED: extended(line(FINISHED, finished), sha256=_SHA256),
    }
    return result_file(f"{format.name}, version {format.version}", lines)


_HARDENED = ("pass", "fail", "unfit")

_COUNTED = {
    "punts": {"anyOf": [_COUNTS, {"type": "null"}]},
    "skipped": _COUNTS,
    "no_verdict": _COUNTS,
    "ledger": _COUNTS,
    "inside": _SECONDS,
    "spent": _SECONDS,
}


def _parity() -> Schema:
    group = {"type": "object", "required": ["signature", "features", "count", "example"]}
    started = _of(
        plan=Plan,
        reference=Provenance,
        candidate=Provenance,
        witnesses=dict[str, Provenance],
        planned=int,
        shards=int,
        generator=int,
        python=str,
        platform=str,
        int_max_str_digits=int,
    )
    shard = _of(
        shard=_of(kind=str, start=int, stop=int),
        census=tuple[Tally, ...],
        groups={"type": "array", "items": group},
        answers={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        **_COUNTED,
        other_reasons=_COUNTS,
        said=str,
    )
    finished = _of(
        steadiness=_of(cases=int, unsteady=tuple[Unsteady, ...]),
        census=tuple[Tally, ...],
        unexplained=int,
        findings=tuple[LedgerFinding, ...],
        **_COUNTED,
        said=tuple[str, ...],
        seconds=float,
        workers=int,
    )
    between = {"shard": line("shard", shard), "cluster": line("cluster", schema_of(Cluster))}
    return _file(PARITY_FORMAT, started, finished, between)


def _checks() -> Schema:
    started = _of(command=str, sha256={"anyOf": [_SHA256, {"type": "null"}]})
    return _file(CHECKS_FORMAT, started, _of(checks=int), {"check": line("check", schema_of(Check))})


def _hardening() -> Schema:
    started = _of(
        checks=tuple[str, ...], commit=Optional[str], changed_files=Optional[int], python=str, machine=str
    )
    checked = schema_of(Hardened)
    checked["properties"]["verdict"] = {"enum": list(_HARDENED)}
    finished = _of(**dict.fromkeys(_HARDENED, int), seconds=float)
    return _file(HARDEN_FORMAT, started, finished, {"check": line("check", checked)})


def _mutation() -> Schema:
    started = _of(
        commit=Optional[str], changed_files=Optional[int], plan=Plan, cases=int, all_mutants=bool, chosen=str
    )
    mutant = _of(
        number=int,
        file=str,
        line=int,
        function=str,
        kind=str,
        before=str,
        after=str,
        end=str,
        case=str,
        cases=int,
        seconds=float,
        equivalent=Optional[str],
    )
    finished = _of(
        mutants=int,
        caught=int,
        equivalent=int,
        survived=int,
        share=float,
        share_of_comparison=float,
        ends=_COUNTS,
        seconds_to_catch_half=float,
        seconds_to_catch_95_percent=float,
    )
    return _file(MUTATION_FORMAT, started, finished, {"mutant": line("mutant", mutant)})


def _matrix() -> Schema:
    finished = _of(verdicts=_COUNTS, not_run=tuple[str, ...])
    between = {"row": line("row", schema_of(Row))}
    return _file(MATRIX_FORMAT, _of(environments=tuple[str, ...]), finished, between)


@dataclass(frozen=True)
class _Listed(Cluster):
    number: int
    replay: str


def _signoff() -> Schema:
    reason = _of(verdict=Verdict, text=str, evidence=str)
    parity = _of(
        plan=Plan,
        candidate=Provenance,
        reference=Provenance,
        witnesses=dict[str, Provenance],
        python=str,
        platform=str,
        generator=int,
        seconds=float,
        census=tuple[Tally, ...],
        punts=Optional[dict[str, int]],
        ledger=_COUNTS,
        findings=tuple[LedgerFinding, ...],
    )
    document = _of(
        format={"const": FORMAT},
        version={"const": VERSION},
        verdict=Verdict,
        exit_code=ExitCode,
        sentence=str,
        reasons={"type": "array", "items": reason, "minItems": 1},
        made=str,
        level=str,
        policy=Level,
        commit=Optional[Commit],
        wheels=tuple[Wheel, ...],
        sources=tuple[Source, ...],
        parity=parity,
        clusters=_of(total=int, listed=tuple[_Listed, ...]),
        claims=tuple[Claim, ...],
        checks=tuple[Check, ...],
        matrix=Optional[tuple[Row, ...]],
        reproduce=tuple[str, ...],
    )
    return {"$schema": DIALECT, "title": f"{FORMAT}, version {VERSION}", **document}


def _manifest() -> Schema:
    digests = {"type": "object", "additionalProperties": _SHA256}
    document = _of(
        format={"const": MANIFEST_FORMAT},
        version={"const": MANIFEST_VERSION},
        files=digests,
        checkout=digests,
    )
    return {"$schema": DIALECT, "title": f"{MANIFEST_FORMAT}, version {MANIFEST_VERSION}", **document}


def _attestation() -> Schema:
    resource = _of(name=str, digest=_of(sha256=_SHA256))
    resources = {"type": "array", "items": resource, "minItems": 1}
    predicate = _of(
        result={"enum": ["PASSED", "WARNED", "FAILED"]},
        configuration=resources,
        passedTests=tuple[str, ...],
        warnedTests=tuple[str, ...],
        failedTests=tuple[str, ...],
    )
    document = _of(
        _type={"const": STATEMENT},
        subject=resources,
        predicateType={"const": PREDICATE},
        predicate=predicate,
    )
    return {
        "$schema": DIALECT,
        "title": "in-toto Statement v1 with the Test Result predicate v0.1",
        **document,
    }


SCHEMAS: dict[str, Schema] = {
    "parity-results-v3.schema.json": _parity(),
    "check-results-v1.schema.json": _checks(),
    "hardening-results-v1.schema.json": _hardening(),
    "mutation-results-v3.schema.json": _mutation(),
    "matrix-results-v2.schema.json": _matrix(),
    "signoff-v4.schema.json": _signoff(),
    "manifest-v1.schema.json": _manifest(),
    "attestation.schema.json": _attestation(),
}


main, parser = rewriting(
    "reports.formats",
    "Write the files of reports/schemas anew.",
    lambda: {FOLDER / name: written(schema) for name, schema in SCHEMAS.items()},
)
