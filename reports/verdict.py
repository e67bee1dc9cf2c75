"""The verdict: a pure function of the evidence and one level of the policy.

UNFIT         nothing can be judged: the evidence is about different builds, the reference contradicts itself
NO-GO         the candidate differs, a claim is not kept, a check failed
UNFIT         one harness among several is broken, and the others found nothing wrong
INCONCLUSIVE  something the level asks for is lacking
GO            none of these

The first that applies decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.claims.loader import Spec
from driftgate.base.checkout import Commit
from driftgate.base.figures import count

from .evidence import Evidence
from .policy import Level
from .reasons import Judgement, Place, Reason, Verdict
from .rules import checks, identity, parity, speed


def judge(
    evidence: Evidence,
    level: Level,
    operations: tuple[str, ...],
    specs: Sequence[Spec],
    commit: Commit | None,
) -> Judgement:
    """Judge the candidate of a parity run; `operations` are all there are, `specs` all declared claims."""
    required = level.required_operations(operations)
    found = (
        *identity.reasons(evidence, level, commit),
        *parity.reasons(evidence.parity, level, required),
        *speed.reasons(evidence, level, specs, required),
        *checks.reasons(evidence, level),
    )
    reasons = tuple(sorted(found, key=lambda reason: reason.rank))
    verdict = reasons[0].verdict
    deciding = [reason for reason in reasons if reason.verdict is verdict]
    return Judgement(verdict, f"{verdict.value}: {_clause(verdict, deciding, level)}.", reasons)


def _clause(verdict: Verdict, deciding: Sequence[Reason], level: Level) -> str:
    if verdict is not Verdict.GO:
        more = count(len(deciding) - 1, "more reason")
        return deciding[0].text + (f" ({more} below)" if len(deciding) > 1 else "")
    claims = [reason.text for reason in deciding if reason.place is Place.CLAIMS]
    compared = [reason.text for reason in deciding if reason.place is Place.CENSUS]
    return f"{level.sentence}; " + ", and ".join([*compared[:1], *claims[:1]])
