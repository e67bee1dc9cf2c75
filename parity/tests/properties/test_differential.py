"""Native and reference agree on whatever Hypothesis makes with the campaign's generator."""

from __future__ import annotations

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from parity import show
from parity.judge import Pair, judge
from parity.operations import OPERATIONS
from parity.subjects import load
from parity.tests.properties.strategies import cases

PAIR = Pair(load("reference"), load("native"))


@pytest.mark.parametrize("operation", OPERATIONS)
@given(data=st.data())
def test_native_equals_reference(operation: str, data: st.DataObject) -> None:
    case = data.draw(cases(OPERATIONS[operation]))
    judgement = judge(case, PAIR)
    if judgement.difference is not None:
        note(show.arguments(case.operation.arguments, case.arguments(), limit=2000))
    assert judgement.difference is None
