"""A cluster that speaks TLS, with throwaway certificates, on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dask
import distributed
import pytest

from driftgate.base.exit_codes import Unfit
from parity import cluster, scheduler_link
from parity.cluster import Cluster
from parity.loopback import loopback
from parity.plan import Plan

PLAN = Plan("reference", "native")
assert distributed.__name__ in dask.config.config  # the import adds its settings, or a test would drop them


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take long to start a worker."""
    monkeypatch.setattr(cluster, "FIRST_SECONDS", 120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has `ours` and `other`, each a certificate that is its own authority."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the command openssl")
    made = tmp_path_factory.mktemp("certificates")
    for name in ("ours", "other"):
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt"]
        subprocess.run(["openssl", *words], cwd=made, capture_output=True, check=True)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Of a scheduler with one worker."""
    certificate = ["--tls-ca-file", "ours.crt", "--tls-cert", "ours.crt", "--tls-key", "ours.key"]
    with loopback(folder, ["--protocol", "tls", *certificate]) as made:
        made.worker()
        yield made.address


def certificates(folder: Path, ours: str, authority: str) -> dask.config.set:
    """Dask's settings with which a client shows the one and believes in the other."""
    tls = "distributed.comm.tls"
    return dask.config.set(
        {
            f"{tls}.ca-file": str(folder / f"{authority}.crt"),
            f"{tls}.client.cert": str(folder / f"{ours}.crt"),
            f"{tls}.client.key": str(folder / f"{ours}.key"),
        }
    )


def test_a_cluster_is_used_over_tls_with_the_certificates_of_dasks_settings(
    folder: Path, address: str
) -> None:
    def double(plan: Plan, item: int) -> int:
        return 2 * item

    assert address.startswith("tls://")
    with certificates(folder, "ours", "ours"), Cluster(address, PLAN) as executor:
        assert executor.count == 1
        assert sorted(executor.each(double, PLAN, range(5))) == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(("ours", "authority"), [("other", "ours"), ("other", "other")])
def test_certificates_that_one_side_does_not_believe_are_told(
    ours: str, authority: str, folder: Path, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        certificates(folder, ours, authority),
        pytest.raises(Unfit, match="is no Dask scheduler, or wants other certificates"),
    ):
        Cluster(address, PLAN)
    assert capfd.readouterr().err == ""


def test_who_speaks_without_tls_is_told_of_it(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unfit, match="is no Dask scheduler, or wants tls://"):
        Cluster(address.replace("tls://", "tcp://"), PLAN)
    assert capfd.readouterr().err == ""


def test_who_speaks_tls_to_a_scheduler_without_is_told_of_it(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler_link, "CONNECT_SECONDS", 1)
    with (
        loopback(tmp_path) as plain,
        certificates(folder, "ours", "ours"),
        pytest.raises(Unfit, match="is no Dask scheduler, or wants other certificates, or tcp://"),
    ):
        Cluster(plain.address.replace("tcp://", "tls://"), PLAN)
    assert capfd.readouterr().err == ""


def test_settings_that_require_encryption_rule_tcp_out() -> None:
    with (
        dask.config.set({"distributed.comm.require-encryption": True}),
        pytest.raises(Unfit, match="say tls://"),
    ):
        Cluster("tcp://127.0.0.1:1", PLAN)
