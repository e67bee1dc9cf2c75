"""A process that calls one operation a number of times and nothing else, to be counted.

python -m bench.counts.child native normalize_json rows-4k 100
"""

from __future__ import annotations

import gc
import sys

from parity.subjects import load

from ..pairs.inputs import named


def main(subject: str, operation: str, payload: str, times: int) -> None:
    function = load(subject).functions[operation]
    arguments = named(operation, payload).make()
    gc.collect()
    gc.disable()
    for _ in range(times):
        function(*arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
