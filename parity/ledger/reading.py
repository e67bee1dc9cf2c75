"""Reading `ledger.toml` strictly: what is unknown, missing or empty is refused by name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from driftgate.base.decode import decode

from ..causes import CAUSES
from ..features import VOCABULARY
from ..operations import OPERATIONS
from ..signature import Pair, Signature
from .conditions import Conditions, LedgerError, version_fits
from .entries import KINDS, SEVERITIES, Entry, Ledger

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LEDGER = Path(__file__).parent.parent / "ledger.toml"
VERSION = 1

_REQUIRED = ("id", "subject", "operations", "kind", "severity", "why", "hits_per_million", "signature")
_OPTIONAL = ("features", "cause", "link", "conditions")
_PAIRS = ("outcomes", "types", "classes", "errors")
_KINDS: dict[str, Any] = {
    "operations": tuple[str, ...],
    "features": tuple[str, ...],
    "hits_per_million": dict[str, float],
    "conditions": dict[str, str],
}
_PATTERNS = tuple(field.name for field in fields(Signature) if field.name != "operation")


def load(path: Path = LEDGER) -> Ledger:
    """The ledger of a file; raises `LedgerError` for anything it does not know."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(f"{path}: {error}") from None
    except RecursionError:
        raise LedgerError(f"{path}: is nested too deep") from None
    return parse(data, str(path))


def parse(data: Mapping[str, Any], name: str = "ledger") -> Ledger:
    """The ledger of TOML that was read."""
    if data.get("version") != VERSION:
        raise LedgerError(f"{name}: version must be {VERSION}, not {data.get('version')!r}")
    _only(name, data, ("version", "entry"))
    given = data.get("entry", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise LedgerError(f"{name}: entries are tables, each below [[entry]]")
    entries = tuple(
        _entry(f"{name}: entry {one.get('id', number)!r}", one) for number, one in enumerate(given)
    )
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
    for name, value in data.items():
        if name != "signature":
            _require_kind(where, name, value, _KINDS.get(name, str))
    for name in ("id", "subject", "why"):
        if not data[name].strip():
            raise LedgerError(f"{where}: {name} must say something")
    _one_of(where, "kind", data["kind"], KINDS)
    _one_of(where, "severity", data["severity"], SEVERITIES)
    for name in data["operations"]:
        _one_of(where, "operations", name, tuple(OPERATIONS))
    for fact in data.get("features", ()):
        _one_of(where, "features", fact, tuple(VOCABULARY))
    if "cause" in data:
        _one_of(where, "cause", data["cause"], tuple(CAUSES))
    if not isinstance(data["signature"], dict) or not data["signature"]:
        raise LedgerError(f"{where}: signature needs at least one pattern, or it explains everything")
    for name, pattern in data["signature"].items():
        _one_of(where, "signature", name, _PATTERNS)
        try:
            decode(Pair if name in _PAIRS else str, pattern, name)
        except ValueError:
            wanted = "two patterns" if name in _PAIRS else "a pattern"
            raise LedgerError(f"{where}: signature.{name} must be {wanted}") from None
    rate = data["hits_per_million"]
    _only(f"{where}: hits_per_million", rate, ("least", "most"))
    if not 0 <= rate.get("least", -1) <= rate.get("most", -1) <= 1_000_000:
        raise LedgerError(f"{where}: hits_per_million needs 0 <= least <= most <= 1000000")
    conditions = data.get("conditions", {})
    _only(f"{where}: conditions", conditions, ("python", "platform"))
    version_fits(conditions.get("python", ""), (3, 9), where)
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


def _require_kind(where: str, name: str, value: object, kind: Any) -> None:
    try:
        decode(kind, value, f"{where}: {name}")
    except ValueError as error:
        raise LedgerError(str(error)) from None


def _only(where: str, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [name for name in data if name not in known]
    if unknown:
        raise LedgerError(f"{where}: unknown {', '.join(unknown)}; there are {', '.join(known)}")


def _one_of(where: str, name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise LedgerError(f"{where}: {name} cannot be {value!r}; there are {', '.join(known)}")
