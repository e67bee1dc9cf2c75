"""What cannot be tested under AddressSanitizer, which has to be there first and takes memory of its own."""

from __future__ import annotations

import os

import pytest

without_sanitizers = pytest.mark.skipif(
    "san.so" in os.environ.get("LD_PRELOAD", ""), reason="sanitizers take memory and stack of their own"
)
