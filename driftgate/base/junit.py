"""JUnit reports as test-suites write them: counts and failures.

Read as a stream that keeps counts and no tree, and without document types and entities, which no suite
writes: a report of any size or intent costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from .result_file import DamagedResults

LARGEST = 128 << 20
"""Bytes of a report, at most."""

FAILURES_KEPT = 200
TEXT_KEPT = 2_000

_SUITES, _CASE, _WRONG = ("testsuites", "testsuite"), "testcase", ("failure", "error")
_COUNTS = ("tests", "failures", "errors", "skipped")
_NOT_RUN = ("notrun", "disabled", "skipped")


_Counts = tuple[int, int, int]
"""Tests, those of them that failed, those that were skipped."""


@dataclass(frozen=True)
class JUnit:
    """Counts of tests, those that failed or met an error as one, and what the first of these say."""

    passed: int
    failed: int
    skipped: int
    failures: tuple[str, ...]


def looks_like_junit(path: Path) -> bool:
    """Whether a file may be an earlier report, or one that is not written yet."""
    with path.open("rb") as file:
        head = file.read(4096)
    return not head.strip() or b"<testsuite" in head


def read_junit(path: Path) -> JUnit:
    """The counts of a report; raises `DamagedResults` for anything else."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise ValueError(f"it has {size:,} bytes, more than {LARGEST:,}")
        with path.open("rb") as file:
            return _Reader().read(file)
    except (OSError, ValueError, expat.ExpatError) as error:
        raise DamagedResults(f"{path}: is no JUnit report: {error}") from error


class _Reader:
    """The handlers of one report."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._declared: list[tuple[_Counts, _Counts]] = []
        """Of each open suite: what it declares, and what the suites within it do."""
        self._passed = self._failed = self._skipped = 0
        self._failures: list[str] = []
        self._name = self._wrong = self._text = ""
        self._is_wrong = self._is_skipped = self._listed = False

    def read(self, file: BinaryIO) -> JUnit:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.ParseFile(file)
        return JUnit(self._passed, self._failed, self._skipped, tuple(self._failures))

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares a document type")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self._open and tag not in _SUITES:
            raise ValueError(f"it begins with <{tag[:40]}>")
        inside = self._open[-1] if self._open else ""
        self._open.append(tag)
        if tag in _SUITES:
            tests, failures, errors, skipped = (_count(given.get(name) or "0") for name in _COUNTS)
            self._declared.append(((tests, failures + errors, skipped), (0, 0, 0)))
        elif tag == _CASE:
            self._name = f"{given.get('classname', '')}.{given.get('name', '')}".strip(".")[:TEXT_KEPT]
            self._is_wrong, self._is_skipped = False, given.get("status", "").lower() in _NOT_RUN
            self._text = ""
        elif inside == _CASE and tag in _WRONG:
            if not self._is_wrong:
                self._wrong = given.get("message", "")[:TEXT_KEPT]
            self._is_wrong = True
        elif inside == _CASE and tag == "skipped":
            self._is_skipped = True

    def _data(self, text: str) -> None:
        if self._open[-1] in _WRONG and len(self._text) < TEXT_KEPT:
            self._text += text[:TEXT_KEPT]

    def _end(self, _: str) -> None:
        tag = self._open.pop()
        if tag == _CASE:
            self._case_ends()
        elif tag in _SUITES:
            declared = _largest(*self._declared.pop())
            if self._declared:
                own, inner = self._declared[-1]
                self._declared[-1] = own, _sum(inner, declared)
            else:
                self._all_end(*declared)

    def _all_end(self, tests: int, failed: int, skipped: int) -> None:
        """What is counted and not listed: a failure of it is one, and without any list all of it counts."""
        if failed > self._failed:
            self._keep(f"{failed - self._failed:,} more failures are counted than listed")
            self._failed = failed
        if not self._listed:
            self._skipped, self._passed = skipped, max(tests - failed - skipped, 0)

    def _case_ends(self) -> None:
        self._listed = True
        if self._is_wrong:
            self._failed += 1
            first = self._text.strip().partition("\n")[0]
            self._keep(f"{self._name}: {self._wrong or first or 'failed'}")
        elif self._is_skipped:
            self._skipped += 1
        else:
            self._passed += 1

    def _keep(self, text: str) -> None:
        if len(self._failures) < FAILURES_KEPT:
            self._failures.append(text)


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise ValueError(f"{text[:40]!r} is no count")


def _sum(one: _Counts, other: _Counts) -> _Counts:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _largest(one: _Counts, other: _Counts) -> _Counts:
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])
