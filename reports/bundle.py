"""A folder of evidence and reports that can be archived, moved and verified.

    *.ndjson, wheels/      the evidence: result files, and the wheels they are about
    policy.toml            what the verdict was held against
    history.jsonl          earlier runs of this machine class, if there are any
    signoff.*, junit.xml … the reports, each a function of the files above
    manifest.json          SHA-256 of every file here, and of the checkout's sources and inputs
    attestation.json       the verdict over the wheels, for release tooling to sign

The attestation names the manifest's digest, so a signature on it covers the whole folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.history import Run
from driftgate.base.decode import decode
from driftgate.base.files import digest_of
from driftgate.base.folders import remove_staging, write_together
from driftgate.base.strict_json import parse

from .annotations import github_annotations
from .attestation import statement
from .document import SignOff
from .html.page import page as html_page
from .junit import to_junit
from .markdown_page import page as markdown_page
from .own import require_own_reports
from .policy import POLICY
from .provenance import ROOT
from .sarif import to_sarif
from .signoff_json import to_json

POLICY_NAME, HISTORY_NAME = "policy.toml", "history.jsonl"
MANIFEST_NAME, ATTESTATION_NAME = "manifest.json", "attestation.json"
REPORTS = ("signoff.json", "signoff.md", "signoff.html", "signoff.sarif", "junit.xml", "annotations.txt")

WRITTEN = (*REPORTS, POLICY_NAME, HISTORY_NAME, ATTESTATION_NAME, MANIFEST_NAME)
"""All that a sign-off writes beside the evidence."""

MANIFEST_FORMAT, MANIFEST_VERSION = "driftcore manifest", 1

SOURCES = (
    "CMakeLists.txt", "pyproject.toml", "requirements-dev.txt", "bench", "core/CMakeLists.txt",
    "core/driftcore", "core/include", "core/native", "core/proto", "core/src", "driftgate", "fixtures",
    "parity", "reports",
)  # fmt: skip
"""What of the checkout a verdict depends on: the core, its reference, the inputs, the harness."""

_LEFT_OUT = ("__pycache__", "tests", "out", "data", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache")


def reports(document: SignOff) -> Iterator[tuple[str, str]]:
    """(name, text) of every report."""
    yield "signoff.json", _json(to_json(document))
    yield "signoff.md", markdown_page(document)
    yield "signoff.html", html_page(document)
    yield "signoff.sarif", _json(to_sarif(document))
    yield "junit.xml", to_junit(document)
    yield "annotations.txt", "\n".join(github_annotations(document)) + "\n"


def write(
    document: SignOff, folder: Path, policy: Path = POLICY, root: Path = ROOT, place: Path | None = None
) -> list[Path]:
    """Write policy, history, reports, attestation and manifest in place of earlier ones, all or none.

    `place` is where the folder will stand, if elsewhere.  Raises `UsageError` for a file that has the name
    of a report and is none.
    """
    require_own_reports(folder, WRITTEN)
    remove_staging(folder)
    texts: dict[str, str | bytes] = {POLICY_NAME: policy.read_bytes()}
    if document.evidence.history:
        lines = (json.dumps(asdict(run), ensure_ascii=False) + "\n" for run in document.evidence.history)
        texts[HISTORY_NAME] = "".join(lines)
    texts.update(reports(document))
    manifest = _json(manifest_of(folder, texts, root, (folder, place or folder)))
    covered = [(MANIFEST_NAME, _sha256(manifest)), (POLICY_NAME, _sha256(texts[POLICY_NAME]))]
    texts[ATTESTATION_NAME] = _json(statement(document, covered))
    texts[MANIFEST_NAME] = manifest  # the last: without it nothing is believed
    write_together(folder, texts, [name for name in WRITTEN if name not in texts])
    return [folder / name for name in (*REPORTS, MANIFEST_NAME, ATTESTATION_NAME)]


def manifest_of(
    folder: Path, written: Mapping[str, str | bytes], root: Path = ROOT, places: Sequence[Path] = ()
) -> dict[str, Any]:
    """Digests of a folder's evidence and of what is written beside it, and of the checkout's sources.

    `places` are folders of sign-offs: they are no sources.
    """
    files = {name: digest_of(folder / name) for name in files_of(folder) if name not in WRITTEN}
    files.update((name, _sha256(text)) for name, text in written.items())
    return {
        "format": MANIFEST_FORMAT,
        "version": MANIFEST_VERSION,
        "files": dict(sorted(files.items())),
        "checkout": {name: digest_of(root / name) for name in sources_of(root, places)},
    }


def files_of(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (MANIFEST_NAME, ATTESTATION_NAME)
    )


def sources_of(root: Path, places: Sequence[Path] = ()) -> list[str]:
    """The files of a checkout that a verdict depends on, by path; what is built or hidden is left out."""
    besides = [place.resolve() for place in places]
    found = []
    for name in SOURCES:
        top = root / name
        paths = [top] if top.is_file() else sorted(top.rglob("*"))
        found += [
            path.relative_to(root).as_posix()
            for path in paths
            if path.is_file()
            and not any(part in _LEFT_OUT or part[0] == "." for part in path.relative_to(root).parts[1:])
            and path.suffix not in (".pyc", ".so", ".part")
            and not any(place in path.resolve().parents for place in besides)
        ]
    return sorted(found)


def _sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()


def read_history(path: Path) -> tuple[Run, ...]:
    """The runs a folder keeps; raises ValueError for a damaged line."""
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(decode(Run, parse(line), f"{path.name}:{at}") for at, line in enumerate(lines, start=1))


def _json(value: object) -> str:
    return json.dumps(value, indent=1, allow_nan=False) + "\n"
