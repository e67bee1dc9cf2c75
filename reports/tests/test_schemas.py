"""Every file of every kind fits its schema, and the schema files are those the formats give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import bench.schema
from reports import bundle
from reports.formats import SCHEMAS
from reports.schema import FOLDER, written
from reports.signoff import sign_off

from . import samples


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_files_are_what_the_formats_give(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == written(SCHEMAS[name]), (
        "run: python -m reports.schema"
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_line_of_a_bench_result_fits_the_schema_of_the_bench(tmp_path: Path) -> None:
    samples.Folder().write(tmp_path)
    validator = jsonschema.Draft202012Validator(bench.schema.schema())
    found = [line for line in lines(tmp_path / "bench.ndjson") if not validator.is_valid(line)]
    assert not found


def problems(schema: str, document: Any) -> list[str]:
    """What is wrong with a document, or a line of a result file, whose event chooses the branch."""
    chosen = SCHEMAS[schema]
    if "$defs" in chosen:
        chosen = chosen["$defs"][document.get("kind") or document["event"]]
    return [error.message for error in jsonschema.Draft202012Validator(chosen).iter_errors(document)]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("parity.ndjson", "parity-results-v2.schema.json"),
        ("check-0.ndjson", "check-results-v1.schema.json"),
    ],
)
def test_every_line_of_a_result_file_fits(tmp_path: Path, name: str, schema: str) -> None:
    samples.no_go().write(tmp_path)
    found = [
        (line["event"], problem) for line in lines(tmp_path / name) for problem in problems(schema, line)
    ]
    assert not found


def test_documents_of_a_sign_off_fit(tmp_path: Path) -> None:
    bundle.write(sign_off(samples.no_go().write(tmp_path), "signoff"), tmp_path)
    for name, schema in (
        ("signoff.json", "signoff-v2.schema.json"),
        ("manifest.json", "manifest-v1.schema.json"),
        ("attestation.json", "attestation.schema.json"),
    ):
        assert not problems(schema, json.loads((tmp_path / name).read_text(encoding="utf-8")))


def test_a_schema_refuses_what_does_not_fit(tmp_path: Path) -> None:
    samples.Folder().write(tmp_path)
    header = next(lines(tmp_path / "parity.ndjson"))
    for changed in ({"planned": "many"}, {"unheard": 1}, {"version": 3}):
        assert problems("parity-results-v2.schema.json", {**header, **changed})
