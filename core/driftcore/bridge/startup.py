"""What the bridge decided at start-up, as data and as one log line."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from driftcore.bridge.counting import IMPORT_FAILED
from driftcore.bridge.loading import MODULE, load
from driftcore.bridge.reporting import first_report, say_asked
from driftcore.bridge.switches import C_CORE, FALSY, RUST_CORE, TRUTHY, Reason, decide

_INVALID: Reason = "invalid_env_value_defaulted"


@dataclass(frozen=True)
class StartupStatus:
    """The bridge's state.

    `variable` and `raw_value` are what decided, None where no variable is set.  `loaded` is
    False and `import_error` None while the core is disabled: then it is not imported.
    `import_error` reads `"ImportError: message"`.
    """

    enabled: bool
    reason: Reason
    variable: str | None
    raw_value: str | None
    loaded: bool
    import_error: str | None


def startup_status() -> StartupStatus:
    """The decision of the environment and the outcome of the import, which this call makes if it is enabled.

    Upstream: `get_rust_core_startup_status`, a dict without the deciding variable.
    """
    decision = decide()
    loaded = load() if decision.enabled else None
    return StartupStatus(
        enabled=decision.enabled,
        reason=decision.reason,
        variable=decision.variable,
        raw_value=decision.raw_value,
        loaded=loaded is not None and loaded.core is not None,
        import_error=loaded.error if loaded is not None else None,
    )


def log_startup() -> str:
    """Log one line to `driftcore.bridge`, and return it: enabled, disabled, or fallen back and why.

    A warning where the variable's value is not one of the accepted words, or the core is on
    but cannot be imported (that reason then counts as reported); info otherwise, which is also
    shown where the program has left logging as Python has it (`reporting.say_asked`).
    """
    status = startup_status()
    if status.import_error is not None:
        first_report(IMPORT_FAILED)
    is_news = status.reason == _INVALID or status.import_error is not None
    line = f"{_state(status)} ({_cause(status)}).{_help(status)}"
    say_asked(logging.WARNING if is_news else logging.INFO, line)
    return line


def _help(status: StartupStatus) -> str:
    if status.import_error is None:
        return ""
    remedy = load().remedy
    return f"  {'' if remedy is None else f'{remedy}; '}{C_CORE}=0 says that Python is meant."


def _state(status: StartupStatus) -> str:
    if not status.enabled:
        return f"{MODULE} is disabled, the Python path is used"
    if status.loaded:
        return f"{MODULE} is enabled"
    return f"{MODULE} is enabled but fell back to the Python path: {status.import_error}"


def _cause(status: StartupStatus) -> str:
    if status.variable is None:
        return f"on by default, neither {C_CORE} nor {RUST_CORE} is set"
    setting = f"{status.variable}={status.raw_value!r}"
    if status.reason != _INVALID:
        return setting
    return f"{setting} is invalid and taken as on, accepted are {', '.join(TRUTHY)} and {', '.join(FALSY)}"
