"""Every format tells the same verdict, and no text from an input breaks any of them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from driftgate.base.files import digest_of
from parity.operations import OPERATIONS
from reports import bundle
from reports.checks import CheckVerdict, Finding
from reports.document import SignOff
from reports.signoff import sign_off

from . import samples

SECRET = "correct-horse-battery"

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</pre></details></main></body></html>",
    "]]> <!-- --> &amp; &#60; &lt; \"quotes' `ticks` ``` | \\| {{ 7*7 }} {% raw %}",
    "javascript:alert(1) url(http://example.org/x.png) @import 'http://example.org'",
    "\x00\x01\x08\x0b\x1b[31m\x7f\x85\u2028\u2029\ufffe\uffff",
    "\u202egnp.exe\u2066\u2069\u200b\ufeff\u00ad",
    "\ud800 \udfff \ud83d",
    "::error file=x::injected\r\n::set-output name=x::y %0A%25",
    "x" * 1_000_000,
    f'{{"password": "{SECRET}", "a": 1}}',
    "\n\n# heading\n\n[link](http://example.org)\n\n<b>bold</b>\n",
]


def everything(text: str) -> samples.Folder:
    """A NO-GO in which every field that can hold a text from outside holds it."""
    cluster = samples.cluster(
        title=text, case=text, input=text, path=text, reason=text, expected=text, actual=text
    )
    check = samples.golden_check(
        summary=text,
        verdict=CheckVerdict.FAIL,
        findings=(Finding(text),),
    )
    folder = samples.no_go()
    folder.parity.clusters = [cluster]
    folder.parity.changed_footer = {"said": [text], "punts": {text: 5}}
    folder.checks = (check,)
    folder.claims = folder.recorded = None
    return folder


def document(folder: samples.Folder, path: Path) -> SignOff:
    return sign_off(folder.write(path), "signoff")


def rendered(folder: samples.Folder, path: Path) -> dict[str, str]:
    return dict(bundle.reports(document(folder, path)))


class Tags(HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def tags_of(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_hostile_text_changes_nothing_but_the_text(tmp_path: Path, at: int) -> None:
    plain = rendered(everything("harmless"), tmp_path / "plain")
    hostile = rendered(everything(HOSTILE[at]), tmp_path / "hostile")
    assert tags_of(hostile["signoff.html"]).tags == tags_of(plain["signoff.html"]).tags
    assert len(ET.fromstring(hostile["junit.xml"]).findall(".//*")) == len(
        ET.fromstring(plain["junit.xml"]).findall(".//*")
    )
    json.loads(hostile["signoff.sarif"])
    json.loads(hostile["signoff.json"])
    headings = [len(re.findall(r"(?m)^#", one["signoff.md"])) for one in (plain, hostile)]
    assert headings[0] == headings[1]
    assert all(line.startswith("::") for line in hostile["annotations.txt"].splitlines())
    assert len(hostile["annotations.txt"].splitlines()) == len(plain["annotations.txt"].splitlines())
    for name, text in hostile.items():
        assert SECRET not in text, name
        assert len(text) < 600_000, name
        text.encode("utf-8")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text), (
            name
        )


def test_the_page_asks_for_nothing_from_outside(tmp_path: Path) -> None:
    html = rendered(samples.Folder(), tmp_path)["signoff.html"]
    found = tags_of(html)
    for name, value in found.attributes:
        if name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
            assert value is not None and value.startswith(("#", "data:,")), (name, value)
    assert "default-src 'none'" in html
    assert found.tags.count("script") == 1


def test_identifiers_are_unique(tmp_path: Path) -> None:
    html = rendered(samples.no_go(), tmp_path)["signoff.html"]
    identifiers = [value for name, value in tags_of(html).attributes if name == "id"]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("folder", [samples.no_go, samples.brief])
def test_every_link_within_the_page_has_an_end(tmp_path: Path, folder: Callable[[], samples.Folder]) -> None:
    html = rendered(folder(), tmp_path)["signoff.html"]
    attributes = tags_of(html).attributes
    ends = {value for name, value in attributes if name == "id"}
    starts = {value[1:] for name, value in attributes if name == "href" and value and value.startswith("#")}
    assert starts <= ends


def test_every_reason_leads_to_its_evidence_in_markdown(tmp_path: Path) -> None:
    text = rendered(samples.brief(), tmp_path)["signoff.md"]
    for anchor in re.findall(r"\[evidence\]\(#([^)]+)\)", text):
        assert f'<a id="{anchor}"></a>' in text


def test_junit_has_a_case_for_each_cluster_claim_operation_and_check(tmp_path: Path) -> None:
    folder = samples.no_go()
    folder.claims = samples.BenchRun(verdicts={"hash-rust-mean": "FAIL", "hash-rust-least": "INCONCLUSIVE"})
    root = ET.fromstring(rendered(folder, tmp_path)["junit.xml"])
    suites = {suite.get("name"): suite for suite in root}
    assert suites["mismatches"].get("failures") == "3"
    assert suites["claims"].get("failures") == "1"
    assert suites["claims"].get("skipped") == "1"
    assert suites["census"].get("tests") == str(len(OPERATIONS))
    assert suites["checks: tests"].get("tests") == "1"
    failed = suites["claims"].find("testcase/failure/..")
    assert failed is not None and failed.get("name") == "hash-rust-mean"


def test_sarif_names_the_line_a_crash_names_else_the_entry_of_the_operation(tmp_path: Path) -> None:
    folder = samples.brief()
    crash = "SEGV in core/src/reader.c:120 reader_value"
    folder.parity.clusters = [samples.cluster(0), samples.cluster(1, actual=crash)]
    results = json.loads(rendered(folder, tmp_path)["signoff.sarif"])["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert places[0]["artifactLocation"]["uri"] == "core/native/module.c"
    assert places[1]["artifactLocation"]["uri"] == "core/src/reader.c"
    assert places[1]["region"] == {"startLine": 120}


def test_annotations_stay_within_what_github_shows(tmp_path: Path) -> None:
    folder = samples.brief()
    folder.parity.clusters = [samples.cluster(at, count=1) for at in range(40)]
    lines = rendered(folder, tmp_path)["annotations.txt"].splitlines()
    assert len(lines) <= 10
    assert lines[0].startswith("::error title=driftcore NO-GO::native differs from reference")
    assert any("file=core/native/module.c,line=" in line for line in lines)


@pytest.mark.parametrize(
    ("folder", "result"),
    [(samples.Folder, "PASSED"), (samples.brief, "FAILED"), (samples.inconclusive, "FAILED")],
)
def test_only_go_is_attested_as_passed(tmp_path: Path, folder: type[samples.Folder], result: str) -> None:
    done = document(folder(), tmp_path)
    bundle.write(done, tmp_path)
    statement = json.loads((tmp_path / "attestation.json").read_text())
    assert statement["predicate"]["result"] == result
    wheels = {path.name: digest_of(path) for path in (tmp_path / "wheels").iterdir()}
    assert {one["name"]: one["digest"]["sha256"] for one in statement["subject"]} == wheels
    covered = {one["name"]: one["digest"]["sha256"] for one in statement["predicate"]["configuration"]}
    assert covered["manifest.json"] == digest_of(tmp_path / "manifest.json")


def test_the_page_of_a_run_with_many_causes_stays_small(tmp_path: Path) -> None:
    folder = samples.brief()
    text = "y" * 5_000
    folder.parity.clusters = [
        samples.cluster(at, count=0, expected=text, actual=text, input=text) for at in range(3_000)
    ]
    html = rendered(folder, tmp_path)["signoff.html"]
    assert len(html.encode()) < 3_000_000
    assert "2,900 more causes" in html
