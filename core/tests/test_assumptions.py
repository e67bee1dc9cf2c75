"""What the core assumes of the interpreter: each row holds here, and where it does not the reference answers.

A flip patches the standard library before the import, so that the interpreter really does otherwise and the
core, left to itself, would drift.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import random
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .span_arguments import export_arguments

NAMES = [
    "whitespace",
    "numbers",
    "constants",
    "strings",
    "repeated keys",
    "digit limit",
    "escapes",
    "floats",
    "key order",
    "refusals",
    "base64",
    "base64 padding",
    "ignored bytes",
    "nan",
    "doubles",
    "types",
]

CALL = """
import json, sys
import driftcore_native as native
from driftcore import reference

def told(module, name, arguments):
    try:
        return ascii(getattr(module, name)(*arguments))
    except Exception as error:
        return f"{type(error).__name__}: {error}"

before = native.punts()
calls = [(name, eval(arguments)) for name, arguments in eval(sys.argv[1])]
outcomes = [(told(native, *call), told(reference, *call)) for call in calls]
print(json.dumps([outcomes, native.assumptions(), native.punts()]))
"""


@dataclass(frozen=True)
class Run:
    """Calls in a process of their own: outcomes of native and reference, what is assumed, punts."""

    outcomes: list[tuple[str, str]]
    assumptions: dict[str, dict[str, Any]]
    punts: dict[str, int]

    @property
    def doubted(self) -> set[str]:
        return {name for name, row in self.assumptions.items() if not row["holds"]}


def run(patch: str, calls: list[tuple[str, str]]) -> Run:
    """Make calls (function, arguments as source) after a patch."""
    code = "real_print = print\n" + textwrap.dedent(patch) + CALL.replace("json.dumps", "real_dumps")
    code = "import json\nreal_dumps, real_loads = json.dumps, json.loads\n" + code
    done = subprocess.run(
        [sys.executable, "-c", code, repr(calls)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    outcomes, assumptions, punts = json.loads(done.stdout)
    return Run([(ours, theirs) for ours, theirs in outcomes], assumptions, punts)


LOADS = """
def loads(text, **more):
    {}
json.loads = loads
"""
DUMPS = """
def dumps(value, **more):
    {}
