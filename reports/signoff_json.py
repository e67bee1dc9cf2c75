"""The sign-off as JSON: verdict first, then the evidence in numbers; raw samples stay in the result files."""

from __future__ import annotations

from dataclasses import asdict
from enum import Enum
from typing import Any

from bench.events import Claim

from .document import SignOff
from .shown import shown

FORMAT, VERSION = "driftcore sign-off", 4


def to_json(document: SignOff) -> dict[str, object]:
    """The document as JSON values; `schemas/signoff-v4.schema.json` describes it."""
    judgement, parity, evidence = document.judgement, document.parity, document.evidence
    values: dict[str, object] = _shown(
        {
            "format": FORMAT,
            "version": VERSION,
            "verdict": judgement.verdict.value,
            "exit_code": int(judgement.verdict.exit_code),
            "sentence": judgement.sentence,
            "reasons": [
                {"verdict": one.verdict.value, "text": one.text, "evidence": f"#{one.place.value}"}
                for one in judgement.reasons
            ],
            "made": document.made,
            "level": document.level_name,
            "policy": asdict(document.level),
            "commit": None if document.commit is None else asdict(document.commit),
            "wheels": [asdict(wheel) for wheel in evidence.wheels],
            "sources": [asdict(source) for source in document.sources],
            "parity": {
                "plan": asdict(parity.plan),
                "candidate": asdict(parity.candidate),
                "reference": asdict(parity.reference),
                "witnesses": {name: asdict(build) for name, build in parity.witnesses.items()},
                "python": parity.python,
                "platform": parity.platform,
                "generator": parity.generator,
                "seconds": parity.seconds,
                "census": [asdict(tally) for tally in parity.tallies],
                "punts": parity.punts,
                "ledger": parity.ledger,
                "findings": [asdict(finding) for finding in parity.findings],
            },
            "clusters": {
                "total": len(parity.clusters),
                "listed": [
                    {**asdict(one.cluster), "number": one.number, "replay": one.replay}
                    for one in document.clusters
                ],
            },
            "claims": [asdict(claim) for claim in _claims(document)],
            "checks": [asdict(check) for check in document.checks],
            "matrix": None if evidence.matrix is None else [asdict(row) for row in evidence.matrix],
            "reproduce": list(document.commands),
        }
    )
    return values


def _claims(document: SignOff) -> tuple[Claim, ...]:
    return document.evidence.claims.claims if document.evidence.claims else ()


def _shown(value: object) -> Any:
    """JSON values with every text, keys included, as a report may show it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {shown(str(key)): _shown(one) for key, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, (list, tuple)) else value
