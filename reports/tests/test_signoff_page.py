"""The page and the document: one golden page, and pages made of hostile results."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bench.events import LeftOut, Void
from parity.events import Mismatch
from parity.operations import OPERATIONS
from reports.bench_results import read_bench
from reports.document import LISTED_PER_OPERATION, SignOff, assemble, source_of, to_json
from reports.parity_results import read_parity
from reports.provenance import Commit
from reports.signoff_page import page
from reports.verdict import judge

from . import samples
from .samples import BenchRun, ParityRun, check_run
from .test_markdown import HOSTILE

GOLDEN = Path(__file__).parent / "golden" / "signoff.md"
COMMIT = Commit("89abcdef0123456789abcdef0123456789abcdef", 2)
UNESCAPED_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
FIRST, SECOND = list(OPERATIONS)[:2]


def document_of(
    folder: Path, parity: ParityRun, *benches: BenchRun, required: tuple[str, ...] = (FIRST, SECOND)
) -> SignOff:
    """A document of runs, with time, commit and files made the same everywhere."""
    parity_file = parity.write(folder / "parity.ndjson")
    files = [bench.write(folder / f"bench{at}.ndjson") for at, bench in enumerate(benches)]
    results, measured = read_parity(parity_file), [read_bench(file) for file in files]
    sources = [source_of("parity", parity_file), *(source_of("bench", file) for file in files)]
    return assemble(
        judge(results, measured, required),
        results,
        measured,
        COMMIT,
        [replace(one, path=Path(one.path).name, size=1234, sha256="0f" * 32) for one in sources],
        "2026-01-02 03:04 UTC",
    )


def golden_document(folder: Path) -> SignOff:
    """A little of everything: mismatches, too little, a slower recorded input, things left out."""
    parity = ParityRun(
        census=[
            samples.tally(FIRST, "recorded", 700),
            samples.tally(FIRST, "everyday", 800, mismatches=2),
            samples.tally(FIRST, "numbers", 800, mismatches=1),
            replace(samples.tally(SECOND, "everyday", 300), generated=405, skipped=5, explained=1),
        ],
        mismatches=[
            replace(samples.mismatch(FIRST, number=1), input="payload_json='[10000000000000000.0]'"),
            samples.mismatch(FIRST, number=2),
            replace(samples.mismatch(FIRST, "numbers", 3), path='$["a|b`c\n"]', actual="str '\u202e<b>```'"),
        ],
        skipped={"native has no deterministic_hash": 5},
        divergences={"times-truncated": 1},
    )
    bench = BenchRun(
        [
            samples.pair(FIRST),
            samples.pair(FIRST, "rust", 4.5),
            samples.pair(SECOND, ratio=1234.5, given="one-member"),
            samples.NATIVE_BENCH,
            samples.CONTEXT,
            samples.PROCESS,
            samples.SELF_TEST,
            samples.CLAIM,
            samples.FAILED_CLAIM,
            LeftOut("a(rows-92k) of native and sdk", "a call takes too long to repeat it"),
            LeftOut("b(rows-92k) of native and sdk", "a call takes too long to repeat it"),
        ]
    )
    check = check_run(
        samples.pair(FIRST, "rust", 0.8), samples.pair(FIRST, "rust", 0.99), samples.pair(SECOND, "rust", 3.0)
    )
    return document_of(folder, parity, bench, replace(check, commit=f"{COMMIT.id}+"))


def test_page_is_the_golden_one(tmp_path: Path) -> None:
    """A wanted change: `python -m reports.tests.make_golden`, then read the difference."""
    assert page(golden_document(tmp_path)) == GOLDEN.read_text(encoding="utf-8")


def test_verdict_is_the_first_line_and_the_sentence_the_next(tmp_path: Path) -> None:
    lines = page(document_of(tmp_path, ParityRun(), BenchRun())).split("\n")
    assert lines[0] == "# driftcore sign-off: GO"
    assert lines[2].startswith("**GO: native equals reference in all of 9,000 compared cases")


def hostile_run(text: str) -> ParityRun:
    mismatch = Mismatch(
        case=text,
        operation=FIRST,
        profile="everyday",
        path=text,
        reason=text,
        expected=text,
        actual=text,
        input=text,
    )
    return ParityRun(
        census=[samples.tally(FIRST, mismatches=1), samples.tally(SECOND)],
        mismatches=[mismatch],
        candidate_provenance=replace(samples.NATIVE, file=text),
        punts={text: 3},
        skipped={text: 3},
        divergences={text: 3},
    )


def hostile_bench(text: str) -> BenchRun:
    return BenchRun(
        [
            *samples.MEASURED,
            replace(samples.CONTEXT, context={text: text, "more": [text]}),
            replace(samples.PROCESS, what=text),
            Void(text, text),
            LeftOut(text, text),
        ]
    )


@pytest.mark.parametrize("text", [*HOSTILE, "# " + "x|`" * 400_000], ids=range(len(HOSTILE) + 1))
def test_hostile_text_leaves_the_page_in_shape(tmp_path: Path, text: str) -> None:
    plain = page(document_of(tmp_path, hostile_run("plain"), hostile_bench("plain")))
    hostile = page(document_of(tmp_path, hostile_run(text), hostile_bench(text)))
    assert outline(hostile) == outline(plain)
    assert len(hostile) < len(plain) + 40_000
    assert all(line.isprintable() for line in hostile.split("\n"))
    hostile.encode("utf-8")


def outline(markdown: str) -> list[str]:
    """Headings of two levels, table rows by their number of cells, fences; one entry a line."""
    found = []
    for line in markdown.split("\n"):
        if line.startswith("|"):
            found.append(f"row of {len(UNESCAPED_PIPE.findall(line))}")
        elif re.match("#+ ", line):
            found.append(line.split(" ")[0])
        elif line.startswith("```"):
            found.append("fence")
        else:
            found.append("text" if line else "")
    return found


def test_pages_of_hostile_texts_parse_as_that_of_plain_ones(tmp_path: Path) -> None:
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True}).enable("table")

    def blocks(text: str) -> list[str]:
        made = page(document_of(tmp_path, hostile_run(text), hostile_bench(text)))
        tokens = parser.parse(made)
        inline = {child.type for token in tokens for child in token.children or ()}
        assert inline <= {"text", "text_special", "code_inline", "softbreak", "strong_open", "strong_close"}
        return [token.type for token in tokens]

    plain = blocks("plain")
    assert all(blocks(text) == plain for text in HOSTILE)


def test_listed_mismatches_are_short_ones_of_each_operation_and_profile(tmp_path: Path) -> None:
    mismatches = [
        replace(samples.mismatch(name, profile, number), input="x" * (50 - number))
        for name in (FIRST, SECOND)
        for profile in ("everyday", "numbers")
        for number in range(40)
    ]
    census = [
        samples.tally(name, profile, mismatches=40)
        for name in (FIRST, SECOND)
        for profile in ("everyday", "numbers")
    ]
    document = document_of(tmp_path, ParityRun(census=census, mismatches=mismatches), BenchRun())
    assert [one.mismatch.case for one in document.mismatches] == [
        f"g1:{profile}:{name}:0:39" for name in (FIRST, SECOND) for profile in ("everyday", "numbers")
    ]
    assert document.mismatches[0].replay == f"python -m parity replay g1:everyday:{FIRST}:0:39"
    assert to_json(document)["mismatches"]["total"] == 160  # type: ignore[index]


def test_no_operation_fills_the_list_alone(tmp_path: Path) -> None:
    profiles = [f"profile{number}" for number in range(LISTED_PER_OPERATION + 3)]
    run = ParityRun(
        census=[
            samples.tally(name, profile, mismatches=1) for name in (FIRST, SECOND) for profile in profiles
        ],
        mismatches=[samples.mismatch(name, profile) for name in (FIRST, SECOND) for profile in profiles],
    )
    listed = [one.mismatch.operation for one in document_of(tmp_path, run, BenchRun()).mismatches]
    assert listed == [FIRST] * LISTED_PER_OPERATION + [SECOND] * LISTED_PER_OPERATION


def test_commands_name_a_candidate_that_is_not_the_default(tmp_path: Path) -> None:
    run = ParityRun(
        census=[samples.tally(FIRST, mismatches=1)],
        mismatches=[replace(samples.mismatch(FIRST), case="a; rm -rf b")],
        candidate="rust",
        candidate_provenance=samples.RUST,
    )
    document = document_of(tmp_path, run, BenchRun())
    assert document.mismatches[0].replay == "python -m parity replay --candidate rust 'a; rm -rf b'"
    expected = (
        f"python -m parity run --candidate rust --operation {FIRST} --seed 7 --cases 1000 --out parity.ndjson"
    )
    assert expected in document.commands


def test_recorded_cases_are_not_counted_as_generated_ones(tmp_path: Path) -> None:
    census = [samples.tally(FIRST, "recorded", 700), samples.tally(FIRST, "everyday", 800)]
    document = document_of(tmp_path, ParityRun(census=census), BenchRun())
    assert any(" --cases 900 " in command for command in document.commands)


def test_json_has_the_verdict_and_the_evidence(tmp_path: Path) -> None:
    document = golden_document(tmp_path)
    made = json.loads(json.dumps(to_json(document), allow_nan=False))
    assert list(made)[:5] == ["format", "version", "verdict", "exit_code", "sentence"]
    assert (made["format"], made["version"]) == ("driftcore sign-off", 1)
    assert (made["verdict"], made["exit_code"]) == ("NO-GO", 1)
    assert made["commit"] == {"id": COMMIT.id, "changed_files": 2}
    assert made["parity"]["candidate"]["sha256"] == samples.NATIVE.sha256
    assert [census["mismatches"] for census in made["parity"]["census"]] == [3, 0]
    assert made["mismatches"]["total"] == 3 and len(made["mismatches"]["listed"]) == 2
    assert len(made["benches"]) == 2 and made["benches"][0]["pairs"][0]["ratio"]["low"] == 12.0
    assert [source["role"] for source in made["sources"]] == ["parity", "bench", "bench"]


def test_megabyte_texts_are_shortened_in_the_json_too(tmp_path: Path) -> None:
    document = document_of(tmp_path, hostile_run("\u202e" * 1_000_000), BenchRun())
    listed = document.mismatches[0]
    assert all(len(text) < 2100 for text in asdict(listed.mismatch).values())
    assert len(listed.replay) < 2200
