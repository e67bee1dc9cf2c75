"""A Flask application under the real SDK that answers requests over loopback, then shuts down.

    TUSK_DRIFT_MODE=RECORD TUSK_USE_RUST_CORE=1 python -m bench.scenarios.flask_app --requests 150

It is the shop of `fixtures/record` with its reading requests; spans go to files, as in a
development set-up of the SDK.  Which core runs is settled by the environment alone: the switch
says whether, and the installed `drift_core` says which.  Whatever a span's bytes were built by
is counted, because the SDK falls back in silence.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from driftgate.base.streams import keep_stdout
from fixtures.record import traffic

from . import REQUESTS, SDK_SWITCH

CONFIG = """\
service: {{id: driftcore-bench, name: shop}}
traces: {{dir: {traces}}}
recording: {{export_spans: false, enable_env_var_recording: false}}
"""


class NothingRecorded(RuntimeError):
    """The SDK was on and wrote fewer spans than there were requests."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scenarios.flask_app")
    parser.add_argument(
        "--requests", type=int, default=REQUESTS, metavar="N", help=f"how many (default: {REQUESTS})"
    )
    count = parser.parse_args(arguments).requests
    own = keep_stdout()
    with tempfile.TemporaryDirectory() as folder:
        traces = prepare(Path(folder))
        built = count_built_spans(importlib.import_module("drift_core")) if core_is_on() else lambda: 0
        spans = serve_requests(count, traces)
    if spans < count and os.environ["TUSK_DRIFT_MODE"] == "RECORD":
        raise NothingRecorded(f"{spans} spans were written for {count} requests")
    print(json.dumps({"steps": spans, "core": built(), "sha256": None}), file=own)


def prepare(workspace: Path) -> Path:
    """The folder the SDK reads its settings from; returns the one it writes to."""
    traces = workspace / "traces"
    (workspace / ".tusk").mkdir()
    (workspace / ".tusk" / "config.yaml").write_text(CONFIG.format(traces=traces), encoding="utf-8")
    (workspace / "requirements.txt").touch()
    os.chdir(workspace)
    return traces


def core_is_on() -> bool:
    return os.environ[SDK_SWITCH] == "1"


def count_built_spans(module: Any) -> Callable[[], int]:
    """How many spans a module that stands in for `drift_core` has built, asked for at the end."""
    counter = itertools.count()
    build = module.build_span_proto_bytes_pyobject

    def counting(*arguments: Any) -> bytes:
        built: bytes = build(*arguments)
        next(counter)
        return built

    module.build_span_proto_bytes_pyobject = counting
    return lambda: next(counter)


def serve_requests(count: int, traces: Path) -> int:
    """Answer that many requests under the SDK and shut it down; the number of spans it wrote."""
    from drift import TuskDrift

    sdk = TuskDrift.initialize(env="bench", sampling_rate=1.0, log_level="error")

    from fixtures.record.app import create_app
    from fixtures.record.database import open_shop
    from fixtures.record.session import serving

    app = create_app(open_shop(), upstream="http://127.0.0.1:9")
    with serving(app) as port:
        for request in itertools.islice(itertools.cycle(reading_requests()), count):
            traffic.send(port, request)
    sdk.shutdown()
    return sum(1 for file in traces.glob("*.jsonl") for _ in file.open("rb"))


def reading_requests() -> list[traffic.Request]:
    """Those of the script that only read, so that any number of them can follow one another."""
    heads = ("/products", "/search", "/stock", "/labels")
    return [
        request
        for request in traffic.script()
        if request.method == "GET" and request.expect == 200 and request.target.startswith(heads)
    ]


if __name__ == "__main__":
    main()
