"""What a kind is, and what is said of an object that is of none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from driftgate.base.exit_codes import Unfit

Parts = Sequence[Any]


class UnknownKind(Unfit, ValueError):
    """An object, or a name, that is no known kind; the message says where one is added."""


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are taken apart and built.

    `group` is how many parts stand for one item that can be left out (2: a key and its
    value), 0 where the number of parts is fixed.  `fill` adds the parts to an object that was
    built without, which an object needs that holds itself.
    """

    name: str
    apart: Callable[[Any], tuple[Any, Parts]]
    build: Callable[[Any, Parts], Any]
    group: int = 0
    fill: Optional[Callable[[Any, Parts], None]] = None
