"""How a third implementation answers a case on which reference and candidate part."""

from __future__ import annotations

from .calling import call
from .cases import Case
from .compare import compare
from .isolate import Breadcrumb, Lost, isolated
from .judge import WITNESS, Judgement
from .subjects import Subject

AGREES, FOLLOWS, THIRD, LACKS = "as the reference", "as the candidate", "otherwise", "has no such function"
"""How a witness answers."""


def verdict(witness: Subject, case: Case, judgement: Judgement, timeout: float, limit: int) -> str:
    """How a witness answers, compared with both."""
    function = witness.functions.get(case.operation.name)
    if function is None:
        return LACKS

    def work(crumb: Breadcrumb) -> str:
        crumb.calling(WITNESS)
        answer = call(case.within.around(function), case.arguments(), case.arguments)
        if compare(judgement.expected, answer, case.operation.results) is None:
            return AGREES
        return FOLLOWS if compare(judgement.actual, answer, case.operation.results) is None else THIRD

    done = isolated(work, timeout, limit)
    return str(done.outcome) if isinstance(done, Lost) else done.value
