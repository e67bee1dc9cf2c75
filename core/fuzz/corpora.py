"""Corpora as text: one input a line, as hex digits, sorted, so that a diff shows what is new.

`core/fuzz/corpus/TARGET.hex` is what libFuzzer found to reach code of its own, distilled;
inputs that once made a target fail stay in `core/fuzz/corpus/TARGET.found.hex`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from driftgate.base.exit_codes import Unfit
from driftgate.base.files import write_whole

from . import differential

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = Path(__file__).with_name("corpus")
MOST_BYTES = 512
"""Longer inputs are not committed."""
SEEDS = 2000
"""How many cases of the generator the target `differential` starts from."""


def load(file: Path) -> list[bytes]:
    """The inputs of a corpus file, none if it is not there; raises `Unfit` for one that is damaged."""
    if not file.exists():
        return []
    try:
        return [bytes.fromhex(line) for line in file.read_text(encoding="ascii").splitlines()]
    except ValueError as error:
        raise Unfit(f"{file}: is no corpus, which has an input a line as hex digits: {error}") from error


def save(file: Path, inputs: Iterable[bytes]) -> None:
    """Write a corpus file whole."""
    lines = sorted({one.hex() for one in inputs}, key=lambda line: (len(line), line))
    write_whole(file, "".join(f"{line}\n" for line in lines))


def files_of(target: str) -> list[Path]:
    """A target's corpus files."""
    return [CORPUS / f"{target}.hex", CORPUS / f"{target}.found.hex"]


def unpack(target: str, folder: Path) -> None:
    """All that is known to be worth starting from, as one file an input, the way libFuzzer wants it."""
    folder.mkdir(parents=True, exist_ok=True)
    known = [one for file in files_of(target) for one in load(file)]
    for one in (*known, *seeds(target)):
        (folder / hashlib.sha1(one).hexdigest()).write_bytes(one)


def seeds(target: str) -> Iterator[bytes]:
    """Inputs to start from, made of the golden vectors or by the generator."""
    if target in ("reader", "writer"):
        yield from _golden_texts()
    elif target == "export":
        for text in _golden_texts():
            yield b"\x00\x00" + text
            for merges in (b'{"k":{"encoding":1,"decoded_type":1}}', b'{"a":{"match_importance":0.5}}'):
                yield len(merges).to_bytes(2, "big") + merges + text
    elif target == "base64":
        yield from (b"YWJj", b"YQ==", b"YWI=", b"=YQ==", b"Y=Q==YWJj", b"W3siYSI6MX1d", b"A===", b"")
    elif target == "verify":
        for span in _golden_spans():
            yield span
    elif target == "request":
        for span in _golden_spans():
            yield bytes(8) + b"\x01\x01" + len(span).to_bytes(2, "big") + span
        yield bytes(8) + b"\x01\x00" + bytes(40)
    elif target == differential.NAME:
        yield from map(differential.seed, range(SEEDS))
    elif target == "number":
        yield from (bytes([byte]) * size for byte in (0, 1, 7, 65, 127, 200, 255) for size in (1, 9, 30, 120))


def _golden(file: str) -> Iterator[dict[str, object]]:
    lines = (ROOT / "fixtures" / "golden" / file).read_text(encoding="ascii").splitlines()
    for line in lines[1:]:
        vector: dict[str, object] = json.loads(line)
        yield vector


def _golden_texts() -> Iterator[bytes]:
    for vector in _golden("text.jsonl"):
        arguments = vector["arguments"]
        assert isinstance(arguments, list)
        if isinstance(arguments[0], str) and len(arguments[0]) <= MOST_BYTES:
            yield arguments[0].encode("utf-8", "replace")


def _golden_spans() -> Iterator[bytes]:
    for vector in _golden("spans.jsonl"):
        value = vector.get("value")
        if isinstance(value, dict):
            span = base64.b64decode(value["bytes"])
            if len(span) <= MOST_BYTES:
                yield span
