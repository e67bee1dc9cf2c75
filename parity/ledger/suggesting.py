"""Entries for what no entry explains, as TOML for a person to complete and commit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ..clusters import Counted


def suggest(unexplained: Iterable[Counted], subject: str, cases: Mapping[str, int]) -> str:
    """Entries for some clusters as TOML.

    Their `why` is empty, which the loader refuses: a person has to say it, and to check the rest.
    """
    return "\n".join(_suggestion(cluster, subject, cases) for cluster in unexplained)


def _suggestion(cluster: Counted, subject: str, cases: Mapping[str, int]) -> str:
    rate = cluster.count * 1e6 / max(1, sum(cases.get(name, 0) for name in cluster.operations))
    signature = {
        "outcomes": list(cluster.cause.outcomes),
        "errors": [_literal(one) for one in cluster.cause.errors],
    }
    if cluster.cause.place:
        signature["path"] = _literal(cluster.cause.place)  # type: ignore[assignment]
        signature["classes"] = list(cluster.cause.classes)
    lines = [
        "[[entry]]",
        f"id = {json.dumps(re.sub(r'[^a-z0-9]+', '-', cluster.title.lower()).strip('-'))}",
        f"subject = {json.dumps(subject)}",
        f"operations = {json.dumps(list(cluster.operations))}",
        'kind = "bug"',
        f"severity = {json.dumps(_severity(cluster))}",
        'why = ""',
        f"features = {json.dumps(sorted(cluster.cause.features))}",
        f"hits_per_million = {{ least = {rate / 4:.3g}, most = {rate * 4:.3g} }}",
        "",
        "[entry.signature]",
        *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in signature.items()),
        "",
    ]
    return "\n".join(lines)


def _literal(text: str) -> str:
    """A pattern that fits this text alone."""
    return re.sub(r"([*?[])", r"[\1]", text)


def _severity(cluster: Counted) -> str:
    expected, actual = cluster.cause.outcomes
    if (expected, actual) == ("error", "error"):
        return "error text"
    if expected != actual:
        return "data loss"
    classes = {signature.classes for signature in cluster.signatures}
    if any(one == ("digest", "digest") for one in classes):
        return "wrong hash"
    return "wrong bytes same meaning" if any("another order" in one[1] for one in classes) else "data loss"
