"""Typed access to the fields of an event; one that is missing or of another kind makes the file damaged."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, Optional

from driftgate.base.result_file import DamagedResults, Json

_NAME = re.compile(r"[\w.:/+-][\w.:/+ -]{0,99}", re.ASCII)


@dataclass(frozen=True)
class Fields:
    """The fields of one JSON object; `where` says in messages which one."""

    where: str
    values: Mapping[str, Json]

    def text(self, name: str) -> str:
        value = self._get(name)
        return value if isinstance(value, str) else self._refuse(name, "a text")

    def name(self, name: str) -> str:
        """A text that is short and plain, fit for a sentence: ASCII letters and digits, blanks, `_.:/+-`."""
        value = self.text(name)
        return value if _NAME.fullmatch(value) else self._refuse(name, "a plain name")

    def names(self, name: str) -> tuple[str, ...]:
        value = self._get(name)
        if not isinstance(value, list):
            return self._refuse(name, "a list of names")
        return tuple(Fields(self.where, {name: item}).name(name) for item in value)

    def flag(self, name: str) -> bool:
        value = self._get(name)
        return value if isinstance(value, bool) else self._refuse(name, "true or false")

    def count(self, name: str) -> int:
        value = self._get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        return self._refuse(name, "a count")

    def integer(self, name: str) -> int:
        value = self._get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._refuse(name, "an integer")

    def number(self, name: str) -> float:
        """A finite number that is not negative: a duration, a size, a ratio."""
        value = self._get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number) and number >= 0:
                return number
        return self._refuse(name, "a finite number of at least 0")

    def numbers(self, name: str) -> tuple[float, ...]:
        value = self._get(name)
        if not isinstance(value, list):
            return self._refuse(name, "a list of numbers")
        return tuple(Fields(self.where, {name: item}).number(name) for item in value)

    def optional_text(self, name: str) -> Optional[str]:
        return self.text(name) if self._get(name) is not None else None

    def optional_count(self, name: str) -> Optional[int]:
        return self.count(name) if self._get(name) is not None else None

    def optional_number(self, name: str) -> Optional[float]:
        return self.number(name) if self._get(name) is not None else None

    def counts(self, name: str) -> dict[str, int]:
        """An object whose members are counts, the largest first; its keys are any text."""
        inner = self.inner(name)
        counts = {key: inner.count(key) for key in inner.values}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def optional_counts(self, name: str) -> Optional[dict[str, int]]:
        return self.counts(name) if self._get(name) is not None else None

    def inner(self, name: str) -> Fields:
        value = self._get(name)
        if isinstance(value, dict):
            return Fields(f"{self.where}: {name}", value)
        return self._refuse(name, "an object")

    def inners(self, name: str) -> list[Fields]:
        value = self._get(name)
        if not isinstance(value, list):
            return self._refuse(name, "a list of objects")
        items = []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                return self._refuse(f"{name}[{index}]", "an object")
            items.append(Fields(f"{self.where}: {name}[{index}]", item))
        return items

    def _get(self, name: str) -> Json:
        if name not in self.values:
            raise DamagedResults(f"{self.where}: has no {name!r}")
        return self.values[name]

    def _refuse(self, name: str, wanted: str) -> NoReturn:
        raise DamagedResults(f"{self.where}: {name!r} is not {wanted}")
