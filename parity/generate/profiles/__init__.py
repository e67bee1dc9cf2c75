"""The profiles, in the order campaigns run them."""

from __future__ import annotations

from . import (
    everyday,
    export_requests,
    hostile_text,
    malformed,
    merges,
    numbers,
    python_objects,
    span_arguments,
    structure,
)
from .base import Arguments, Makers, Profile

PROFILES: dict[str, Profile] = {
    module.PROFILE.name: module.PROFILE
    for module in (
        everyday,
        numbers,
        hostile_text,
        structure,
        malformed,
        merges,
        python_objects,
        span_arguments,
        export_requests,
    )
}

__all__ = ["PROFILES", "Arguments", "Makers", "Profile"]
