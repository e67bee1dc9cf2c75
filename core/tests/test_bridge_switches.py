"""Which variable decides, what the start-up status tells of it, and the one line that is logged."""

from __future__ import annotations

import importlib
import logging
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

C_CORE, RUST_CORE = "TUSK_USE_C_CORE", "TUSK_USE_RUST_CORE"
HELPER = "deterministic_hash_jsonable"

ON = ["1", "true", "yes", "on", "TRUE", "Yes", "oN", " 1 ", "\ttrue\n"]
OFF = ["0", "false", "no", "off", "FALSE", "No", "oFF", " 0 ", "\tfalse\n"]
INVALID = ["", " ", "2", "-1", "enabled", "y", "n", "t", "none", "truefalse", "1 0", "ja", "é"]
JUDGED = [
    *[(value, True, "env_enabled") for value in ON],
    *[(value, False, "env_disabled") for value in OFF],
    *[(value, True, "invalid_env_value_defaulted") for value in INVALID],
]


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A bridge as in a new process, with a core that works and no variable set."""
    for module in [name for name in sys.modules if name.startswith("driftcore.bridge")]:
        monkeypatch.delitem(sys.modules, module)
    for variable in (C_CORE, RUST_CORE):
        monkeypatch.delenv(variable, raising=False)
    core = SimpleNamespace(deterministic_hash=lambda text: "native")
    monkeypatch.setitem(sys.modules, "driftcore_native", core)
    return importlib.import_module("driftcore.bridge")


@pytest.fixture
def no_core(monkeypatch: pytest.MonkeyPatch, bridge: ModuleType) -> None:
    monkeypatch.setitem(sys.modules, "driftcore_native", None)


def runs_natively(bridge: ModuleType) -> bool:
    return bool(bridge.deterministic_hash_jsonable({}) == "native")


# --- the decision ----------------------------------------------------------------------------------


def test_neither_variable_set_is_on(bridge: ModuleType) -> None:
    assert runs_natively(bridge)
    assert bridge.startup_status() == bridge.StartupStatus(True, "default_on", None, None, True, None)


@pytest.mark.parametrize("variable", [C_CORE, RUST_CORE])
@pytest.mark.parametrize(("value", "enabled", "reason"), JUDGED)
def test_value_of_the_deciding_variable(
    bridge: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    enabled: bool,
    reason: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert runs_natively(bridge) is enabled
    assert bridge.startup_status() == bridge.StartupStatus(enabled, reason, variable, value, enabled, None)


@pytest.mark.parametrize("rust", [None, "1", "0", "maybe"])
@pytest.mark.parametrize("c", [None, "1", "0", "maybe"])
def test_c_variable_decides_wherever_it_is_set(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, c: str | None, rust: str | None
) -> None:
    if c is not None:
        monkeypatch.setenv(C_CORE, c)
    if rust is not None:
        monkeypatch.setenv(RUST_CORE, rust)
    decided_by, value = (
        (C_CORE, c) if c is not None else (RUST_CORE, rust) if rust is not None else (None, None)
    )
    assert runs_natively(bridge) is (value != "0")
    status = bridge.startup_status()
    assert (status.enabled, status.variable, status.raw_value) == (value != "0", decided_by, value)


@pytest.mark.parametrize("variable", [C_CORE, RUST_CORE])
def test_variable_is_read_anew_at_every_call(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    seen = []
    for value in ["0", "1", "off", "maybe", None, "no"]:
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)
        seen.append(runs_natively(bridge))
    assert seen == [False, True, False, True, True, False]


@pytest.mark.parametrize("variable", [C_CORE, RUST_CORE])
@pytest.mark.parametrize(("value", "enabled"), [("0", False), ("1", True), ("maybe", True)])
def test_environment_replaced_as_a_whole_is_read_too(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, enabled: bool
) -> None:
    monkeypatch.setattr(os, "environ", {variable: value, "TUSK_SKIP_PROTO_VALIDATION": value})
    assert runs_natively(bridge) is enabled
    assert bridge.validate_span_proto_bytes(b"") is (True if value == "1" else None)


def test_environment_replaced_after_a_call_is_read_too(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runs_natively(bridge)
    with monkeypatch.context() as patch:
        patch.setattr(os, "environ", {C_CORE: "0"})
        assert not runs_natively(bridge)
    assert runs_natively(bridge)


def test_disabled_core_is_not_imported(
    bridge: ModuleType, no_core: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(C_CORE, "0")
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.startup_status() == bridge.StartupStatus(False, "env_disabled", C_CORE, "0", False, None)
    assert bridge.counters() == bridge.Counters({}, {HELPER: 1}, {})


def test_missing_core_is_told_with_its_error(bridge: ModuleType, no_core: None) -> None:
    status = bridge.startup_status()
    assert (status.enabled, status.reason, status.loaded) == (True, "default_on", False)
    assert status.import_error.startswith("ModuleNotFoundError: ")


# --- the start-up line -----------------------------------------------------------------------------


def startup_line(bridge: ModuleType, caplog: pytest.LogCaptureFixture) -> tuple[str, str]:
    caplog.set_level(logging.DEBUG, logger="driftcore.bridge")
    bridge.log_startup()
    [record] = caplog.records
    assert record.name == "driftcore.bridge"
    return record.levelname, record.getMessage()


def test_line_of_a_core_on_by_default(bridge: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    assert startup_line(bridge, caplog) == (
        "INFO",
        "driftcore_native is enabled (on by default, neither TUSK_USE_C_CORE nor TUSK_USE_RUST_CORE is set).",
    )


INVALID_IS_ON = "is invalid and taken as on, accepted are 1, true, yes, on and 0, false, no, off"


@pytest.mark.parametrize(
    ("setting", "level", "line"),
    [
        ((C_CORE, " Yes"), "INFO", "is enabled (TUSK_USE_C_CORE=' Yes')"),
        ((RUST_CORE, "off"), "INFO", "is disabled, the Python path is used (TUSK_USE_RUST_CORE='off')"),
        ((C_CORE, "maybe"), "WARNING", f"is enabled (TUSK_USE_C_CORE='maybe' {INVALID_IS_ON})"),
        ((RUST_CORE, ""), "WARNING", f"is enabled (TUSK_USE_RUST_CORE='' {INVALID_IS_ON})"),
    ],
)
def test_line_names_the_variable_and_its_value(
    bridge: ModuleType,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    setting: tuple[str, str],
    level: str,
    line: str,
) -> None:
    monkeypatch.setenv(*setting)
    assert startup_line(bridge, caplog) == (level, f"driftcore_native {line}.")


def test_line_of_a_fallback_warns_and_gives_the_import_error(
    bridge: ModuleType, no_core: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(C_CORE, "1")
    level, line = startup_line(bridge, caplog)
    error = bridge.startup_status().import_error
    assert level == "WARNING"
    assert line == (
        f"driftcore_native is enabled but fell back to the Python path: {error} (TUSK_USE_C_CORE='1').  "
        "pip install 'driftcore[native]' brings it, where there is a wheel or a C compiler; "
        "TUSK_USE_C_CORE=0 says that Python is meant."
    )


def test_invalid_value_and_missing_core_share_the_line(
    bridge: ModuleType, no_core: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(C_CORE, "maybe")
    level, line = startup_line(bridge, caplog)
    assert level == "WARNING"
    assert "fell back to the Python path: ModuleNotFoundError" in line
    assert "TUSK_USE_C_CORE='maybe' is invalid" in line


def levels_of_two_helpers(bridge: ModuleType, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.set_level(logging.DEBUG, logger="driftcore.bridge")
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.normalize_json_jsonable({}) is None
    return [record.levelname for record in caplog.records]


def test_missing_core_warns_once_for_all_helpers(
    bridge: ModuleType, no_core: None, caplog: pytest.LogCaptureFixture
) -> None:
    assert levels_of_two_helpers(bridge, caplog) == ["WARNING", "DEBUG"]
    assert bridge.counters().fallback == {
        HELPER: {"import_failed": 1},
        "normalize_json_jsonable": {"import_failed": 1},
    }


def test_missing_core_told_at_startup_is_not_warned_of_again(
    bridge: ModuleType, no_core: None, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.log_startup()
    assert levels_of_two_helpers(bridge, caplog) == ["WARNING", "DEBUG", "DEBUG"]


# --- where the line is seen ------------------------------------------------------------------------

SETUPS = {
    "no logging set up": ("", True),
    "Python's default level": ("logging.basicConfig(format='%(message)s')", True),
    "a handler of its own": ("logging.getLogger('driftcore').addHandler(logging.StreamHandler())", True),
    "information": ("logging.basicConfig(level='INFO', format='%(message)s')", True),
    "errors alone": ("logging.basicConfig(level='ERROR')", False),
    "this package's warnings": ("logging.getLogger('driftcore').setLevel('WARNING')", False),
    "this logger's warnings": ("logging.getLogger('driftcore.bridge').setLevel('WARNING')", False),
    "nothing up to information": ("logging.disable('INFO')", False),
    "no last resort": ("logging.lastResort = None", False),
}


@pytest.mark.parametrize(("setup", "is_seen"), SETUPS.values(), ids=SETUPS)
def test_the_line_is_seen_unless_the_program_chose_otherwise(setup: str, is_seen: bool) -> None:
    program = f"import logging; {setup}\nfrom driftcore import bridge; print(bridge.log_startup())"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, C_CORE: "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    line = "driftcore_native is disabled, the Python path is used (TUSK_USE_C_CORE='0').\n"
    assert (run.stdout, run.stderr) == (line, line if is_seen else "")
