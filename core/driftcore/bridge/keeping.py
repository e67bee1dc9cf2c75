"""Keeps an input that differed, masked, for `python -m parity replay FILE`: what, how much and where.

Nothing is kept that is not masked, bounded and private: see `masking`, the bounds below, `private_folder`.
"""

from __future__ import annotations

import inspect
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from logging import WARNING
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from driftcore import reference
from driftcore.bridge import private_folder
from driftcore.bridge.comparing import difference, outcome
from driftcore.bridge.masking import Mask, TooLong
from driftcore.bridge.reporting import say, say_first
from driftcore.bridge.saved_case import written
from driftcore.bridge.shadow import allowed

SHADOW_DIR = "TUSK_CORE_SHADOW_DIR"

MOST_FILES = 20
"""How many inputs a process keeps; later ones are counted."""

MOST_IN_FOLDER = 1000
"""How many files a folder may hold; processes come and go."""

MOST_BYTES = 256 * 1024
"""Longer files are not kept: a person is to read them."""

Arguments = tuple[Any, ...]

_lock = threading.Lock()
_kept = 0


def keep(core: ModuleType, function: str, arguments: Arguments, differed: str) -> None:
    """Keep an input in a file of its own, unless there are enough of them or it is too long.

    Raises what the folder is refused for, and OSError.
    """
    global _kept
    if _kept >= MOST_FILES:
        return
    may = allowed()
    mask = Mask(keys="keys" not in may, numbers="numbers" not in may, most_bytes=MOST_BYTES)
    folder = _folder()
    try:
        with private_folder.opened(folder) as descriptor:
            given = tuple(_MASKERS[function](arguments, mask))
            content = written(
                function,
                given,
                differed=differed,
                date=date.today().isoformat(),
                note=_note(core, function, given, mask),
            )
            if len(content) > MOST_BYTES:
                raise TooLong
            with _lock:
                if _kept >= MOST_FILES:
                    return
                name = _write(descriptor, f"{function}-{os.getpid()}", content)
                _kept += 1
    except TooLong:
        say_first(
            f"shadow: {function} too long",
            "%s: native and reference differ; the input is too long to keep",
            function,
        )
        return
    say(
        WARNING,
        "%s: native and reference differ (%s); see python -m parity replay %s",
        function,
        differed,
        folder / name,
    )


def _folder() -> Path:
    chosen = os.environ.get(SHADOW_DIR)
    return (
        Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"driftcore-shadow-{private_folder.owner()}"
    )


def _write(descriptor: int, stem: str, content: bytes) -> str:
    """Write under the first name that is free, and return it."""
    taken = set(os.listdir(descriptor))
    if len(taken) >= MOST_IN_FOLDER:
        raise private_folder.Refused(f"its folder holds {len(taken)} files already")
    number = 1
    while True:
        name = f"{stem}-{number}.json"
        if name not in taken:
            with suppress(FileExistsError):
                private_folder.write_new(descriptor, name, content)
                return name
        number += 1


def _note(core: ModuleType, function: str, given: Arguments, mask: Mask) -> str:
    if difference(function, given, outcome(core, function, given)) is not None:
        return mask.note
    return f"{mask.note}; the difference is gone with it, so this has the shape of the input only"


# ---- masking arguments --------------------------------------------------------


def _texts(arguments: Arguments, mask: Mask) -> Iterator[Any]:
    """JSON texts; None stays."""
    return (None if argument is None else mask.json(argument) for argument in arguments)


def _payload(arguments: Arguments, mask: Mask) -> Iterator[Any]:
    """Merges name keys; beside these they hold three small numbers."""
    payload, merges = arguments
    yield mask.value(payload)
    yield None if merges is None or mask.keys else mask.value(merges)


def _span(arguments: Arguments, mask: Mask) -> Iterator[Any]:
    """Enum numbers stay; schemas name keys; prepared bytes hold text and are left out."""
    for argument, name in zip(
        arguments, inspect.signature(reference.build_span_proto_bytes_pyobject).parameters
    ):
        if name in _ENUMS:
            yield argument
        elif name in ("input_schema", "output_schema"):
            yield {} if mask.keys else mask.value(argument)
        else:
            yield None if isinstance(argument, bytes) else mask.value(argument)


def _whole_span(arguments: Arguments, mask: Mask) -> Iterator[Any]:
    """As a span, its values, merges and metadata being JSON texts."""
    for argument, name in zip(arguments, inspect.signature(reference.export_span).parameters):
        if argument is None or name in _ENUMS:
            yield argument
        elif name.endswith("_merges_json") and mask.keys:
            yield None
        else:
            yield mask.json(argument) if name.endswith("_json") else mask.value(argument)


def _request(arguments: Arguments, mask: Mask) -> Iterator[Any]:
    """Spans are bytes that hold text: empty ones stand in for them."""
    *names, spans = arguments
    yield from map(mask.value, names)
    yield [b"" for _ in spans]


_ENUMS = ("package_type", "kind", "status_code")

_MASKERS: dict[str, Callable[[Arguments, Mask], Iterator[Any]]] = {
    "normalize_json": _texts,
    "deterministic_hash": _texts,
    "normalize_and_hash": _texts,
    "process_export_payload_pyobject": _payload,
    "build_span_proto_bytes_pyobject": _span,
    "export_span": _whole_span,
    "build_export_spans_request_bytes_pyobject": _request,
}


def _restart() -> None:
    """A child keeps files of its own."""
    global _lock, _kept
    _lock, _kept = threading.Lock(), 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart)
