"""The ledger of declared differences: what each subject is known to do otherwise, and how often.

`ledger.toml` is read strictly.  An entry explains a mismatch only where its signature fits
and its cause holds in the input.  A run is held against it afterwards: an entry that no longer
fires, fires for another reason, fires too often or where it should not is a finding.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Optional

from .causes import CAUSES, Instance
from .clusters import Cluster
from .features import VOCABULARY, features
from .operations import OPERATIONS, Operation
from .outcome import Outcome
from .signature import Signature

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LEDGER = Path(__file__).parent / "ledger.toml"
VERSION = 1

KINDS = ("bug", "by design", "limit", "upstream")
SEVERITIES = ("data loss", "wrong hash", "wrong bytes same meaning", "error text", "cosmetic")

DEVIATIONS = 4.0
"""Standard deviations by which a count of hits may miss its range: once in 30,000 checks by chance."""


class LedgerError(ValueError):
    """The ledger is not right; the message names the entry and what to do."""


@dataclass(frozen=True)
class Conditions:
    """Where an entry applies: `python` as `>=3.11,<3.13`, `platform` a pattern of `sys.platform`."""

    python: str = ""
    platform: str = ""

    def hold(self, version: tuple[int, int], system: str) -> bool:
        return _version_fits(self.python, version) and (not self.platform or fnmatchcase(system, self.platform))


@dataclass(frozen=True)
class Entry:
    """One declared difference.

    `signature` has patterns (`*`, `?`) for members of a signature; of pairs one for each side.  The
    input has to contain `features` and to meet the named `cause`.  `least` and `most` are
    hits per million generated cases of its operations.
    """

    id: str
    subject: str
    operations: tuple[str, ...]
    kind: str
    severity: str
    why: str
    least: float
    most: float
    signature: Mapping[str, Any]
    features: frozenset[str] = frozenset()
    cause: str = ""
    link: str = ""
    conditions: Conditions = Conditions()

    def fits(self, signature: Signature) -> bool:
        """Whether the operation and the patterns fit."""
        return signature.operation in self.operations and all(
            _fits(pattern, getattr(signature, name)) for name, pattern in self.signature.items()
        )

    def holds(self, instance: Instance) -> bool:
        """Whether the input is of the class this entry is about."""
        if self.features and not self.features <= features(instance.operation, instance.arguments()):
            return False
        return not self.cause or CAUSES[self.cause](instance)


@dataclass(frozen=True)
class Ledger:
    """All entries, in the order of the file."""

    entries: tuple[Entry, ...]

    def of(self, subject: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.subject == subject)


@dataclass(frozen=True)
class Explanation:
    """`entry` explains the mismatch; or `other_reason`: the signature fits these, but their cause does not hold."""

    entry: Optional[Entry]
    other_reason: tuple[Entry, ...] = ()


def explain_case(
    entries: Iterable[Entry],
    operation: Operation,
    arguments: Callable[[], tuple[Any, ...]],
    expected: Outcome,
    actual: Outcome,
    signature: Signature,
) -> Explanation:
    """Which of a subject's entries explains a mismatch, if any does."""
    instance = Instance(operation, arguments, expected, actual)
    fitting = [entry for entry in entries if entry.fits(signature)]
    for entry in fitting:
        if entry.holds(instance):
            return Explanation(entry)
    return Explanation(None, tuple(fitting))


# ---- holding a run against it ------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One way in which a run and the ledger do not fit; `kind` is one of a closed list.

    new signature · never fired · too rare · over its cap · other reason · outside its conditions
    """

    kind: str
    entry: str
    text: str


def check(
    entries: Iterable[Entry],
    hits: Mapping[str, int],
    cases: Mapping[str, int],
    unexplained: Iterable[Cluster] = (),
    other_reasons: Mapping[str, int] | None = None,
    version: tuple[int, int] = sys.version_info[:2],
    system: str = sys.platform,
) -> list[Finding]:
    """Findings of a run for one subject's entries; empty when all is as declared.

    `hits` counts explained cases by entry id and `cases` compared ones by operation, both of
    generated cases alone, as recorded ones are alike.  `unexplained` are the clusters of
    mismatches no entry explains, `other_reasons` how many of them had an entry's signature.
    """
    found = [
        Finding("new signature", "", f"{cluster.title}: {cluster.count:,} cases that no entry explains")
        for cluster in unexplained
    ]
    for entry in entries:
        count = hits.get(entry.id, 0)
        reasons = (other_reasons or {}).get(entry.id, 0)
        if reasons:
            text = f"{reasons:,} mismatches have its signature, but not its cause: a new fault beside the known one"
            found.append(Finding("other reason", entry.id, text))
        if entry.conditions.hold(version, system):
            found += _out_of_range(entry, count, sum(cases.get(name, 0) for name in entry.operations))
        elif count:
            text = f"fired {count:,} times on Python {version[0]}.{version[1]}, {system}, where it does not apply"
            found.append(Finding("outside its conditions", entry.id, text))
    return found


def _out_of_range(entry: Entry, count: int, cases: int) -> list[Finding]:
    least, most = entry.least * cases / 1e6, entry.most * cases / 1e6
    seen = f"{count:,} hits in {cases:,} cases of its operations"
    if count > most + DEVIATIONS * math.sqrt(most) + 1:
        return [Finding("over its cap", entry.id, f"{seen}, at most {entry.most:,g} per million are declared")]
    if count >= least - DEVIATIONS * math.sqrt(least):
        return []
    declared = f"at least {entry.least:,g} per million are declared"
    if count == 0:
        return [Finding("never fired", entry.id, f"{seen}, {declared}: if it is mended, delete the entry")]
    return [Finding("too rare", entry.id, f"{seen}, {declared}")]


# ---- suggesting entries ------------------------------------------------------


def suggest(unexplained: Iterable[Cluster], subject: str, cases: Mapping[str, int]) -> str:
    """Entries for some clusters as TOML.

    Their `why` is empty, which the loader refuses: a person has to say it, and to check the rest.
    """
    return "\n".join(_suggestion(cluster, subject, cases) for cluster in unexplained)


def _suggestion(cluster: Cluster, subject: str, cases: Mapping[str, int]) -> str:
    rate = cluster.count * 1e6 / max(1, sum(cases.get(name, 0) for name in cluster.operations))
    signature = {"outcomes": list(cluster.cause.outcomes), "errors": [_literal(one) for one in cluster.cause.errors]}
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


def _severity(cluster: Cluster) -> str:
    expected, actual = cluster.cause.outcomes
    if (expected, actual) == ("error", "error"):
        return "error text"
    if expected != actual:
        return "data loss"
    classes = {signature.classes for signature in cluster.signatures}
    if any(one == ("digest", "digest") for one in classes):
        return "wrong hash"
    return "wrong bytes same meaning" if any("another order" in one[1] for one in classes) else "data loss"


# ---- reading -----------------------------------------------------------------

_REQUIRED = ("id", "subject", "operations", "kind", "severity", "why", "hits_per_million", "signature")
_OPTIONAL = ("features", "cause", "link", "conditions")
_PAIRS = ("outcomes", "types", "classes", "errors")
_PATTERNS = tuple(field.name for field in fields(Signature) if field.name != "operation")


def load(path: Path = LEDGER) -> Ledger:
    """The ledger of a file; raises `LedgerError` for anything it does not know."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LedgerError(f"{path}: {error}") from None
    return parse(data, str(path))


