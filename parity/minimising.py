"""A mismatch made small: where it shows, the smallest input that still shows it, who else dissents.

`smallest` is a function of the plan and one request, so it can be done by any worker.  The
reducing itself happens in a fork, which makes hundreds of probes in a second; where a probe
may kill the process, or the mismatch needs earlier calls, each probe gets a fork of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .clusters import Example
from .explain import Explanation
from .generate.profiles import Arguments
from .signature import Signature

SECONDS = 3.0
"""How long one mismatch may be made smaller."""

FORKING_SECONDS = 10.0
"""The same where each probe needs a process of its own."""

HANG_SECONDS = 0.5
"""How long a probe may take that is to hang again."""

CALLS_TRIED = (1, 2, 3, 8)
"""How often a case is put in a row to see a fault that needs earlier calls."""


@dataclass(frozen=True)
class Request:
    """A mismatch to be made small: an example of it, its signature, and who else is to be asked."""

    example: Example
    signature: Signature
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Smallest:
    """The smallest input found that shows a mismatch.

    `calls` is how many calls with it in a fresh process the fault needs, 0 if it did not
    show again at all, so that it hangs on what was called before.  `verdicts` says for each
    witness whether it agrees with the reference, with the candidate or with neither.
    """

    example: Example
    arguments: Arguments
    features: frozenset[str]
    explanation: Explanation
    calls: int
    probes: int
    seconds: float
    verdicts: Mapping[str, str]
