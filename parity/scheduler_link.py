"""A connection to a Dask scheduler on which nobody waits for ever.

Dask's client lives in an event loop on a thread of its own.  The main thread only polls what it asked of that
loop, so that an interrupt ends any wait, and a scheduler that does not answer costs a bounded time.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from driftgate.base.exit_codes import Unfit

Result = TypeVar("Result")

CONNECT_SECONDS = 10
"""How long a host may take to resolve, and a scheduler to take the connection."""

GREET_SECONDS = 5
"""How much longer one that took it may take to say that it is a scheduler."""

CLOSE_SECONDS = 5
POLL_SECONDS = 0.1

_SPEAKERS = ("distributed", "tornado", "asyncio")
_MOST_OF_A_CAUSE = 200
_ABSENT = (ConnectionRefusedError, TimeoutError, asyncio.TimeoutError, socket.gaierror)
"""What a connection fails with where nothing listens."""


class Link:
    """A Dask client of the scheduler at an address; raises `Unfit`, or `KeyboardInterrupt` once `stopped`."""

    def __init__(self, address: str, stopped: Callable[[], bool]) -> None:
        try:
            import distributed
        except ImportError as error:
            raise Unfit(f"--scheduler needs Dask: pip install distributed ({error})") from error
        _silence()
        self.client: Any = None
        self._new_client: Any = distributed.Client
        self._address = address
        self._stopped = stopped
        self._resolve()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="dask", daemon=True)
        self._thread.start()
        try:
            self.result(self.start(self._connect()))
        except BaseException:
            self.close()
            raise

    def start(self, work: Coroutine[Any, Any, Result]) -> concurrent.futures.Future[Result]:
        """Begin some work in the client's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def result(self, future: concurrent.futures.Future[Result], seconds: float = math.inf) -> Result:
        """What comes of it; raises `TimeoutError` if nothing does in time."""
        end = time.monotonic() + seconds
        while not concurrent.futures.wait((future,), POLL_SECONDS).done:
            if self._stopped():
                raise KeyboardInterrupt
            if time.monotonic() > end:
                raise TimeoutError(f"nothing within {seconds} s")
        return future.result()

    def close(self) -> None:
        """Leave the scheduler; what it was asked for is dropped."""
        with suppress(concurrent.futures.TimeoutError):
            self.start(self._leave()).result(2 * CLOSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _resolve(self) -> None:
        """Look the host up in a thread that may be left behind; the end of a process waits for asyncio's."""
        host, _, port = self._address.partition("://")[2].rpartition(":")
        found: concurrent.futures.Future[object] = concurrent.futures.Future()

        def look_up() -> None:
            try:
                found.set_result(socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM))
            except Exception as error:
                found.set_exception(error)

        threading.Thread(target=look_up, name="resolver", daemon=True).start()
        try:
            self.result(found, CONNECT_SECONDS)
        except (OSError, UnicodeError) as error:  # the latter: too long
            raise Unfit(f"the host of {self._address} cannot be found ({_root(error)})") from error

    async def _connect(self) -> None:
        address, new_client = self._address, self._new_client
        try:
            self.client = new_client(
                address, asynchronous=True, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except Exception as error:  # of certificates that are not there, for one
            raise Unfit(f"Dask's settings do not work for {address} ({_root(error)})") from error
        settings = self.client.connection_args
        if address.startswith("tls://") and settings["ssl_context"] is None:
            raise Unfit(
                f"{address} needs certificates: set distributed.comm.tls.ca-file, "
                "distributed.comm.tls.client.cert and distributed.comm.tls.client.key in Dask's settings"
            )
        if address.startswith("tcp://") and settings["require_encryption"]:
            raise Unfit(f"Dask's settings require encryption, and {address} has none; say tls://")
        try:
            await asyncio.wait_for(self.client, CONNECT_SECONDS + GREET_SECONDS)
        except Exception as error:
            raise Unfit(_complaint(address, error)) from error

    async def _leave(self) -> None:
        if self.client is not None:
            with suppress(Exception):
                await self.client.close(CLOSE_SECONDS)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=1)


def _silence() -> None:
    """What Dask, Tornado and asyncio log is about their insides; what matters becomes an `Unfit`."""
    for name in {*_SPEAKERS, *logging.root.manager.loggerDict}:
        if name.partition(".")[0] in _SPEAKERS:
            logger = logging.getLogger(name)
            files = [one for one in logger.handlers if isinstance(one, logging.FileHandler)]
            logger.handlers = [*files, logging.NullHandler()]
            logger.propagate = logger.propagate and name not in _SPEAKERS


def _complaint(address: str, error: Exception) -> str:
    """Why there is no connection, as one line.

    Who does not believe a certificate hangs up, maybe before the reason has come: TLS trouble has one text.
    """
    secured = address.startswith("tls://")
    otherwise = "wants other certificates, or tcp://" if secured else "wants tls://"
    if isinstance(error, asyncio.TimeoutError):
        return f"what listens at {address} does not answer as a Dask scheduler does, or {otherwise}"
    cause = _innermost(error)
    if isinstance(cause, _ABSENT) or type(cause) is OSError:  # the latter: no route to the host
        return f"no scheduler answers at {address}; `dask scheduler` starts one ({_root(error)})"
    return f"what answers at {address} is no Dask scheduler, or {otherwise} ({_root(error)})"


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    return error


def _root(error: BaseException) -> str:
    """The first cause of an error, as one short line."""
    cause = _innermost(error)
    text = " ".join(str(cause).split())
    return f"{type(cause).__name__}: {text}"[:_MOST_OF_A_CAUSE] if text else type(cause).__name__
