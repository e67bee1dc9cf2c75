"""The sign-off as JUnit XML: one test case for each operation, cluster, claim and check.

What an XML 1.0 document cannot hold - control characters, lone surrogates - is written as
an escape, like in every other format.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from .checks import CheckVerdict
from .document import SignOff
from .reasons import Verdict
from .shown import shown


@dataclass(frozen=True)
class Case:
    """One test case.  `failure` or `error` says why it is red, `skipped` why it is open."""

    suite: str
    name: str
    seconds: float = 0.0
    failure: str = ""
    error: str = ""
    skipped: str = ""


def to_junit(document: SignOff) -> str:
    """The XML document, suites in the order of the report."""
    suites: dict[str, list[Case]] = {}
    for case in cases(document):
        suites.setdefault(case.suite, []).append(case)
    root = ET.Element("testsuites", name=f"driftcore sign-off: {document.judgement.verdict.value}")
    for name, members in suites.items():
        suite = ET.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(members)),
            failures=str(sum(bool(one.failure) for one in members)),
            errors=str(sum(bool(one.error) for one in members)),
            skipped=str(sum(bool(one.skipped) for one in members)),
            time=f"{sum(one.seconds for one in members):.3f}",
        )
        for one in members:
            _add(suite, one)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def cases(document: SignOff) -> Iterator[Case]:
    """All that was judged, one by one."""
    yield from _verdict(document)
    parity = document.parity
    for tally in parity.by_operation():
        open_ = f"{tally.own_values:,} comparisons of own values, {document.level.own_values:,} are needed"
        yield Case(
            "census", tally.operation, skipped=open_ if tally.own_values < document.level.own_values else ""
        )
    for one in document.clusters:
        cluster = one.cluster
        text = (
            f"{cluster.count:,} of {cluster.compared:,} cases; {cluster.operation} parts at {cluster.path}: "
            f"{cluster.reason}\n{parity.plan.reference}: {cluster.expected}\n"
            f"{parity.plan.candidate}: {cluster.actual}\ninput: {cluster.input}\n{one.replay}"
        )
        yield Case("mismatches", f"{one.number}. {cluster.title}", failure=text)
    if document.evidence.claims is not None:
        for claim in document.evidence.claims.claims:
            why = f"{claim.sentence} {claim.explanation}"
            yield Case(
                "claims",
                claim.id,
                failure=why if claim.verdict == "FAIL" else "",
                error=why if claim.verdict == "UNFIT" else "",
                skipped=why if claim.verdict == "INCONCLUSIVE" else "",
            )
    for check in document.checks:
        found = "\n".join([check.summary, *(finding.text for finding in check.findings[:20])])
        yield Case(
            f"checks: {check.group}",
            check.name,
            check.seconds,
            failure=found if check.verdict is CheckVerdict.FAIL else "",
            error=found if check.verdict is CheckVerdict.UNFIT else "",
            skipped=found if check.verdict is CheckVerdict.INCONCLUSIVE else "",
        )


def _verdict(document: SignOff) -> Iterator[Case]:
    sentence, verdict = document.judgement.sentence, document.judgement.verdict
    yield Case(
        "sign-off",
        f"level {document.level_name}",
        failure=sentence if verdict is Verdict.NO_GO else "",
        error=sentence if verdict is Verdict.UNFIT else "",
        skipped=sentence if verdict is Verdict.INCONCLUSIVE else "",
    )


def _add(suite: ET.Element, one: Case) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"driftcore.{one.suite}",
        name=shown(one.name),
        time=f"{one.seconds:.3f}",
    )
    for tag in ("failure", "error", "skipped"):
        text = getattr(one, tag)
        if text:
            lines = [shown(line) for line in text.split("\n")]
            ET.SubElement(case, tag, message=lines[0]).text = "\n".join(lines)
