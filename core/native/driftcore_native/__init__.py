"""The drift core's nine functions and `export_span` in C, equal to `driftcore.reference` byte for byte.

Calls the C core cannot answer exactly go to the reference, which raises or answers;
`punts()` tells how many and why.  `assumptions()` tells what the core takes for granted of
the interpreter, found out when it is imported.
"""

import base64 as _base64  # noqa: F401  # what the core is compared with; named for whatever collects imports
import json as _json  # noqa: F401
import os as _os

from ._whole import require_whole as _require_whole

_require_whole(_os.path.dirname(__file__), "_core")  # noqa: PTH120

from ._core import (  # noqa: E402  # only what is whole may be loaded
    __version__,
    assumptions,
    build_export_spans_request_bytes_pyobject,
    build_span_proto_bytes_pyobject,
    deterministic_hash,
    export_span,
    normalize_and_hash,
    normalize_json,
    object_to_protobuf_struct_bytes,
    object_to_protobuf_struct_field_count,
    process_export_payload,
    process_export_payload_pyobject,
    punts,
    verify_span,
)

__all__ = [
    "__version__",
    "assumptions",
    "build_export_spans_request_bytes_pyobject",
    "build_span_proto_bytes_pyobject",
    "deterministic_hash",
    "export_span",
    "normalize_and_hash",
    "normalize_json",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "process_export_payload_pyobject",
    "punts",
    "verify_span",
]


def _imported_by_core() -> None:
    """Never called: programs that freeze an application read here what `_core` imports when it needs it."""
    import driftcore.reference  # noqa: F401
