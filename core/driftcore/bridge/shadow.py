"""Shadow mode: a sampled share of native calls runs on the Python reference too, and results are compared.

`TUSK_CORE_SHADOW=0.01` takes one call in a hundred.  What comes of it is in
`counters().shadow`; the first inputs that differ are kept, masked, in `TUSK_CORE_SHADOW_DIR`,
one file each, which `python -m parity replay FILE` reads.  A caller gets the native result in
either case, and nothing that happens here reaches it but the time of the reference.
"""

from __future__ import annotations

import inspect
import os
import random
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Union

from driftcore.bridge.counting import first_report, logger, was_shadowed
from driftcore.bridge.masking import DEGREES, Degree, masked, masked_json
from driftcore.bridge.sameness import same
from driftcore.bridge.saved_case import write_case
from driftcore.bridge.switches import environment_key, raw_environment

SHADOW = "TUSK_CORE_SHADOW"
SHADOW_DIR = "TUSK_CORE_SHADOW_DIR"

MOST_FILES = 20
"""How many inputs a process keeps; later ones are counted."""

MOST_BYTES = 256 * 1024
"""Longer files are not kept: a person is to read them."""

Arguments = tuple[Any, ...]

_KEY = environment_key(SHADOW)
_sources = random.Random()
_lock = threading.Lock()
_kept = 0


def is_due() -> bool:
    """Whether this call is among those that are compared."""
    raw = raw_environment(_KEY)
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
    logger.warning("%s=%r is no share between 0 and 1; nothing is shadowed", SHADOW, text)
    return 0.0


class Shadowed:
    """The core for one helper's call: each of its functions is compared with the reference's."""

    def __init__(self, core: ModuleType, helper: str) -> None:
        self._core, self._helper = core, helper

    def __getattr__(self, function: str) -> Callable[..., Any]:
        native: Callable[..., Any] = getattr(self._core, function)
        if function not in _MASKERS:
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

    def _compare(self, function: str, arguments: Arguments, actual: Any) -> None:
        """`actual` is what the core returned or raised.  Raises no Exception."""
        try:
            expected = _outcome(_reference_module(), function, arguments)
            alike = _alike(expected, actual)
            was_shadowed((self._helper, "same" if alike else "different"))
            if not alike:
                _keep(self._core, function, arguments, _how(expected, actual))
        except Exception as error:
            was_shadowed((self._helper, f"failed: {type(error).__name__}"))
            if first_report(f"shadow: {type(error).__name__}"):
                logger.warning("shadow mode could not judge a call of %s: %r", function, error)


def _reference_module() -> ModuleType:
    from driftcore import reference  # not before a call is shadowed

    return reference


def _outcome(side: ModuleType, function: str, arguments: Arguments) -> Any:
    """What a call returns, or the exception it raises."""
    call = getattr(side, function)
    try:
        return call(*arguments)
    except Exception as error:
        return error


def _alike(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Exception) or isinstance(actual, Exception):
        return type(expected) is type(actual) and str(expected) == str(actual)
    return same(expected, actual)


def _how(expected: Any, actual: Any) -> str:
    """The kinds of the two outcomes; no part of a value."""
    return " against ".join(
        f"{type(one).__name__} raised" if isinstance(one, Exception) else "a value"
        for one in (expected, actual)
    )


# ---- keeping inputs -----------------------------------------------------------


def _keep(core: ModuleType, function: str, arguments: Arguments, differed: str) -> None:
    global _kept
    with _lock:
        if _kept >= MOST_FILES:
            return
        _kept += 1
        number = _kept
    given, note = _most_masked(core, function, arguments)
    default = str(Path(tempfile.gettempdir()) / "driftcore-shadow")
    folder = Path(os.environ.get(SHADOW_DIR) or default)
    path = folder / f"{function}-{os.getpid()}-{number}.json"
    write_case(path, function, given, differed=differed, date=date.today().isoformat(), note=note)
    if path.stat().st_size > MOST_BYTES:
        path.unlink()
        logger.warning("%s: native and reference differ; the input is too long to keep", function)
        return
    logger.warning(
        "%s: native and reference differ (%s); see python -m parity replay %s", function, differed, path
    )


def _most_masked(core: ModuleType, function: str, arguments: Arguments) -> tuple[Arguments, str]:
    """The arguments with as much masked as the difference bears, and a note of what that was."""
    for degree in DEGREES:
        given = tuple(_MASKERS[function](arguments, degree))
        if not _alike(*(_outcome(side, function, given) for side in (_reference_module(), core))):
            return given, degree.note
    return given, "the difference is gone once text is masked; this has the shape of the input only"


# ---- masking arguments --------------------------------------------------------


def _texts(arguments: Arguments, degree: Degree) -> Iterator[Any]:
    """JSON texts; None stays."""
    return (None if argument is None else masked_json(argument, degree) for argument in arguments)


def _payload(arguments: Arguments, degree: Degree) -> Iterator[Any]:
    payload, merges = arguments
    yield masked(payload, degree)
    yield _merges(merges, degree)


def _merges(merges: Any, degree: Degree) -> Any:
    """They name keys; beside these they hold three small numbers."""
    return None if merges is None or degree.keys else masked(merges, replace(degree, numbers=False))


def _span(arguments: Arguments, degree: Degree) -> Iterator[Any]:
    """Enum numbers and times stay; schemas name keys; prepared bytes hold text and are left out."""
    for argument, name in zip(
        arguments, inspect.signature(_reference_module().build_span_proto_bytes_pyobject).parameters
    ):
        if name in ("input_schema", "output_schema"):
            yield {} if degree.keys else masked(argument, replace(degree, numbers=False))
        elif isinstance(argument, bytes):
            yield None
        else:
            yield argument if isinstance(argument, int) else masked(argument, degree)


def _whole_span(arguments: Arguments, degree: Degree) -> Iterator[Any]:
    """As a span, its values, merges and metadata being JSON texts."""
    for argument, name in zip(arguments, inspect.signature(_reference_module().export_span).parameters):
        if argument is None or isinstance(argument, int):
            yield argument
        elif name.endswith("_merges_json"):
            yield None if degree.keys else argument
        else:
            yield masked_json(argument, degree) if name.endswith("_json") else masked(argument, degree)


def _request(arguments: Arguments, degree: Degree) -> Iterator[Any]:
    """Spans are bytes that hold text: empty ones stand in for them."""
    *names, spans = arguments
    yield from (masked(name, degree) for name in names)
    yield [b"" for _ in spans]


_MASKERS: dict[str, Callable[[Arguments, Degree], Iterator[Any]]] = {
    "normalize_json": _texts,
    "deterministic_hash": _texts,
    "normalize_and_hash": _texts,
    "process_export_payload_pyobject": _payload,
    "build_span_proto_bytes_pyobject": _span,
    "export_span": _whole_span,
    "build_export_spans_request_bytes_pyobject": _request,
}
"""The functions that are compared, and how the input of each is masked."""


def _restart() -> None:
    """A child keeps files of its own and draws other calls than its parent."""
    global _lock, _kept
    _lock, _kept = threading.Lock(), 0
    _sources.seed()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart)
