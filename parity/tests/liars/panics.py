"""Raises what derives from BaseException alone, as a Rust panic does."""

from __future__ import annotations

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


class PanicException(BaseException):
    pass


def object_to_protobuf_struct_field_count(payload_json: str) -> int:
    count: int = FUNCTIONS["object_to_protobuf_struct_field_count"](payload_json)
    if count > 5:
        raise PanicException("index out of bounds")
    return count
