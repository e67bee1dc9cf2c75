"""The benches in C: that they are complete, and that the built binary speaks as its reader expects."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import native_results
from bench.events import Complexity, Native, NativeContext
from bench.machine import ROOT

HEADER = ROOT / "core" / "include" / "driftcore.h"
BENCHES = Path(__file__).parents[1] / "native"


def public_functions() -> set[str]:
    """Names before an opening parenthesis in declarations; types of functions are `typedef`s."""
    code = re.sub(r"/\*.*?\*/|^#.*?$|typedef [^;]*;", "", HEADER.read_text(), flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"\b(driftcore_\w+)\(", code))


def test_the_header_is_read_right() -> None:
    found = public_functions()
    assert {"driftcore_create", "driftcore_normalize_json", "driftcore_verify_struct"} <= found
    assert "driftcore_digit_limit" not in found


SETTERS = {"driftcore_set_padding"}
"""They store a value; there is nothing to time."""


@pytest.mark.parametrize("function", sorted(public_functions() - SETTERS))
def test_every_public_function_is_benched(function: str) -> None:
    sources = [path.read_text() for path in BENCHES.glob("*.c") if path.name != "payloads.c"]
    assert any(f"{function}(" in source for source in sources)


def test_the_built_binary_is_understood() -> None:
    binary = native_results.find_binary()
    if binary is None:
        pytest.skip(f"not built; {native_results.HOW_TO_BUILD}")
    context, *benches = native_results.run(binary, native_results.Effort(6, 0.00001), "some commit")
    assert isinstance(context, NativeContext)
    assert context.context["commit"] == "some commit"
    assert {"compiler", "flags", "num_cpus"} <= set(context.context)
    natives = [bench for bench in benches if isinstance(bench, Native)]
    fits = [bench for bench in benches if isinstance(bench, Complexity)]
    names = [bench.name for bench in natives]
    assert len(names) + len(fits) == len(benches) and len(names) == len(set(names)) > 120
    assert names[0] == "normalize_json/one-member"
    calls = [bench for bench in natives if bench.peak_bytes is not None]
    assert len(fits) == len(calls) / 7, "every call is fitted over sizes"
    assert all(bench.allocations is not None and bench.allocations >= 0 for bench in calls)
    by_name = {bench.name: bench for bench in natives}
    assert by_name["normalize_json/rows-4k"].allocations == 0, "scratch memory is kept between calls"


def test_every_stage_is_benched() -> None:
    sources = "".join(path.read_text() for path in BENCHES.glob("*.c"))
    for stage in (
        "parse",
        "write",
        "sort_and_write",
        "hash",
        "schema",
        "struct",
        "sha256",
        "base64",
        "float_text",
        "float_parse",
    ):
        assert f'"stage_{stage}' in sources
