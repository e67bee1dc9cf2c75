"""The result file of mutation, a line for each mutant as its fate is known: hours of work can be resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Optional

from driftgate.base.checkout import commit_of
from driftgate.base.decode import decode
from driftgate.base.exit_codes import UsageError
from driftgate.base.result_file import FINISHED, DamagedResults, Format, ResultFile
from reports.provenance import ROOT

from ..plan import Plan
from .mutants import Mutant
from .score import Fate, Score

FORMAT = Format("driftcore-mutation", 3)

MUTANT = "mutant"


class Record:
    """Fates as they are written, behind the `kept` ones of a run that was cut off where that is resumed."""

    def __init__(self, path: Path, equivalents: Mapping[tuple[str, ...], str], resume: bool = False) -> None:
        self._path, self._equivalents = path, equivalents
        self._file = ResultFile(path, FORMAT, resumable=True, resume=resume)
        self.kept: list[Fate] = []

    def __enter__(self) -> Record:
        self._file.__enter__()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def begin(self, plan: Plan, cases: int, chosen: Sequence[Mutant], whole: bool) -> None:
        """Write the header, or hold it against that of the run that is resumed; `UsageError` if they differ.

        `cases` is how many the gate has, `whole` whether all mutants are chosen.
        """
        commit = commit_of(ROOT)
        header = {
            "commit": commit.id if commit else None,
            "changed_files": commit.changed_files if commit else None,
            "plan": plan.fields(),
            "cases": cases,
            "all_mutants": whole,
            "chosen": _digest(chosen),
        }
        other = self._file.begin(header)
        if other:
            raise UsageError(f"{self._path}: the run that was cut off had other {', '.join(other)}")
        by_number = {mutant.number: mutant for mutant in chosen}
        try:
            self.kept = [
                Fate(
                    by_number[decode(int, event.get("number"), "number")],
                    decode(str, event.get("end"), "end"),
                    decode(str, event.get("case"), "case"),
                    decode(int, event.get("cases"), "cases"),
                    decode(float, event.get("seconds"), "seconds"),
                )
                for event in self._file.kept[1:]
            ]
        except (KeyError, ValueError) as error:
            raise DamagedResults(f"{self._path}.part: holds no such mutant: {error}") from error

    def add(self, fate: Fate) -> None:
        mutant = fate.mutant
        self._file.write(
            MUTANT,
            {
                "number": mutant.number,
                "file": mutant.file,
                "line": mutant.line,
                "function": mutant.function,
                "kind": mutant.kind,
                "before": mutant.old_lines,
                "after": mutant.new_lines,
                "end": fate.how,
                "case": fate.case,
                "cases": fate.cases,
                "seconds": round(fate.seconds, 4),
                "equivalent": self._equivalents.get(mutant.key),
            },
        )

    def finish(self, score: Score) -> None:
        self._file.write(
            FINISHED,
            {
                "mutants": len(score.fates),
                "caught": score.caught,
                "equivalent": score.explained,
                "survived": len(score.survivors),
                "share": score.share,
                "share_of_comparison": score.share_of_comparison,
                "ends": score.by_end(),
                "seconds_to_catch_half": score.quantile(0.5),
                "seconds_to_catch_95_percent": score.quantile(0.95),
            },
        )


def _digest(chosen: Sequence[Mutant]) -> str:
    """Of the mutants by number: those of another tree are others."""
    text = "\n".join(" ¦ ".join((str(mutant.number), *mutant.key)) for mutant in chosen)
    return hashlib.sha256(text.encode()).hexdigest()
