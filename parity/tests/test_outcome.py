"""What a call comes to."""

from __future__ import annotations

import json

import pytest

from parity.outcome import Error, Value, observe
from parity.tests.alike import Text


def raising(error: BaseException) -> object:
    raise error


def test_value_is_kept_as_it_is() -> None:
    answer = [1]
    outcome = observe(lambda: answer, ())
    assert isinstance(outcome, Value)
    assert outcome.value is answer


def test_error_keeps_class_message_and_position() -> None:
    text = "Expecting value: line 1 column 4 (char 3)"
    assert observe(json.loads, ("[1,]",)) == Error(
        "json.decoder.JSONDecodeError",
        text,
        3,
        (text,),
        {"msg": "Expecting value", "doc": "[1,]", "pos": 3, "lineno": 1, "colno": 4},
        suppressed=True,
        of=json.JSONDecodeError,
    )
    reason = "surrogates not allowed"
    assert observe("a\ud800".encode, ()) == Error(
        "UnicodeEncodeError",
        "'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed",
        1,
        ("utf-8", "a\ud800", 1, 2, reason),
        {"encoding": "utf-8", "object": "a\ud800", "start": 1, "end": 2, "reason": reason},
        of=UnicodeEncodeError,
    )
    text = "invalid literal for int() with base 10: 'x'"
    assert observe(int, ("x",)) == Error("ValueError", text, None, (text,), of=ValueError)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_would_end_a_run_is_an_outcome_of_the_call(kind: type[BaseException]) -> None:
    outcome = observe(raising, (kind(3),))
    assert isinstance(outcome, Error)
    assert (outcome.of, outcome.message, outcome.arguments) == (kind, "3", (3,))


def test_other_base_exception_is_an_outcome() -> None:
    class Panic(BaseException):
        pass

    outcome = observe(raising, (Panic("index out of bounds"),))
    assert isinstance(outcome, Error)
    assert outcome.message == "index out of bounds"


def test_error_without_a_text_is_still_an_outcome() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    outcome = observe(raising, (Mute(),))
    assert isinstance(outcome, Error)
    assert outcome.message == "<no message: str() raised RuntimeError>"


@pytest.mark.parametrize("second", [SystemExit, KeyboardInterrupt])
def test_error_whose_text_ends_the_process_is_still_an_outcome(second: type[BaseException]) -> None:
    class Ending(Exception):
        def __str__(self) -> str:
            raise second

    outcome = observe(raising, (Ending(),))
    assert isinstance(outcome, Error)
    assert outcome.message == f"<no message: str() raised {second.__name__}>"


def test_an_outcome_runs_no_code_of_an_error_but_its_text() -> None:
    class Hostile(Exception):
        def __getattribute__(self, name: str) -> object:
            raise AssertionError("asked")

        def __str__(self) -> str:
            return Text("shown")

    outcome = observe(raising, (Hostile(1),))
    assert isinstance(outcome, Error)
    assert type(outcome.message) is str and outcome.arguments == (1,)
