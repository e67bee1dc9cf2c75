"""Where the sources are that a report is made from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout this harness runs from."""
