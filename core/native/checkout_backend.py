"""The build backend: scikit-build-core, and `pip install .` of a checkout takes the reference from the same.

`driftcore-native` needs `driftcore` of its own version, which an index has once it is published.  What is
installed from a checkout needs the one of the same checkout, whatever an index may have under this name.
pip asks for the metadata first, to resolve what is needed: these name the folder, and so does the wheel
that is then built to match them.  A wheel that is built without this question, as by `python -m build`, or
from an sdist, which has no such folder, names the version: so are those that are judged and published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from scikit_build_core import build as scikit
from scikit_build_core.build import (
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "dynamic_metadata",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Optional[dict[str, Any]]

_is_for_an_install = False


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    _tell(is_for_an_install=True)
    return str(scikit.prepare_metadata_for_build_wheel(metadata_directory, config_settings))


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> str:
    _tell(is_for_an_install=True)
    return str(scikit.prepare_metadata_for_build_editable(metadata_directory, config_settings))


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None
) -> str:
    _tell(is_for_an_install=metadata_directory is not None)
    return str(scikit.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None
) -> str:
    _tell(is_for_an_install=True)
    return str(scikit.build_editable(wheel_directory, config_settings, metadata_directory))


def _tell(*, is_for_an_install: bool) -> None:
    global _is_for_an_install
    _is_for_an_install = is_for_an_install


def dynamic_metadata(settings: dict[str, Any], project: dict[str, Any]) -> dict[str, Any]:
    """The hook by which scikit-build-core asks for what pyproject.toml leaves open."""
    reference = Path("core/driftcore").resolve()
    if _is_for_an_install and (reference / "pyproject.toml").is_file():
        return {"dependencies": [f"driftcore @ {reference.as_uri()}"]}
    return {"dependencies": [f"driftcore=={project['version']}"]}
