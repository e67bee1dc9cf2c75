"""Every limit of the C core has values around it in a pool of the generator, and every pool is drawn from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parity.generate import limits
from parity.tests import c_limits

CONSTANTS = c_limits.constants()
SIZES = {name: pool for name, pool in vars(limits).items() if name.isupper()}
ANY_SIZE = {size for pool in SIZES.values() for size in pool if isinstance(size, int)}


def test_the_sources_were_read() -> None:
    assert len(CONSTANTS) >= 30
    assert CONSTANTS["DRIFTCORE_MAX_DEPTH"] == {200}
    assert len(list(c_limits.compared_literals())) >= 50


def test_every_constant_in_c_has_a_pool() -> None:
    """A new constant: say in `c_limits` which pool meets it, or why no input can."""
    assert sorted(CONSTANTS.keys() - c_limits.POOLS.keys() - c_limits.NO_LIMITS.keys()) == []


def test_no_entry_is_stale() -> None:
    """A constant that is gone or renamed takes its entry with it."""
    assert sorted((c_limits.POOLS.keys() | c_limits.NO_LIMITS.keys()) - CONSTANTS.keys()) == []
    assert sorted(c_limits.POOLS.keys() & c_limits.NO_LIMITS.keys()) == []


@pytest.mark.parametrize("name", c_limits.POOLS)
def test_the_pool_has_the_value_and_its_neighbours(name: str) -> None:
    for value in CONSTANTS.get(name, ()):
        for pool in c_limits.POOLS[name]:
            missing = {value, value + 1} - set(SIZES[pool])
            assert not missing, f"{name} is {value} in C, but limits.{pool} lacks {missing}"


def test_every_compared_literal_is_met_or_explained() -> None:
    """Literals from 15 up, as smaller ones are flags, counts of cases and digits."""
    literals = {(place, value) for place, value in c_limits.compared_literals() if value >= 15}
    unmet = {
        (place, f"{value} = {value:#x}")
        for place, value in literals
        if value not in ANY_SIZE and value not in c_limits.NO_LIMIT_LITERALS and not _is_utf8_byte(value)
    }
    assert sorted(unmet) == []
    assert sorted(c_limits.NO_LIMIT_LITERALS.keys() - {value for _, value in literals}) == []


def _is_utf8_byte(value: int) -> bool:
    """Whether wrong UTF-8 with this byte, or one beside it, is drawn."""
    drawn = set(b"".join(limits.UTF8_FAULTS))
    return value in drawn or value - 1 in drawn


def test_every_pool_is_drawn_from() -> None:
    folder = Path(limits.__file__).parent
    code = "".join(path.read_text() for path in folder.rglob("*.py") if path != Path(limits.__file__))
    unused = [name for name in SIZES if not re.search(rf"\b{name}\b", code)]
    assert unused == []
