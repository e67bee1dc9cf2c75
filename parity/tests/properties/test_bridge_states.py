"""The bridge as a state machine: switches that change, a core that is there, missing or not to be had for
a while, that works, fails or lies, a log filter that raises, and exact counters all along.
"""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Optional

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

C_CORE, RUST_CORE, SKIP = "TUSK_USE_C_CORE", "TUSK_USE_RUST_CORE", "TUSK_SKIP_PROTO_VALIDATION"
OFF = ("0", "false", "NO", " off ")
ON_OR_INVALID = ("1", "true", "Yes", " on ", "", "2", "maybe", "é")
HASH = "0" * 64
LOGGER = logging.getLogger("driftcore.bridge")

REQUEST = {
    "observable_service_id": "",
    "environment": "",
    "sdk_version": "",
    "sdk_instance_id": "",
    "span_proto_bytes_list": [],
}
CALLS: dict[str, Callable[[Any], Any]] = {
    "normalize_json_jsonable": lambda helper: helper({"a": 1}),
    "deterministic_hash_jsonable": lambda helper: helper({"a": 1}),
    "normalize_and_hash_jsonable": lambda helper: helper({"a": 1}),
    "process_export_payload_jsonable": lambda helper: helper({"a": 1}),
    "build_export_spans_request_bytes": lambda helper: helper(**REQUEST),
    "validate_span_proto_bytes": lambda helper: helper(b""),
}

RIGHT: dict[str, Any] = {
    "normalize_json": '{"a":1}',
    "deterministic_hash": HASH,
    "normalize_and_hash": ('{"a":1}', HASH),
    "process_export_payload_pyobject": ({"a": 1}, HASH, {}, HASH, b""),
    "build_export_spans_request_bytes_pyobject": b"request",
    "verify_span": None,
}
RUBBISH: tuple[Any, ...] = (7, (), ("x",), [b""], {"a": 1})
RAISED = (RuntimeError, OverflowError, MemoryError, RecursionError, KeyError)


