"""What there is to know of subjects, from a child that imported them.

An import may exit, die, hang, print or eat memory, so it happens in a child first; and who only has to know
which build is judged and what it offers need not import it at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from driftgate.base.exit_codes import Unfit

from ..isolate import Breadcrumb, Lost, isolated
from ..losable import keep_what_is_printed
from . import Provenance, Subject, load, require_distinct

CALL_SECONDS = 5.0
"""An import may take as many times longer than a call as the harness itself: a minute."""


@dataclass(frozen=True)
class Described:
    """A subject without its functions; `operations` are those it offers."""

    name: str
    operations: frozenset[str]
    provenance: Provenance


def describe(
    names: Iterable[str],
    apart: Sequence[tuple[str, str]] = (),
    timeout: float = CALL_SECONDS,
) -> dict[str, Described]:
    """The subjects of some names, of which the pairs in `apart` must not be one build; raises `Unfit`."""
    done = isolated(partial(_described, tuple(dict.fromkeys(names)), apart), timeout, imports=True)
    if isinstance(done, Lost):
        raise Unfit(f"looking at {', '.join(names)}, a process {done.outcome}")
    return done.value


def _described(
    names: Sequence[str], apart: Sequence[tuple[str, str]], crumb: Breadcrumb
) -> dict[str, Described]:
    keep_what_is_printed()
    loaded = {name: load(name) for name in names}
    for one, other in apart:
        require_distinct(loaded[one], loaded[other])
    return {name: described(subject) for name, subject in loaded.items()}


def described(subject: Subject) -> Described:
    return Described(subject.name, frozenset(subject.functions), subject.provenance)
