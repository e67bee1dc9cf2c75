"""The process in which Atheris, libFuzzer for Python, puts bytes to the target `differential`.

    python -m core.fuzz.under_atheris CORPUS… -max_total_time=60

`targets` starts it, with the extension built for libFuzzer on the path and Atheris's
AddressSanitizer preloaded.  All options are libFuzzer's.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["driftcore.reference"]):
    import driftcore.reference  # noqa: F401

from . import differential


class Disagreement(Exception):
    """Native and reference answer differently; libFuzzer keeps the bytes of an uncaught exception."""


def main() -> None:
    subjects = differential.pair()

    def put(data: bytes) -> None:
        found = differential.disagreement(differential.case_of(data), subjects)
        if found is not None:
            raise Disagreement(found)

    # Merging starts processes of its own by handing this to a shell.
    again = f"{sys.executable} -m core.fuzz.under_atheris"
    atheris.Setup([again, *sys.argv[1:]], put)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
