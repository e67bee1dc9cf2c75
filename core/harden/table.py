"""All checks, in the order in which `make harden` runs them."""

from __future__ import annotations

from core.fuzz.targets import TARGETS

from . import analysis, coverage, fuzzing, memory, sanitizers, suites
from .check import Check

CHECKS: tuple[Check, ...] = (
    Check("c-lint", "analysis", "reserve before write, no recursion", analysis.house_lint),
    Check("gcc-analyzer", "analysis", "gcc -fanalyzer, -Wconversion", analysis.gcc),
    Check("cppcheck", "analysis", "cppcheck", analysis.cppcheck),
    Check("clang-tidy", "analysis", "clang-tidy: bugprone, cert, clang-analyzer", analysis.clang_tidy),
    Check(
        "c-tests-gcc", "sanitizers", "C tests under ASan, UBSan, LSan",
        suites.ctest("ctest-sanitize", "sanitize", environment=sanitizers.LEAKS),
    ),
    Check(
        "c-tests-clang", "sanitizers", "the same by clang",
        suites.ctest("ctest-sanitize-clang", "sanitize-clang", environment=sanitizers.LEAKS),
    ),
    Check(
        "python-tests", "sanitizers", "Python tests under ASan and UBSan",
        suites.pytest(
            "pytest-sanitize", "core/tests", environment=sanitizers.environment("extension-sanitize")
        ),
    ),
    Check(
        "campaign-gcc", "sanitizers", "parity campaign under ASan and UBSan by gcc",
        sanitizers.campaign("extension-sanitize"),
    ),
    Check(
        "campaign-clang", "sanitizers", "parity campaign under ASan and UBSan by clang",
        sanitizers.campaign("extension-sanitize-clang"),
    ),
    Check("threads-c", "threads", "contexts in eight threads under TSan", sanitizers.c_threads),
    Check("first-load", "threads", "the bridge's first call under TSan", sanitizers.first_load),
    Check(
        "threads-python", "threads", "threads, subinterpreters, fork, signals, objects that change",
        suites.pytest("threads-python", "core/tests/test_threads.py", "core/tests/test_bridge_loading.py"),
    ),
    Check("failing-allocations", "memory", "every allocation fails in turn", memory.failing_allocations),
    Check("references", "memory", "reference counts of 10^5 calls a function, errors too", memory.references),
    Check("heap", "memory", "the heap over 10^6 calls", memory.heap),
    Check(
        "growth", "hostile", "work and memory grow with size, counted",
        suites.ctest("growth", "tests", "^growth$"),
    ),
    Check(
        "hostile-input", "hostile", "10^6 levels, 10^6 keys, 100 MB strings",
        suites.pytest("hostile-input", "core/tests/test_hostile_input.py"),
    ),
    Check(
        "seeded-faults",
        "seeded",
        "a fault of each class is caught by its own check",
        suites.pytest("seeded-faults", "core/harden/seeded"),
    ),
    *(Check(f"fuzz-{target}", "fuzz", f"libFuzzer on {target}", fuzzing.fuzz(target)) for target in TARGETS),
    Check("coverage-campaign", "coverage", "C core and reference by the campaign alone", coverage.campaign),
    Check(
        "coverage-all", "coverage", "the same by all tests: 98 % of the C branches, each other one explained",
        coverage.everything,
    ),
)  # fmt: skip
