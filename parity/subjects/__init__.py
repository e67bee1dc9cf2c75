"""Subjects: whatever offers the nine functions, loaded and proven to be what it says.

A name of the table below, `liar:NAME` or any importable module is a subject.  What was
loaded is recorded in its `Provenance`, so that a report can show which build was judged.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import BuiltinFunctionType, ModuleType

from driftgate.base import interrupts
from driftgate.base.exit_codes import Unfit

from ..losable import importing
from ..operations import OPERATIONS

Function = Callable[..., object]


@dataclass(frozen=True)
class Known:
    """A subject with a name of its own: its module, the distribution it comes in, and what it must be."""

    module: str
    distribution: str
    compiled: bool


KNOWN: dict[str, Known] = {
    "reference": Known("driftcore.reference", "driftcore", compiled=False),
    "native": Known("driftcore_native", "driftcore-native", compiled=True),
    "rust": Known("drift_core", "drift-core-python", compiled=True),
    "sdk": Known("parity.subjects.sdk", "tusk-drift-python-sdk", compiled=False),
}


LONGEST_MESSAGE = 300
"""Of an error that an import raised, in characters."""

LIAR = "liar:"
"""Begins the names of the candidates in `parity.liars`, which lie on purpose."""


@dataclass(frozen=True)
class Provenance:
    """Which build a subject is.

    `file` is the extension module that holds the functions, or the Python file of the
    module.  `sha256` is of that file; for a Python package of all its `.py` files, each
    preceded by its name, in the order of their names.
    """

    module: str
    file: str
    version: str
    compiled: bool
    sha256: str


@dataclass(frozen=True)
class Subject:
    """The functions of one implementation by operation; one it lacks is not in `functions`."""

    name: str
    functions: Mapping[str, Function]
    provenance: Provenance
    count_punts: Callable[[], Mapping[str, int]] | None = None
    """How often, by reason, the subject has so far passed work on to another; None if it never says."""


def load(name: str) -> Subject:
    """The subject of a name in `KNOWN`, or of an importable module.

    Raises `Unfit` if the module cannot be imported, offers none of the nine functions, or
    is not compiled where it has to be.  An import may do anything, so only a process that is there to be
    lost loads a subject: see `describe`.
    """
    if name.startswith(LIAR):
        return _liar(name)
    known = KNOWN.get(name)
    module_name = known.module if known else name
    with importing(name):
        module = _imported(name, module_name)
    functions = {key: function for key in OPERATIONS if callable(function := getattr(module, key, None))}
    if not functions:
        raise Unfit(f"{name}: {module_name} offers none of the nine functions")
    compiled = all(isinstance(function, BuiltinFunctionType) for function in functions.values())
    if known and known.compiled and not compiled:
        raise Unfit(f"{name}: {module_name} is to be a compiled module, but has functions written in Python")
    version = _version(module, known.distribution if known else None)
    file = _file(name, module, next(iter(functions.values())) if compiled else None)
    provenance = Provenance(module_name, str(file), version, compiled, _digest(file, compiled))
    return Subject(name, functions, provenance, getattr(module, "punts", None))


def _imported(name: str, module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except MemoryError as error:
        raise Unfit(f"{name}: importing it asked for more memory than it may take") from error
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        raise Unfit(f"{name}: importing it ended its process with status {status}") from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and interrupts.came():
            raise
        raise Unfit(f"{name}: cannot import {module}: {_written(error)}") from error


def _written(error: BaseException) -> str:
    """An error in one line of bearable length."""
    try:
        text = f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
    except Exception as second:
        text = f"{type(error).__name__}, whose str() raised {type(second).__name__}"
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]} …"


def require_distinct(reference: Subject, candidate: Subject) -> None:
    """Raise `Unfit` if the two share their build or a function: a comparison with itself proves nothing."""
    if reference.provenance.module == candidate.provenance.module:
        raise Unfit(
            f"{candidate.name} and {reference.name} are the same module, {reference.provenance.module}"
        )
    if reference.provenance.sha256 == candidate.provenance.sha256:
        raise Unfit(f"{candidate.name} and {reference.name} are the same build, {reference.provenance.file}")
    for name, function in candidate.functions.items():
        if function is reference.functions.get(name):
            raise Unfit(f"{candidate.name} offers the {name} of {reference.name} as its own")


def _liar(name: str) -> Subject:
    """The functions a liar changes and no others: it is judged by its lies alone."""
    from .. import liars  # not among what a judgement of anything else loads

    liar = liars.LIARS.get(name[len(LIAR) :])
    if liar is None:
        raise Unfit(f"{name}: no such liar; there are {', '.join(liars.LIARS)}")
    functions = liar.functions()
    file = Path(liars.__file__)
    digest = hashlib.sha256(f"{name} {_digest(file, False)}".encode()).hexdigest()
    return Subject(name, functions, Provenance(f"parity.liars {liar.name}", str(file), "", False, digest))


def _version(module: ModuleType, distribution: str | None) -> str:
    if distribution is not None:
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            pass
    version = getattr(module, "__version__", None)
    if version is None and "." in module.__name__:
        version = getattr(importlib.import_module(module.__name__.rpartition(".")[0]), "__version__", None)
    return version if isinstance(version, str) else "unknown"


def _file(name: str, module: ModuleType, builtin: Function | None) -> Path:
    """Where the code is: a compiled function knows its extension module; a package may only re-export it."""
    owner = getattr(builtin, "__self__", None)
    file = getattr(owner if isinstance(owner, ModuleType) else module, "__file__", None)
    if not isinstance(file, str):
        raise Unfit(f"{name}: {module.__name__} does not say which file it was loaded from")
    if builtin is not None and not file.endswith(tuple(EXTENSION_SUFFIXES)):
        raise Unfit(f"{name}: {module.__name__} has compiled functions, but {file} is no extension module")
    return Path(file)


def _digest(file: Path, compiled: bool) -> str:
    digest = hashlib.sha256()
    if compiled or file.name != "__init__.py":
        digest.update(file.read_bytes())
        return digest.hexdigest()
    for source in sorted(file.parent.rglob("*.py")):
        digest.update(source.relative_to(file.parent).as_posix().encode("utf-8"))
        digest.update(source.read_bytes())
    return digest.hexdigest()
