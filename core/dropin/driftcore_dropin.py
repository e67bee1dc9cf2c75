"""What keeps the drop-in and the Rust core apart: both provide `drift_core`, and only one may answer.

pip refuses no such pair.  The two share no file, so neither overwrites the other, and removing one leaves
the other whole.  The Rust core is a package, `drift_core/__init__.py`, which Python prefers to the drop-in's
module `drift_core.py`; its first statement imports the extension `drift_core.drift_core`, and to that Python
prefers the drop-in's package of this name, which raises.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder


def refuse_the_rust_core() -> None:
    """Raise ImportError where the Rust core lies in another folder of the path, behind the drop-in."""
    for folder in sys.path:
        found = PathFinder.find_spec("drift_core", [folder])
        if found is not None and found.origin is not None and found.submodule_search_locations is not None:
            raise clash()


def clash() -> ImportError:
    """The error for both being installed, which tells how to go on."""
    from importlib import metadata  # takes longer than all the rest

    try:
        version = f" {metadata.version('drift-core-python')}"
    except metadata.PackageNotFoundError:
        version = ""
    return ImportError(
        f"driftcore-dropin and drift-core-python{version} are both installed and both provide `drift_core`; "
        "keep one: `pip uninstall drift-core-python` or `pip uninstall driftcore-dropin`",
        name="drift_core",
    )
