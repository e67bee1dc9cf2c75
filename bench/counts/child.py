"""A process that calls one operation a number of times and nothing else, to be counted.

    python -m bench.counts.child native normalize_json rows-4k 100

It says that it got to its end: a count of a process that ended before says nothing.
"""

from __future__ import annotations

import gc
import sys

from driftgate.base.streams import keep_stdout
from parity.subjects import load

from ..pairs.inputs import named
from . import DONE


def main(subject: str, operation: str, payload: str, times: int) -> None:
    function = load(subject).functions[operation]
    arguments = named(operation, payload).make()
    gc.collect()
    gc.disable()
    for _ in range(times):
        function(*arguments)


if __name__ == "__main__":
    own = keep_stdout()
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    print(DONE, file=own, flush=True)
