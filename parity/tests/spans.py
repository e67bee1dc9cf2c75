"""The plainest right span, for tests that change one argument of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.operations import SPAN_ARGUMENTS

PLAIN_SPAN: Mapping[str, Any] = {
    **dict.fromkeys(SPAN_ARGUMENTS, ""),
    **dict.fromkeys(("package_type", "kind", "status_code"), 0),
    **dict.fromkeys(("timestamp_seconds", "timestamp_nanos", "duration_seconds", "duration_nanos"), 0),
    **dict.fromkeys(("is_pre_app_start", "is_root_span"), False),
    **dict.fromkeys(("environment", "metadata", "input_value", "output_value"), None),
    **dict.fromkeys(("input_value_proto_struct_bytes", "output_value_proto_struct_bytes"), None),
    "input_schema": {"type": 6, "properties": {}},
    "output_schema": {"type": 6, "properties": {}},
}
