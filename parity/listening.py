"""A call that is listened to: what it prints, by whatever way, and what it warns, beside its outcome."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any

from .members import class_name
from .outcome import Outcome, Said, observe, with_said
from .raised import message_of

STDOUT, STDERR = 1, 2


def heard(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    """`observe`, and what was said; everything that writes to file descriptors 1 and 2 is heard."""
    with ExitStack() as stack:
        output, errors = (stack.enter_context(TemporaryFile()) for _ in (STDOUT, STDERR))
        warned = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        with _redirected(STDOUT, output), _redirected(STDERR, errors):
            outcome = observe(function, arguments)
        said = Said(
            _read(output),
            _read(errors),
            tuple((class_name(one.category), _text(one.message)) for one in warned),
        )
    return with_said(outcome, said)


@contextmanager
def _redirected(number: int, file: IO[bytes]) -> Iterator[None]:
    """A file descriptor, and Python's stream of that name, lead into a file."""
    name = "stdout" if number == STDOUT else "stderr"
    before, kept = getattr(sys, name), os.dup(number)
    own = open(file.fileno(), "w", encoding="utf-8", errors="surrogatepass", closefd=False)  # noqa: SIM115
    _flush(before)
    os.dup2(file.fileno(), number)
    setattr(sys, name, own)
    try:
        yield
    finally:
        for stream in (own, before):
            _flush(stream)
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, number)
        os.close(kept)
        setattr(sys, name, before)


def _flush(stream: Any) -> None:
    if stream is not None:
        with suppress(OSError, ValueError):  # the call may have closed it
            stream.flush()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "surrogateescape")


def _text(message: Warning | str) -> str:
    return message_of(message) if isinstance(message, BaseException) else str(message)
