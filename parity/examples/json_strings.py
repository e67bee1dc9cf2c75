"""A pair of one's own: how the standard library writes and reads JSON strings, in Python and in C.

python -m parity.examples.json_strings
"""

from __future__ import annotations

import _json
import sys
from collections.abc import Iterator
from json import decoder, encoder

from parity.gate import Case, Gated, Operation, Takes, case, gate, subject
from parity.generate.source import SeededSource
from parity.generate.strings import hostile_string, hostile_text

ENCODE = Operation("encode_ascii", Takes.TEXT, ("text",))
ESCAPE = Operation("encode", Takes.TEXT, ("text",))
SCAN = Operation("scan", Takes.TEXT, ("literal", "end"), ("text", "stop"))
OPERATIONS = (ENCODE, ESCAPE, SCAN)
NAMES = [operation.name for operation in OPERATIONS]

in_python = (encoder.py_encode_basestring_ascii, encoder.py_encode_basestring, decoder.py_scanstring)  # type: ignore[attr-defined]
in_c = (_json.encode_basestring_ascii, _json.encode_basestring, _json.scanstring)
PYTHON, C = subject("Python", dict(zip(NAMES, in_python))), subject("C", dict(zip(NAMES, in_c)))


def cases(count: int) -> Iterator[Case]:
    for number in range(count):
        text, literal = (
            hostile_text(SeededSource("text", number)),
            hostile_string(SeededSource("json", number)),
        )
        broken = literal[: len(literal) - number % 3]
        yield case(ENCODE, number, text)
        yield case(ESCAPE, number, text)
        yield case(SCAN, number, broken, 1)


def main(count: int = 20_000) -> int:
    done: Gated = gate(cases(count), PYTHON, C)
    print(f"{done.differing} of {3 * count} cases differ: {done.counts}", *done.shown, sep="\n\n")
    return done.code(OPERATIONS)


if __name__ == "__main__":
    sys.exit(main())
