"""Where an entry applies: versions of Python, platforms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from driftgate.base.exit_codes import Unfit


class LedgerError(Unfit, ValueError):
    """The ledger is not right; the message names the entry and what to do."""


@dataclass(frozen=True)
class Conditions:
    """Where an entry applies: `python` as `>=3.11,<3.13`, `platform` a pattern of `sys.platform`."""

    python: str = ""
    platform: str = ""

    def hold(self, version: tuple[int, int], system: str) -> bool:
        return version_fits(self.python, version) and (
            not self.platform or fnmatchcase(system, self.platform)
        )


ANYWHERE = Conditions()


def version_fits(wanted: str, version: tuple[int, int], where: str = "conditions") -> bool:
    """Whether a version meets all of `>=3.9,<3.13` and the like."""
    for part in filter(None, wanted.split(",")):
        found = re.fullmatch(r"\s*(>=|<|==|!=)\s*(\d+)\.(\d+)\s*", part)
        if found is None:
            raise LedgerError(f"{where}: python must be like '>=3.9,<3.13', not {wanted!r}")
        bound = int(found.group(2)), int(found.group(3))
        if not {">=": version >= bound, "<": version < bound, "==": version == bound, "!=": version != bound}[
            found.group(1)
        ]:
            return False
    return True