json.dumps = dumps
"""
MERGED = "process_export_payload"
OBJECT = "process_export_payload_pyobject"


WRITERS = ["normalize_json", "deterministic_hash", "normalize_and_hash"]
READERS = [*WRITERS, "object_to_protobuf_struct_bytes", "object_to_protobuf_struct_field_count"]


def texts(*given: str, by: list[str] = READERS) -> list[tuple[str, str]]:
    """The operations over JSON text that are concerned, on each of some."""
    calls = [(name, repr((text,))) for text in given for name in by]
    return calls + [(MERGED, repr((text, None))) for text in given]


def decoded(text: str, **merge: int) -> tuple[str, str]:
    """A text as a member that is decoded."""
    return MERGED, repr((json.dumps({"k": text}), json.dumps({"k": merge})))


@dataclass(frozen=True)
class Flip:
    """A row that does not hold: how that comes, and calls of which at least one would drift."""

    name: str
    patch: str
    calls: list[tuple[str, str]]


FLIPS = [
    Flip(
        "whitespace",
        LOADS.format('return real_loads(text.replace("\\r", "?"), **more)'),
        [*texts("[1,\r2]", "[1]"), ("export_span", repr(tuple(export_arguments(input_json="[\r]"))))],
    ),
    Flip(
        "numbers",
        LOADS.format(
            'return real_loads(text, parse_int=lambda digits: int(digits) if digits != "-0" else 7)'
        ),
        texts("[-0]", '{"a":[-0,1]}'),
    ),
    Flip(
        "constants",
        LOADS.format(
            "return real_loads(text, parse_constant=lambda name: name if name[-1] == 'y' else float(name))"
        ),
        texts('{"a":-Infinity}', "[1]"),
    ),
    Flip(
        "strings",
        LOADS.format('return real_loads(text.replace("\\\\u20AC", "EUR"))'),
        texts(r'{"a":"\u20AC"}', r'["\n"]'),
    ),
    Flip(
        "repeated keys",
        LOADS.format("return real_loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))"),
        texts('{"a":1,"b":2,"a":3}'),
    ),
    Flip(
        "digit limit",
        "import sys\nsys.get_int_max_str_digits = lambda: 0",
        [("normalize_json", repr(("[" + "1" * 5000 + "]",))), decoded("1" * 5000, decoded_type=1)],
    ),
    Flip(
        "escapes",
        DUMPS.format('return real_dumps(value, **more).replace("\\x7f", "\\\\u007f")'),
        texts('["\x7f"]', '{"a":1}', by=WRITERS),
    ),
    Flip(
        "floats",
        DUMPS.format('return real_dumps(value, **more).replace("e+16", "E16")'),
        [*texts("[1e16]", "[0.5]", by=WRITERS), (OBJECT, "({'a': 1e16}, None)")],
    ),
    Flip(
        "key order",
        DUMPS.format(
            "if more.pop('sort_keys', False): "
            "value = dict(sorted(value.items(), key=lambda pair: pair[0].encode('utf-16-be')))\n"
            "    return real_dumps(value, **more)"
        ),
        [
            ("deterministic_hash", repr(('{"\uffff":1,"\U0001f600":2}',))),
            (OBJECT, repr(({"\uffff": 1, "\U0001f600": 2}, None))),
        ],
    ),
    Flip(
        "refusals",
        LOADS.format('return real_loads(text.replace(",]", "]"))'),
        [decoded("[1,]", decoded_type=1), (OBJECT, "({'k': '[1,]'}, {'k': {'decoded_type': 1}})")],
    ),
    Flip(
        "base64",
        "import base64\nreal = base64.b64decode\n"
        "base64.b64decode = lambda data: real(data.replace(b' ', b'A'))",
        [decoded("Y W J j", encoding=1), (OBJECT, "({'k': 'Y W J j'}, {'k': {'encoding': 1}})")],
    ),
    Flip(
        "ignored bytes",
        """
        import base64
        real = base64.b64decode
        class Replacing(bytes):
            def decode(self, *given, **more):
                return bytes.decode(self, "utf-8", "replace")
        base64.b64decode = lambda data: Replacing(real(data))
        """,
        [decoded(base64.b64encode(b"a\xffb").decode(), encoding=1)],
    ),
    Flip(
        "nan",
        LOADS.format(
            "flip = lambda name: float(name) if name[-1] == 'y' else -float(name)\n"
            "    return real_loads(text, parse_constant=flip)"
        ),
        [("object_to_protobuf_struct_bytes", repr(('{"a":NaN}',))), (OBJECT, "({'a': float('nan')}, None)")],
    ),
    Flip(
        "doubles",
        """
        import struct
        class Quiet(struct.Struct):
            def pack(self, *values):
                return super().pack(*(float("nan") if value != value else value for value in values))
        struct.Struct = Quiet
        """,
        [
            (
                "build_span_proto_bytes_pyobject",
                "('',) * 7 + (0, None, 0, {}, {}) + ('',) * 4 + (0, '', False, False, 0, 0, 0, 0)"
                " + ({'a': -float('nan')}, None, None, None, None)",
            )
        ],
    ),
    Flip(
        "types",
        "import collections.abc\ncollections.abc.Mapping.register(list)",
        [(OBJECT, "([1], None)"), (OBJECT, "({'a': [1]}, None)")],
    ),
]


def test_every_assumption_holds_here(native: ModuleType) -> None:
    rows = native.assumptions()
    assert list(rows) == NAMES
    assert {name for name, row in rows.items() if not row["holds"]} == set()
    for row in rows.values():
        assert list(row) == ["holds", "assumed", "otherwise", "punts"]
        assert row["assumed"]
        assert row["otherwise"].endswith("the reference")


def test_the_documentation_has_the_table(native: ModuleType) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "compatibility.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]
    told = {cells[0]: cells[1:] for cells in lines if len(cells) == 3 and cells[0] in NAMES}
    assert list(told) == NAMES
    for name, row in native.assumptions().items():
        assert row["assumed"] in told[name][0]
        assert row["otherwise"] == told[name][1]


def test_an_interpreter_as_it_is_causes_no_such_punt() -> None:
    done = run("", [call for flip in FLIPS for call in flip.calls])
    assert done.doubted == set()
    assert done.punts["assumption"] == 0
    assert all(ours == theirs for ours, theirs in done.outcomes)


@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.name)
def test_where_an_assumption_does_not_hold_the_reference_answers(flip: Flip) -> None:
    if flip.name == "digit limit" and not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    left_alone, flipped = run("", flip.calls), run(flip.patch, flip.calls)
    assert flipped.doubted == {flip.name}
    assert [ours for ours, _ in flipped.outcomes] == [theirs for _, theirs in flipped.outcomes]
    assert flipped.punts["assumption"] == len(flip.calls)
    assert flipped.assumptions[flip.name]["punts"] == len(flip.calls)
    if flip.name != "digit limit":  # there the function lies, the interpreter is as it was
        assert left_alone.outcomes != flipped.outcomes, "the flip changes nothing"


def test_a_call_is_counted_for_an_assumption_that_it_makes_use_of() -> None:
    both = [flip for flip in FLIPS if flip.name in ("whitespace", "doubles")]
    done = run("".join(textwrap.dedent(flip.patch) for flip in both), both[1].calls)
    assert done.doubted == {"whitespace", "doubles"}
    assert (done.assumptions["whitespace"]["punts"], done.assumptions["doubles"]["punts"]) == (0, 1)


def test_no_assumption_is_without_a_flip() -> None:
    assert {flip.name for flip in FLIPS} | {"base64 padding"} == set(NAMES)


# ---- base64 behind a completed padding --------------------------------------------------------

OLD = """
import base64, binascii, re
def b64decode(data):
    out, bits, place, pads = bytearray(), 0, 0, 0
    for byte in data:
        if byte == 61:
            pads += place >= 2
            if place >= 2 and place + pads >= 4 and {ends}:
                return bytes(out)
            continue
        six = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".find(byte)
        if six < 0:
            continue
        if place >= 2 and place + pads >= 4 and {refuses}:
            raise binascii.Error("Excess data after padding")
        pads = 0
        bits = bits << 6 | six
        place = (place + 1) % 4
        if place != 1:
            out.append(bits >> (0 if place == 0 else 8 - 2 * place) & 255)
    if place == 1 or (place and place + pads < 4):
        raise binascii.Error("Incorrect padding")
    return bytes(out)
