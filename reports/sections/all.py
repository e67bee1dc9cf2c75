"""The order in which a report tells what was found."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import SignOff
from ..reasons import Place
from .claims import claims
from .model import Section, paragraph
from .parity import census, ledger, mismatches
from .provenance import checks, provenance, pythons, reproduce
from .speed import speed_sections
from .trust import history, trust

TITLES = {
    Place.CENSUS: "What was compared",
    Place.CLUSTERS: "Mismatches",
    Place.LEDGER: "Declared differences",
    Place.CLAIMS: "Claims",
    Place.RECORDED: "Recorded inputs",
    Place.TRUST: "What the figures are worth",
    Place.CHECKS: "Tests and hardening",
    Place.MATRIX: "Every Python",
    Place.PROVENANCE: "Provenance",
}


def sections(document: SignOff) -> tuple[Section, ...]:
    """Everything behind the verdict and its reasons; a reason about something lacking has its place too."""
    found = [section for section in _every(document) if section is not None]
    there = {section.anchor for section in found}
    lacking = dict.fromkeys(reason.place for reason in document.judgement.reasons)
    empty = [
        Section(place.value, TITLES[place], (paragraph("There is nothing of this in the folder."),))
        for place in lacking
        if place.value not in there
    ]
    return (*found[:-2], *empty, *found[-2:])


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
