"""What an operation is held against beside its rivals: the least that work of its kind must cost.

| limit         | operation                          | does                                              |
|---------------|------------------------------------|---------------------------------------------------|
| orjson        | normalize_json                     | orjson.loads, then orjson.dumps                   |
| sha256        | deterministic_hash                 | hashlib.sha256 of the text's bytes                |
| tree-copy     | process_export_payload_pyobject    | new containers, the leaves shared                 |
| copy-and-scan | the two that build protobuf bytes  | one copy of the given bytes, one look at each     |

The last two are C (`native/limits.c`), since in Python they would be no limit.  Outputs are
of another kind than the operation's and are not compared.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import orjson

from parity.operations import SPAN_ARGUMENTS
from parity.subjects import Function, Provenance, Subject, Unfit

from ..machine import ROOT
from .inputs import Arguments, Input

MODULE = "driftcore_limits"
HOW_TO_BUILD = "make build-bench"

SPAN = "build_span_proto_bytes_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"
EXPORT = "process_export_payload_pyobject"
OPERATIONS_OF = {
    "orjson": ("normalize_json",),
    "sha256": ("deterministic_hash",),
    "tree-copy": (EXPORT,),
    "copy-and-scan": (SPAN, REQUEST),
}
NAMES = tuple(OPERATIONS_OF)

_STRUCTS = tuple(
    SPAN_ARGUMENTS.index(name)
    for name in ("input_value_proto_struct_bytes", "output_value_proto_struct_bytes")
)


@dataclass(frozen=True)
class Limit:
    """By operation what is called, and how the operation's arguments become the call's."""

    subject: Subject
    prepare: dict[str, Callable[[Arguments], Arguments]]

    def input_for(self, given: Input) -> Input:
        prepare, make = self.prepare[given.operation.name], given.make
        return replace(given, make=lambda: prepare(make()))


def load(name: str) -> Limit:
    """A limit of `NAMES`.  Raises `Unfit` where the C ones are not built."""
    if name == "orjson":
        return _limit(name, orjson.__version__, {"normalize_json": (_orjson, _same)})
    if name == "sha256":
        return _limit(name, "hashlib", {"deterministic_hash": (_sha256, _encoded)})
    native = _module()
    if name == "tree-copy":
        return _limit(name, "C", {EXPORT: (native.copy_tree, _payload)})
    if name == "copy-and-scan":
        copy = native.copy_and_scan
        return _limit(name, "C", {SPAN: (copy, _structs), REQUEST: (copy, _spans)})
    raise Unfit(f"no limit {name!r}; there are {', '.join(NAMES)}")


def _limit(
    name: str, version: str, calls: dict[str, tuple[Function, Callable[[Arguments], Arguments]]]
) -> Limit:
    provenance = Provenance("bench.pairs.limits", __file__, version, name != "orjson", name)
    functions = {operation: call for operation, (call, _) in calls.items()}
    return Limit(
        Subject(name, functions, provenance), {operation: made for operation, (_, made) in calls.items()}
    )


def find_module(root: Path = ROOT) -> Path | None:
    """The newest build of the C limits below `build/`."""
    built = list(root.glob(f"build/*/bench/native/{MODULE}.*.so"))
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


def _module() -> ModuleType:
    path = find_module()
    if path is None:
        raise Unfit(f"the limits in C are not built; build them with: {HOW_TO_BUILD}")
    spec = importlib.util.spec_from_file_location(MODULE, path)
    assert spec is not None and spec.loader is not None
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError as error:  # built for another Python
        raise Unfit(f"{path} cannot be loaded: {error}; build it again with: {HOW_TO_BUILD}") from error
    return module


def _orjson(text: str) -> bytes:
    return orjson.dumps(orjson.loads(text))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _same(arguments: Arguments) -> Arguments:
    return arguments


def _encoded(arguments: Arguments) -> Arguments:
    (text,) = arguments
    assert isinstance(text, str)
    return (text.encode("utf-8"),)


def _payload(arguments: Arguments) -> Arguments:
    return arguments[:1]


def _structs(arguments: Arguments) -> Arguments:
    """The Struct bytes that a span is given; those that are None it has none of."""
    return ([arguments[at] for at in _STRUCTS if arguments[at]],)


def _spans(arguments: Arguments) -> Arguments:
    return arguments[-1:]
