"""Candidates that lie on purpose, each in one subtle way, to prove that the gate sees it.

A liar is the reference with a few of its functions changed.  `liar:NAME` is a subject
like any other, so liars go through the real runner: `python -m parity run --candidate
liar:sorted-keys`.  What each is to be caught by is stated beside it and tested.
"""

from __future__ import annotations

from . import calls, errors, hashes, json_text, messages, objects
from .base import Liar

LIARS: dict[str, Liar] = {
    liar.name: liar
    for module in (json_text, hashes, objects, messages, errors, calls)
    for liar in module.LIARS
}

__all__ = ["LIARS", "Liar"]
