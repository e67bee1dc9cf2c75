"""`drift_core` as the SDK imports it, answered by the C core instead of the Rust one.

The distributions `drift-core-python` and `driftcore-dropin` both provide this
module.  pip does not refuse the pair, it lets the later one overwrite the earlier,
so the clash is refused here, at import, where the SDK reports it and goes on in Python.
"""

from importlib import metadata as _metadata

from driftcore_native import (
    build_export_spans_request_bytes_pyobject,
    build_span_proto_bytes_pyobject,
    deterministic_hash,
    normalize_and_hash,
    normalize_json,
    object_to_protobuf_struct_bytes,
    object_to_protobuf_struct_field_count,
    process_export_payload,
    process_export_payload_pyobject,
)

__all__ = [
    "build_export_spans_request_bytes_pyobject",
    "build_span_proto_bytes_pyobject",
    "deterministic_hash",
    "normalize_and_hash",
    "normalize_json",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "process_export_payload_pyobject",
]


def _refuse_the_rust_core() -> None:
    try:
        rust = _metadata.version("drift-core-python")
    except _metadata.PackageNotFoundError:
        return
    raise ImportError(
        f"driftcore-dropin and drift-core-python {rust} are both installed and both provide `drift_core`; "
        "keep one: `pip uninstall drift-core-python`, then `pip install --force-reinstall driftcore-dropin`"
    )


_refuse_the_rust_core()
