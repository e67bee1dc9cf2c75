"""The verdict as an in-toto Statement over the wheels, for release tooling to sign and to ask for.

Statement v1 with the Test Result predicate v0.1.  Anything but GO is FAILED: a policy that
lets PASSED through must not let an open verdict through.
Source: github.com/in-toto/attestation, spec/v1/statement.md and spec/predicates/test-result.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from .document import SignOff
from .junit import cases
from .reasons import Verdict

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


def statement(document: SignOff, reports: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The Statement; its subjects are the wheels that hold what was judged, `reports` (name, SHA-256) pairs.

    Without such a wheel there is nothing to attest of: the subject is then the judged file.
    """
    parity, evidence = document.parity, document.evidence
    judged = (parity.candidate.sha256, parity.reference.sha256)
    subjects = [(one.file, one.sha256) for one in evidence.wheels if any(map(one.holds, judged))]
    if not subjects:
        subjects = [(parity.candidate.file.rpartition("/")[2], parity.candidate.sha256)]
    by_state: dict[str, list[str]] = {"passed": [], "warned": [], "failed": []}
    for case in cases(document):
        state = "failed" if case.failure or case.error else "warned" if case.skipped else "passed"
        by_state[state].append(f"{case.suite}/{case.name}")
    configuration = [*((one.name, one.sha256) for one in document.sources), *reports]
    return {
        "_type": STATEMENT,
        "subject": [_resource(*one) for one in subjects],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "PASSED" if document.judgement.verdict is Verdict.GO else "FAILED",
            "configuration": [_resource(*one) for one in configuration],
            "passedTests": by_state["passed"],
            "warnedTests": by_state["warned"],
            "failedTests": by_state["failed"],
        },
    }


def _resource(name: str, sha256: str) -> dict[str, object]:
    return {"name": name, "digest": {"sha256": sha256}}
