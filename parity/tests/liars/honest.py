"""An equal candidate: the reference behind functions of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from driftcore import reference

from parity.operations import OPERATIONS


def _forward(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(reference, name)
    return lambda *arguments: function(*arguments)


FUNCTIONS: dict[str, Callable[..., Any]] = {name: _forward(name) for name in OPERATIONS}
globals().update(FUNCTIONS)
