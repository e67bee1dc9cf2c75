"""Every file of every kind fits its schema, and the schema files are those the formats give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import bench.schema
from core.harden import run as harden_run
from core.harden.check import Check as HardenCheck
from core.harden.check import Outcome
from core.harden.workspace import BuildFailed, Workspace
from driftgate.base.result_file import FINISHED, STARTED, ResultFile
from driftgate.base.schema import written
from parity.mutation.mutants import Mutant
from parity.mutation.record import Record
from parity.mutation.score import Fate, Score
from parity.plan import Plan
from reports import bundle
from reports.formats import FOLDER, SCHEMAS
from reports.harden_results import read_harden
from reports.mutation_results import read_mutation
from reports.signoff import sign_off

from . import samples


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_files_are_what_the_formats_give(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == written(SCHEMAS[name]), (
        "run: python -m reports.formats"
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
        chosen = chosen["$defs"][document["event"]]
    return [error.message for error in jsonschema.Draft202012Validator(chosen).iter_errors(document)]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("parity.ndjson", "parity-results-v3.schema.json"),
        ("check-0.ndjson", "check-results-v1.schema.json"),
    ],
)
def test_every_line_of_a_result_file_fits(tmp_path: Path, name: str, schema: str) -> None:
    samples.no_go().write(tmp_path)
    found = [
        (line["event"], problem) for line in lines(tmp_path / name) for problem in problems(schema, line)
    ]
    assert not found


def test_every_line_of_a_hardening_result_fits(tmp_path: Path) -> None:
    def run_of(outcome: Outcome) -> Callable[[Workspace], Outcome]:
        return lambda workspace: outcome

    def not_there(workspace: Workspace) -> Outcome:
        raise BuildFailed("clang is not there")

    checks = (
        HardenCheck("references", "memory", "counts", run_of(Outcome({"calls": 10, "% kept": 0.5}))),
        HardenCheck("heap", "memory", "the heap", run_of(Outcome({}, ("it grew",)))),
        HardenCheck("c-tests-clang", "sanitizers", "C tests", not_there),
    )
    workspace = Workspace()
    done = tuple(harden_run.run(checks, workspace))
    with ResultFile(tmp_path / "harden.ndjson", harden_run.FORMAT) as out:
        out.write(STARTED, harden_run.started(checks, workspace))
        for one in done:
            out.write("check", one.fields())
        out.write(FINISHED, harden_run.finished(done))
    assert fits(tmp_path / "harden.ndjson", "hardening-results-v1.schema.json") == ["PASS", "FAIL", "UNFIT"]


def test_every_line_of_a_mutation_result_fits(tmp_path: Path) -> None:
    caught, survived, equivalent = (
        Mutant(number, "core/src/keys.c", 7, "keys_sort", "operator", "<", after, "a < b", f"a {after} b")
        for number, after in enumerate(("<=", ">", "!="), start=1)
    )
    fates = (
        Fate(caught, "differs", "g2:numbers:0:1:normalize_json", 12, 0.01),
        Fate(survived, "survived"),
        Fate(equivalent, "survived"),
    )
    known: dict[tuple[str, ...], str] = {equivalent.key: "the same for unequal keys"}
    with Record(tmp_path / "mutation.ndjson", known) as record:
        record.begin(Plan("reference", "native", seed=0, cases=10), 12, (caught, survived, equivalent), True)
        for fate in fates:
            record.add(fate)
        record.finish(Score(fates, known))
    assert fits(tmp_path / "mutation.ndjson", "mutation-results-v3.schema.json") == ["FAIL"]


def fits(path: Path, schema: str) -> list[str]:
    """The verdicts that the strict reader finds in a file, each line of which fits its schema."""
    assert [problem for line in lines(path) for problem in problems(schema, line)] == []
    read = read_harden if "hardening" in schema else read_mutation
    return [check.verdict.value for check in read(path).checks]


def test_documents_of_a_sign_off_fit(tmp_path: Path) -> None:
    bundle.write(sign_off(samples.no_go().write(tmp_path), "signoff"), tmp_path)
    for name, schema in (
        ("signoff.json", "signoff-v4.schema.json"),
        ("manifest.json", "manifest-v1.schema.json"),
        ("attestation.json", "attestation.schema.json"),
    ):
        assert not problems(schema, json.loads((tmp_path / name).read_text(encoding="utf-8")))


def test_a_schema_refuses_what_does_not_fit(tmp_path: Path) -> None:
    samples.Folder().write(tmp_path)
    header = next(lines(tmp_path / "parity.ndjson"))
    for changed in ({"planned": "many"}, {"unheard": 1}, {"version": 4}):
        assert problems("parity-results-v3.schema.json", {**header, **changed})
