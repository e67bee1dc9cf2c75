"""The sign-off as SARIF 2.1.0: mismatches and findings of checks, each at a line of the sources.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .checks import CheckVerdict
from .document import SignOff
from .locate import Location, entry_of, named_in
from .shown import shown

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

RULES = {
    "mismatch": "The candidate differs from the reference.",
    "check": "A check of the sources or the build found something.",
}


def to_sarif(document: SignOff) -> dict[str, object]:
    """One run; a mismatch without a known line stands at the entry of its operation in the extension."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "driftcore",
                        "rules": [
                            {"id": name, "shortDescription": {"text": text}} for name, text in RULES.items()
                        ],
                    }
                },
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the checkout"}}},
                "columnKind": "unicodeCodePoints",
                "results": [*_mismatches(document), *_findings(document)],
            }
        ],
    }


def _mismatches(document: SignOff) -> Iterator[dict[str, object]]:
    plan = document.parity.plan
    for one in document.clusters:
        cluster = one.cluster
        location = named_in((*cluster.cause.errors, cluster.actual)) or entry_of(cluster.operation)
        if location is not None:
            text = (
                f"{cluster.title}: {cluster.operation} parts at {cluster.path} ({cluster.reason}).  "
                f"{plan.reference}: {cluster.expected}.  {plan.candidate}: {cluster.actual}.  {one.replay}"
            )
            yield _result("mismatch", text, location, f"{cluster.operation}\0{cluster.title}")


def _findings(document: SignOff) -> Iterator[dict[str, object]]:
    for check in document.checks:
        for finding in () if check.verdict is CheckVerdict.PASS else check.findings:
            location = (
                Location(finding.file, finding.line, exact=True)
                if finding.file and finding.line
                else named_in((finding.text,))
            )
            if location is not None:
                yield _result(
                    "check", f"{check.name}: {finding.text}", location, f"{check.name}\0{finding.text}"
                )


def _result(rule: str, text: str, location: Location, identity: str) -> dict[str, object]:
    digest = hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()
    return {
        "ruleId": rule,
        "level": "error",
        "message": {"text": shown(text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": location.file, "uriBaseId": "SRCROOT"},
                    "region": {"startLine": location.line},
                }
            }
        ],
        "partialFingerprints": {"driftcore/v1": digest},
        "properties": {
            "located": "by the fault itself" if location.exact else "at the entry of the operation"
        },
    }
