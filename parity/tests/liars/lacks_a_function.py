"""Offers one of the nine functions."""

from __future__ import annotations

from .honest import FUNCTIONS

normalize_json = FUNCTIONS["normalize_json"]
