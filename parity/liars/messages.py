"""Faults in span and request bytes and in how their arguments are judged."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ..operations import SPAN_ARGUMENTS
from .base import Function, Liar, Twist

SPAN = "build_span_proto_bytes_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"

_AT = {name: at for at, name in enumerate(SPAN_ARGUMENTS)}


def _changing(name: str, change: Any) -> Twist:
    """Builds the span of another argument, once it is known that the right one is accepted."""

    def twist(honest: Function) -> Function:
        def build(*arguments: Any) -> Any:
            right = honest(*arguments)
            changed = list(arguments)
            changed[_AT[name]] = change(arguments[_AT[name]])
            return right if changed[_AT[name]] is arguments[_AT[name]] else honest(*changed)

        return build

    return twist


def _microseconds(nanos: int) -> int:
    return nanos if nanos % 1000 == 0 or nanos < 0 else nanos // 1000 * 1000


def _without_empty_text(environment: Any) -> Any:
    return None if environment == "" else environment


def _kept_none(metadata: Any) -> Any:
    """A None in metadata shows as one, in a list."""
    if type(metadata) is dict and None in metadata.values():
        return {key: [None] if value is None else value for key, value in metadata.items()}
    return metadata


def _swapped_hashes(honest: Function) -> Function:
    def build(*arguments: Any) -> Any:
        right = honest(*arguments)
        changed = list(arguments)
        one, other = _AT["input_value_hash"], _AT["output_value_hash"]
        if not (changed[one] and changed[other]):
            return right
        changed[one], changed[other] = changed[other], changed[one]
        return honest(*changed)

    return build


def _without_empty_spans(honest: Function) -> Function:
    def build(*arguments: Any) -> Any:
        right = honest(*arguments)
        *texts, spans = arguments
        return right if all(spans) else honest(*texts, [span for span in spans if span])

    return build


def _unverified(honest: Function) -> Function:
    """Takes what a span's bytes are for granted."""

    def build(*arguments: Any) -> Any:
        try:
            return honest(*arguments)
        except ValueError:
            *texts, _ = arguments
            with suppress(ValueError):
                return honest(*texts, [])
            raise

    return build


def _taking_cut_varints(honest: Function) -> Function:
    def build(*arguments: Any) -> Any:
        try:
            return honest(*arguments)
        except ValueError as error:
            if not str(error).endswith("varint is cut short"):
                raise
            return honest(*arguments[:4], [])

    return build


def _span(name: str, about: str, fault: str, twist: Twist, minimum: str, **limits: int) -> Liar:
    return Liar(name, about, fault, {SPAN: twist}, minimum, **limits)


LIARS = (
    _span(
        "times-in-microseconds",
        "cuts nanoseconds to microseconds",
        "field value",
        _changing("timestamp_nanos", _microseconds),
        "timestamp_nanos=1, …",
    ),
    _span(
        "environment-dropped",
        'leaves out environment="", which is present',
        "presence",
        _changing("environment", _without_empty_text),
        "environment='', …",
    ),
    _span(
        "none-in-metadata",
        "keeps None in metadata",
        "members",
        _changing("metadata", _kept_none),
        "metadata={'a': None}, …",
    ),
    _span(
        "swapped-hashes",
        "swaps input and output value hash",
        "field order",
        _swapped_hashes,
        "input_value_hash='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', out"
        "put_value_hash='0aaaaaaaaaabcdef0aaaaaaaaaabcdef0aaaaaaaaaabcdef0aaaaaaaaaabcdef', …",
        causes=2,
    ),
    Liar(
        "drops-empty-spans",
        "leaves empty spans out of the request",
        "members",
        {REQUEST: _without_empty_spans},
        "observable_service_id='', environment='', sdk_version='', sdk_instance_id='', spans=[b'']",
    ),
    Liar(
        "unverified-spans",
        "takes malformed spans",
        "verification",
        {REQUEST: _unverified},
        "observable_service_id='', environment='', sdk_version='', sdk_instance_id='', spans=[b'4']",
    ),
    Liar(
        "cut-varints",
        "takes spans of which a varint is cut short",
        "verification",
        {REQUEST: _taking_cut_varints},
        "",
    ),
)
