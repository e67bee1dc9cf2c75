"""The profiles, in the order campaigns run them."""

from __future__ import annotations

from ..values import Arguments
from . import (
    alike,
    base64_pads,
    code_units,
    confined,
    damaged,
    everyday,
    export_requests,
    hostile_text,
    interfering,
    limits,
    malformed,
    merges,
    nans,
    numbers,
    python_objects,
    rows,
    seams,
    shared,
    sizes,
    span_arguments,
    structure,
)
from .base import Makers, Profile

PROFILES: dict[str, Profile] = {
    module.PROFILE.name: module.PROFILE
    for module in (
        everyday,
        numbers,
        hostile_text,
        structure,
        limits,
        malformed,
        merges,
        shared,
        python_objects,
        span_arguments,
        export_requests,
        rows,
        seams,
        sizes,
        alike,
        damaged,
        base64_pads,
        code_units,
        nans,
        interfering,
        confined,
    )
}

__all__ = ["PROFILES", "Arguments", "Makers", "Profile"]
