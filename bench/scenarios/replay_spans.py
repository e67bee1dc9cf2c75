"""A process that finishes recorded spans as the SDK does: two payloads and one span message each.

    TUSK_USE_C_CORE=1 python -m bench.scenarios.replay_spans --spans 420
    TUSK_USE_C_CORE=0 python -m bench.scenarios.replay_spans --spans 420

Each step asks the bridge first and takes the Python path where that gives None, so the
switch decides which code runs.  Since the bridge falls back in silence, the process
counts: the last line of its output tells how many steps ran natively and a digest of all
bytes built, for a caller to compare.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
from collections.abc import Sequence
from typing import Any

from driftcore import bridge, reference

from fixtures.load import Merges, RecordedSpan, recorded_spans

from . import SPANS


def export(text: str, merges: Merges | None) -> dict[str, Any]:
    """All that a span needs of one payload, under the bridge's names."""
    value = json.loads(text)
    exported = bridge.process_export_payload_jsonable(value, merges)
    if exported is not None:
        return exported
    made = reference.process_export_payload_pyobject(value, merges)
    names = ("normalized_value", "decoded_value_hash", "decoded_schema", "decoded_schema_hash")
    return dict(zip((*names, "protobuf_struct_bytes"), made))


def finish(span: RecordedSpan) -> bytes:
    """The bytes of a span's message, verified."""
    given = export(span.input_json, span.input_merges)
    came = export(span.output_json, span.output_merges)
    fields = {
        **span.fields,
        "input_schema": given["decoded_schema"],
        "output_schema": came["decoded_schema"],
        "input_schema_hash": given["decoded_schema_hash"],
        "output_schema_hash": came["decoded_schema_hash"],
        "input_value_hash": given["decoded_value_hash"],
        "output_value_hash": came["decoded_value_hash"],
        "input_value": given["normalized_value"],
        "output_value": came["normalized_value"],
        "input_value_proto_struct_bytes": given["protobuf_struct_bytes"],
        "output_value_proto_struct_bytes": came["protobuf_struct_bytes"],
    }
    built = bridge.build_span_proto_bytes(**fields)
    if built is None:
        built = reference.build_span_proto_bytes_pyobject(**fields)
        reference.verify_span(built)  # the bridge's helper has done so
    return built


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scenarios.replay_spans")
    parser.add_argument("--spans", type=int, default=SPANS, metavar="N", help=f"how many (default: {SPANS})")
    count = parser.parse_args(arguments).spans
    digest = hashlib.sha256()
    for span in itertools.islice(itertools.cycle(recorded_spans()), count):
        digest.update(finish(span))
    native = sum(bridge.counters().native.values())
    print(json.dumps({"steps": 3 * count, "native_steps": native, "sha256": digest.hexdigest()}))


if __name__ == "__main__":
    main()