base64.b64decode = b64decode
"""
ENDS = OLD.format(ends=True, refuses=False)
SKIPS = OLD.format(ends=False, refuses=False)
REFUSES = OLD.format(ends=False, refuses=True)


def paddings() -> list[str]:
    """Arrangements of pads, blanks and alphabet: those of the issue, all of five places, longer ones."""
    chosen = ["YQ==YWJj", "YQ==Y", "Y=W=J=j", "YWI=YWI=", "BA==c", "YQ==YQ==", "YWJjYQ==YWJj"]
    source = random.Random(145264)
    chosen += ["".join(characters) for characters in itertools.product("Y= ", repeat=5)]
    chosen += ["".join(source.choices("YWJj=\n", k=source.randrange(6, 14))) for _ in range(400)]
    return chosen


def outcome(text: str) -> Any:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return None


def test_base64_as_this_interpreter_has_it(native: ModuleType, reference: ModuleType) -> None:
    before = native.punts()
    for text in paddings():
        _, arguments = decoded(text, encoding=1)
        given = eval(arguments)
        assert native.process_export_payload(*given) == reference.process_export_payload(*given), text
    assert native.punts() == before


@pytest.mark.parametrize(("patch", "assumed"), [(ENDS, "is ignored"), (SKIPS, "decoding goes on")])
def test_both_known_readings_of_padding_are_followed_without_a_punt(patch: str, assumed: str) -> None:
    done = run(patch, [decoded(text, encoding=1) for text in paddings()])
    assert done.doubted == set()
    assert assumed in done.assumptions["base64 padding"]["assumed"]
    assert done.punts["assumption"] == 0
    for text, (ours, theirs) in zip(paddings(), done.outcomes):
        assert ours == theirs, text


def test_an_unknown_reading_of_padding_punts_where_characters_stand_behind_it_alone() -> None:
    plain = ["YWJj", "YQ==", "YWI=", "YQ===", "YQ==\n", "Y", "=YQ==", "Y=Q=", "YWJj=YWJj"]
    behind = ["YQ==Y", "YQ==YWJj", "Y=W=J=j", "YWI=YWI=", "BA==c"]
    done = run(REFUSES, [decoded(text, encoding=1) for text in plain + behind])
    assert done.doubted == {"base64 padding"}
    assert all(ours == theirs for ours, theirs in done.outcomes)
    assert done.punts["assumption"] == done.assumptions["base64 padding"]["punts"] == len(behind)


def test_the_readings_differ(native: ModuleType) -> None:
    calls = [decoded("YQ==YQ==", encoding=1)]
    ends, skips, refuses = (run(patch, calls).outcomes for patch in (ENDS, SKIPS, REFUSES))
    assert ends != skips
    assert skips != refuses
