"""Run the shop under the real SDK on `driftcore.bridge` in shadow mode, a lying core in place of the C core.

    python -m parity.endtoend.run_shadowed LIAR OUT

The SDK's own bridge is swapped for ours, which has the same names, as an SDK would do that adopts it.
Kept inputs go to the folder OUT; prints the bridge's counters as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import driftcore_native

from fixtures.record.session import record

from ..liars import LIARS

SWAPPED = (
    "normalize_and_hash_jsonable",
    "normalize_json_jsonable",
    "deterministic_hash_jsonable",
    "process_export_payload_jsonable",
    "build_span_proto_bytes",
    "build_export_spans_request_bytes",
)


def main() -> None:
    liar, out = sys.argv[1], Path(sys.argv[2]).resolve()
    honest = {name: getattr(driftcore_native, name) for name in driftcore_native.__all__}
    lying = SimpleNamespace(**{**honest, **LIARS[liar].functions()})
    sys.modules["driftcore_native"] = lying  # type: ignore[assignment]

    import drift.core.rust_core_binding as theirs
    from driftcore import bridge

    for name in SWAPPED:
        setattr(theirs, name, getattr(bridge, name))

    switches = {"TUSK_CORE_SHADOW": "0.5", "TUSK_CORE_SHADOW_DIR": str(out)}
    with tempfile.TemporaryDirectory() as workspace:
        record(Path(workspace), native_core=True, switches=switches)
    print(json.dumps(asdict(bridge.counters())))


if __name__ == "__main__":
    main()
