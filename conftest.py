"""What holds for all tests: profiles of Hypothesis, quick collections, a sign-off that no test touches.

`ci`, the default profile, runs the same examples every time; `nightly` looks for new ones.
`HYPOTHESIS_PROFILE=nightly` or pytest's `--hypothesis-profile nightly` chooses.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

OUT = Path(__file__).resolve().parent / "reports" / "out"

# An input may take many choices, and a lying object long to compare: neither is an error here.
_HEALTH = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=200,
    print_blob=True,
    suppress_health_check=_HEALTH,
)
settings.register_profile("nightly", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish() -> None:
    """What ten thousand tests are made of stays: a collection that looks at it takes 0.6 s."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def what_a_sign_off_left_stays() -> Iterator[None]:
    """A file more or another one there, and the sign-off no longer verifies."""
    before = _state_of(OUT)
    yield
    changed = sorted(name for name, _ in set(before.items()) ^ set(_state_of(OUT).items()))
    assert not changed, f"tests touched {OUT}: {', '.join(changed)}; give them a folder of their own"


def _state_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for path in (folder, *folder.rglob("*")) if folder.exists() else ():
        told = path.lstat()
        found[str(path.relative_to(folder))] = (told.st_ino, told.st_size, told.st_mtime_ns)
    return found
