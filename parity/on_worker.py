"""What a worker of a Dask cluster runs around the client's build.

It is sent by value, since a worker cannot import it before it has the build.  A process takes one build in
its life: modules that are loaded stay loaded, and a harness of another build would judge by other rules.
"""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .bundle import unpack


class Call:
    """A call that is made where it is unpickled."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._call


def admit(digest: str, archive: bytes, question: bytes, dask_worker: Any) -> Any:
    """What a pickled call returns once this process has the build, or a text why it may not judge.

    Dask passes the worker by that name.  The mark of the build is kept in the harness's own module.
    """
    harness = sys.modules.get("parity")
    if harness is None:
        unpack(archive, Path(dask_worker.local_directory) / f"driftcore-{digest}")
        harness = importlib.import_module("parity")
        vars(harness)["shipped"] = digest
    if vars(harness).get("shipped") != digest:
        return "has the harness of another build loaded; start it anew"
    return pickle.loads(question)


def perform(digest: str, call: bytes) -> tuple[str, bool, Any]:
    """(this worker's address, whether this process has the build of the digest, what the call returned then)

    A process that a nanny started anew may listen where an admitted one did.
    """
    from distributed import get_worker

    harness = sys.modules.get("parity")
    fit = harness is not None and vars(harness).get("shipped") == digest
    return get_worker().address, fit, pickle.loads(call) if fit else None
