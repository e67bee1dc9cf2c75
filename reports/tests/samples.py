"""Small result files, written with the engines' own events, so that these and the reader cannot part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from bench import events as bench
from bench.machine import Machine
from bench.stats.order import Estimate
from parity import events as parity
from parity.operations import OPERATIONS
from parity.subjects import Provenance
from reports.exit_codes import ExitCode
from reports.result_file import ResultFile

NATIVE = Provenance("driftcore_native", "/lib/driftcore_native/_core.so", "0.1.0", True, "ab" * 32)
REFERENCE = Provenance("driftcore.reference", "/lib/driftcore/__init__.py", "0.1.0", False, "cd" * 32)
RUST = Provenance("drift_core", "/lib/drift_core.abi3.so", "0.1.9", True, "ef" * 32)


def tally(operation: str, profile: str = "everyday", values: int = 900, mismatches: int = 0) -> parity.Tally:
    """`values` comparisons of values, 20 of them punted, and 100 of errors."""
    return parity.Tally(
        operation=operation,
        profile=profile,
        generated=values + 100,
        compared=values + 100,
        both_value=values,
        punted_value=20,
        both_error=100,
        one_error=0,
        skipped=0,
        explained=0,
        mismatches=mismatches,
    )


def mismatch(operation: str, profile: str = "everyday", number: int = 0) -> parity.Mismatch:
    return parity.Mismatch(
        case=f"g1:{profile}:{operation}:0:{number}",
        operation=operation,
        profile=profile,
        path="$.rows[3].price offset 2",
        reason="value",
        expected="str '1e+16'",
        actual="str '1e16'",
        input="payload_json='[1e16]'",
    )


@dataclass
class ParityRun:
    """What a parity run found; a test changes what it is about."""

    census: Sequence[parity.Tally] = tuple(map(tally, OPERATIONS))
    mismatches: Sequence[parity.Mismatch] = ()
    candidate: str = "native"
    candidate_provenance: Provenance = NATIVE
    punts: Optional[dict[str, int]] = field(default_factory=lambda: {"syntax": 700, "depth": 20, "digits": 0})
    skipped: dict[str, int] = field(default_factory=dict)
    divergences: dict[str, int] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        operations = tuple(dict.fromkeys(one.operation for one in self.census))
        planned = sum(one.generated for one in self.census)
        with ResultFile(path, parity.FORMAT) as out:
            parity.write(
                parity.Started(
                    reference="reference",
                    reference_provenance=REFERENCE,
                    candidate=self.candidate,
                    candidate_provenance=self.candidate_provenance,
                    operations=operations,
                    planned=planned,
                    generator=1,
                    seed=7,
                    python="CPython 3.11.7, Linux-6.1-x86_64",
                    int_max_str_digits=4300,
                ),
                out,
            )
            for one in self.mismatches:
                parity.write(one, out)
            parity.write(
                parity.Finished(tuple(self.census), self.punts, self.skipped, self.divergences, 2.5), out
            )
        return path


def pair(
    operation: str, against: str = "reference", ratio: float = 12.5, given: str = "rows-4k"
) -> bench.Pair:
    """Native takes 20 µs a call; the interval is 4 % wide on either side."""
    return bench.Pair(
        operation=operation,
        input=given,
        size=4150,
        subject="native",
        against=against,
        difference="outputs differ at $: value" if against == "rust" else None,
        settled=True,
        unit="processes",
        ratio=Estimate(ratio, ratio * 0.96, ratio * 1.04, 6),
        subject_call_ns=20_000.0,
        against_call_ns=20_000.0 * ratio,
    )


NATIVE_BENCH = bench.Native(
    "normalize_json/rows-4k",
    (23_000.0,),
    Estimate(23_000.0, 22_000.0, 24_500.0, 9),
    4150,
    1.8e8,
    0.0,
    4,
    9000,
)
CONTEXT = bench.NativeContext({"compiler": "GNU 12.2.0", "num_cpus": 2, "caches": [{"size": 1}]})
PROCESS = bench.Process(
    scenario="replay",
    what="start Python, finish 420 spans, exit",
    baseline="python",
    seconds={"python": (1.0, 1.1, 1.2), "native": (0.21, 0.22, 0.23)},
    orders=(("python", "native"), ("native", "python"), ("python", "native")),
    ratios={"native": Estimate(5.0, 4.75, 5.25, 3)},
)
CLAIM = bench.Claim(
    id="normalize-reference",
    sentence="normalize_json is at least 10 times as fast as the reference.",
    measured="every payload against reference",
    group="normalize_json",
    subject="native",
    reference="reference",
    metric="time",
    unit="ratio",
    at_least=True,
    bound=10.0,
    figure=Estimate(12.5, 12.0, 13.0, 6),
    verdict="PASS",
    explanation="",
    deciding=None,
    together=True,
)
FAILED_CLAIM = replace(
    CLAIM,
    id="hash-rust",
    verdict="FAIL",
    figure=Estimate(4.5, 4.3, 4.7, 6),
    explanation="It misses the bound by a factor of 2.22; only a faster native settles it.",
)
SELF_TEST = bench.SelfTest((), 0.012, 0.031, "PASS", "")
MEASURED: tuple[bench.Event, ...] = (
    *map(pair, OPERATIONS),
    *(pair(operation, "rust", 4.5) for operation in OPERATIONS),
    NATIVE_BENCH,
    CONTEXT,
    PROCESS,
    SELF_TEST,
    CLAIM,
)


@dataclass
class BenchRun:
    """What a bench run measured; a test changes what it is about."""

    events: Sequence[bench.Event] = MEASURED
    check: bool = False
    native: Provenance = NATIVE
    exit_code: ExitCode = ExitCode.PASS
    commit: Optional[str] = "0123456789abcdef0123456789abcdef01234567"

    def write(self, path: Path) -> Path:
        with ResultFile(path, bench.FORMAT) as out:
            for event in (self._started(path), *self.events, self._finished()):
                out.write(*bench.record(event))
        return path

    def _started(self, path: Path) -> bench.Started:
        return bench.Started(
            command=f"python -m bench run --out {path.name}",
            at="2026-01-02T03:04:05+00:00",
            candidate="native",
            check=self.check,
            release=False,
            seed=3,
            looks=(6, 12),
            commit=self.commit,
            machine=Machine(
                "x86_64",
                "Processor 5000",
                2,
                None,
                None,
                True,
                0.25,
                "Linux-6.1-x86_64",
                "CPython 3.11.7",
                "GCC 12.2.0",
            ),
            subjects={"native": self.native, "reference": REFERENCE, "rust": RUST},
        )

    def _finished(self) -> bench.Finished:
        return bench.Finished(61.0, self.exit_code, "Summary: native is fast.")


def check_run(*pairs: bench.Pair) -> BenchRun:
    """A check of recorded inputs against Rust."""
    return BenchRun(
        [replace(one, input=f"recorded:{at}:{one.operation}") for at, one in enumerate(pairs)], check=True
    )
