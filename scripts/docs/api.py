"""The reference of the Python API, from signatures and docstrings."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType

MODULES = ("driftcore.reference", "driftcore.bridge")


def page() -> str:
    """A Markdown page with every public function and class of `MODULES`."""
    parts = ["# API", "Made from signatures and docstrings."]
    parts += (_module(importlib.import_module(name)) for name in MODULES)
    parts.append(
        "## The C API\n\n`core/include/driftcore.h`: byte slices in, status codes out.  The header tells of "
        "each function what it does, who owns what, and when it punts."
    )
    return "\n\n".join(parts) + "\n"


def _module(module: ModuleType) -> str:
    members = [(name, getattr(module, name)) for name in sorted(module.__all__)]
    body = "\n\n".join(_member(name, member) for name, member in members if callable(member))
    return f"## {module.__name__}\n\n{_code(inspect.getdoc(module))}\n\n{body}"


def _member(name: str, member: object) -> str:
    assert callable(member)
    kind = "class " if inspect.isclass(member) else ""
    return (
        f"### {name}\n\n```python\n{kind}{name}{_signature(member)}\n```\n\n{_code(inspect.getdoc(member))}"
    )


def _signature(member: object) -> str:
    text = str(inspect.signature(member))  # type: ignore[arg-type]
    return text if len(text) < 90 else text.replace("(", "(\n    ", 1).replace(", ", ",\n    ")


def _code(text: str | None) -> str:
    """A docstring as it stands: its layout is part of it."""
    return f"```text\n{text}\n```"
