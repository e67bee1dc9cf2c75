"""A subject that takes its process with it."""

from __future__ import annotations

import os
from typing import NoReturn


def normalize_json(payload_json: str) -> NoReturn:
    os.abort()
