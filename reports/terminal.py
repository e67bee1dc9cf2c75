"""What is said on standard output, plain where that is no terminal."""

from __future__ import annotations

import os
from typing import Protocol

from .reasons import Judgement, Verdict

_COLOURS = {Verdict.GO: 32, Verdict.NO_GO: 31, Verdict.INCONCLUSIVE: 33, Verdict.UNFIT: 35}


class Stream(Protocol):
    def isatty(self) -> bool: ...


def emphasised(judgement: Judgement, stream: Stream) -> str:
    """The sentence, its verdict bold and coloured where the stream is a terminal."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return judgement.sentence
    name = judgement.verdict.value
    return f"\x1b[1;{_COLOURS[judgement.verdict]}m{name}\x1b[0m{judgement.sentence[len(name) :]}"
