"""The order in which a report tells what was found."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import SignOff
from .claims import claims
from .model import Section
from .parity import census, ledger, mismatches
from .provenance import checks, provenance, pythons, reproduce
from .speed import speed_sections
from .trust import history, trust


def sections(document: SignOff) -> tuple[Section, ...]:
    """Everything behind the verdict and its reasons."""
    return tuple(section for section in _every(document) if section is not None)


def _every(document: SignOff) -> Iterator[Section | None]:
    differs = document.parity.total.mismatches > 0
    if differs:
        yield mismatches(document)
    yield census(document)
    if not differs:
        yield mismatches(document)
    yield ledger(document)
    yield claims(document)
    yield from speed_sections(document)
    yield trust(document)
    yield checks(document)
    yield pythons(document)
    yield history(document)
    yield provenance(document)
    yield reproduce(document)
