"""The sign-off: from result files to a verdict and the two files that tell it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from parity.operations import OPERATIONS

from .bench_results import read_bench
from .document import SignOff, assemble, source_of, to_json
from .parity_results import read_parity
from .provenance import commit_of
from .signoff_page import page
from .verdict import judge

JSON_NAME, PAGE_NAME = "signoff.json", "signoff.md"


def sign_off(parity_file: Path, bench_files: Sequence[Path]) -> SignOff:
    """Read, judge and assemble; raises `DamagedResults` for a file that must not be judged."""
    parity = read_parity(parity_file)
    benches = [read_bench(file) for file in bench_files]
    return assemble(
        judge(parity, benches, tuple(OPERATIONS)),
        parity,
        benches,
        commit_of(),
        [source_of("parity", parity_file), *(source_of("bench", file) for file in bench_files)],
        datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    )


def clear(folder: Path) -> None:
    """Remove an earlier report, so that it cannot be taken for that of a run that cannot be judged."""
    for name in (JSON_NAME, PAGE_NAME):
        (folder / name).unlink(missing_ok=True)


def write(document: SignOff, folder: Path) -> list[Path]:
    """Write both files, each whole or not at all."""
    texts = {
        JSON_NAME: json.dumps(to_json(document), indent=1, allow_nan=False) + "\n",
        PAGE_NAME: page(document),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return [_write_whole(folder / name, text.encode("utf-8")) for name, text in texts.items()]


def _write_whole(path: Path, data: bytes) -> Path:
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
    return path
