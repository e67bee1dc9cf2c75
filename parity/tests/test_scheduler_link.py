"""What is no scheduler costs one line and a bounded time, whatever it is."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import dask
import distributed
import pytest

from driftgate.base.exit_codes import ExitCode, Unfit
from parity import scheduler_link
from parity.cli import main
from parity.cluster import Cluster, scheduler_address
from parity.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
PLAN = Plan("reference", "native")
assert distributed.__name__ in dask.config.config  # the import adds its settings, or a test would drop them
HTTP = b"HTTP/1.1 400 Bad Request\r\n\r\n"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for long."""
    monkeypatch.setattr(scheduler_link, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(scheduler_link, "GREET_SECONDS", 1)


@contextmanager
def listening(answer: bytes = b"", *, hangs_up: bool = False) -> Iterator[int]:
    """The port of something that says this to whom ever connects, and maybe hangs up then."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        taken = []

        def serve() -> None:
            with suppress(OSError):  # the server is closed
                while True:
                    taken.append(server.accept()[0])
                    taken[-1].sendall(answer)
                    if hangs_up:
                        taken.pop().close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        for connection in taken:
            connection.close()


def nobody() -> int:
    """A port on which nothing listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:8786",
        "tls://scheduler.example.org:1",
        "tcp://[::1]:65535",
        "tcp://[fe80::1%eth0]:8786",
        "tcp://dask_scheduler-1:08786",
    ],
)
def test_an_address_that_dask_takes_is_kept_as_it_is(address: str) -> None:
    assert scheduler_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost",
        "localhost:8786",
        "http://x:1",
        "TCP://x:1",
        "inproc://x:1",
        "tcp://",
        "tcp://x",
        "tcp://x:",
        "tcp://:8786",
        "tcp://x:0",
        "tcp://x:65536",
        "tcp://x:-1",
        "tcp://x:+1",
        "tcp://x:abc",
        "tcp://x:8786/",
        "tcp://x:8786\n",
        "tcp://x:87 86",
        "tcp://x:\u0664\u0662",
        "tcp://a b:1",
        "tcp://user@x:1",
        "tcp://::1:8786",
        "tcp://[::1:8786",
        "tcp://[x]:8786",
        "tcp://a:1,tcp://b:2",
        "tcp://x:8786#",
        "tcp://\udcff:1",
        "tcp://x:" + "9" * 5000,
    ],
)
def test_what_is_no_address_is_usage(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        scheduler_address(address)
    with pytest.raises(SystemExit) as ended:
        main(["run", "--scheduler", address])
    assert ended.value.code == ExitCode.USAGE
    told = capsys.readouterr().err.splitlines()[-1]
    assert "--scheduler: " in told and "tcp://HOST:PORT" in told and len(told) < 250


def test_an_address_is_judged_without_dask() -> None:
    script = "import sys, parity.commands.run; print({'dask', 'distributed'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def refusal(address: str) -> str:
    """What a campaign says of a scheduler that it cannot use."""
    with pytest.raises(Unfit) as refused:
        Cluster(address, PLAN)
    text = str(refused.value)
    assert address in text and "\n" not in text and len(text) < 350
    assert "dask" not in [thread.name for thread in threading.enumerate()]
    return text


@pytest.mark.usefixtures("hasty")
def test_where_nothing_listens_it_says_how_to_start_a_scheduler(capfd: pytest.CaptureFixture[str]) -> None:
    assert "`dask scheduler` starts one" in refusal(f"tcp://127.0.0.1:{nobody()}")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n", HTTP, bytes(8), b"\4" + bytes(7) + b"abcd"])
def test_what_answers_otherwise_is_no_scheduler(answer: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with listening(answer) as port:
        assert "is no Dask scheduler" in refusal(f"tcp://127.0.0.1:{port}")
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("hasty")
def test_what_hangs_up_is_no_scheduler(capfd: pytest.CaptureFixture[str]) -> None:
    with listening(hangs_up=True) as port:
        text = refusal(f"tcp://127.0.0.1:{port}")
    assert "is no Dask scheduler" in text or "no scheduler answers" in text  # by when the client notices
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("hasty")
def test_what_listens_and_says_nothing_is_not_waited_for(capfd: pytest.CaptureFixture[str]) -> None:
    with listening() as port:
        assert "does not answer as a Dask scheduler does" in refusal(f"tcp://127.0.0.1:{port}")
    assert capfd.readouterr().err == ""


def test_a_host_that_has_no_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*asked: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "cannot be found (gaierror: [Errno -2] Name or service not known)" in refusal("tcp://x.invalid:1")


def test_a_label_that_is_too_long_for_a_name_is_no_traceback() -> None:
    assert "cannot be found" in refusal(f"tcp://{'x' * 64}:1")


def test_tls_without_certificates_says_which_settings_are_missing() -> None:
    assert "distributed.comm.tls.ca-file" in refusal(f"tls://127.0.0.1:{nobody()}")


def test_certificates_that_are_not_there_are_told(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.pem")
    tls = "distributed.comm.tls"
    with dask.config.set({f"{tls}.ca-file": missing, f"{tls}.client.cert": missing}):
        assert "FileNotFoundError" in refusal("tls://127.0.0.1:1")


def test_whoever_is_asked_to_stop_does_not_wait_for_a_connection() -> None:
    with listening() as port, pytest.raises(KeyboardInterrupt):
        Cluster(f"tcp://127.0.0.1:{port}", PLAN, stopped=lambda: True)


COMMAND = """
import socket, sys, threading
import parity.scheduler_link as link
from driftgate.base.command import run_command

link.CONNECT_SECONDS = link.GREET_SECONDS = float(sys.argv[1])
if sys.argv[2] == "tcp://hangs:1":
    socket.getaddrinfo = lambda *asked, **options: threading.Event().wait()
sys.argv[1:] = ["run", "--scheduler", sys.argv[2], "--out", sys.argv[3]]
run_command("parity.cli")
"""
"""The command, for which somebody waits as long as the first argument says."""


def command(seconds: float, address: str, out: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", COMMAND, str(seconds), address, str(out)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


NOISE = """
import logging, sys
import distributed
from parity.cluster import Cluster
from parity.plan import Plan
from driftgate.base.exit_codes import Unfit

logging.getLogger("distributed.worker").addHandler(logging.FileHandler(sys.argv[1]))
try:
    Cluster("tls://127.0.0.1:1", Plan("reference", "native"))
except Unfit:
    pass
names = "distributed distributed.client distributed.worker distributed.new tornado.application asyncio"
for name in names.split():
    logging.getLogger(name).critical(name)
"""


def test_dask_logs_nothing_on_the_terminal_and_what_it_should_into_files(tmp_path: Path) -> None:
    words = [sys.executable, "-c", NOISE, str(tmp_path / "log")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    assert (tmp_path / "log").read_text() == "distributed.worker\n"


@pytest.mark.parametrize("host", ["listens", "hangs"])
def test_the_command_ends_with_one_line_and_no_thread_holds_it(host: str, tmp_path: Path) -> None:
    with listening() as port:
        address = f"tcp://127.0.0.1:{port}" if host == "listens" else "tcp://hangs:1"
        out, told = command(0.5, address, tmp_path / "out.ndjson").communicate(timeout=120)
    assert out == "" and told.startswith("UNFIT: ") and told.count("\n") == 1
    assert not any(tmp_path.iterdir())


def test_an_interrupt_ends_the_command_while_it_connects(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        running = command(3600, f"tcp://127.0.0.1:{server.getsockname()[1]}", tmp_path / "out.ndjson")
        connection, _ = server.accept()
        os.kill(running.pid, signal.SIGINT)
        out, told = running.communicate(timeout=120)
        connection.close()
    assert running.returncode == ExitCode.INCONCLUSIVE
    assert (out, told) == ("", "INCONCLUSIVE: interrupted before its end\n")
