"""A signal to the group of a command, at any moment, ends it in order: with 3, one line, and nobody left."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from reports.cli import main as reports
from reports.tests import samples

from .signalled import At, Ended, ended

INTERRUPTED = "INCONCLUSIVE: interrupted before its end\n"


def in_order(found: Ended) -> None:
    """What was done is told, or one line says that nothing was; a mismatch that was found is one."""
    differs = found.out.startswith("MISMATCH: ")
    assert found.code == (ExitCode.FAIL if differs else ExitCode.INCONCLUSIVE), found
    said = [line for line in found.err.splitlines(keepends=True) if not line.startswith("measuring ")]
    if found.out:
        assert found.out.startswith(("MISMATCH: ", "NOT ENOUGH EVIDENCE: ", "INCONCLUSIVE: ")), found
        assert said == [], found
    else:
        assert said == [INTERRUPTED], found


RUN = ("parity", "run", "--candidate", "liar:sorted-keys", "--cases", "100", "--workers", "2")

IN_A_RUN = (
    At("main", "import", "parity.cluster'"),
    At("main", "import", "parity.liars'"),
    At("main", "subprocess.Popen", "parity.steady"),
    At("child", "import", "parity.worker'"),
    At("child", "os.fork", file="steady.py"),
    At("child", "import", "parity.shard'"),
    At("child", "os.fork", file="shard.py"),
)


@pytest.mark.parametrize(
    ("at", "name"),
    [
        *((at, "SIGINT") for at in IN_A_RUN),
        *((at, name) for at in IN_A_RUN[3::2] for name in ("SIGTERM", "SIGHUP")),
    ],
    ids=str,
)
def test_a_campaign_ends_in_order_at_any_moment(at: At, name: str, tmp_path: Path) -> None:
    out = tmp_path / "run.ndjson"
    in_order(ended((*RUN, "--operation", "normalize_json", "--out", str(out)), at, tmp_path, name))
    assert not out.exists()


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_a_second_request_ends_minimising_at_once(name: str, tmp_path: Path) -> None:
    out = tmp_path / "run.ndjson"
    at = At("child", "os.fork", file="minimising.py")
    found = ended((*RUN, "--out", str(out)), at, tmp_path, name, times=2)
    assert (found.code, found.out, found.err) == (3, "", INTERRUPTED)
    assert [one.name for one in tmp_path.glob("run*")] == ["run.ndjson.part"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("parity", "replay", "recorded:0:normalize_json"), At("main", "os.fork", file="isolate.py")),
        (("parity", "selftest", "--liar", "sorted-keys"), At("child", "import", "parity.selftest'")),
        (("parity", "selftest", "--liar", "sorted-keys"), At("child", "os.fork")),
        (("bench", "gate"), At("main", "subprocess.Popen", "git")),
        (("scripts.wheels", "--python", "3.9"), At("main", "subprocess.Popen", "build")),
    ],
    ids=str,
)
def test_other_commands_end_in_order(words: tuple[str, ...], at: At, tmp_path: Path) -> None:
    in_order(ended(words, at, tmp_path))


@pytest.mark.parametrize(
    "at", [At("child", "import", "bench.pairs"), At("main", "subprocess.Popen", "bench.pairs")]
)
def test_a_bench_keeps_what_it_measured(at: At, tmp_path: Path) -> None:
    doubles = ("--candidate", "bench.tests.doubles.quick", "--against", "bench.tests.doubles.slow")
    chosen = ("--operation", "normalize_json", "--payloads", "empty", "--out", str(tmp_path / "bench.ndjson"))
    in_order(ended(("bench", "run", *doubles, *chosen), at, tmp_path))


@pytest.mark.parametrize("text", ["manifest.json", "signoff.json"])
def test_a_verification(text: str, tmp_path: Path) -> None:
    folder = samples.brief().write(tmp_path / "folder")
    reports(["signoff", str(folder)])
    in_order(ended(("reports", "verify", str(folder)), At("main", "open", text), tmp_path))
