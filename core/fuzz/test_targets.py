"""Runs of libFuzzer that come to nothing are no pass, and never replace a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from driftgate.base.exit_codes import Unfit

from . import corpora, targets

TARGET = "reader"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(targets, "BUILD", tmp_path / "build")
    monkeypatch.setattr(corpora, "CORPUS", tmp_path / "corpus")
    (tmp_path / "build").mkdir()
    file = tmp_path / "corpus" / f"{TARGET}.hex"
    corpora.save(file, [b"kept"])
    return file


def ending(monkeypatch: pytest.MonkeyPatch, status: int, says: str = "", leaves: bytes = b"") -> None:
    """Put a program in libFuzzer's place."""

    def run(target: str, log: Path, options: Sequence[str]) -> int:
        log.write_text(says)
        if leaves:
            (Path(options[-2]) / "found").write_bytes(leaves)
        return status

    monkeypatch.setattr(targets, "_libfuzzer", run)


@pytest.mark.parametrize(("status", "leaves"), [(1, b""), (0, b""), (77, b"half")])
def test_a_merge_that_fails_leaves_the_corpus(
    status: int, leaves: bytes, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(monkeypatch, status, leaves=leaves)
    with pytest.raises(targets.CannotFuzz, match=r"cannot be distilled; .*reader-merge\.log says why"):
        targets.distil(TARGET)
    assert corpora.load(corpus) == [b"kept"]


def test_a_merge_replaces_the_corpus(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, 0, leaves=b"small")
    assert targets.distil(TARGET) == 1
    assert corpora.load(corpus) == [b"small"]


def test_a_target_that_tries_nothing_is_unfit(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, 1, says="error while loading shared libraries")
    with pytest.raises(targets.CannotFuzz, match="tried nothing"):
        targets.fuzz(TARGET, 1)
    ending(monkeypatch, 0, says="cov: 7\nstat::number_of_executed_units: 12\n")
    assert targets.fuzz(TARGET, 1).executions == 12


def test_a_damaged_corpus_is_named(corpus: Path) -> None:
    corpus.write_text("zz\n")
    with pytest.raises(Unfit, match=r"reader\.hex: is no corpus"):
        corpora.load(corpus)


def test_a_failure_is_shown_again_by_a_command_that_can_be_pasted() -> None:
    assert targets.again(TARGET, Path("/a b/crash")) == (
        "python -m core.fuzz replay --target reader '/a b/crash'"
    )
    assert targets.again("differential", Path("/it's.json")) == "python -m parity replay '/it'\"'\"'s.json'"
