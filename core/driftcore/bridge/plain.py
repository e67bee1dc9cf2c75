"""Whether reading a value a second time runs code of the program.

Objects of a program are read by their `__str__`, `items`, `__iter__` and the like, which may count, ask a
database or use a generator up.  Plain values are those which only Python's own code reads.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

_LEAVES = frozenset(
    (type(None), bool, int, float, str, bytes, bytearray, Decimal, UUID, date, datetime, time, timedelta)
)
_ZONES = (type(None), timezone, ZoneInfo)


def is_plain(value: Any) -> bool:
    """Exact types only: a subclass may bring code.  Walks without recursion; each container once."""
    pending, seen = [value], set()
    while pending:
        one = pending.pop()
        kind = type(one)
        if kind in _LEAVES:
            if kind in (datetime, time) and type(one.tzinfo) not in _ZONES:
                return False
        elif kind not in (dict, list, tuple, set, frozenset):
            return False
        elif id(one) not in seen:
            seen.add(id(one))
            pending.extend(one)
            if kind is dict:
                pending.extend(one.values())
    return True
