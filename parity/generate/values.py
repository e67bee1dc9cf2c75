"""Python objects of plain JSON types, read from generated text.

Text is the richer form: what a profile can write, `json.loads` turns into the
object, so that one generator serves text operations and object operations alike.
"""

from __future__ import annotations

import json
from typing import Union

JsonValue = Union[None, bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"]]


def read(text: str) -> JsonValue:
    """The object of a generated valid text."""
    value: JsonValue = json.loads(text)
    return value
