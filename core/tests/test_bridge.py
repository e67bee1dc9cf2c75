"""The bridge's helpers on fake cores: what they return, and that every failure is a counted None."""

from __future__ import annotations

import enum
import hashlib
import importlib
import inspect
import json
import logging
import os
import subprocess
import sys
import traceback
from types import ModuleType, SimpleNamespace
from typing import Any, Callable

import driftcore
import pytest

VARIABLES = ("TUSK_USE_C_CORE", "TUSK_USE_RUST_CORE", "TUSK_SKIP_PROTO_VALIDATION")

HASH = "0" * 64
PROCESSED = ({"a": 1}, HASH, {"type": 6, "properties": {}}, HASH, b"struct")


class Kind(enum.Enum):
    SERVER = 2


class IntKind(enum.IntEnum):
    SERVER = 2


SPAN: dict[str, Any] = {
    "trace_id": "t",
    "span_id": "s",
    "parent_span_id": "p",
    "name": "n",
    "package_name": "pn",
    "instrumentation_name": "in",
    "submodule_name": "sn",
    "package_type": Kind.SERVER,
    "environment": None,
    "kind": Kind.SERVER,
    "input_schema": {"type": 1},
    "output_schema": {"type": 2},
    "input_schema_hash": "ish",
    "output_schema_hash": "osh",
    "input_value_hash": "ivh",
    "output_value_hash": "ovh",
    "status_code": Kind.SERVER,
    "status_message": "sm",
    "is_pre_app_start": True,
    "is_root_span": False,
    "timestamp_seconds": 1,
    "timestamp_nanos": 2,
    "duration_seconds": 3,
    "duration_nanos": 4,
    "metadata": {"m": 1},
    "input_value": {"i": 1},
    "output_value": {"o": 1},
    "input_value_proto_struct_bytes": b"i",
    "output_value_proto_struct_bytes": b"o",
}
REQUEST: dict[str, Any] = {
    "observable_service_id": "service",
    "environment": "test",
    "sdk_version": "1",
    "sdk_instance_id": "instance",
    "span_proto_bytes_list": [b"span"],
}

EXPORTED = (b"span", HASH, HASH, HASH, HASH, "{}", "{}", b"in", b"out")
EXPORT: dict[str, Any] = {
    **{name: SPAN[name] for name in list(SPAN)[:10]},
    "input_json": '{"i":1}',
    "input_schema_merges_json": '{"i":{}}',
    "output_json": '{"o":1}',
    "output_schema_merges_json": None,
    **{name: SPAN[name] for name in list(SPAN)[16:24]},
    "metadata_json": '{"m":1}',
}

# helper → how it is called here, and the native function it stands on
CALLS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "normalize_json_jsonable": (lambda helper: helper({"a": 1}), "normalize_json"),
    "deterministic_hash_jsonable": (lambda helper: helper({"a": 1}), "deterministic_hash"),
    "normalize_and_hash_jsonable": (lambda helper: helper({"a": 1}), "normalize_and_hash"),
    "process_export_payload_jsonable": (lambda helper: helper({"a": 1}), "process_export_payload_pyobject"),
    "build_span_proto_bytes": (lambda helper: helper(**SPAN), "build_span_proto_bytes_pyobject"),
    "export_span_json": (lambda helper: helper(**EXPORT), "export_span"),
    "build_export_spans_request_bytes": (
        lambda helper: helper(**REQUEST),
        "build_export_spans_request_bytes_pyobject",
    ),
    "validate_span_proto_bytes": (lambda helper: helper(b"span"), "verify_span"),
}
every_helper = pytest.mark.parametrize("name", CALLS)


def normalize_json(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


def deterministic_hash(text: str) -> str:
    return python_hash(json.loads(text))


def python_hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*_: Any) -> Any:
        raise error

    return function


def recording(calls: list[Any], result: Any) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        calls.append(arguments)
        return result

    return function


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A bridge as in a new process: nothing imported, nothing counted, no variable set."""
    for module in [name for name in sys.modules if name.startswith("driftcore.bridge")]:
        monkeypatch.delitem(sys.modules, module)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return importlib.import_module("driftcore.bridge")


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A core that works: exact on JSON text, fixed answers elsewhere."""
    fake = SimpleNamespace(
        normalize_json=normalize_json,
        deterministic_hash=deterministic_hash,
        normalize_and_hash=lambda text: (normalize_json(text), deterministic_hash(text)),
        process_export_payload_pyobject=lambda payload, schema_merges: PROCESSED,
        build_span_proto_bytes_pyobject=lambda *fields: b"span",
        export_span=lambda *fields: EXPORTED,
        build_export_spans_request_bytes_pyobject=lambda *fields: b"request",
        verify_span=lambda span: None,
    )
    monkeypatch.setitem(sys.modules, "driftcore_native", fake)
    return fake


