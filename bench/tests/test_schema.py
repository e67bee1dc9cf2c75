"""The result file's schema: committed as made, kept by real events, and read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench import schema
from bench.events import (
    Claim,
    Complexity,
    Counted,
    Event,
    Finished,
    LeftOut,
    Native,
    NativeContext,
    Planted,
    SelfTest,
    Void,
    Worker,
    read,
    record,
)
from bench.pairs.tasks import SELF_TEST, Task
from bench.stats.order import Estimate
from driftgate.base.decode import decode
from driftgate.base.exit_codes import ExitCode
from driftgate.base.schema import written

from . import made

ONE = Estimate(1.0, 0.9, 1.1, 6)
EVENTS: tuple[Event, ...] = (
    made.started(),
    made.sample(Task(SELF_TEST, "normalize_json", "rows-4k", "native", "native again"), 1.0),
    made.pair(1, 2, 3, difference="outputs differ"),
    made.process(),
    made.native("a/b", 1.0, 3),
    made.native("a", 1.0),
    made.claim(),
    made.claim("INCONCLUSIVE"),
    Worker(1, 2, 3, 4.0, None, (1.4,), None, 0, 6, 0, "busy"),
    Void("here", "outputs differ"),
    LeftOut("there", "no reason", unfit=True),
    SelfTest((Planted(0.2, "native", "normalize_json(rows-92k)", ONE, True, 0.99),), 0.01, 0.02, "PASS", ""),
    NativeContext({"caches": [{"size": 1}], "num_cpus": 2}),
    Complexity("a/ladder", "N", 0.1),
    Counted("a/b", 12.5, (4, 24), (100, 350)),
    Finished(1.0, ExitCode.FAIL, "FAIL: it does not hold."),
)


def line(event: Event) -> dict[str, Any]:
    name, fields = record(event)
    made_: dict[str, Any] = json.loads(json.dumps({"event": name, **fields}))
    if name == "started":
        made_.update(format="driftcore bench results", version=2)
    if name == "finished":
        made_["sha256"] = "0" * 64
    return made_


def test_the_committed_schema_is_the_one_of_the_events() -> None:
    """When this fails: raise the version of the format, then `python -m bench.schema`."""
    assert schema.PATH.read_text(encoding="utf-8") == written(schema.schema())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_keeps_the_schema(event: Event) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema.schema())
    jsonschema.validate(line(event), schema.schema())


@pytest.mark.parametrize(
    "spoil", [{"extra": 1}, {"sentence": 3}, {"figure": {"median": 1.0}}, {"event": "claims"}]
)
def test_anything_else_breaks_it(spoil: dict[str, object]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**line(made.claim()), **spoil}, schema.schema())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_is_read_back_as_it_was(event: Event) -> None:
    assert read(line(event)) == event


def test_what_was_never_written_is_not_read() -> None:
    with pytest.raises(ValueError, match="unknown event 'crash'"):
        read({"event": "crash"})
    with pytest.raises(ValueError, match=r"claim\.bound: 'ten' is not of type float"):
        read({**line(made.claim()), "bound": "ten"})
    with pytest.raises(ValueError, match="missing 1 required positional argument"):
        read({name: value for name, value in line(made.claim()).items() if name != "bound"})
    with pytest.raises(ValueError, match="there: unknown 'middle'"):
        decode(Estimate, {"middle": 1.0}, "there")


def test_kinds_cover_every_event() -> None:
    assert {Claim, Native, Counted, Finished} <= set(map(type, EVENTS))
