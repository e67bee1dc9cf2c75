"""A candidate that passes the reference's own functions off as its own."""

from __future__ import annotations

from driftcore.reference import normalize_json

__all__ = ["normalize_json"]
