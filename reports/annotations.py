"""The sign-off as GitHub workflow commands, which become annotations of a commit.

GitHub shows ten errors and ten warnings of a step, so the reasons come first.
Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterator

from .document import SignOff
from .locate import entry_of, named_in
from .reasons import Verdict
from .shown import shown

MOST = 10

_COMMANDS = {Verdict.UNFIT: "error", Verdict.NO_GO: "error", Verdict.INCONCLUSIVE: "warning"}


def github_annotations(document: SignOff) -> list[str]:
    """Lines to print in a step of a workflow."""
    verdict = document.judgement.verdict
    lines = [f"::notice title=driftcore sign-off::{_data(document.judgement.sentence)}"]
    if verdict is not Verdict.GO:
        deciding = [one for one in document.judgement.reasons if one.verdict is not Verdict.GO]
        lines = [
            f"::{_COMMANDS[one.verdict]} title=driftcore {one.verdict.value}::{_data(one.text)}"
            for one in deciding[: MOST // 2]
        ]
        lines += list(_clusters(document))[: MOST - len(lines)]
    return lines


def _clusters(document: SignOff) -> Iterator[str]:
    for one in document.clusters:
        cluster = one.cluster
        location = named_in((*cluster.cause.errors, cluster.actual)) or entry_of(cluster.operation)
        place = f"file={_property(location.file)},line={location.line}," if location else ""
        text = (
            f"{cluster.operation} parts at {cluster.path}: {cluster.reason}\n"
            f"expected {cluster.expected}\nactual {cluster.actual}\ninput {cluster.input}\n{one.replay}"
        )
        yield f"::error {place}title={_property(cluster.title)}::{_data(text)}"


def _data(text: str) -> str:
    """Escaped as the message of a command; its own line ends stay line ends."""
    lines = [shown(line).replace("%", "%25") for line in text.split("\n")]
    return "%0A".join(lines)


def _property(text: str) -> str:
    return shown(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
