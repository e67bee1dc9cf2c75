"""Record the shop with the SDK on `driftcore-dropin`, comparing each span with the SDK's Python path.

    python -m parity.endtoend.record_dropin OUT

Run by the test beside it in an environment where `drift_core` is the C core.  Each span's
bytes from the core must mean what the bytes of the SDK's own encoder mean, except that
the SDK cuts times to microseconds.  Writes the recording to OUT; prints the number of
spans compared and the core's punts, as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import drift_core
import driftcore_native
from drift.core.span_serialization import clean_span_to_proto
from drift.core.types import CleanSpanData
from google.protobuf.message import Message

from fixtures.record.session import record
from fixtures.record.write import write_spans

from .messages import message_class

# The SDK turns seconds and nanoseconds into a float, then into microseconds.
TIME_TOLERANCE_NS = 2_000


class SpansDiffer(Exception):
    """The core's bytes and the SDK's mean different spans."""


def main() -> None:
    out = Path(sys.argv[1]).resolve()
    if drift_core.normalize_json is not driftcore_native.normalize_json:
        raise SystemExit("drift_core is not the C core here; install driftcore-dropin in this environment")
    span_class = message_class("tusk.drift.core.v1.Span")
    compared = 0

    def compare(span: CleanSpanData) -> None:
        nonlocal compared
        assert span.proto_span_bytes is not None, "the SDK took its Python path"
        plain = replace(
            span,
            proto_span_bytes=None,
            input_value_proto_struct_bytes=None,
            output_value_proto_struct_bytes=None,
        )
        native = span_class.FromString(span.proto_span_bytes)
        python = span_class.FromString(bytes(clean_span_to_proto(plain)))
        _require_same_times(native, python)
        for message in (native, python):
            message.ClearField("timestamp")
            message.ClearField("duration")
        if native != python:
            raise SpansDiffer(f"{span.name}:\n{native}\n--- Python path:\n{python}")
        compared += 1

    with tempfile.TemporaryDirectory() as workspace:
        spans = record(Path(workspace), native_core=True, observe=compare)
    write_spans(out, spans)
    print(json.dumps({"compared": compared, "punts": driftcore_native.punts()}))


def _require_same_times(native: Message, python: Message) -> None:
    for name in ("timestamp", "duration"):
        a, b = getattr(native, name), getattr(python, name)
        apart = (a.seconds - b.seconds) * 10**9 + a.nanos - b.nanos
        if abs(apart) > TIME_TOLERANCE_NS:
            raise SpansDiffer(f"{name} differs by {apart} ns")


if __name__ == "__main__":
    main()
