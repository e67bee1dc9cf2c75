"""Choices drawn by Hypothesis: any input as a strategy, and the shrinking of an input found elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any, Generic, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider

from ..watching import unhindered_seconds
from .recording import RecordingSource, ReplaySource, recording
from .source import Source

Made = TypeVar("Made")
_BACKEND = "driftcore-kept-choices"
_BLOCKS = (64, 32, 16, 12, 8, 7, 6, 5, 4, 3, 2, 1)


@st.composite
def made(draw: st.DrawFn, make: Callable[[Source], Made]) -> Made:
    """What `make` makes of choices that Hypothesis draws, one draw a choice, shrinking towards plain answers.

    `make` has to draw all it needs before it returns.
    """
    return make(_drawn_by(draw))


def _drawn_by(draw: st.DrawFn) -> RecordingSource:
    return RecordingSource(
        lambda limit: draw(_from_0_to(limit - 1)), lambda count: draw(_from_0_to((1 << count) - 1))
    )


@lru_cache(maxsize=1024)
def _from_0_to(highest: int) -> st.SearchStrategy[int]:
    return st.integers(0, highest)


class _Enough(BaseException):
    """Ends Hypothesis's run at once, as no `Exception` would."""


class _Shrinking(Generic[Made]):
    """Choices that make something for which a predicate holds, and ever simpler ones."""

    def __init__(
        self, make: Callable[[Source], Made], still: Callable[[Made], bool], calls: int, seconds: float
    ) -> None:
        self._make, self._still = make, still
        self._calls_left, self._until = calls, unhindered_seconds() + seconds
        self.best: list[int] = []

    def made(self, source: Source) -> tuple[list[int], Made]:
        """What a recording source makes, behind its choices."""
        assert isinstance(source, RecordingSource)
        if unhindered_seconds() > self._until:
            raise _Enough
        made = self._make(source)
        return source.choices, made

    def holds(self, tried: tuple[list[int], Made]) -> bool:
        if self._calls_left == 0:
            raise _Enough
        self._calls_left -= 1
        held = self._still(tried[1])
        if held:
            self.best = min(self.best, list(tried[0]), key=_simplicity)
        return held

    def without_blocks(self) -> None:
        """Leave out runs of choices, which takes away whole items: Hypothesis itself goes up to five."""
        for size in _BLOCKS:
            at = len(self.best) - size
            while at >= 0:
                tried = self.best[:at] + self.best[at + size :]
                self.holds(self.made(recording(ReplaySource(tried))))
                at = min(at, len(self.best) - size + 1) - max(1, size // 8)


def shrink(
    make: Callable[[Source], Made],
    source: Source,
    still: Callable[[Made], bool],
    *,
    calls: int,
    seconds: float,
) -> ReplaySource | None:
    """The simplest choices found for which `still(make(...))` holds, starting with those of `source`.

    Hypothesis never found the input: a backend of its own, the documented way to let
    something else choose, hands over the choices, and Hypothesis then shrinks what failed.
    Ends after `calls` calls of `still` or about `seconds` seconds.  None where nothing
    simpler was found.  Of more choices than the 8 KiB that Hypothesis keeps of one example,
    only runs are left out.
    """
    shrinking = _Shrinking(make, still, calls, seconds)
    first, _ = shrinking.made(recording(source))
    shrinking.best = first
    try:
        shrinking.without_blocks()
        AVAILABLE_PROVIDERS[_BACKEND] = _kept(shrinking.best)
        find(made(shrinking.made), shrinking.holds, settings=_settings(), random=Random(0))
    except (_Enough, NoSuchExample, Flaky):  # an end in the middle of drawing looks flaky to it
        pass
    finally:
        AVAILABLE_PROVIDERS.pop(_BACKEND, None)
    return ReplaySource(shrinking.best) if _simplicity(shrinking.best) < _simplicity(first) else None


def _simplicity(choices: list[int]) -> tuple[int, list[int]]:
    """Hypothesis's own order: fewer choices, then smaller ones."""
    return len(choices), choices


def _kept(choices: list[int]) -> type[PrimitiveProvider]:
    """A backend that answers with kept choices; every draw of `made` is one of an int."""

    class Kept(PrimitiveProvider):
        def __init__(self, conjecturedata: Any, /) -> None:
            super().__init__(conjecturedata)
            self._left = iter(choices)

        def draw_integer(self, *args: Any, **constraints: Any) -> int:
            return next(self._left)

        def _never(self, *args: Any, **constraints: Any) -> Any:
            raise AssertionError("`made` draws ints alone")

        draw_boolean = draw_float = draw_string = draw_bytes = _never

    return Kept


def _settings() -> settings:
    return settings(
        backend=_BACKEND,
        phases=(Phase.generate, Phase.shrink),
        max_examples=2,  # the first is always the plainest input there is
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
