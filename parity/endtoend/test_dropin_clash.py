"""`driftcore-dropin` and `drift-core-python` in one environment: refused in either order, each right alone.

pip installs and uninstalls them in environments of their own.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import driftcore_native
import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / "build" / "wheels"
DROPIN, RUST = "driftcore-dropin", "drift-core-python"

WHO_ANSWERS = """
try:
    import drift_core
except ImportError as error:
    print(f"{type(error).__name__}: {error}")
else:
    try:
        import driftcore_native
        is_ours = drift_core.normalize_json is driftcore_native.normalize_json
    except ImportError:
        is_ours = False
    print("C" if is_ours else "Rust", drift_core.normalize_json('{"b":1,"a":2}'))
"""
C_ANSWER, RUST_ANSWER = 'C {"b":1,"a":2}\n', 'Rust {"a":2,"b":1}\n'
REFUSAL = (
    f"ImportError: {DROPIN} and {RUST} {metadata.version(RUST)} are both installed and "
    "both provide `drift_core`; "
    f"keep one: `pip uninstall {RUST}` or `pip uninstall {DROPIN}`\n"
)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """What pip is given for each: our wheels, and the Rust core of this environment packed again."""
    ours = [
        next(WHEELS.glob(f"{name}-*.whl"), None)
        for name in ("driftcore_dropin", "driftcore_native", "driftcore")
    ]
    assert None not in ours, f"{WHEELS} lacks a wheel; run `make build`"
    return {
        DROPIN: [wheel for wheel in ours if wheel is not None],
        RUST: [packed(RUST, tmp_path_factory.mktemp("rust"))],
    }


def packed(name: str, folder: Path) -> Path:
    """A wheel of what is installed here."""
    installed = metadata.distribution(name)
    assert installed.files is not None
    tag = (installed.read_text("WHEEL") or "").partition("\nTag: ")[2].splitlines()[0]
    wheel = folder / f"{name.replace('-', '_')}-{installed.version}-{tag}.whl"
    record, leave = [], ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in installed.files:
            if file.suffix == ".pyc" or (".dist-info" in str(file) and file.name in leave):
                continue
            content = file.read_binary()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            record.append(f"{file},sha256={digest},{len(content)}")
            archive.writestr(str(file), content)
        place = f"{name.replace('-', '_')}-{installed.version}.dist-info/RECORD"
        archive.writestr(place, "\n".join([*record, f"{place},,"]) + "\n")
    return wheel


def pip(prefix: Path, *arguments: object) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        prefix / "bin" / "python",
        "--no-cache-dir",
        *arguments,
    ]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr


def install(prefix: Path, wheels: list[Path]) -> None:
    pip(prefix, "install", "--quiet", "--no-index", "--no-deps", *wheels)


def who_answers(prefix: Path) -> str:
    run = subprocess.run(
        [prefix / "bin" / "python", "-c", WHO_ANSWERS],
        cwd=prefix,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize(
    ("first", "second"), [(DROPIN, RUST), (RUST, DROPIN)], ids=["drop-in first", "Rust first"]
)
def test_both_are_refused_and_each_is_right_once_the_other_is_gone(
    tmp_path: Path, wheels: dict[str, list[Path]], first: str, second: str
) -> None:
    prefix, copy = tmp_path / "prefix", tmp_path / "copy"
    venv.create(prefix, with_pip=False, symlinks=True)
    install(prefix, wheels[first])
    assert who_answers(prefix) == (C_ANSWER if first == DROPIN else RUST_ANSWER)
    install(prefix, wheels[second])
    assert who_answers(prefix) == REFUSAL
    shutil.copytree(prefix, copy, symlinks=True)

    pip(prefix, "uninstall", "--yes", RUST)
    assert who_answers(prefix) == C_ANSWER
    pip(copy, "uninstall", "--yes", DROPIN)
    assert who_answers(copy) == RUST_ANSWER

    pip(prefix, "uninstall", "--yes", DROPIN)
    assert who_answers(prefix) == "ModuleNotFoundError: No module named 'drift_core'\n"


def test_the_rust_core_in_another_folder_of_the_path_is_refused_too(tmp_path: Path) -> None:
    """This environment has it; the drop-in before it on the path must not win silently."""
    run = subprocess.run(
        [sys.executable, "-c", WHO_ANSWERS],
        env={"PYTHONPATH": str(ROOT / "core" / "dropin")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, REFUSAL), run.stderr


def test_a_second_copy_of_the_drop_in_is_no_clash(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(ROOT / "core" / "dropin", tmp_path / name)
    site = Path(driftcore_native.__file__).parents[1]
    for package in ("driftcore", "driftcore_native"):
        (tmp_path / "one" / package).symlink_to(site / package)
    run = subprocess.run(
        [sys.executable, "-S", "-c", WHO_ANSWERS],
        env={"PYTHONPATH": f"{tmp_path / 'one'}:{tmp_path / 'two'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, C_ANSWER), run.stderr
