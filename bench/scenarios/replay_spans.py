"""A process that finishes recorded spans as the SDK does: two payloads and one span message each.

    TUSK_USE_C_CORE=1 python -m bench.scenarios.replay_spans --spans 420
    TUSK_USE_C_CORE=0 python -m bench.scenarios.replay_spans --spans 420
    TUSK_USE_C_CORE=0 python -m bench.scenarios.replay_spans --rust

Each step asks the bridge first and takes the Python path where that gives None, so the
switch decides which code runs.  Since the bridge falls back in silence, the process
counts: the last line of its output tells how many steps the core ran and a digest of all
bytes built, for a caller to compare.  With `--rust` the Rust module takes the bridge's place,
and what it refuses the Python path does, as in the SDK.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
from collections.abc import Sequence
from typing import Any

from driftcore import bridge, reference

from driftgate.base.streams import keep_stdout
from fixtures.load import Merges, RecordedSpan, recorded_spans
from parity.operations import SPAN_ARGUMENTS

from . import SPANS


class Core:
    """What is asked first at each step: the bridge, or the Rust module as the SDK asks it."""

    def __init__(self, rust: bool) -> None:
        self._rust = None
        self.answered = 0
        if rust:
            import drift_core

            self._rust = drift_core

    def export(self, value: Any, merges: Merges | None) -> dict[str, Any] | None:
        if self._rust is None:
            return bridge.process_export_payload_jsonable(value, merges)
        made = self._ask(self._rust.process_export_payload_pyobject, value, merges)
        return None if made is None else dict(zip(NAMES, made))

    def build(self, fields: dict[str, Any]) -> bytes | None:
        if self._rust is None:
            return bridge.build_span_proto_bytes(**fields)
        arguments = (fields.get(name) for name in SPAN_ARGUMENTS)
        built: bytes | None = self._ask(self._rust.build_span_proto_bytes_pyobject, *arguments)
        return built

    def _ask(self, function: Any, *arguments: Any) -> Any:
        try:
            answer = function(*arguments)
        except Exception:  # whatever it refuses, the caller does
            return None
        self.answered += 1
        return answer

    def steps(self) -> int:
        """How many steps the core ran."""
        return self.answered if self._rust is not None else sum(bridge.counters().native.values())


NAMES = (
    "normalized_value",
    "decoded_value_hash",
    "decoded_schema",
    "decoded_schema_hash",
    "protobuf_struct_bytes",
)


def export(core: Core, text: str, merges: Merges | None) -> dict[str, Any]:
    """All that a span needs of one payload, under the bridge's names."""
    value = json.loads(text)
    exported = core.export(value, merges)
    if exported is not None:
        return exported
    return dict(zip(NAMES, reference.process_export_payload_pyobject(value, merges)))


def finish(core: Core, span: RecordedSpan) -> bytes:
    """The bytes of a span's message, verified."""
    given = export(core, span.input_json, span.input_merges)
    came = export(core, span.output_json, span.output_merges)
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
    built = core.build(fields)
    if built is None:
        built = reference.build_span_proto_bytes_pyobject(**fields)
        reference.verify_span(built)  # the bridge's helper has done so
    return built


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scenarios.replay_spans")
    parser.add_argument("--spans", type=int, default=SPANS, metavar="N", help=f"how many (default: {SPANS})")
    parser.add_argument("--rust", action="store_true", help="ask the Rust module, not the bridge")
    options = parser.parse_args(arguments)
    own = keep_stdout()
    core = Core(options.rust)
    digest = hashlib.sha256()
    for span in itertools.islice(itertools.cycle(recorded_spans()), options.spans):
        digest.update(finish(core, span))
    told = {"steps": 3 * options.spans, "core": core.steps(), "sha256": digest.hexdigest()}
    print(json.dumps(told), file=own)


if __name__ == "__main__":
    main()
