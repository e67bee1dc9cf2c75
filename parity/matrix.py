"""Python × operation × verdict: what the campaigns and tests under each Python found, in one small file.

    python -m parity.matrix ENVIRONMENT...

tox leaves a folder for each of its environments, with `parity.ndjson`, the campaign's
result file, and `tests.xml`, pytest's JUnit report.  An environment that left no campaign
stays in the matrix as one that did not run: a Python that is missing must not look like one
that passed.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("parity.matrix")

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Optional

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.junit import read_junit
from driftgate.base.options import in_folder, known_name, out_results
from driftgate.base.result_file import DamagedResults, Format, Json, ResultFile, read_results
from reports.fields import Fields

from .census import total
from .events import Finished
from .results import read_run
from .verdict import judge_run

FORMAT = Format("driftcore matrix results", 2)

CAMPAIGN, TESTS = "parity.ndjson", "tests.xml"
FOLDER, OUT = Path(".tox/matrix"), Path("reports/out/matrix.ndjson")

EXPECTED = ("py39", "py310", "py311", "py312", "py313", "py314", "py315")
"""Every supported Python: one that left nothing is in the matrix as one that did not run."""

EXAMPLES = """\
  make matrix                             every Python there is, the newest included, then this
  python -m parity.matrix py39 py313      puts two together again
"""

EXIT_CODES = """\
exit codes: 0 all equal and tested; 1 a mismatch or a failed test; 2 usage; 3 a Python did not
run, or compared too little; 4 a result file is damaged
"""

_ENVIRONMENT = re.compile(r"py\d+(-\w+)?")


class CellVerdict(Enum):
    """What one Python says of one operation."""

    EQUAL = "equal"
    DIFFERS = "differs"
    UNPROVEN = "unproven"
    """No comparison had values on both sides, the candidate's its own."""


@dataclass(frozen=True)
class Cell:
    """One operation under one Python."""

    operation: str
    verdict: CellVerdict
    compared: int
    mismatches: int


@dataclass(frozen=True)
class Suite:
    """Counts of a pytest run; `failed` includes errors outside of a test's body."""

    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True)
class Row:
    """One environment; None and empty where it did not run.

    `verdict` is the campaign's exit code, `reasons` why; `platform` as Python's `platform` module names it;
    `sha256` is the extension's.
    """

    environment: str
    verdict: Optional[int]
    reasons: tuple[str, ...]
    python: Optional[str]
    platform: Optional[str]
    sha256: Optional[str]
    int_max_str_digits: Optional[int]
    tests: Optional[Suite]
    cells: tuple[Cell, ...]

    @property
    def version(self) -> str:
        """`3.13.18`, or the environment where it did not run."""
        return self.environment if self.python is None else self.python.rpartition(" ")[2]

    @property
    def code(self) -> ExitCode:
        """The campaign's verdict, unless the tests say something worse."""
        if self.tests and self.tests.failed:
            return ExitCode.FAIL
        if self.verdict is None or self.tests is None or not self.tests.passed:
            return ExitCode.INCONCLUSIVE
        return ExitCode(self.verdict)


@dataclass(frozen=True)
class Matrix:
    """The rows in the order of the environments asked for."""

    rows: tuple[Row, ...]

    @property
    def code(self) -> ExitCode:
        """The worst of the rows: a harness that cannot judge, a mismatch, too little evidence."""
        codes = {row.code for row in self.rows}
        order = (ExitCode.UNFIT, ExitCode.FAIL, ExitCode.INCONCLUSIVE)
        return next((code for code in order if code in codes), ExitCode.PASS)


def environments_in(folder: Path) -> list[str]:
    """All that left something, such as `py313` and `py313-newest`, and the expected ones without any."""
    names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    found = {name for name in names if _ENVIRONMENT.fullmatch(name)}
    lacking = {name for name in EXPECTED if name not in {one.partition("-")[0] for one in found}}
    return sorted(found | lacking, key=lambda name: (int(name.partition("-")[0][2:]), name))


def collect(folder: Path, environments: Sequence[str]) -> Matrix:
    """The matrix of what `environments` left in `folder`; raises `DamagedResults`."""
    return Matrix(tuple(_row(folder / name, name) for name in environments))


def write_matrix(matrix: Matrix, path: Path) -> None:
    """One `row` event an environment between header and footer."""
    with ResultFile(path, FORMAT) as out:
        out.write("started", {"environments": [row.environment for row in matrix.rows]})
        for row in matrix.rows:
            fields = asdict(row)
            for cell in fields["cells"]:
                cell["verdict"] = cell["verdict"].value
            out.write("row", fields)
        verdicts = Counter(cell.verdict.value for row in matrix.rows for cell in row.cells)
        out.write(
            "finished",
            {"verdicts": dict(verdicts), "not_run": [r.environment for r in matrix.rows if not r.cells]},
        )


def read_matrix(path: Path) -> Matrix:
    """The matrix of a complete result file; raises `DamagedResults`."""
    results = read_results(path, FORMAT)
    expected = Fields(f"{path}: started", results.started).names("environments")
    rows = tuple(
        _read_row(Fields(f"{path}:{number}", event)) for number, event in enumerate(results.events, start=2)
    )
    if tuple(row.environment for row in rows) != expected:
        raise DamagedResults(f"{path}: its rows are not the environments its header announces")
    return Matrix(rows)