class Bridge(RuleBasedStateMachine):
    """A bridge as in a new process; the machine keeps count of what the bridge ought to have counted."""

    @initialize(core=st.sampled_from(["there", "missing", "short of something"]))
    def start(self, core: str) -> None:
        self._modules = {name: module for name, module in sys.modules.items() if _is_bridge(name)}
        self._variables = {name: os.environ.pop(name, None) for name in (C_CORE, RUST_CORE, SKIP)}
        for name in self._modules:
            del sys.modules[name]
        self.importable, self.can_pass = core == "there", core == "short of something"
        self.behaviour: Callable[[str], Any] = RIGHT.__getitem__
        self.fault: Optional[str] = None
        self.core = SimpleNamespace(**{name: self._native(name) for name in RIGHT})
        self.bridge = importlib.import_module("driftcore.bridge")
        self.now, self.again_at, self.pause, self.loaded = 0.0, 0.0, 0.25, False
        loading: Any = sys.modules["driftcore.bridge.loading"]
        loading.import_core, loading.monotonic = self._import, lambda: self.now
        self.native: Counter[str] = Counter()
        self.disabled: Counter[str] = Counter()
        self.fallback: Counter[tuple[str, str]] = Counter()
        self.records: list[logging.LogRecord] = []
        self._handler = logging.Handler()
        self._handler.emit = self.records.append  # type: ignore[assignment,method-assign]
        LOGGER.addHandler(self._handler)
        LOGGER.setLevel(logging.DEBUG)
        LOGGER.propagate = False
        self.reported: set[str] = set()
        self.filter_raises = False

    def teardown(self) -> None:
        if not hasattr(self, "_handler"):
            return
        LOGGER.removeHandler(self._handler)
        LOGGER.filters.clear()
        LOGGER.setLevel(logging.NOTSET)
        LOGGER.propagate = True
        for name in [name for name in sys.modules if _is_bridge(name)]:
            del sys.modules[name]
        sys.modules.update(self._modules)
        for name, value in self._variables.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    def _native(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self.behaviour(name)

    def _import(self) -> Any:
        if self.importable:
            return self.core
        if self.can_pass:
            raise OSError(errno.EMFILE, "Too many open files")
        raise ModuleNotFoundError("No module named 'driftcore_native'", name="driftcore_native")

    def _is_loaded(self) -> bool:
        """Whether the bridge has the core now, an attempt that is due included."""
        if not self.loaded and self.now >= self.again_at:
            self.loaded = self.importable
            self.again_at = self.now + self.pause if self.can_pass else float("inf")
            self.pause = min(2 * self.pause, 60.0)
        return self.loaded

    # ---- what changes ------------------------------------------------------------------

    @rule(variable=st.sampled_from([C_CORE, RUST_CORE]), value=st.sampled_from([None, *OFF, *ON_OR_INVALID]))
    def switch(self, variable: str, value: Optional[str]) -> None:
        _set(variable, value)

    @rule(value=st.sampled_from([None, "1", "TRUE", "yes", "0", " 1", "on"]))
    def skip_validation(self, value: Optional[str]) -> None:
        _set(SKIP, value)

    @rule(seconds=st.sampled_from([0.1, 0.25, 1.0, 30.0, 3600.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def end_the_shortage(self) -> None:
        self.importable = self.importable or self.can_pass

    @rule(raises=st.booleans())
    def filter_lines(self, raises: bool) -> None:
        self.filter_raises = raises
        LOGGER.filters[:] = [_raise] if raises else []

    @rule()
    def mend_core(self) -> None:
        self.behaviour, self.fault = RIGHT.__getitem__, None

    @rule(error=st.sampled_from(RAISED))
    def break_core(self, error: type[Exception]) -> None:
        def fail(name: str) -> Any:
            raise error("broken")

        self.behaviour, self.fault = fail, error.__name__

    @rule(rubbish=st.sampled_from(RUBBISH))
    def confuse_core(self, rubbish: Any) -> None:
        self.behaviour, self.fault = lambda name: rubbish, "WrongShape"

    # ---- what is asked -----------------------------------------------------------------

    @rule(helper=st.sampled_from(sorted(CALLS)))
    def call(self, helper: str) -> None:
        self.records.clear()
        result = CALLS[helper](getattr(self.bridge, helper))
        if helper == "validate_span_proto_bytes" and _skips():
            assert result is True  # without a look, so nothing is counted
            return
        if not _enabled():
            self.disabled[helper] += 1
        elif not self._is_loaded():
            self._expect_fallback(helper, "import_failed", topic="import_failed")
        elif self.fault is not None:
            self._expect_fallback(helper, self.fault, topic=f"{helper}: {self.fault}")
        else:
            self.native[helper] += 1
            assert result is not None
            return
        assert result is None

    def _expect_fallback(self, helper: str, reason: str, topic: str) -> None:
        self.fallback[helper, reason] += 1
        self._expect_record(logging.DEBUG if topic in self.reported else logging.WARNING)
        self.reported.add(topic)

    def _expect_record(self, level: int) -> None:
        assert [record.levelno for record in self.records] == ([] if self.filter_raises else [level])

    @rule()
    def log_startup(self) -> None:
        self.records.clear()
        line = self.bridge.log_startup()
        failed = _enabled() and not self._is_loaded()
        if failed:
            self.reported.add("import_failed")
        self._expect_record(logging.WARNING if failed or _is_invalid() else logging.INFO)
        assert ("is disabled" in line) == (not _enabled())
        assert ("fell back" in line) == failed

    @rule()
    def ask_for_the_status(self) -> None:
        status = self.bridge.startup_status()
        assert status.enabled == _enabled()
        loaded = _enabled() and self._is_loaded()
        assert status.loaded == loaded
        assert (status.import_error is None) == (not _enabled() or loaded)

    @invariant()
    def counters_are_exact(self) -> None:
        if not hasattr(self, "bridge"):
            return
        counted = self.bridge.counters()
        assert counted.native == dict(self.native)
        assert counted.disabled == dict(self.disabled)
        flat = {
            (helper, why): n for helper, reasons in counted.fallback.items() for why, n in reasons.items()
        }
        assert flat == dict(self.fallback)


def _raise(record: logging.LogRecord) -> bool:
    raise RuntimeError("a filter that raises")


def _is_bridge(name: str) -> bool:
    return name == "driftcore_native" or name == "driftcore.bridge" or name.startswith("driftcore.bridge.")


def _set(variable: str, value: Optional[str]) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


def _deciding() -> Optional[str]:
    return os.environ.get(C_CORE, os.environ.get(RUST_CORE))


def _enabled() -> bool:
    return _deciding() not in OFF


def _is_invalid() -> bool:
    return _deciding() in ("", "2", "maybe", "é")


def _skips() -> bool:
    return os.environ.get(SKIP) in ("1", "TRUE", "yes")


TestBridge = Bridge.TestCase
