"""A process that imports one module, or `nothing`.

python -m bench.scenarios.import_cost driftcore_native
"""

from __future__ import annotations

import importlib
import sys

from driftgate.base.streams import keep_stdout


def main(name: str) -> None:
    own = keep_stdout()
    ran = 0
    if name != "nothing":
        module = importlib.import_module(name)
        ran = int(module.normalize_json("{}") == "{}")
    print(f'{{"steps": 1, "core": {ran}, "sha256": null}}', file=own)


if __name__ == "__main__":
    main(sys.argv[1])
