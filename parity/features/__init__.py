"""Facts an input contains: what a fault may hang on, in a closed vocabulary.

A big random input has many of them, a minimal one few, and those are the cause as far
as inputs can tell it.  A reducer may only lose them (`parity.minimise`), so a minimal
input's features are among those of every input it was made from.
"""

from __future__ import annotations

from ..operations import Operation, Takes
from .arguments import request_facts, span_facts
from .merges import merge_facts
from .objects import object_facts
from .text import text_facts
from .vocabulary import CARRIERS, FORMS, KINDS, VOCABULARY

__all__ = ["CARRIERS", "FORMS", "KINDS", "VOCABULARY", "features", "telling"]


def features(operation: Operation, arguments: tuple[object, ...]) -> frozenset[str]:
    """The facts of `VOCABULARY` that hold for an operation's arguments."""
    takes = operation.takes
    if takes is Takes.SPAN:
        return frozenset(span_facts(arguments))
    if takes is Takes.REQUEST:
        return frozenset(request_facts(arguments))
    if takes is Takes.EXPORT:
        given = dict(zip(operation.arguments, arguments))
        return frozenset().union(
            *(
                _text_argument(given[f"{side}_json"])
                | merge_facts(given[f"{side}_json"], given[f"{side}_schema_merges_json"], of_text=True)
                for side in ("input", "output")
            )
        )
    payload = arguments[0]
    facts = object_facts(payload) if takes is Takes.OBJECT_AND_MERGES else _text_argument(payload)
    if takes is not Takes.TEXT:
        facts |= merge_facts(payload, arguments[1], of_text=takes is Takes.TEXT_AND_MERGES)
    return frozenset(facts)


def telling(facts: frozenset[str]) -> frozenset[str]:
    """The strongest of some facts: without mere kinds and forms, as far as something is left."""
    return facts - KINDS - FORMS or facts - KINDS or facts


def _text_argument(value: object) -> set[str]:
    return text_facts(value) if isinstance(value, str) else {"argument of a wrong type"}