def call(bridge: ModuleType, name: str) -> Any:
    return CALLS[name][0](getattr(bridge, name))


def only_fallback(bridge: ModuleType) -> tuple[str, str]:
    """The one fallback counted so far, as (helper, reason); nothing else may be counted."""
    counters = bridge.counters()
    assert counters == bridge.Counters({}, {}, counters.fallback)
    [(helper, reasons)] = counters.fallback.items()
    assert list(reasons.values()) == [1]
    return helper, next(iter(reasons))


# --- results ---------------------------------------------------------------------------------------

VALUES = {
    "scalars": [None, True, 0, -1, 10**30, -0.0, 1e16, 1e-05, "", "é😀\u2028\x00"],
    "not finite": [float("inf"), float("-inf")],
    "order": {"b": 1, "a": {"d": 1, "c": 2}, "": []},
    "code points before UTF-16": {"\U00010000": 1, "\uffff": 2},
    "tuple": (1, (2, {"b": 1, "a": 2})),
    "keys of other types": {2: "a", None: "b", True: "c", 1.5: "d"},
    "colliding keys": {1: "first", "2": "between", "1": "last"},
    "pair of escapes": "\ud83d\ude00",
    "pair after a lone one": ["\ud83d\ud83d\ude00"],
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_normalized_value_equals_the_python_path(
    bridge: ModuleType, core: SimpleNamespace, value: Any
) -> None:
    expected = json.loads(json.dumps(value))
    assert repr(bridge.normalize_json_jsonable(value)) == repr(expected)
    assert bridge.counters().native == {"normalize_json_jsonable": 1}


@pytest.mark.parametrize("value", [v for k, v in VALUES.items() if k != "pair after a lone one"])
def test_hash_of_a_normalized_value_equals_the_python_path(
    bridge: ModuleType, core: SimpleNamespace, value: Any
) -> None:
    expected = json.loads(json.dumps(value))
    normalized, digest = bridge.normalize_and_hash_jsonable(value)
    assert repr(normalized) == repr(expected)
    assert digest == python_hash(expected) == bridge.deterministic_hash_jsonable(expected)


@pytest.mark.parametrize("text", ["\ud83d", "\ud83d\ude00"], ids=["lone", "adjacent"])
def test_hash_of_raw_surrogates_is_left_to_the_python_path_which_refuses_it(
    bridge: ModuleType, core: SimpleNamespace, text: str
) -> None:
    assert bridge.deterministic_hash_jsonable(text) is None
    assert only_fallback(bridge) == ("deterministic_hash_jsonable", "UnicodeEncodeError")


def test_lone_surrogate_stays_in_a_normalized_value(bridge: ModuleType, core: SimpleNamespace) -> None:
    assert bridge.normalize_json_jsonable({"a": "\udc00"}) == {"a": "\udc00"}


def test_payload_result_has_the_five_names(bridge: ModuleType, core: SimpleNamespace) -> None:
    calls: list[Any] = []
    core.process_export_payload_pyobject = recording(calls, PROCESSED)
    payload, merges = {"a": b"any object"}, {"a": {"encoding": 1}}
    assert bridge.process_export_payload_jsonable(payload, merges) == {
        "normalized_value": PROCESSED[0],
        "decoded_value_hash": PROCESSED[1],
        "decoded_schema": PROCESSED[2],
        "decoded_schema_hash": PROCESSED[3],
        "protobuf_struct_bytes": PROCESSED[4],
    }
    assert bridge.process_export_payload_jsonable(payload) is not None
    assert calls == [(payload, merges), (payload, None)]


@pytest.mark.parametrize("member", [Kind.SERVER, IntKind.SERVER, 2])
def test_fields_of_an_exported_span_reach_the_core_in_order_and_enums_as_numbers(
    bridge: ModuleType, core: SimpleNamespace, member: Any
) -> None:
    calls: list[Any] = []
    core.export_span = recording(calls, EXPORTED)
    numbers = {"package_type": member, "kind": member, "status_code": member}
    assert list(bridge.export_span_json(**{**EXPORT, **numbers}).values()) == list(EXPORTED)
    assert calls == [tuple({**EXPORT, "package_type": 2, "kind": 2, "status_code": 2}.values())]
    assert {type(calls[0][place]) for place in (7, 9, 14)} == {int}


def test_an_exported_span_is_told_by_names(bridge: ModuleType, core: SimpleNamespace) -> None:
    core.export_span = lambda *fields: (b"s", "1", "2", "3", "4", "5", "6", b"7", b"8")
    assert bridge.export_span_json(**EXPORT) == {
        "span_proto_bytes": b"s",
        "input_value_hash": "1",
        "output_value_hash": "2",
        "input_schema_hash": "3",
        "output_schema_hash": "4",
        "input_schema_json": "5",
        "output_schema_json": "6",
        "input_protobuf_struct_bytes": b"7",
        "output_protobuf_struct_bytes": b"8",
    }


@pytest.mark.parametrize("member", [Kind.SERVER, IntKind.SERVER, 2])
def test_span_fields_reach_the_core_in_order_and_enums_as_numbers(
    bridge: ModuleType, core: SimpleNamespace, member: Any
) -> None:
    calls: list[Any] = []
    core.build_span_proto_bytes_pyobject = recording(calls, b"span")
    numbers = {"package_type": member, "kind": member, "status_code": member}
    assert bridge.build_span_proto_bytes(**{**SPAN, **numbers}) == b"span"
    as_numbers = {"package_type": 2, "kind": 2, "status_code": 2}
    assert calls == [tuple({**SPAN, **as_numbers}.values())]
    assert {type(calls[0][place]) for place in (7, 9, 16)} == {int}


def test_request_fields_reach_the_core_in_order(bridge: ModuleType, core: SimpleNamespace) -> None:
    calls: list[Any] = []
    core.build_export_spans_request_bytes_pyobject = recording(calls, b"request")
    assert bridge.build_export_spans_request_bytes(**REQUEST) == b"request"
    assert calls == [tuple(REQUEST.values())]


@every_helper
def test_helper_takes_what_upstreams_takes(bridge: ModuleType, name: str) -> None:
    upstream = pytest.importorskip("drift.core.rust_core_binding")
    if name in ("export_span_json", "validate_span_proto_bytes"):
        assert not hasattr(upstream, name)
        return
    ours, theirs = (inspect.signature(getattr(module, name)).parameters for module in (bridge, upstream))
    assert [(p.name, p.kind, p.default) for p in ours.values()] == [
        (p.name, p.kind, p.default) for p in theirs.values()
    ]


# --- failures --------------------------------------------------------------------------------------


@every_helper
@pytest.mark.parametrize(
    "error",
    [TypeError("x"), OverflowError("x"), RecursionError("x"), MemoryError(), Exception("x")],
    ids=lambda error: type(error).__name__,
)
def test_core_that_raises_gives_none(
    bridge: ModuleType, core: SimpleNamespace, name: str, error: Exception
) -> None:
    setattr(core, CALLS[name][1], raising(error))
    assert call(bridge, name) is None
    assert only_fallback(bridge) == (name, type(error).__name__)


@every_helper
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_base_exception_passes_through_uncounted(
    bridge: ModuleType, core: SimpleNamespace, name: str, error: type[BaseException]
) -> None:
    setattr(core, CALLS[name][1], raising(error()))
    with pytest.raises(error):
        call(bridge, name)
    assert bridge.counters() == bridge.Counters({}, {}, {})


@every_helper
def test_core_without_the_function_gives_none(bridge: ModuleType, core: SimpleNamespace, name: str) -> None:
    delattr(core, CALLS[name][1])
    assert call(bridge, name) is None
    assert only_fallback(bridge) == (name, "AttributeError")


HARM: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "looking for the core": lambda patch: patch.setattr(calls_module(), "usable_core", raising(Boom())),
    "counting": lambda patch: patch.setattr(counting_module()._Tallies, "add", raising(Boom())),
    "reporting": lambda patch: patch.setattr(calls_module(), "fell_back", raising(Boom())),
    "logging": lambda patch: patch.setattr(logging.Logger, "log", raising(Boom())),
    "a filter": lambda patch: patch.setattr(LOGGER, "filters", [raising(Boom())]),
    "a handler": lambda patch: patch.setattr(LOGGER, "handlers", [Bursting()]),
    "reading the environment": lambda patch: patch.setattr(os, "environ", Unreadable()),
}
LOGGER = logging.getLogger("driftcore.bridge")


