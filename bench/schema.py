"""The JSON Schema of a line of a result file, made from the event classes themselves.

    python -m bench.schema    writes bench/schemas/bench-results-v2.schema.json again

A change of an event's fields is a new version of the format: raise `FORMAT` with it.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("bench.schema")

from pathlib import Path

from driftgate.base.result_file import FINISHED, STARTED
from driftgate.base.rewriting import rewriting
from driftgate.base.schema import Schema, extended, line, result_file, schema_of, written

from .events import FORMAT, MEASUREMENT, by_name

PATH = Path(__file__).parent / "schemas" / f"bench-results-v{FORMAT.version}.schema.json"

_DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
"""Of the file's own lines, which the writer adds."""


def schema() -> Schema:
    """Of one line of the file."""
    lines = {}
    for (event, kind), made in by_name().items():
        constants: dict[str, object] = {}
        if event == STARTED:
            constants.update(format=FORMAT.name, version=FORMAT.version)
        if event == MEASUREMENT:
            constants.update(kind=kind)
        described = line(event, schema_of(made), **constants)
        lines[made.__name__] = extended(described, sha256=_DIGEST) if event == FINISHED else described
    return result_file(f"{FORMAT.name}, version {FORMAT.version}", lines)


main, parser = rewriting(
    "bench.schema",
    "Write the schema of a bench's result file anew.",
    lambda: {PATH: written(schema())},
)
