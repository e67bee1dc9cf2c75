"""The environment switches, read anew at every call, as upstream reads its own.

`os.environ.get` of an unset name encodes the name, then raises and catches a KeyError:
more than the rest of a helper together, twice per call where neither variable is set.
The dictionary behind `os.environ`, which every change of `os.environ` goes to, answers
the same question in a tenth of that.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

C_CORE = "TUSK_USE_C_CORE"
RUST_CORE = "TUSK_USE_RUST_CORE"
SKIP_PROTO_VALIDATION = "TUSK_SKIP_PROTO_VALIDATION"

TRUTHY = ("1", "true", "yes", "on")
FALSY = ("0", "false", "no", "off")
_SKIPPING = ("1", "true", "yes")

Reason = Literal["default_on", "env_enabled", "env_disabled", "invalid_env_value_defaulted"]


@dataclass(frozen=True)
class Decision:
    """Whether the native core is on, and which variable with which value said so (None: neither is set)."""

    enabled: bool
    reason: Reason
    variable: str | None
    raw_value: str | None


def decide() -> Decision:
    """The decision as the environment stands now: the C variable if set, else the Rust one, else on."""
    for variable in (C_CORE, RUST_CORE):
        raw_value = os.environ.get(variable)
        if raw_value is not None:
            return _judged(variable, raw_value)
    return Decision(True, "default_on", None, None)


# The dictionary behind `os.environ`, its keys in the platform's own encoding.
ENVIRON = os.environ if hasattr(os.environ, "_data") else None
BEHIND: dict[Any, Any] = getattr(os.environ, "_data", {})


def environment_key(name: str) -> Any:
    """A variable's name as `BEHIND` has it."""
    return os.environ.encodekey(name) if ENVIRON is not None else name


C_KEY, RUST_KEY, SKIP_KEY = map(environment_key, (C_CORE, RUST_CORE, SKIP_PROTO_VALIDATION))


def raw_environment(key: Any) -> Any:
    """A variable's raw value, or None where it is not set."""
    return BEHIND.get(key) if os.environ is ENVIRON else os.environ.get(os.fsdecode(key))


def is_enabled() -> bool:
    """`decide().enabled`."""
    raw = raw_environment(C_KEY)
    if raw is None:
        raw = raw_environment(RUST_KEY)
    return raw is None or switches_on(raw)


def skips_proto_validation() -> bool:
    """True if the environment asks not to verify span bytes.  As upstream: any case, not trimmed."""
    raw = raw_environment(SKIP_KEY)
    return raw is not None and os.fsdecode(raw).lower() in _SKIPPING


@lru_cache(maxsize=16)
def switches_on(raw: str | bytes) -> bool:
    """What a raw value of the deciding variable says."""
    return _judged(C_CORE, os.fsdecode(raw)).enabled


def _judged(variable: str, raw_value: str) -> Decision:
    word = raw_value.strip().lower()
    if word in TRUTHY:
        return Decision(True, "env_enabled", variable, raw_value)
    if word in FALSY:
        return Decision(False, "env_disabled", variable, raw_value)
    return Decision(True, "invalid_env_value_defaulted", variable, raw_value)
