"""Folders of evidence made by hand, small and complete; a test changes what it is about.

Bench events are written by the bench's own writer.  Parity events are written as the format
says, so that a test can write what no engine would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from bench import events as bench
from bench.claims import loader
from bench.machine import Machine
from bench.stats.order import Estimate
from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import Format, ResultFile
from parity.census import Tally, merged, tally
from parity.explain import Layer, Row
from parity.operations import OPERATIONS
from parity.subjects import Provenance
from reports.checks import Check, CheckRun, CheckVerdict, write_checks
from reports.parity_results import PARITY_FORMAT, Cause, Cluster
from reports.wheels import read_wheel

EXTENSION = b"\x7fELF, so to speak"
SOURCE = b"def normalize_json(text): ...\n"


def wheels(folder: Path) -> tuple[str, str]:
    """Two wheels; (digest of the extension, digest of the reference) that lie in them."""
    folder.mkdir(parents=True, exist_ok=True)
    native, pure = (
        folder / "driftcore_native-0.1.0-cp311-cp311-linux_x86_64.whl",
        folder / "driftcore-0.1.0-py3-none-any.whl",
    )
    with ZipFile(native, "w") as archive:
        archive.writestr("driftcore_native/_core.cpython-311-x86_64-linux-gnu.so", EXTENSION)
    with ZipFile(pure, "w") as archive:
        archive.writestr("driftcore/reference/__init__.py", SOURCE)
    [extension] = read_wheel(native).contents.values()
    return extension, read_wheel(pure).contents["driftcore/reference"]


def lane(
    operation: str, profile: str = "everyday", values: int = 12_000, mismatches: int = 0, **counts: int
) -> Tally:
    """`values` comparisons of values, a few of them punted, and a few of errors."""
    found = {
        "both_value": values,
        "punted_value": values // 500,
        "both_error": values // 200,
        "mismatches": mismatches,
    }
    return tally(operation, profile, {**found, **counts})


def cluster(number: int = 0, **changed: Any) -> Cluster:
    """A cause of mismatches: an exponent written otherwise."""
    fields: dict[str, Any] = {
        "title": f"float in exponent form {number}: another float in normalized",
        "cause": Cause(("value", "value"), ("", ""), ("float in exponent form",), "", ("", ""), True),
        "signatures": (),
        "operations": ("normalize_json", "normalize_and_hash"),
        "count": 40,
        "compared": 26_400,
        "case": f"g2:numbers:0:{number}:normalize_json",
        "operation": "normalize_json",
        "input": "payload_json='[1e16]'",
        "path": "$ offset 3",
        "reason": "value",
        "expected": "str '[1e+16]' (length 7)",
        "actual": "str '[1e16]' (length 6)",
        "explanation": (Layer("value", (Row("path", "$[0]"), Row("value", "float 1e+16", "float 1e16"))),),
        "saved": "",
        "calls": 1,
        "probes": 12,
        "seconds": 0.1,
        "finished": True,
        "verdicts": {"rust": "as the candidate", "sdk": "as the reference"},
    }
    return Cluster(**{**fields, **changed})


@dataclass
class ParityRun:
    """A parity run of two shards."""

    census: Sequence[Tally] = tuple(lane(name) for name in OPERATIONS)
    clusters: Sequence[Cluster] = ()
    candidate_sha256: str = "ab" * 32
    reference_sha256: str = "cd" * 32
    changed_header: dict[str, Any] = field(default_factory=dict)
    changed_footer: dict[str, Any] = field(default_factory=dict)
    format: Format = PARITY_FORMAT

    def write(self, path: Path) -> Path:
        operations = list(dict.fromkeys(one.operation for one in self.census))
        rust = Provenance("drift_core", "/lib/drift_core.abi3.so", "0.1.9", True, "ef" * 32)
        native = Provenance("driftcore_native", "/lib/_core.so", "0.1.0", True, self.candidate_sha256)
        pure = Provenance("driftcore.reference", "/lib/__init__.py", "0.1.0", False, self.reference_sha256)
        names = ("reference", "native", operations, 7, 100_000, 5.0, 2 << 30)
        with ResultFile(path, self.format) as out:
            header = {
                "plan": dict(
                    zip(("reference", "candidate", "operations", "seed", "cases", "timeout", "memory"), names)
                ),
                "reference": asdict(pure),
                "candidate": asdict(native),
                "witnesses": {"rust": asdict(rust), "sdk": asdict(rust)},
                "planned": sum(one.generated for one in self.census),
                "shards": 2,
                "generator": 2,
                "python": "CPython 3.11.7",
                "platform": "Linux-6.1-x86_64",
                "int_max_str_digits": 4300,
            }
            out.write("started", {**header, **self.changed_header})
            half = len(self.census) // 2
            for at, part in enumerate((self.census[:half], self.census[half:])):
                out.write("shard", _shard(at, part))
            for one in self.clusters:
                out.write("cluster", asdict(one))
            footer = {
                "steadiness": {"cases": 1500, "unsteady": []},
                "census": [asdict(one) for one in merged(self.census)],
                "unexplained": 0,
                "findings": [],
                "punts": {"syntax": 700, "depth": 20, "digits": 0},
                "skipped": {},
                "no_verdict": {},
                "ledger": {},
                "inside": {"everyday": 8.0},
                "spent": {"everyday": 9.5},
                "said": [],
                "seconds": 12.5,
                "workers": 2,
            }
            out.write("finished", {**footer, **self.changed_footer})
        return path


def _shard(at: int, census: Sequence[Tally]) -> dict[str, object]:
    return {
        "shard": {"kind": "generated", "start": at, "stop": at + 1},
        "census": [asdict(one) for one in census],
        "groups": [],
        "answers": f"{at:032x}",
        "punts": {"syntax": 350},
        **{name: {} for name in ("skipped", "no_verdict", "ledger", "inside", "spent", "other_reasons")},
        "said": "",
    }


MACHINE = Machine(
    "x86_64", "Processor 5000", 2, None, None, True, 0.25, "Linux-6.1-x86_64", "CPython 3.11.7", "GCC 12.2.0"
)


def estimate(median: float, count: int = 12) -> Estimate:
    return Estimate(median, median * 0.96, median * 1.04, count)


def claim(spec: loader.Spec, verdict: str = "PASS") -> bench.Claim:
    """A claim of the declared ones, kept by a quarter, or missed by as much."""
    good = (1.25 if verdict == "PASS" else 0.8) if spec.at_least else (0.8 if verdict == "PASS" else 1.25)
    bound = spec.bound or 0.0
    figure = estimate(bound * good or 0.0)
    return bench.Claim(
        id=spec.id,
        sentence=spec.sentence,
        measured=spec.metric.value,
        group=spec.operation or spec.scenario or "",
        subject=spec.subject,
        reference=spec.reference or "",
        metric=spec.metric.value,
        unit="ratio",
        at_least=spec.at_least,
        bound=spec.bound,
        figure=figure,
        verdict=verdict,
        explanation="" if verdict == "PASS" else "It misses the bound by 20.0%.",
        deciding=None,
        together=True if verdict == "PASS" else None,
    )


def pair(operation: str, against: str, ratio: float, given: str = "rows-4k") -> bench.Pair:
    return bench.Pair(
        operation=operation,
        input=given,
        size=4150,
        subject="native",
        against=against,
        difference="outputs differ at $: value" if against == "rust" else None,
        settled=True,
        unit="processes",
        ratio=estimate(ratio),
        subject_call_ns=20_000.0,
        against_call_ns=20_000.0 * ratio,
    )


def self_test(verdict: str = "PASS") -> bench.SelfTest:
    planted = [
        bench.Planted(share, "native", "rows-4k", estimate(1 + share), share >= 0.05, power)
        for share, power in ((0.0, None), (0.02, 0.3), (0.05, 0.85), (0.1, 0.99), (0.2, 1.0))
    ]
    why = "" if verdict == "PASS" else "The planted slow-down of 20 % was not caught."
    return bench.SelfTest(tuple(planted), 0.011, 0.046, verdict, why)


def worker(process: int, contaminated: int = 1) -> bench.Worker:
    label = "busy machine" if contaminated > 5 else None
    return bench.Worker(process, process, 64, 4.2, 0.8, (1.31, 1.33, 1.32), 12.0, 40, 24, contaminated, label)


def growth(operation: str, kind: str) -> bench.Growth:
    sizes = (128, 1024, 8192, 65536)
    own = tuple(400.0 + 1.1 * size for size in sizes)
    other = tuple(300.0 + 9.0 * size for size in sizes)
    return bench.Growth(
        operation,
        kind,
        "native",
        "reference",
        sizes,
        own,
        other,
        estimate(0.9),
        estimate(0.97),
        estimate(-0.07),
        estimate(90.0),
    )


@dataclass
class BenchRun:
    """A bench run that judges every quick claim."""

    sha256: str = "ab" * 32
    check: bool = False
    verdicts: dict[str, str] = field(default_factory=dict)
    events: Sequence[bench.Event] | None = None
    exit_code: ExitCode = ExitCode.PASS
    cpu: str = "Processor 5000"
    candidate: str = "native"

    def write(self, path: Path) -> Path:
        with ResultFile(path, bench.FORMAT) as out:
            for event in (
                self._started(path),
                *(self._measured() if self.events is None else self.events),
                self._finished(),
            ):
                out.write(*bench.record(event))
        return path

    def _measured(self) -> list[bench.Event]:
        rivals = (("reference", 12.5), ("rust", 4.5))
        pairs: list[bench.Event] = [
            pair(name, rival, ratio) for name in OPERATIONS for rival, ratio in rivals
        ]
        if self.check:
            return [pair(name, "rust", 6.0, f"recorded:{at}") for at, name in enumerate(OPERATIONS)]
        specs = [spec for spec in loader.load() if spec.budget is loader.Budget.QUICK]
        return [
            *(worker(at, contaminated=at % 7) for at in range(12)),
            *pairs,
            self_test(),
            *(growth(name, kind) for name in OPERATIONS for kind in ("records", "keys")),
            bench.Native(
                "normalize_json/rows_4k", (23_000.0,), estimate(23_000.0), 4150, 1.8e8, 0.0, 3, 16_000
            ),
            bench.Complexity("normalize_json", "N", 0.02),
            bench.NativeContext({"compiler": "GNU 12.2.0", "num_cpus": 2, "caches": [{"size": 1}]}),
            bench.Process(
                "replay_spans",
                "start Python, finish 420 spans, exit",
                "python",
                {"python": (1.0, 1.1, 1.2), "native": (0.2, 0.21, 0.22)},
                (("python", "native"),) * 3,
                {"native": estimate(5.0, 3)},
            ),
            *(claim(spec, self.verdicts.get(spec.id, "PASS")) for spec in specs),
        ]

    def _started(self, path: Path) -> bench.Started:
        native = Provenance("driftcore_native", "/lib/_core.so", "0.1.0", True, self.sha256)
        machine = Machine(**{**asdict(MACHINE), "cpu": self.cpu})
        return bench.Started(
            command=f"python -m bench run --out {path.name}",
            at="2026-11-24T18:00:00+00:00",
            candidate=self.candidate,
            check=self.check,
            release=False,
            seed=3,
            looks=(6, 12),
            commit="0123456789abcdef0123456789abcdef01234567",
            machine=machine,
            subjects={self.candidate: native},
        )

    def _finished(self) -> bench.Finished:
        return bench.Finished(61.0, self.exit_code, "Measured.")


def golden_check(sha256: str | None = None, **changed: Any) -> CheckRun:
    fields: dict[str, Any] = {
        "name": "golden vectors",
        "group": "tests",
        "verdict": CheckVerdict.PASS,
        "summary": "840 passed, 0 failed, 0 skipped",
        "seconds": 3.1,
        "figures": {"passed": 840, "failed": 0, "skipped": 0},
    }
    return CheckRun("python -m pytest core/tests/test_golden.py", sha256, (Check(**{**fields, **changed}),))


@dataclass
class Folder:
    """A whole folder of evidence; by default one that gives GO at level signoff."""

    parity: ParityRun = field(default_factory=ParityRun)
    claims: BenchRun | None = field(default_factory=BenchRun)
    recorded: BenchRun | None = field(default_factory=lambda: BenchRun(check=True))
    checks: Sequence[CheckRun] = field(default_factory=lambda: (golden_check(),))

    def write(self, folder: Path) -> Path:
        """All builds are those in the wheels, unless a run names another."""
        extension, reference = wheels(folder / "wheels")
        if self.parity.candidate_sha256 == "ab" * 32:
            self.parity.candidate_sha256, self.parity.reference_sha256 = extension, reference
        self.parity.write(folder / "parity.ndjson")
        for name, run in (("bench", self.claims), ("recorded", self.recorded)):
            if run is not None:
                if run.sha256 == "ab" * 32:
                    run.sha256 = extension
                run.write(folder / f"{name}.ndjson")
        for at, checks in enumerate(self.checks):
            write_checks(checks, folder / f"check-{at}.ndjson")
        return folder


def no_go() -> Folder:
    census = [lane(name, mismatches=40 if at < 2 else 0) for at, name in enumerate(OPERATIONS)]
    return Folder(ParityRun(census=census, clusters=[cluster(0), cluster(1, count=38), cluster(2, count=2)]))


def inconclusive() -> Folder:
    return Folder(ParityRun(census=[lane(name, values=100) for name in OPERATIONS]))


def brief() -> Folder:
    """A NO-GO with next to no measurements, which is quickly rendered."""
    folder = no_go()
    folder.claims, folder.recorded = BenchRun(events=[], exit_code=ExitCode.INCONCLUSIVE), None
    return folder
