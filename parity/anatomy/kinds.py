"""What a kind is, and what is said of an object that is of none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from driftgate.base.exit_codes import Unfit

Parts = Sequence[Any]

UNORDERED = frozenset({"set", "frozenset"})
"""Names of the kinds whose parts stand in no order."""


class UnknownKind(Unfit, ValueError):
    """An object, or a name, that is no known kind; the message says where one is added."""


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are taken apart and built.

    `apart` reads an object past whatever its class overrides, so that it serves subclasses too.
    `group` is how many parts stand for one item that can be left out (2: a key and its
    value), 0 where the number of parts is fixed.  `fill` adds the parts to an object that was
    built without, which an object needs that holds itself.  `names` are those of a fixed number
    of parts, `own` is what the data is called.
    """

    name: str
    apart: Callable[[Any], tuple[Any, Parts]]
    build: Callable[[Any, Parts], Any]
    group: int = 0
    fill: Optional[Callable[[Any, Parts], None]] = None
    names: tuple[str, ...] = ()
    own: str = ""

    @property
    def unordered(self) -> bool:
        return self.name in UNORDERED
