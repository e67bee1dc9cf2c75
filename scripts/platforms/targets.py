"""The targets: each platform, how it is built, and what runs its programs here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union


@dataclass(frozen=True)
class Cross:
    """A platform without a Python here: its C is compiled by zig for `triple`.

    `emulator` runs its programs: empty where they run as they are, None where nothing does.  Without
    `extension` only the C core is built.  `upstream` is what drift-core's own table of platforms says.
    """

    name: str
    platform: str
    upstream: str
    triple: str
    emulator: Optional[str]
    extension: bool = True
    wheel: bool = False

    @property
    def is_windows(self) -> bool:
        return "-windows-" in self.triple


@dataclass(frozen=True)
class WithPython:
    """A platform whose Python runs: of this machine, or of a Debian of that `architecture` under qemu."""

    name: str
    platform: str
    upstream: str
    cases: int
    architecture: Optional[str] = None

    @property
    def where(self) -> str:
        return " under qemu" if self.architecture else ""


Target = Union[Cross, WithPython]


def has_extension(target: Target) -> bool:
    """Whether the Python extension is built for it, and not the C core alone."""
    return not isinstance(target, Cross) or target.extension


def results_in(folder: Path, target: Target) -> Path:
    """The file of a target's results in a folder of them."""
    return folder / f"{target.name}.ndjson"


SUPPORTED, BEST_EFFORT, UNKNOWN = "supported", "best effort, no wheel", "-"
"""Upstream: docs/compatibility-matrix.md of drift-core; what it supports has a wheel of 0.1.9 on PyPI."""

TARGETS: tuple[Target, ...] = (
    WithPython("linux-x86_64", "Linux x86_64, glibc", SUPPORTED, cases=20_000),
    WithPython("linux-arm64", "Linux arm64, glibc", SUPPORTED, cases=5_000, architecture="arm64"),
    Cross("musl-x86_64", "Linux x86_64, musl", SUPPORTED, "x86_64-linux-musl", "", wheel=True),
    Cross(
        "musl-arm64", "Linux arm64, musl", SUPPORTED, "aarch64-linux-musl", "qemu-aarch64-static", wheel=True
    ),
    Cross("macos-x86_64", "macOS x86_64", SUPPORTED, "x86_64-macos", None),
    Cross("macos-arm64", "macOS arm64", SUPPORTED, "aarch64-macos", None),
    Cross("windows-x86_64", "Windows x86_64", SUPPORTED, "x86_64-windows-gnu", "wine"),
    Cross("windows-arm64", "Windows arm64", BEST_EFFORT, "aarch64-windows-gnu", None, extension=False),
    Cross(
        "linux-s390x", "Linux s390x (big-endian)", UNKNOWN, "s390x-linux-musl", "qemu-s390x-static",
        extension=False,
    ),
)  # fmt: skip
