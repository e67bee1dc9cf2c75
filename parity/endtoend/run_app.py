"""Run one application under the real SDK on one path, and keep what it exported.

    python -m parity.endtoend.run_app APP PATH OUT

PATH is python, native or rust.  OUT becomes a folder with each export request as it came over
the wire (`0000.bin`, …) and `run.json`: which module answered, and how often it
did.  A run in which the path was not taken fails; a fail-open SDK would else compare Python
with Python.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from .collector import collecting

PATHS = ("python", "native", "rust")
ENVIRONMENT = "endtoend"

# The SDK reads .tusk/config.yaml from the nearest folder upwards that looks like a project.
CONFIG = """\
service: {{id: driftcore-endtoend, name: endtoend}}
tusk_api: {{url: "{url}"}}
recording: {{export_spans: true, enable_env_var_recording: false}}
"""

CALLED = (
    "process_export_payload_pyobject",
    "build_span_proto_bytes_pyobject",
    "build_export_spans_request_bytes_pyobject",
)


class PathNotTaken(RuntimeError):
    """The SDK did not run on the path that was asked for."""


def run(app: str, path: str, out: Path) -> None:
    """Leave the exported requests of one run in `out`."""
    out = out.resolve()
    out.mkdir(parents=True)
    calls: Counter[str] = Counter()
    core = None if path == "python" else _core(path, calls)
    with tempfile.TemporaryDirectory() as folder, collecting() as (url, bodies):
        workspace = Path(folder)
        _prepare(workspace, url, path)
        _serve(app, workspace)
        kept = list(bodies)
    if path != "python" and not all(calls[name] for name in CALLED):
        raise PathNotTaken(f"{path}: only {dict(calls)} were answered by {core}")
    for number, body in enumerate(kept):
        (out / f"{number:04d}.bin").write_bytes(body)
    told = {"app": app, "path": path, "core": core, "calls": dict(calls), "requests": len(kept)}
    (out / "run.json").write_text(json.dumps(told), encoding="ascii")


def _core(path: str, calls: Counter[str]) -> str:
    """The file of the module the SDK will call; what it answers is counted from now on."""
    module = importlib.import_module("drift_core")
    native = sys.modules.get("driftcore_native")
    is_native = native is not None and module.normalize_json is native.normalize_json
    if is_native != (path == "native"):
        raise PathNotTaken(f"{path}: drift_core is {module.__file__} here, which is the other one")
    for name in CALLED:
        setattr(module, name, _counted(getattr(module, name), name, calls))
    return str(native._core.__file__ if native is not None and is_native else module.__file__)


def _counted(function: Callable[..., Any], name: str, calls: Counter[str]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        result = function(*arguments)
        calls[name] += 1
        return result

    return call


def _prepare(workspace: Path, url: str, path: str) -> None:
    """Leave nothing of the caller's shell or folder for the SDK to find."""
    for name in [name for name in os.environ if name.startswith(("TUSK_", "OTEL_"))]:
        del os.environ[name]
    os.environ["XDG_RUNTIME_DIR"] = str(workspace)  # where PostgreSQL's wheel keeps its locks
    os.environ["TUSK_DRIFT_MODE"] = "RECORD"
    os.environ["TUSK_USE_RUST_CORE"] = "0" if path == "python" else "1"
    (workspace / ".tusk").mkdir()
    (workspace / ".tusk" / "config.yaml").write_text(CONFIG.format(url=url), encoding="utf-8")
    (workspace / "requirements.txt").touch()
    os.chdir(workspace)


def _serve(app: str, workspace: Path) -> None:
    from drift import TuskDrift

    sdk = TuskDrift.initialize(api_key="endtoend", env=ENVIRONMENT, sampling_rate=1.0, log_level="error")
    module: ModuleType = importlib.import_module(f"parity.endtoend.apps.{app}")
    with module.application(workspace) as port:
        sdk.mark_app_as_ready()
        module.drive(port)
    sdk.shutdown()
    os.chdir("/")


def main() -> None:
    app, path, out = sys.argv[1:]
    run(app, path, Path(out))


if __name__ == "__main__":
    main()
