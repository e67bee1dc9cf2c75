"""A candidate whose answers look like the right ones: other buffers, numbers, objects that lie, no return."""

from __future__ import annotations

import sys

from driftcore import reference

from parity.tests.alike import Liar


def normalize_json(payload_json: str) -> object:
    reference.normalize_json(payload_json)
    return Liar(payload_json)


def deterministic_hash(payload_json: str) -> object:
    sys.exit(0)


def normalize_and_hash(payload_json: str) -> object:
    raise KeyboardInterrupt


def object_to_protobuf_struct_bytes(payload_json: str) -> object:
    return bytearray(reference.object_to_protobuf_struct_bytes(payload_json))


def object_to_protobuf_struct_field_count(payload_json: str) -> object:
    return float(reference.object_to_protobuf_struct_field_count(payload_json))


def process_export_payload(payload_json: str, schema_merges_json: str | None) -> object:
    *texts, struct = reference.process_export_payload(payload_json, schema_merges_json)
    return (*texts, memoryview(struct))
