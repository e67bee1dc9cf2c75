"""The Flask application under the real SDK, its requests on each path in turn, in one process.

    python -m bench.scenarios.flask_requests --blocks 6 --seed 0

A whole process mostly starts: imports and the SDK take seconds.  This one has started when it begins to
measure, and drift of the machine acts on all paths alike.  The SDK asks its switch at every call, and the
module it calls is a global of its bridge, so both can change between two requests.

A request that is not sampled stands beside those that are: what it takes less is what recording costs.

A block is the same requests on every path, in random order, each followed by a flush, so that a span's
export counts on the path that made it.  What is taken is processor time of all threads: client, server,
SDK and export.  The last line of the output is `Measured` as JSON.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from driftgate.base.streams import keep_stdout
from fixtures.record import traffic

from . import SDK_SWITCH
from .flask_app import count_built_spans, prepare, reading_requests

NEVER = 24 * 3600.0
UNSAMPLED = "unsampled"
PATHS = (UNSAMPLED, "python", "native", "rust")


class NotThePath(RuntimeError):
    """A module is not the one that its path is named after."""


@dataclass(frozen=True)
class Measured:
    """By path: seconds of processor time a request, block by block; spans written, and by the core."""

    orders: list[list[str]]
    seconds: dict[str, list[float]]
    steps: dict[str, int]
    core: dict[str, int]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scenarios.flask_requests")
    parser.add_argument("--blocks", type=int, default=6, metavar="N", help="how many (default: 6)")
    parser.add_argument("--seed", default="0", help="of the order of the paths (default: 0)")
    options = parser.parse_args(arguments)
    own = keep_stdout()
    for name in [name for name in os.environ if name.startswith(("TUSK_", "OTEL_"))]:
        del os.environ[name]
    os.environ.update({"TUSK_DRIFT_MODE": "RECORD", SDK_SWITCH: "0"})
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(prepare(Path(folder)), options.blocks, options.seed)
        os.chdir("/")
    print(json.dumps(asdict(measured)), file=own)


def measure(traces: Path, blocks: int, seed: str) -> Measured:
    """`blocks` blocks after one that warms up; `traces` is where the SDK writes spans."""
    from drift import TuskDrift
    from drift.core import batch_processor

    # No export in the background, where it would fall into another path's turn.
    patient = functools.partial(batch_processor.BatchSpanProcessorConfig, scheduled_delay_seconds=NEVER)
    batch_processor.BatchSpanProcessorConfig = patient
    sdk = TuskDrift.initialize(env="bench", sampling_rate=1.0, log_level="error")

    from opentelemetry import trace

    from fixtures.record.app import create_app
    from fixtures.record.database import open_shop
    from fixtures.record.session import serving

    provider: Any = trace.get_tracer_provider()
    modules = cores()
    built = {path: count_built_spans(module) for path, module in modules.items()}
    source, requests = random.Random(seed), reading_requests()
    orders = [source.sample(PATHS, len(PATHS)) for _ in range(blocks)]
    seconds: dict[str, list[float]] = {path: [] for path in PATHS}
    steps = dict.fromkeys(PATHS, 0)
    sdk.mark_app_as_ready()  # until then every request is recorded
    with serving(create_app(open_shop(), upstream="http://127.0.0.1:9")) as port:
        for order in [list(PATHS), *orders]:
            for path in order:
                sdk._sampling_rate = 0.0 if path == UNSAMPLED else 1.0
                take(path, modules)
                before = spans_in(traces)
                spent = processor_seconds(port, requests, provider.force_flush)
                seconds[path].append(spent / len(requests))
                steps[path] += spans_in(traces) - before
    sdk.shutdown()
    core = {path: built[path]() if path in built else 0 for path in PATHS}
    return Measured(orders, {path: times[1:] for path, times in seconds.items()}, steps, core)


def cores() -> dict[str, ModuleType]:
    """The module that the SDK is to call, by path; the drop-in is the native one under the SDK's name."""
    import drift_core
    import driftcore_native

    if drift_core.normalize_json is driftcore_native.normalize_json:
        raise NotThePath("drift_core is the C core here; install drift-core-python in this environment")
    return {"native": driftcore_native, "rust": drift_core}


def take(path: str, modules: dict[str, ModuleType]) -> None:
    """Let the SDK's next call go that way."""
    import drift.core.rust_core_binding as bridge

    os.environ[SDK_SWITCH] = "1" if path in modules else "0"
    bridge._binding_load_attempted = True
    bridge._binding_module = modules.get(path)


def processor_seconds(port: int, requests: Sequence[traffic.Request], flush: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    for request in requests:
        traffic.send(port, request)
    flush()
    return time.process_time() - begun


def spans_in(traces: Path) -> int:
    return sum(1 for file in traces.glob("*.jsonl") for _ in file.open("rb"))


if __name__ == "__main__":
    main()
