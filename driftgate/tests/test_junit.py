"""A JUnit report gives its counts, and no report costs more than a little."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from driftgate.base.junit import FAILURES_KEPT, JUnit, looks_like_junit, read_junit
from driftgate.base.result_file import DamagedResults

PASSED, SKIPPED = '<testcase name="a"/>', '<testcase name="c"><skipped/></testcase>'
FAILED = '<testcase classname="m" name="b"><failure message="no"/></testcase>'
ERRED = '<testcase name="d"><error>ValueError: x\nTraceback</error></testcase>'


def report(path: Path, body: str, root: str = "testsuites", head: str = "") -> Path:
    path.write_text(f"{head}<{root}><testsuite>{body}</testsuite></{root.split()[0]}>", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        (PASSED * 3 + SKIPPED, JUnit(3, 0, 1, ())),
        (PASSED + FAILED, JUnit(1, 1, 0, ("m.b: no",))),
        (ERRED, JUnit(0, 1, 0, ("d: ValueError: x",))),
        ("", JUnit(0, 0, 0, ())),
        ('<testsuite tests="9" failures="0" errors="0" skipped="2"/>', JUnit(7, 0, 2, ())),
        ('<testcase name="e"><skipped/><failure/></testcase>', JUnit(0, 1, 0, ("e: failed",))),
        ('<testcase name="f" status="notrun"/>', JUnit(0, 0, 1, ())),
        ("<testcase><system-out>x</system-out></testcase>", JUnit(1, 0, 0, ())),
        (f"<testsuite>{PASSED}</testsuite><testsuite>{FAILED}</testsuite>", JUnit(1, 1, 0, ("m.b: no",))),
        ('<testcase name="g"><properties><failure/></properties></testcase>', JUnit(1, 0, 0, ())),
    ],
)
def test_tests_are_counted(tmp_path: Path, body: str, counts: JUnit) -> None:
    assert read_junit(report(tmp_path / "r.xml", body)) == counts


@pytest.mark.parametrize(
    ("root", "body"),
    [
        ('testsuites errors="2"', PASSED),
        ("testsuites", f'<testsuite failures="1" errors="1">{PASSED}</testsuite>'),
        ('testsuites failures="2"', f'<testsuite failures="2">{PASSED}</testsuite>'),
    ],
)
def test_a_failure_that_is_only_counted_is_a_failure(tmp_path: Path, root: str, body: str) -> None:
    found = read_junit(report(tmp_path / "r.xml", body, root))
    assert (found.passed, found.failed) == (1, 2)
    assert found.failures == ("2 more failures are counted than listed",)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{BOMB}<testsuites>&b;</testsuites>", "declares a document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuites/>', "declares a document type"),
        ("<html/>", "begins with <html>"),
        ('<testsuite tests="many"/>', "'many' is no count"),
        ("# README", "not well-formed"),
        ("", "no element found"),
        ("<testsuites><testsuite>", "no element found"),
        ("<testsuites>&undefined;</testsuites>", "undefined entity"),
        ("\0", "unclosed|not well-formed|no element"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "r.xml").write_text(text)
    with pytest.raises(DamagedResults, match=f"is no JUnit report: .*({why})"):
        read_junit(tmp_path / "r.xml")
    with pytest.raises(DamagedResults, match="is no JUnit report"):
        read_junit(tmp_path / "missing.xml")


def test_a_huge_report_costs_little(tmp_path: Path) -> None:
    body = f'<testcase name="x"><failure message="{"m" * 5000}">{"t" * 5000}</failure></testcase>' * 1500
    path = report(tmp_path / "r.xml", body)
    tracemalloc.start()
    try:
        found = read_junit(path)
        assert tracemalloc.get_traced_memory()[1] < 3 << 20 < path.stat().st_size
    finally:
        tracemalloc.stop()
    assert found.failed == 1500 and len(found.failures) == FAILURES_KEPT


def test_too_large_a_report_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "r.xml").open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(DamagedResults, match="more than"):
        read_junit(tmp_path / "r.xml")


def test_an_earlier_report_is_told_from_other_files(tmp_path: Path) -> None:
    assert looks_like_junit(report(tmp_path / "r.xml", PASSED, head='<?xml version="1.0"?>\n'))
    for text, ours in (("", True), ("<testsuites>cut off", True), ("# README\n", False), ("<html/>", False)):
        (tmp_path / "file").write_text(text)
        assert looks_like_junit(tmp_path / "file") is ours
