"""Options are checked whole before any work: numbers finite and in range, paths usable."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from driftgate.base import options


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "1.5", "-1", "1_000", "１", "1e3", " 1", "9" * 20, "9" * 999]
)
def test_no_count_of_cases(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="not a whole number from 0 to 1,000,000,000"):
        options.cases(text)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1e999", "0", "-1", "1_0", "٣", "1e", "."])
def test_no_number_of_seconds(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"not a number from 0\.001 to 86,400"):
        options.seconds(text)


def test_numbers_within_bounds() -> None:
    assert (options.cases("0"), options.cases("1000000000"), options.seed("-7")) == (0, 10**9, -7)
    assert (options.seconds("0.5"), options.seconds("1e1"), options.seconds("+.5")) == (0.5, 10.0, 0.5)


def test_names_of_new_things_stay_in_their_folder() -> None:
    assert options.name("lost-sign_of-0") == "lost-sign_of-0"
    for text in ("", ".", "..", "../x", "/x", "x/y", "a.json", "-x", "x\n", "é", "x" * 101, "a b", "a\0"):
        with pytest.raises(ArgumentTypeError, match="no plain name"):
            options.name(text)
    assert options.known_name("x86_64_amd-epyc_2cores_python3.11") == "x86_64_amd-epyc_2cores_python3.11"
    for text in ("", "..", "../x", "x/y", ".hidden"):
        with pytest.raises(ArgumentTypeError, match="no plain name"):
            options.known_name(text)


def test_names_of_modules_and_lists() -> None:
    assert options.module("bench.tests.doubles") == "bench.tests.doubles"
    for text in ("", ".x", "x.", "x..y", "x-y", "1x", "x y", "x;y", "os\n"):
        with pytest.raises(ArgumentTypeError, match="no name of a module"):
            options.module(text)
    assert options.names("b,a,,b") == ["b", "a"]
    with pytest.raises(ArgumentTypeError, match="names nothing"):
        options.names(",")


def test_a_complaint_does_not_repeat_a_long_text() -> None:
    with pytest.raises(ArgumentTypeError) as raised:
        options.cases("x" * 10_000)
    assert len(str(raised.value)) < 120


def test_files_to_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert options.in_file(str(tmp_path / "file")).name == "file"
    assert options.in_folder(str(tmp_path)) == tmp_path
    for wrong in (tmp_path, tmp_path / "missing", Path("/dev/null")):
        with pytest.raises(ArgumentTypeError):
            options.in_file(str(wrong))
    for wrong in (tmp_path / "file", tmp_path / "missing"):
        with pytest.raises(ArgumentTypeError):
            options.in_folder(str(wrong))


def test_files_to_write(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A page")
    assert options.out_file(str(tmp_path / "new")) == tmp_path / "new"
    assert options.out_file(str(tmp_path / "page.md")) == tmp_path / "page.md"
    with pytest.raises(ArgumentTypeError, match="holds no results"):
        options.out_results(str(tmp_path / "page.md"))
    for wrong in ("", str(tmp_path)):
        with pytest.raises(ArgumentTypeError):
            options.out_file(wrong)
