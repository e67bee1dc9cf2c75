"""The distilled corpus: what is chosen, what the committed one covers, and what a damaged one says."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from parity.cases import UnknownCase
from parity.corpus import CORPUS, distill, load_corpus, save_corpus
from parity.lookup import cases_named
from parity.nodes import from_object
from parity.operations import OPERATIONS
from parity.plan import Plan
from parity.saved_case import DamagedCase


def test_few_cases_cover_what_many_do(tmp_path: Path) -> None:
    chosen = distill(seed=3, cases=400)
    again = [case.id for case in distill(seed=3, cases=400)]
    assert [case.id for case in chosen] == again
    assert 50 < len(chosen) < 300
    path = tmp_path / "corpus.jsonl.gz"
    save_corpus(chosen, path)
    for case, kept in zip(chosen, load_corpus(path)):
        assert kept.operation is case.operation
        assert from_object(kept.arguments()).mark == from_object(case.arguments()).mark
    assert len(load_corpus(path)) == len(chosen)
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_cases_make_the_same_file(tmp_path: Path) -> None:
    chosen = distill(seed=3, cases=60)
    for name in ("one", "other"):
        save_corpus(chosen, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_every_run_begins_with_the_committed_corpus() -> None:
    kept = load_corpus()
    assert {case.operation.name for case in kept} == set(OPERATIONS)
    assert len(kept) > 300 and CORPUS.stat().st_size < 300_000
    assert [cases_named(case.id) for case in kept[:3]] == [[case] for case in kept[:3]]
    with pytest.raises(UnknownCase, match="fixtures/corpus"):
        cases_named("corpus:99999:normalize_json")
    plan = Plan("reference", "native", tuple(OPERATIONS), cases=0)
    assert sum(shard.stop - shard.start for shard in plan.shards() if shard.kind == "corpus") == len(kept)


def test_a_damaged_corpus_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    save_corpus(distill(seed=3, cases=60), path)
    lines = gzip.decompress(path.read_bytes()).splitlines()
    path.write_bytes(gzip.compress(b"\n".join((*lines[:4], lines[4][:-9]))))
    with pytest.raises(DamagedCase, match=r"corpus\.jsonl\.gz:5"):
        load_corpus(path)
