"""One shape of result, whether the core answers or the Python path does; README's program relies on it."""

from __future__ import annotations

import enum
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import pytest
from driftcore import bridge
from driftcore.bridge import python_path

from .span_arguments import PLAIN, PLAIN_EXPORT

README = Path(__file__).resolve().parents[2] / "README.md"


class Kind(enum.Enum):
    CLIENT = 2


ENUMS = {"package_type": Kind.CLIENT, "kind": Kind.CLIENT, "status_code": Kind.CLIENT}
SPAN = python_path.build_span_proto_bytes(**PLAIN)
REQUEST = {
    "observable_service_id": "s",
    "environment": "e",
    "sdk_version": "1",
    "sdk_instance_id": "i",
    "span_proto_bytes_list": [SPAN],
}
PAYLOAD = {"rows": [{"id": 2**60, "price": 1e16}], "b": None, "a": "\ud83d\ude00é", "t": (1, 2)}

CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "normalised": ("normalize_json_jsonable", lambda helper: helper(PAYLOAD)),
    "hashed": ("deterministic_hash_jsonable", lambda helper: helper({"b": 1e16, "a": [None]})),
    "both": ("normalize_and_hash_jsonable", lambda helper: helper(PAYLOAD)),
    "a payload": ("process_export_payload_jsonable", lambda helper: helper({"a": "eyJiIjoxfQ=="})),
    "with merges": (
        "process_export_payload_jsonable",
        lambda helper: helper({"a": "eyJiIjoxfQ=="}, {"a": {"encoding": 1, "decoded_type": 1}}),
    ),
    "a span": ("build_span_proto_bytes", lambda helper: helper(**{**PLAIN, **ENUMS, "metadata": {"k": 1}})),
    "a whole span": (
        "export_span_json",
        lambda helper: helper(**{**PLAIN_EXPORT, **ENUMS, "input_json": '{"a":1}'}),
    ),
    "a request": ("build_export_spans_request_bytes", lambda helper: helper(**REQUEST)),
    "a right span": ("validate_span_proto_bytes", lambda helper: helper(SPAN)),
    "a wrong span": ("validate_span_proto_bytes", lambda helper: helper(b"\x0a")),
}


@pytest.fixture(autouse=True)
def switches_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (
        "TUSK_USE_C_CORE",
        "TUSK_USE_RUST_CORE",
        "TUSK_SKIP_PROTO_VALIDATION",
        "TUSK_CORE_SHADOW",
    ):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(("name", "call"), CALLS.values(), ids=CALLS)
def test_the_core_and_the_python_path_give_the_same_in_the_same_shape(
    name: str, call: Callable[[Any], Any]
) -> None:
    native, python = (call(getattr(module, name)) for module in (bridge, python_path))
    assert native is not None
    assert repr(native) == repr(python)


def test_every_helper_has_a_python_path() -> None:
    named = {name for name, _ in CALLS.values()}
    functions = {name for name, value in vars(python_path).items() if inspect.isfunction(value)}
    assert named == {name for name in functions if not name.startswith("_")}
    assert named <= set(bridge.__all__)


@pytest.mark.parametrize(("switch", "ran"), [("1", "native"), ("0", "disabled")])
def test_readmes_program_gets_the_same_from_either_path(switch: str, ran: str) -> None:
    section = README.read_text(encoding="utf-8").partition("### In a program\n")[2]
    program = re.match(r"```python\n(.*?)```", section, re.DOTALL)
    assert program is not None
    run = subprocess.run(
        [sys.executable, "-c", f"{program[1]}print(result)\nprint(bridge.counters().{ran})"],
        env={**os.environ, "TUSK_USE_C_CORE": switch},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    digest, result, counts = run.stdout.splitlines()
    expected = python_path.process_export_payload_jsonable({"price": 19.9, "id": 2**53 + 1})
    assert (digest, result) == (expected["decoded_value_hash"], repr(expected))
    assert counts == "{'process_export_payload_jsonable': 1}"
    assert run.stderr.startswith("driftcore_native is ") and run.stderr.count("\n") == 1


def test_a_payload_costs_two_calls_of_python_and_the_cores_own() -> None:
    """What a helper costs over the core is calls: none may come in unseen."""
    helper, seen = bridge.process_export_payload_jsonable, []
    helper({})
    sys.setprofile(lambda frame, event, argument: seen.append((event, frame.f_code.co_name, argument)))
    try:
        helper({})
    finally:
        sys.setprofile(None)
    assert [name for event, name, _ in seen if event == "call"] == [helper.__name__, "usable_core"]
    called = [function.__name__ for event, _, function in seen if event == "c_call"]
    assert called == ["process_export_payload_pyobject", "setprofile"]
