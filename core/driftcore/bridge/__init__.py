"""The bridge to the native core, for an SDK that must work without it (fail-open).

Every helper runs on `driftcore_native` where that is switched on and importable, and
returns None where it is not, where the core raises, or where it returns rubbish: the
caller then takes its Python path.  No helper raises an `Exception`, whatever its own parts do and
however little stack or memory is left; `KeyboardInterrupt` and other `BaseException`s, by which
somebody wants the program to stop, pass through.  A silent fallback is visible in `counters()`.

The helpers keep the names, arguments and return shapes of the Drift Python SDK's own
bridge, `drift/core/rust_core_binding.py`, so that the SDK can swap one for the other.

    switches     which environment variable decides
    loading      the import of the native module, tried again where its failure may pass
    native       the way to the core, and the shapes its functions promise
    counting     what ran natively, what fell back and why
    calls        the helpers
    python_path  the same helpers on the reference, for a program without a Python path of its own
    startup      the status, and its one log line; reporting logs, and raises nothing
    shadow       a sampled share of calls judged by the reference: plain, comparing, sameness
    keeping      inputs that differed, masked and private: masking, saved_case, private_folder
    metrics      the counters for OpenTelemetry
"""

from driftcore.bridge.calls import (
    build_export_spans_request_bytes,
    build_span_proto_bytes,
    deterministic_hash_jsonable,
    export_span_json,
    normalize_and_hash_jsonable,
    normalize_json_jsonable,
    process_export_payload_jsonable,
    validate_span_proto_bytes,
)
from driftcore.bridge.counting import Counters, counters
from driftcore.bridge.metrics import export_metrics
from driftcore.bridge.startup import StartupStatus, log_startup, startup_status

__all__ = [
    "Counters",
    "StartupStatus",
    "build_export_spans_request_bytes",
    "build_span_proto_bytes",
    "counters",
    "deterministic_hash_jsonable",
    "export_span_json",
    "export_metrics",
    "log_startup",
    "normalize_and_hash_jsonable",
    "normalize_json_jsonable",
    "process_export_payload_jsonable",
    "startup_status",
    "validate_span_proto_bytes",
]
