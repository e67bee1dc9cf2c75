"""Shadow mode: a sampled share of native calls runs on the Python reference too, and results are compared.

`TUSK_CORE_SHADOW=0.01` takes one call in a hundred.  What comes of it is in `counters().shadow`; the
first inputs that differ are kept (`keeping`).  A caller gets the native result in either case, and nothing
that happens here reaches it but the time of the reference.
"""

from __future__ import annotations

import os
import random
from functools import lru_cache
from logging import WARNING
from types import ModuleType
from typing import Any, Callable, Union

from driftcore.bridge.counting import was_shadowed
from driftcore.bridge.reporting import say, say_first
from driftcore.bridge.switches import environment_key, raw_environment

SHADOW = "TUSK_CORE_SHADOW"
ALLOW = "TUSK_CORE_SHADOW_ALLOW"
ALLOWABLE = ("objects", "keys", "numbers")

COMPARED = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "process_export_payload_pyobject",
    "build_span_proto_bytes_pyobject",
    "export_span",
    "build_export_spans_request_bytes_pyobject",
)

SHADOW_KEY = environment_key(SHADOW)
_ALLOW_KEY = environment_key(ALLOW)
_sources = random.Random()


def is_due() -> bool:
    """Whether this call is among those that are compared."""
    raw = raw_environment(SHADOW_KEY)
    return raw is not None and _sources.random() < rate_of(raw)


@lru_cache(maxsize=16)
def rate_of(raw: Union[str, bytes]) -> float:
    """The share between 0 and 1 that a value of the variable asks for; 0 and a warning for any other text."""
    text = os.fsdecode(raw)
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if 0 <= rate <= 1:
        return rate
    say(WARNING, "%s=%r is no share between 0 and 1; nothing is shadowed", SHADOW, text)
    return 0.0


def allowed() -> frozenset[str]:
    """What the program's owner lets shadow mode do beyond what is safe for every program.

    `objects`: run code of the payload's objects a second time.  `keys`, `numbers`: keep them as they are.
    """
    raw = raw_environment(_ALLOW_KEY)
    return frozenset() if raw is None else _words_of(raw)


@lru_cache(maxsize=16)
def _words_of(raw: Union[str, bytes]) -> frozenset[str]:
    words = frozenset(os.fsdecode(raw).lower().replace(",", " ").split())
    unknown = sorted(words.difference(ALLOWABLE))
    if unknown:
        say(WARNING, "%s: %r is none of %s; it is ignored", ALLOW, unknown[0], ", ".join(ALLOWABLE))
    return words.intersection(ALLOWABLE)


class Shadowed:
    """The core for one helper's call: each of its functions is compared with the reference's."""

    def __init__(self, core: ModuleType, helper: str) -> None:
        self._core, self._helper = core, helper

    def __getattr__(self, function: str) -> Callable[..., Any]:
        native: Callable[..., Any] = getattr(self._core, function)
        if function not in COMPARED:
            return native

        def both(*arguments: Any) -> Any:
            try:
                result = native(*arguments)
            except Exception as error:
                self._compare(function, arguments, error)
                raise
            self._compare(function, arguments, result)
            return result

        return both

    def _compare(self, function: str, arguments: tuple[Any, ...], actual: Any) -> None:
        """`actual` is what the core returned or raised.  Raises no Exception."""
        try:
            # Imported when a call is compared: most programs never do.
            from driftcore.bridge import comparing, keeping, plain

            if "objects" not in allowed() and not plain.is_plain(arguments):
                was_shadowed((self._helper, "not run: objects"))
                return
            how = comparing.difference(function, arguments, actual)
            was_shadowed((self._helper, "same" if how is None else "different"))
            if how is not None:
                keeping.keep(self._core, function, arguments, how)
        except Exception as error:
            self._failed(function, error)

    def _failed(self, function: str, error: Exception) -> None:
        try:
            kind = type(error).__name__
            was_shadowed((self._helper, f"failed: {kind}"))
            say_first(f"shadow: {kind}", "shadow mode could not judge a call of %s: %s", function, error)
        except Exception:
            return


def _restart() -> None:
    """A child draws other calls than its parent."""
    _sources.seed()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart)
