"""The wheel check refuses each thing it is there for, and passes the wheel that was built."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from scripts.wheels import check
from scripts.wheels.extension import Symbols, offered_by

WHEELS = Path(__file__).resolve().parents[2] / "build" / "wheels"
RIGHT = Symbols(
    exported=frozenset({"PyInit__core"}),
    imported=frozenset({"PyDict_Next", "_Py_Dealloc", "memcpy"}),
    libraries=frozenset({"libc.so.6"}),
)
OFFERED = {"PyDict_Next", "_Py_Dealloc"}


@pytest.fixture
def wheel() -> Path:
    """What `make build` made for this Python."""
    found = list(WHEELS.glob("driftcore_native-*.whl"))
    assert len(found) == 1, f"{WHEELS} has no native wheel; run `make build`"
    return found[0]


def rewritten(wheel: Path, out: Path, drop: str = "", extra: str = "") -> Path:
    """A copy under a manylinux tag, without some members and with another."""
    copy = out / wheel.name.replace("-linux_", "-manylinux_2_17_")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if not drop or drop not in name:
                target.writestr(name, source.read(name))
        if extra:
            target.writestr(extra, b"x")
    return copy


def test_the_built_wheel_is_right_but_for_its_tag(wheel: Path, tmp_path: Path) -> None:
    offered = offered_by(Path(sys.executable).resolve())
    assert check.check_wheel(rewritten(wheel, tmp_path), offered) == []
    assert check.check_wheel(wheel, offered) == [
        f"has no manylinux or musllinux tag of one Python: {wheel.name}"
    ]


@pytest.mark.parametrize(
    ("drop", "extra", "complaint"),
    [
        ("py.typed", "", "lacks driftcore_native/py.typed"),
        ("LICENSE", "", "lacks its licence"),
        ("", "driftcore_native/libdriftcore.a", "carries driftcore_native/libdriftcore.a"),
        ("", "driftcore_native.libs/libcrypto.so.3", "carries driftcore_native.libs/libcrypto.so.3"),
        (".so", "", "has 0 extensions"),
    ],
)
def test_wrong_contents_are_named(wheel: Path, tmp_path: Path, drop: str, extra: str, complaint: str) -> None:
    offered = offered_by(Path(sys.executable).resolve())
    wrong = check.check_wheel(rewritten(wheel, tmp_path, drop, extra), offered)
    assert len(wrong) == 1
    assert wrong[0].startswith(complaint)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("-cp311-cp311-", "-cp311-none-", "has no manylinux or musllinux tag of one Python"),
        ("-cp311-cp311-", "-cp312-cp312-", "which is no *.cpython-312-x86_64-linux-gnu.so"),
        ("-manylinux_", "-musllinux_", "which is no *.cpython-311-x86_64-linux-musl.so"),
        ("_x86_64.whl", "_aarch64.whl", "which is no *.cpython-311-aarch64-linux-gnu.so"),
        ("-manylinux_2_17_x86_64", "-manylinux2014_x86_64.manylinux_2_17_x86_64", ""),
        ("-manylinux_2_17_x86_64", "-manylinux_2_17_x86_64.manylinux2014_x86_64", ""),
    ],
)
def test_a_tag_that_the_extension_does_not_fit_is_refused(before: str, after: str, complaint: str) -> None:
    name = "driftcore_native-0.1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    assert before in name
    wrong = check.check_tag(
        name.replace(before, after), "driftcore_native/_core.cpython-311-x86_64-linux-gnu.so"
    )
    assert [complaint in sentence for sentence in wrong] == [True] * bool(complaint)


def test_too_large_a_wheel_is_refused(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "WHEEL_BUDGET", 1000)
    wrong = check.check_wheel(rewritten(wheel, tmp_path), offered_by(Path(sys.executable).resolve()))
    assert len(wrong) == 1
    assert "more than 1,000" in wrong[0]


def test_right_symbols_pass() -> None:
    assert check.check_symbols(RIGHT, OFFERED) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"exported": frozenset({"PyInit__core", "SHA256_Init"})}, "exports PyInit__core, SHA256_Init"),
        ({"exported": frozenset()}, "exports nothing"),
        ({"imported": frozenset({"PyDict_Next", "PyNew_In_3_99"})}, "does not offer: PyNew_In_3_99"),
        (
            {"imported": frozenset({"_PyDict_NewPresized"})},
            "without a reason in PRIVATE: _PyDict_NewPresized",
        ),
        ({"libraries": frozenset({"libc.so.6", "libcrypto.so.3"})}, "C library's: libcrypto.so.3"),
    ],
)
def test_wrong_symbols_are_named(change: dict[str, frozenset[str]], complaint: str) -> None:
    symbols = Symbols(**{**RIGHT.__dict__, **change})
    assert any(
        complaint in sentence for sentence in check.check_symbols(symbols, OFFERED | {"_PyDict_NewPresized"})
    )
