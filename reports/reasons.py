"""Verdicts and what speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from driftgate.base.exit_codes import ExitCode


class Verdict(str, Enum):
    """From worst to best."""

    UNFIT = "UNFIT"
    NO_GO = "NO-GO"
    INCONCLUSIVE = "INCONCLUSIVE"
    GO = "GO"

    @property
    def exit_code(self) -> ExitCode:
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Verdict.GO: ExitCode.PASS,
    Verdict.NO_GO: ExitCode.FAIL,
    Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    Verdict.UNFIT: ExitCode.UNFIT,
}


class Place(str, Enum):
    """The parts of a report; a reason names the one that holds its evidence."""

    CENSUS = "compared"
    CLUSTERS = "mismatches"
    LEDGER = "ledger"
    CLAIMS = "claims"
    RECORDED = "recorded"
    TRUST = "trust"
    CHECKS = "checks"
    MATRIX = "pythons"
    PROVENANCE = "provenance"


@dataclass(frozen=True)
class Reason:
    """What speaks for a verdict, as a clause that can follow it, and where the evidence stands.

    `voids`: nothing in the folder can be believed.  Without it UNFIT is about one harness
    among several, and does not hide what the others have found.
    """

    verdict: Verdict
    text: str
    place: Place
    voids: bool = False

    @property
    def rank(self) -> int:
        """The reason with the least one decides."""
        if self.voids:
            return 0
        return (Verdict.NO_GO, Verdict.UNFIT, Verdict.INCONCLUSIVE, Verdict.GO).index(self.verdict) + 1


@dataclass(frozen=True)
class Judgement:
    """The verdict, one sentence that can be read aloud, and all reasons, the deciding ones first."""

    verdict: Verdict
    sentence: str
    reasons: tuple[Reason, ...]