def parse(data: Mapping[str, Any], name: str = "ledger") -> Ledger:
    """The ledger of TOML that was read."""
    if data.get("version") != VERSION:
        raise LedgerError(f"{name}: version must be {VERSION}, not {data.get('version')!r}")
    _only(name, data, ("version", "entry"))
    entries = tuple(_entry(f"{name}: entry {one.get('id', number)!r}", one) for number, one in enumerate(data.get("entry", ())))
    ids = [(entry.subject, entry.id) for entry in entries]
    for one in ids:
        if ids.count(one) > 1:
            raise LedgerError(f"{name}: entry {one[1]!r} of {one[0]} stands there twice")
    return Ledger(entries)


def _entry(where: str, data: Mapping[str, Any]) -> Entry:
    _only(where, data, (*_REQUIRED, *_OPTIONAL))
    for name in _REQUIRED:
        if name not in data:
            raise LedgerError(f"{where}: {name} is missing")
    for name in ("id", "subject", "why"):
        if not isinstance(data[name], str) or not data[name].strip():
            raise LedgerError(f"{where}: {name} must say something")
    _one_of(where, "kind", data["kind"], KINDS)
    _one_of(where, "severity", data["severity"], SEVERITIES)
    for name in data["operations"]:
        _one_of(where, "operations", name, tuple(OPERATIONS))
    for fact in data.get("features", ()):
        _one_of(where, "features", fact, tuple(VOCABULARY))
    if "cause" in data:
        _one_of(where, "cause", data["cause"], tuple(CAUSES))
    if not data["signature"]:
        raise LedgerError(f"{where}: signature needs at least one pattern, or it explains everything")
    for name, pattern in data["signature"].items():
        _one_of(where, "signature", name, _PATTERNS)
        if (isinstance(pattern, list) and len(pattern) == 2) is not (name in _PAIRS):
            raise LedgerError(f"{where}: signature.{name} must be {'two patterns' if name in _PAIRS else 'a pattern'}")
    rate = data["hits_per_million"]
    _only(f"{where}: hits_per_million", rate, ("least", "most"))
    if not 0 <= rate.get("least", -1) <= rate.get("most", -1) <= 1_000_000:
        raise LedgerError(f"{where}: hits_per_million needs 0 <= least <= most <= 1000000")
    conditions = data.get("conditions", {})
    _only(f"{where}: conditions", conditions, ("python", "platform"))
    _version_fits(conditions.get("python", ""), (3, 9), where)
    return Entry(
        id=data["id"],
        subject=data["subject"],
        operations=tuple(data["operations"]),
        kind=data["kind"],
        severity=data["severity"],
        why=data["why"],
        least=float(rate["least"]),
        most=float(rate["most"]),
        signature=data["signature"],
        features=frozenset(data.get("features", ())),
        cause=data.get("cause", ""),
        link=data.get("link", ""),
        conditions=Conditions(**conditions),
    )


def _only(where: str, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [name for name in data if name not in known]
    if unknown:
        raise LedgerError(f"{where}: unknown {', '.join(unknown)}; there are {', '.join(known)}")


def _one_of(where: str, name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise LedgerError(f"{where}: {name} cannot be {value!r}; there are {', '.join(known)}")


def _fits(pattern: Any, value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(fnmatchcase, value, pattern))
    return fnmatchcase(value, pattern)


def _version_fits(wanted: str, version: tuple[int, int], where: str = "conditions") -> bool:
    """Whether a version meets all of `>=3.9,<3.13` and the like."""
    for part in filter(None, wanted.split(",")):
        found = re.fullmatch(r"\s*(>=|<|==|!=)\s*(\d+)\.(\d+)\s*", part)
        if found is None:
            raise LedgerError(f"{where}: python must be like '>=3.9,<3.13', not {wanted!r}")
        bound = int(found.group(2)), int(found.group(3))
        if not {">=": version >= bound, "<": version < bound, "==": version == bound, "!=": version != bound}[found.group(1)]:
            return False
    return True
