"""The benches in C: that they are complete, and that the built binary speaks as its reader expects."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import native_results
from bench.events import Native, NativeContext
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


@pytest.mark.parametrize("function", sorted(public_functions()))
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
    names = [bench.name for bench in benches if isinstance(bench, Native)]
    assert len(names) == len(benches) == len(set(names)) > 80
    assert names[0] == "normalize_json/one_member"