def table_text(matrix: Matrix) -> str:
    """The matrix for a terminal: one sentence, then a line for each environment."""
    operations = list(dict.fromkeys(cell.operation for row in matrix.rows for cell in row.cells))
    width = max((len(name) for name in operations), default=0)
    lines = [_sentence(matrix), ""]
    for name in operations:
        marks = [_mark(row, name) for row in matrix.rows]
        lines.append(f"  {name:<{width}}  {'  '.join(f'{mark:>9}' for mark in marks)}")
    head = "  ".join(f"{row.version:>9}" for row in matrix.rows)
    tests = "  ".join(f"{_tests_text(row.tests):>9}" for row in matrix.rows)
    lines += [f"  {row.version}: {reason}" for row in matrix.rows for reason in row.reasons]
    lines[2:2] = [f"  {'':<{width}}  {head}", f"  {'tests of the core':<{width}}  {tests}"]
    return "\n".join(lines)


def _row(folder: Path, environment: str) -> Row:
    tests = _read_tests(folder / TESTS)
    if not (folder / CAMPAIGN).exists():
        return Row(environment, None, (), None, None, None, None, tests, ())
    started, finished = read_run(folder / CAMPAIGN)
    verdict = judge_run(started, finished)
    return Row(
        environment=environment,
        verdict=int(verdict.code),
        reasons=verdict.reasons,
        python=started.python,
        platform=started.platform,
        sha256=started.candidate.sha256,
        int_max_str_digits=started.int_max_str_digits,
        tests=tests,
        cells=tuple(_cell(finished, operation) for operation in started.plan.operations),
    )


def _cell(finished: Finished, operation: str) -> Cell:
    counts = total(tally for tally in finished.census if tally.operation == operation)
    if counts.mismatches:
        verdict = CellVerdict.DIFFERS
    else:
        verdict = CellVerdict.EQUAL if counts.own_values else CellVerdict.UNPROVEN
    return Cell(operation, verdict, counts.compared, counts.mismatches)


def _read_tests(path: Path) -> Optional[Suite]:
    if not path.exists():
        return None
    found = read_junit(path)
    return Suite(found.passed, found.failed, found.skipped)


def _read_row(fields: Fields) -> Row:
    cells = tuple(
        Cell(
            operation=cell.name("operation"),
            verdict=_verdict(cell),
            compared=cell.count("compared"),
            mismatches=cell.count("mismatches"),
        )
        for cell in fields.inners("cells")
    )
    return Row(
        environment=fields.name("environment"),
        verdict=fields.optional_count("verdict"),
        reasons=tuple(
            Fields(fields.where, {"reason": text}).text("reason") for text in _list(fields, "reasons")
        ),
        python=fields.optional_text("python"),
        platform=fields.optional_text("platform"),
        sha256=fields.optional_text("sha256"),
        int_max_str_digits=fields.optional_count("int_max_str_digits"),
        tests=_counted_tests(fields),
        cells=cells,
    )


def _list(fields: Fields, name: str) -> list[Json]:
    value = fields.values.get(name)
    if not isinstance(value, list):
        raise DamagedResults(f"{fields.where}: {name!r} is not a list")
    return value


def _counted_tests(fields: Fields) -> Optional[Suite]:
    if fields.values.get("tests") is None:
        return None
    counted = fields.inner("tests")
    return Suite(counted.count("passed"), counted.count("failed"), counted.count("skipped"))


def _verdict(cell: Fields) -> CellVerdict:
    try:
        return CellVerdict(cell.text("verdict"))
    except ValueError as error:
        raise DamagedResults(f"{cell.where}: {error}") from error


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    found = collect(options.results, options.environments or environments_in(options.results))
    write_matrix(found, options.out)
    print(f"{table_text(found)}\n  {options.out}")
    return found.code


def parser() -> Parser:
    made = Parser(
        prog="python -m parity.matrix",
        description="Python x operation x verdict, from what the environments of tox left.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument(
        "environments",
        nargs="*",
        type=known_name,
        metavar="ENVIRONMENT",
        help="one row each, in this order (default: all that are supported, and what else left results)",
    )
    made.add_argument(
        "--results",
        type=in_folder,
        default=str(FOLDER),
        metavar="DIR",
        help=f"holds ENVIRONMENT/{CAMPAIGN} and ENVIRONMENT/{TESTS} (default: %(default)s)",
    )
    made.add_argument(
        "--out", type=out_results, default=str(OUT), metavar="FILE", help="(default: %(default)s)"
    )
    return made


def _sentence(matrix: Matrix) -> str:
    ran = [row for row in matrix.rows if row.cells]
    missing = [row.environment for row in matrix.rows if not row.cells]
    compared = sum(cell.compared for row in ran for cell in row.cells)
    differs = sum(cell.verdict is CellVerdict.DIFFERS for row in ran for cell in row.cells)
    found = f"{differs or 'no'} cell{'s differ' if differs > 1 else ' differs'}"
    left = f"; not run: {', '.join(missing)}" if missing else ""
    return f"{len(ran)} of {len(matrix.rows)} Pythons, {compared:,} comparisons: {found}{left}."


def _mark(row: Row, operation: str) -> str:
    for cell in row.cells:
        if cell.operation == operation:
            return f"{cell.mismatches} differ" if cell.mismatches else cell.verdict.value
    return "not run"


def _tests_text(tests: Optional[Suite]) -> str:
    if tests is None:
        return "not run"
    return f"{tests.failed} failed" if tests.failed else f"{tests.passed:,} pass"
