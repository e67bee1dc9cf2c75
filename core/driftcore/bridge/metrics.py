"""The bridge's counters as OpenTelemetry metrics, where that package is there.

| instrument | attributes |
|---|---|
| `driftcore.calls` | `helper`, `outcome` (native, fallback, disabled), `reason` of a fallback |
| `driftcore.punts` | `reason`: native calls that the core handed to the reference |
| `driftcore.shadow` | `helper`, `outcome` (same, different, failed: …) |

All are observable counters: nothing happens at a call, a reader fetches the counts when it collects.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from typing import Any, Callable, Optional

from driftcore.bridge.counting import counters
from driftcore.bridge.loading import MODULE, load
from driftcore.bridge.reporting import say
from driftcore.bridge.switches import is_enabled

_inherited: dict[str, int] = {}
"""The core counts on in a forked child: its parent's punts, to be taken away."""

Measured = Iterator[tuple[int, dict[str, str]]]


def export_metrics(meter_provider: Optional[Any] = None) -> bool:
    """Offer the counters to a meter provider, by default OpenTelemetry's global one.

    Call it once a process.  False where the package `opentelemetry-api` is missing or refuses; then
    nothing happens.
    """
    try:
        from opentelemetry import metrics

        meter = metrics.get_meter("driftcore", meter_provider=meter_provider)
        for name, measure, description in (
            ("driftcore.calls", _calls, "calls of the bridge's helpers by what became of them"),
            ("driftcore.punts", _punts, "native calls handed to the Python reference, by reason"),
            ("driftcore.shadow", _shadow, "calls that shadow mode compared, by outcome"),
        ):
            callback = _observing(measure, metrics.Observation)
            meter.create_observable_counter(name, [callback], unit="{call}", description=description)
    except Exception as error:
        say(logging.INFO, "no metrics: %s: %s", type(error).__name__, error)
        return False
    return True


def _observing(
    measure: Callable[[], Measured], observation: Callable[..., Any]
) -> Callable[[Any], list[Any]]:
    def observe(_options: Any) -> list[Any]:
        return [observation(count, attributes) for count, attributes in measure()]

    return observe


def _calls() -> Measured:
    now = counters()
    for outcome, counts in (("native", now.native), ("disabled", now.disabled)):
        for helper, count in counts.items():
            yield count, {"helper": helper, "outcome": outcome}
    for helper, reasons in now.fallback.items():
        for reason, count in reasons.items():
            yield count, {"helper": helper, "outcome": "fallback", "reason": reason}


def _punts() -> Measured:
    core = load().core if is_enabled() else None
    if core is not None:
        for reason, count in core.punts().items():
            yield count - _inherited.get(reason, 0), {"reason": reason}


def _shadow() -> Measured:
    for helper, outcomes in counters().shadow.items():
        for outcome, count in outcomes.items():
            yield count, {"helper": helper, "outcome": outcome}


def _inherit() -> None:
    global _inherited
    try:
        _inherited = dict(sys.modules[MODULE].punts())
    except Exception:  # not imported, or no core at all
        _inherited = {}


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_inherit)
