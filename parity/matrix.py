"""Python × operation × verdict: what the campaigns and tests under each Python found, in one small file.

    python -m parity.matrix ENVIRONMENT...

tox leaves a folder for each of its environments, with `parity.ndjson`, the campaign's
result file, and `tests.xml`, pytest's JUnit report.  An environment that left no campaign
stays in the matrix as one that did not run: a Python that is missing must not look like one
that passed.
"""

from __future__ import annotations

import argparse
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from reports.exit_codes import ExitCode
from reports.matrix_results import DIFFERS, EQUAL, MATRIX_FORMAT, UNPROVEN, Cell, Row, Suite
from reports.result_file import DamagedResults, ResultFile

from .census import total
from .events import Finished
from .results import read_run
from .verdict import RunVerdict, judge_run

CAMPAIGN, TESTS = "parity.ndjson", "tests.xml"
FOLDER, OUT = Path(".tox/matrix"), Path("reports/out/matrix.ndjson")

EXAMPLES = """\
examples:
  tox                                     runs every Python that is found, then this
  python -m parity.matrix py39 py313      puts two together again

exit codes: 0 all equal and tested; 1 a mismatch or a failed test; 2 usage; 3 a Python did not
run, or compared too little; 4 a result file is damaged
"""


@dataclass(frozen=True)
class Environment:
    """What one environment left: its row, and what its campaign came to, None where it did not run."""

    row: Row
    verdict: Optional[RunVerdict]

    @property
    def code(self) -> ExitCode:
        """The campaign's, unless the tests say something worse."""
        if self.row.failed:
            return ExitCode.FAIL
        if self.verdict is None or (self.verdict.code is ExitCode.PASS and not self.row.proven):
            return ExitCode.INCONCLUSIVE
        return self.verdict.code


@dataclass(frozen=True)
class Matrix:
    """The environments in the order in which they were asked for."""

    environments: tuple[Environment, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(one.row for one in self.environments)

    @property
    def code(self) -> ExitCode:
        """The worst of them: a harness that cannot judge, a mismatch, too little evidence."""
        codes = {one.code for one in self.environments}
        order = (ExitCode.UNFIT, ExitCode.FAIL, ExitCode.INCONCLUSIVE)
        return next((code for code in order if code in codes), ExitCode.PASS)


def collect(folder: Path, environments: Sequence[str]) -> Matrix:
    """The matrix of what `environments` left in `folder`; raises `DamagedResults`."""
    return Matrix(tuple(_environment(folder / name, name) for name in environments))


def write_matrix(matrix: Matrix, path: Path) -> None:
    """One `row` event an environment between header and footer."""
    with ResultFile(path, MATRIX_FORMAT) as out:
        out.write("started", {"environments": [row.environment for row in matrix.rows]})
        for row in matrix.rows:
            out.write("row", asdict(row))
        verdicts = Counter(cell.verdict for row in matrix.rows for cell in row.cells)
        not_run = [row.environment for row in matrix.rows if not row.cells]
        out.write("finished", {"verdicts": dict(verdicts), "not_run": not_run})


def table_text(matrix: Matrix) -> str:
    """The matrix for a terminal: one sentence, then a line for each environment."""
    operations = list(dict.fromkeys(cell.operation for row in matrix.rows for cell in row.cells))
    width = max((len(name) for name in operations), default=0)
    lines = [_sentence(matrix), ""]
    for name in operations:
        marks = [_mark(row, name) for row in matrix.rows]
        lines.append(f"  {name:<{width}}  {'  '.join(f'{mark:>9}' for mark in marks)}")
    head = "  ".join(f"{row.environment:>9}" for row in matrix.rows)
    tests = "  ".join(f"{_tests_text(row.tests):>9}" for row in matrix.rows)
    for one in matrix.environments:
        lines += [
            f"  {one.row.environment}: {reason}" for reason in (one.verdict.reasons if one.verdict else ())
        ]
    lines[2:2] = [f"  {'':<{width}}  {head}", f"  {'tests of the core':<{width}}  {tests}"]
    return "\n".join(lines)


def _environment(folder: Path, name: str) -> Environment:
    tests = _read_tests(folder / TESTS)
    if not (folder / CAMPAIGN).exists():
        return Environment(Row(name, None, None, None, tests, ()), None)
    started, finished = read_run(folder / CAMPAIGN)
    row = Row(
        environment=name,
        python=started.python,
        sha256=started.candidate.sha256,
        int_max_str_digits=started.int_max_str_digits,
        tests=tests,
        cells=tuple(_cell(finished, operation) for operation in started.plan.operations),
    )
    return Environment(row, judge_run(started, finished))


def _cell(finished: Finished, operation: str) -> Cell:
    counts = total(tally for tally in finished.census if tally.operation == operation)
    verdict = DIFFERS if counts.mismatches else EQUAL if counts.own_values else UNPROVEN
    return Cell(operation, verdict, counts.compared, counts.mismatches)


def _read_tests(path: Path) -> Optional[Suite]:
    if not path.exists():
        return None
    try:
        suites = list(ET.parse(path).getroot().iter("testsuite"))
        total, skipped = (sum(int(suite.attrib[name]) for suite in suites) for name in ("tests", "skipped"))
        failed = sum(int(suite.attrib[name]) for suite in suites for name in ("failures", "errors"))
    except (ET.ParseError, KeyError, ValueError) as error:
        raise DamagedResults(f"{path}: is no JUnit report: {error}") from error
    return Suite(total - skipped - failed, failed, skipped)


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    try:
        found = collect(options.results, options.environments)
    except DamagedResults as error:
        print(f"UNFIT: {error}.  Run that environment again.", file=sys.stderr)
        return ExitCode.UNFIT
    write_matrix(found, options.out)
    print(f"{table_text(found)}\n  {options.out}")
    return found.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m parity.matrix",
        description="Python x operation x verdict, from what the environments of tox left.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("environments", nargs="+", metavar="ENVIRONMENT", help="one row each, in this order")
    parser.add_argument(
        "--results",
        type=Path,
        default=FOLDER,
        metavar="DIR",
        help=f"holds ENVIRONMENT/{CAMPAIGN} and ENVIRONMENT/{TESTS} (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="(default: %(default)s)")
    return parser


def _sentence(matrix: Matrix) -> str:
    ran = [row for row in matrix.rows if row.cells]
    missing = [row.environment for row in matrix.rows if not row.cells]
    compared = sum(cell.compared for row in ran for cell in row.cells)
    differs = sum(cell.verdict == DIFFERS for row in ran for cell in row.cells)
    found = f"{differs or 'no'} cell{'s differ' if differs > 1 else ' differs'}"
    left = f"; not run: {', '.join(missing)}" if missing else ""
    return f"{len(ran)} of {len(matrix.rows)} Pythons, {compared:,} comparisons: {found}{left}."


def _mark(row: Row, operation: str) -> str:
    for cell in row.cells:
        if cell.operation == operation:
            return f"{cell.mismatches} differ" if cell.mismatches else cell.verdict
    return "not run"


def _tests_text(tests: Optional[Suite]) -> str:
    if tests is None:
        return "not run"
    return f"{tests.failed} failed" if tests.failed else f"{tests.passed:,} pass"


if __name__ == "__main__":
    sys.exit(main())
