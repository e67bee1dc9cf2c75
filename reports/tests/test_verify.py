"""An archived folder is found right wherever it lies, and wrong by name after any change."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import digest_of
from reports import bundle
from reports.evidence import Evidence
from reports.rerun import Impossible, all_told, chosen, unlike
from reports.signoff import sign_off
from reports.verify import State, Verification, verify

from . import samples


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = samples.brief().write(tmp_path_factory.mktemp("made"))
    bundle.write(sign_off(folder, "signoff"), folder)
    return folder


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A copy in another place, to be changed at will."""
    return Path(shutil.copytree(made, tmp_path / "moved elsewhere"))


def agreeing(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
    assert shards
    assert all((wheels / wheel.file).exists() for wheel in evidence.wheels)
    return []


def verified(folder: Path, rerun: Any = agreeing, share: float = 0.01) -> Verification:
    return verify(folder, share, seed=1, rerun=rerun)


def problems(found: Verification) -> str:
    return " | ".join(problem for step in found.steps for problem in step.problems)


def test_a_moved_folder_agrees(archive: Path) -> None:
    found = verified(archive)
    assert found.code is ExitCode.PASS, problems(found)


def _sample(folder: Path) -> str:
    path = folder / "bench.ndjson"
    path.write_bytes(path.read_bytes().replace(b"61.0", b"62.0", 1))
    return "bench.ndjson was changed"


def _wheel(folder: Path) -> str:
    [path] = (folder / "wheels").glob("driftcore_native*")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    return f"wheels/{path.name} was changed"


def _page(folder: Path) -> str:
    path = folder / "signoff.html"
    path.write_text(path.read_text().replace("does not hold", "holds", 1))
    return "signoff.html was changed"


def _policy(folder: Path) -> str:
    path = folder / "policy.toml"
    path.write_text(path.read_text().replace("100_000", "100"))
    return "policy.toml was changed"


def _extra(folder: Path) -> str:
    (folder / "note.txt").write_text("trust me")
    return "note.txt is not in the manifest"


def _missing(folder: Path) -> str:
    (folder / "junit.xml").unlink()
    return "junit.xml is missing"


def _manifest(folder: Path) -> str:
    (folder / "manifest.json").write_text("{}")
    return "manifest.json: cannot be read"


@pytest.mark.parametrize("change", [_sample, _wheel, _page, _policy, _extra, _missing, _manifest])
def test_one_changed_byte_is_found_by_name(archive: Path, change: Callable[[Path], str]) -> None:
    named = change(archive)
    found = verified(archive)
    assert found.code is ExitCode.UNFIT
    assert named in problems(found)


def test_a_report_that_does_not_follow_is_found_though_the_manifest_was_made_anew(archive: Path) -> None:
    page = archive / "signoff.md"
    page.write_text(page.read_text().replace("NO-GO", "GO"))
    manifest = json.loads((archive / "manifest.json").read_text())
    manifest["files"]["signoff.md"] = digest_of(page)
    (archive / "manifest.json").write_text(json.dumps(manifest))
    found = verified(archive)
    assert "signoff.md is not what the evidence gives" in problems(found)
    assert "attestation.json attests something else" in problems(found)
    assert found.code is ExitCode.FAIL


def test_sources_of_another_checkout_are_named(archive: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    (root / "core" / "src").mkdir(parents=True)
    (root / "core" / "src" / "reader.c").write_text("int another;\n")
    found = verify(archive, 0.01, 1, root=root, rerun=agreeing)
    assert "core/src/reader.c of this checkout is another" in problems(found)
    assert found.code is ExitCode.FAIL


def test_cases_that_come_out_another_fail(archive: Path) -> None:
    def rerun(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
        return ["shard generated:0-1 came out another: its census differ"]

    assert "came out another" in problems(verified(archive, rerun))


def test_cases_that_cannot_be_put_again_leave_it_open(archive: Path) -> None:
    def rerun(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
        raise Impossible("the wheel does not run under this Python")

    step = verified(archive, rerun).steps[-1]
    assert step.state is State.OPEN


def test_the_choice_of_cases_follows_the_seed_and_the_share(archive: Path) -> None:
    parity = sign_off(archive, "signoff").parity
    assert chosen(parity, 0.01, 5) == chosen(parity, 0.01, 5)
    assert len(chosen(parity, 0.01, 5)) == 1
    assert len(chosen(parity, 1.0, 5)) == 2


def test_a_shard_is_compared_byte_for_byte_but_for_its_times() -> None:
    shard = {"census": [{"operation": "a", "compared": 3}], "groups": [], "inside": {"x": 1.0}}
    assert unlike(shard, {**shard, "inside": {"x": 2.0}}) == []
    assert unlike(shard, {**shard, "census": [{"operation": "a", "compared": 4}]}) == ["census"]
    assert unlike(shard, {**shard, "groups": [{"count": 1}]}) == ["groups"]


@pytest.mark.parametrize(
    ("status", "out", "errors", "reason"),
    [
        (0, '{"shard": 1}\n', "", "1 of 2 shards were done"),
        (0, "", "", "0 of 2 shards were done"),
        (1, '{"shard": 1}\n', "Traceback\nUnfit: no core", "Unfit: no core"),
    ],
)
def test_shards_that_were_not_done_again_prove_nothing(
    status: int, out: str, errors: str, reason: str
) -> None:
    done = subprocess.CompletedProcess([], status, out, errors)
    with pytest.raises(Impossible, match=reason):
        all_told(done, 2)


def test_shards_that_were_all_done_again_are_told() -> None:
    done = subprocess.CompletedProcess([], 0, '{"shard": 1}\n{"shard": 2}\n', "noise")
    assert all_told(done, 2) == [{"shard": 1}, {"shard": 2}]
