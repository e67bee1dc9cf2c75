"""What an operation is held against beside its rivals: the least that work of its kind must cost.

| limit         | operation                          | does                                              |
|---------------|------------------------------------|---------------------------------------------------|
| orjson        | normalize_json                     | orjson.loads, then orjson.dumps                   |
| sha256        | deterministic_hash                 | hashlib.sha256 of the text's bytes                |
| tree-copy     | process_export_payload_pyobject    | new containers, the leaves shared                 |
| copy-and-scan | the two that build protobuf bytes  | one copy of the given bytes, one look at each     |
| three-calls   | export_span                        | the calls it replaces, by the C core, and json.loads |

The two copies are C (`native/limits.c`), since in Python they would be no limit.  Outputs are
of another kind than the operation's and are not compared.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson

from driftgate.base.exit_codes import Unfit
from parity.operations import EXPORT_ARGUMENTS, SPAN_ARGUMENTS
from parity.subjects import Function, Provenance, Subject
from parity.subjects import load as load_subject

from ..machine import ROOT
from .inputs import Arguments, Input

MODULE = "driftcore_limits"
HOW_TO_BUILD = "make build-bench"

SPAN = "build_span_proto_bytes_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"
EXPORT = "process_export_payload_pyobject"
EXPORT_SPAN = "export_span"
OPERATIONS_OF = {
    "orjson": ("normalize_json",),
    "sha256": ("deterministic_hash",),
    "tree-copy": (EXPORT,),
    "copy-and-scan": (SPAN, REQUEST),
    "three-calls": (EXPORT_SPAN,),
}
NAMES = tuple(OPERATIONS_OF)

_EXPORTED = ("value", "value_hash", "schema", "schema_hash", "value_proto_struct_bytes")
"""What an export gives, as the span's arguments are named behind `input_` and `output_`."""
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
    if name == "three-calls":
        core = load_subject("native").functions
        return _limit(name, "driftcore_native", {EXPORT_SPAN: (_three_calls(core), _same)})
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


def _three_calls(core: Mapping[str, Function]) -> Function:
    """What an SDK does without `export_span`: parse both texts, export both objects, build the span."""
    export, build = core[EXPORT], core[SPAN]

    def call(*arguments: Any) -> object:
        given = dict(zip(EXPORT_ARGUMENTS, arguments))
        fields: dict[str, Any] = {name: given.get(name) for name in SPAN_ARGUMENTS}
        for side in ("input", "output"):
            merges = given[f"{side}_schema_merges_json"]
            exported: Any = export(
                json.loads(given[f"{side}_json"]), None if merges is None else json.loads(merges)
            )
            for part, value in zip(_EXPORTED, exported):
                fields[f"{side}_{part}"] = value
        metadata = given["metadata_json"]
        fields["metadata"] = None if metadata is None else json.loads(metadata)
        return build(*fields.values())

    return call


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