class Boom(Exception):
    """What no caller may see."""


class Bursting(logging.Handler):
    emit = raising(Boom())


class Unreadable:
    get = raising(Boom())


def calls_module() -> ModuleType:
    return sys.modules["driftcore.bridge.calls"]


def counting_module() -> ModuleType:
    return sys.modules["driftcore.bridge.counting"]


@every_helper
@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_whatever_else_raises_the_caller_gets_none_and_it_is_counted(
    bridge: ModuleType,
    core: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    harm: Callable[[pytest.MonkeyPatch], None],
) -> None:
    setattr(core, CALLS[name][1], raising(TypeError("x")))
    with monkeypatch.context() as patch:
        harm(patch)
        assert call(bridge, name) is None
    assert only_fallback(bridge)[0] == name


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_the_startup_line_and_the_metrics_raise_nothing_either(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, harm: Callable[[pytest.MonkeyPatch], None]
) -> None:
    monkeypatch.setitem(sys.modules, "driftcore_native", None)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    if harm is not HARM["reading the environment"]:
        harm(monkeypatch)
    assert "fell back" in bridge.log_startup()
    assert bridge.export_metrics() is False


def test_a_log_line_that_cannot_be_written_is_still_counted_by_its_reason(
    bridge: ModuleType, core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.normalize_json = raising(TypeError("x"))
    monkeypatch.setattr(LOGGER, "filters", [raising(Boom())])
    assert bridge.normalize_json_jsonable({}) is None
    assert only_fallback(bridge) == ("normalize_json_jsonable", "TypeError")


def last_file(error: BaseException) -> str:
    """The source file of the innermost frame that an exception went through."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code.co_filename


@every_helper
@pytest.mark.parametrize("works", [True, False], ids=["core works", "core raises"])
def test_with_any_stack_left_the_caller_gets_an_answer_or_a_counted_none(
    bridge: ModuleType, core: SimpleNamespace, name: str, works: bool
) -> None:
    """Only a call that cannot even begin raises; so would the call of the caller's own Python path."""
    expected = call(bridge, name)
    if not works:
        setattr(core, CALLS[name][1], raising(TypeError("x")))
    begun = answered = 1

    def down(frames: int) -> Any:
        return down(frames - 1) if frames else call(bridge, name)

    for frames in range(sys.getrecursionlimit(), 0, -1):
        if begun == 60:
            break
        try:
            result = down(frames)
        except RecursionError as error:
            assert last_file(error) == __file__, "raised within the helper"
            continue
        begun += 1
        answered += result is not None
        assert result in (expected, None)
    counted = bridge.counters()
    assert counted.native.get(name, 0) == answered
    assert sum(counted.fallback[name].values()) == begun - answered > 0
    assert answered > 20 if works else answered == 1


WITHOUT_MEMORY = """
import _testcapi, logging, sys
from driftcore import bridge
logging.getLogger("driftcore.bridge").addHandler(logging.NullHandler())
logging.getLogger("driftcore.bridge").propagate = False
helper, payload = bridge.process_export_payload_jsonable, {"a": [1.5, "x"]}
expected = helper(payload)
calls = answered = 1
for stop in (0, 1):
    for start in range(150):
        _testcapi.set_nomemory(start, (start + 1) * stop)
        try:
            result = helper(payload)
        finally:
            _testcapi.remove_mem_hooks()
        assert result == expected or result is None, result
        calls += 1
        answered += result is not None
counted = bridge.counters()
assert counted.native == {"process_export_payload_jsonable": answered}, (counted, answered)
assert sum(counted.fallback["process_export_payload_jsonable"].values()) == calls - answered
print(answered, calls)
"""


def test_without_memory_the_caller_gets_an_answer_or_a_counted_none() -> None:
    pytest.importorskip("_testcapi")
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_MEMORY],
        env={name: value for name, value in os.environ.items() if not name.startswith("TUSK_")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answered, calls = map(int, run.stdout.split())
    assert 20 < answered <= calls - 20


RUBBISH: list[Any] = [None, 7, True, [], {}, (), object(), ("{}",), ("{}", HASH, HASH), PROCESSED[:4]]
RUBBISH_FOR: dict[str, list[Any]] = {
    "normalize_json": [*RUBBISH, b"{}"],
    "deterministic_hash": [*RUBBISH, HASH.encode()],
    "normalize_and_hash": [*RUBBISH, "{}", ["{}", HASH], ("{}", None), (b"{}", HASH), ({}, HASH)],
    "process_export_payload_pyobject": [
        *RUBBISH,
        list(PROCESSED),
        (*PROCESSED, b""),
        ({}, None, {}, HASH, b""),
        ({}, HASH, "{}", HASH, b""),
        ({}, HASH, {}, HASH.encode(), b""),
        ({}, HASH, {}, HASH, "struct"),
    ],
    "build_span_proto_bytes_pyobject": [*RUBBISH, "span", bytearray(b"span")],
    "export_span": [*RUBBISH, list(EXPORTED), EXPORTED[:8], (*EXPORTED[:8], "out"), (*EXPORTED, b"")],
    "build_export_spans_request_bytes_pyobject": [*RUBBISH, "request", bytearray(b"request")],
    "verify_span": [*RUBBISH[1:], False, "", b""],
}


@pytest.mark.parametrize(
    ("name", "rubbish"),
    [(name, rubbish) for name, (_, function) in CALLS.items() for rubbish in RUBBISH_FOR[function]],
)
def test_core_that_returns_rubbish_gives_none(
    bridge: ModuleType, core: SimpleNamespace, name: str, rubbish: Any
) -> None:
    setattr(core, CALLS[name][1], lambda *_: rubbish)
    assert call(bridge, name) is None
    assert only_fallback(bridge) == (name, "WrongShape")


@pytest.mark.parametrize(
    ("function", "version"), [(hash, "0.0.9"), (lambda text: 7, None)], ids=["C of another version", "Python"]
)
def test_results_are_believed_of_c_of_this_very_version_alone(
    bridge: ModuleType, core: SimpleNamespace, function: Callable[[Any], Any], version: str | None
) -> None:
    core.__version__ = version or driftcore.__version__
    core.deterministic_hash = function
    assert bridge.deterministic_hash_jsonable({}) is None
    assert only_fallback(bridge) == ("deterministic_hash_jsonable", "WrongShape")


def test_a_believed_function_that_is_replaced_is_no_longer_believed(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = importlib.import_module("driftcore_native")
    assert bridge.deterministic_hash_jsonable({}) is not None
    monkeypatch.setattr(native, "deterministic_hash", lambda text: 7)
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.counters().fallback == {"deterministic_hash_jsonable": {"WrongShape": 1}}


@pytest.mark.parametrize("name", ["normalize_json_jsonable", "normalize_and_hash_jsonable"])
def test_text_that_is_not_json_counts_as_a_failure(
    bridge: ModuleType, core: SimpleNamespace, name: str
) -> None:
    core.normalize_json = lambda text: "{"
    core.normalize_and_hash = lambda text: ("{", HASH)
    assert call(bridge, name) is None
    assert only_fallback(bridge) == (name, "JSONDecodeError")


@pytest.mark.parametrize("name", [name for name in CALLS if name.endswith("jsonable")][:3])
def test_value_that_json_refuses_gives_none(bridge: ModuleType, core: SimpleNamespace, name: str) -> None:
    assert getattr(bridge, name)({"a": object()}) is None
    assert only_fallback(bridge) == (name, "TypeError")


# --- verification ----------------------------------------------------------------------------------


def test_malformed_span_of_the_core_gives_none(bridge: ModuleType, core: SimpleNamespace) -> None:
    core.verify_span = raising(ValueError("field 3"))
    assert bridge.build_span_proto_bytes(**SPAN) is None
    assert only_fallback(bridge) == ("build_span_proto_bytes", "MalformedSpan")


def test_each_span_is_verified_once_and_the_request_not_again(
    bridge: ModuleType, core: SimpleNamespace
) -> None:
    seen: list[bytes] = []
    core.verify_span = seen.append
    assert bridge.build_span_proto_bytes(**SPAN) == b"span"
    assert seen == [b"span"]
    assert bridge.build_export_spans_request_bytes(**REQUEST) == b"request"
    assert seen == [b"span"]


@pytest.mark.parametrize(
    "error", [OverflowError("x"), AttributeError("x")], ids=lambda error: type(error).__name__
)
def test_verification_that_fails_itself_is_no_verdict(
    bridge: ModuleType, core: SimpleNamespace, error: Exception
) -> None:
    core.verify_span = raising(error)
    assert bridge.build_span_proto_bytes(**SPAN) is None
    assert only_fallback(bridge) == ("build_span_proto_bytes", type(error).__name__)


def test_verification_that_returns_rubbish_is_no_verdict(bridge: ModuleType, core: SimpleNamespace) -> None:
    core.verify_span = lambda span: False
    assert bridge.build_span_proto_bytes(**SPAN) is None
    assert only_fallback(bridge) == ("build_span_proto_bytes", "WrongShape")


def test_validation_tells_well_formed_from_malformed_and_both_ran_natively(
    bridge: ModuleType, core: SimpleNamespace
) -> None:
    assert bridge.validate_span_proto_bytes(b"span") is True
    core.verify_span = raising(ValueError("field 3"))
    assert bridge.validate_span_proto_bytes(b"span") is False
    assert bridge.counters() == bridge.Counters({"validate_span_proto_bytes": 2}, {}, {})


@pytest.mark.parametrize("word", ["1", "true", "yes", "TRUE", "Yes"])
def test_skip_word_spares_the_verification(
    bridge: ModuleType, core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("TUSK_SKIP_PROTO_VALIDATION", word)
    core.verify_span = raising(AssertionError("verified"))
    assert bridge.validate_span_proto_bytes(b"rubbish") is True
    assert bridge.build_span_proto_bytes(**SPAN) == b"span"
    assert bridge.counters() == bridge.Counters({"build_span_proto_bytes": 1}, {}, {})


@pytest.mark.parametrize("word", ["", "0", "false", "no", "on", " 1", "maybe"])
def test_other_word_does_not_spare_the_verification(
    bridge: ModuleType, core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("TUSK_SKIP_PROTO_VALIDATION", word)
    core.verify_span = raising(ValueError("field 3"))
    assert bridge.validate_span_proto_bytes(b"span") is False
    assert bridge.build_span_proto_bytes(**SPAN) is None


def test_skip_word_wins_over_a_disabled_core(bridge: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUSK_USE_C_CORE", "0")
    assert bridge.validate_span_proto_bytes(b"span") is None
    monkeypatch.setenv("TUSK_SKIP_PROTO_VALIDATION", "1")
    assert bridge.validate_span_proto_bytes(b"span") is True


# --- counters and log lines ------------------------------------------------------------------------


def test_counters_tell_native_disabled_and_fallback_apart(
    bridge: ModuleType, core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CALLS:
        call(bridge, name)
    call(bridge, "normalize_json_jsonable")
    core.normalize_json = raising(ValueError("x"))
    call(bridge, "normalize_json_jsonable")
    core.normalize_json = lambda text: None
    call(bridge, "normalize_json_jsonable")
    call(bridge, "normalize_json_jsonable")
    monkeypatch.setenv("TUSK_USE_C_CORE", "off")
    call(bridge, "deterministic_hash_jsonable")
    assert bridge.counters() == bridge.Counters(
        native={**dict.fromkeys(CALLS, 1), "normalize_json_jsonable": 2},
        disabled={"deterministic_hash_jsonable": 1},
        fallback={"normalize_json_jsonable": {"ValueError": 1, "WrongShape": 2}},
    )


def test_snapshot_stays_and_reading_changes_nothing(bridge: ModuleType, core: SimpleNamespace) -> None:
    call(bridge, "normalize_json_jsonable")
    before = bridge.counters()
    assert bridge.counters() == bridge.counters() == before
    call(bridge, "normalize_json_jsonable")
    assert before.native == {"normalize_json_jsonable": 1}
    assert bridge.counters().native == {"normalize_json_jsonable": 2}


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records]


def test_each_reason_of_a_helper_warns_once_then_goes_to_debug(
    bridge: ModuleType, core: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="driftcore.bridge")
    core.normalize_json = core.deterministic_hash = raising(ValueError("bad"))
    call(bridge, "normalize_json_jsonable")
    call(bridge, "normalize_json_jsonable")
    call(bridge, "deterministic_hash_jsonable")
    core.normalize_json = lambda text: ("{}", 7)
    call(bridge, "normalize_json_jsonable")
    assert lines(caplog) == [
        ("WARNING", "normalize_json_jsonable falls back to Python, ValueError: bad"),
        ("DEBUG", "normalize_json_jsonable falls back to Python, ValueError: bad"),
        ("WARNING", "deterministic_hash_jsonable falls back to Python, ValueError: bad"),
        (
            "WARNING",
            "normalize_json_jsonable falls back to Python, WrongShape: normalize_json returned (str, int)",
        ),
    ]
    assert {record.name for record in caplog.records} == {"driftcore.bridge"}


def test_native_and_disabled_calls_log_nothing(
    bridge: ModuleType,
    core: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG, logger="driftcore.bridge")
    call(bridge, "normalize_json_jsonable")
    monkeypatch.setenv("TUSK_USE_C_CORE", "0")
    call(bridge, "normalize_json_jsonable")
    assert lines(caplog) == []
