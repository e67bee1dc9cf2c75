"""Claims that are written once for several operations, taken apart into one table each.

A file may have `[defaults]` for all claims, `[names]` with what goes with a name, and `[payloads]` with
lists of payloads; the head of claims.toml says how they meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Template
from typing import Any

from driftgate.base.exit_codes import Unfit

Table = Mapping[str, Any]


class BadClaims(Unfit, ValueError):
    """A claims file that must not be used; the message names the claim and what is wrong."""


def each(claim: Table, document: Table, where: str) -> Iterator[dict[str, Any]]:
    """The claims that one table stands for; raises `BadClaims`."""
    defaults, names, lists = (_table(document, name, where) for name in ("defaults", "names", "payloads"))
    own = {name: value for name, value in claim.items() if name != "each"}
    for name, more in _chosen(claim, where).items():
        if name is not None and name not in names:
            raise BadClaims(f"{where}: {name!r} is none of [names]; there are {', '.join(names)}")
        named = {} if name is None else _table(names, name, where)
        given = {**defaults, **named, **own, **more}
        payloads = given.get("payloads")
        if isinstance(payloads, str):
            if payloads not in lists:
                raise BadClaims(f"{where}: {payloads!r} is none of [payloads]; there are {', '.join(lists)}")
            given["payloads"] = lists[payloads]
        yield _written(given, name, where)


def _chosen(claim: Table, where: str) -> Mapping[Any, Table]:
    """Names and what each has of its own; one without a name where there is no `each`."""
    found = claim.get("each", {None: {}})
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        found = {one: {} for one in found}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise BadClaims(f"{where}: `each` is a list of names, or a table of names with fields of their own")
    return found


def _table(document: Table, name: str, where: str) -> Table:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise BadClaims(f"{where}: {name} is no table")
    return found


def _written(given: dict[str, Any], name: Any, where: str) -> dict[str, Any]:
    """With what `id` and `sentence` leave to the other fields."""
    form = given.get("form")
    told = {
        "operation": str(given.get("operation")) + (f", given {form}," if form else ""),
        "bound": _number(given.get("floor", given.get("ceiling"))),
        **({} if name is None else {"name": name}),
    }
    for field in ("id", "sentence"):
        text = given.get(field)
        if isinstance(text, str):
            try:
                given[field] = Template(text).substitute(told)
            except (KeyError, ValueError) as error:
                raise BadClaims(
                    f"{where}: {field} {text!r} names something else than $name, $operation, $bound"
                ) from error
    return given


def _number(bound: object) -> str:
    return f"{bound:g}" if isinstance(bound, (int, float)) else str(bound)
