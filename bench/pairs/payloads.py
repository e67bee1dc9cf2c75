"""The payload shapes that are timed, each with a name and the same bytes on every machine.

A ladder is one kind of payload in rising sizes: it shows how cost grows.
"""

from __future__ import annotations

import base64
import json
import random
from dataclasses import dataclass
from functools import cache
from typing import Any, Optional, Union

Merges = dict[str, dict[str, Union[int, float]]]


@dataclass(frozen=True)
class Shape:
    """A payload with a name; `merges` belong to the operations that take some."""

    name: str
    what: str
    text: str
    merges: Optional[Merges] = None

    @property
    def size(self) -> int:
        return len(self.text.encode("utf-8"))


@cache
def shapes() -> dict[str, Shape]:
    """Every shape by name, the smallest first."""
    return {shape.name: shape for shape in _shapes()}


LADDER = tuple(32 * 4**step for step in range(6))
"""Sizes in bytes, from the smallest object that holds anything to 32 KiB."""


def ladder(kind: str, size: int) -> Shape:
    """A rung: about `size` bytes of one of `LADDER_KINDS`, named `kind@size`."""
    return Shape(f"{kind}@{size}", f"{kind}, about {size} bytes", LADDER_KINDS[kind](size))


def compact(value: Any) -> str:
    """JSON without spaces, non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _shapes() -> list[Shape]:
    return [
        Shape("empty", "an empty object", "{}"),
        Shape("one-member", "an object with one number", '{"a":1}'),
        Shape("http-0.4k", "an HTTP request with headers and a JSON body", _http_request()),
        Shape("rows-4k", "objects of ten mixed fields", _rows(4_000)),
        Shape("merges-8k", "a base64 body that holds JSON, a JSON text, weighted headers", *_merged()),
        Shape("non-ascii-16k", "text in many scripts", _non_ascii(16_000)),
        Shape("numbers-20k", "floats of up to 17 digits and ints", _numbers(20_000)),
        Shape("text-64k", "one long text with line ends and quotes", _one_text(64_000)),
        Shape("rows-92k", "objects of ten mixed fields", _rows(92_000)),
        Shape("image-256k", "an image in base64", _image(256_000)),
    ]


def _http_request() -> str:
    return compact(
        {
            "method": "POST",
            "url": "/api/v1/orders?currency=EUR",
            "headers": {
                "host": "shop.example",
                "accept": "application/json",
                "content-type": "application/json",
                "user-agent": "python-requests/2.32",
                "x-request-id": "5b1f7c1e-2a90-4c0c-9a53-0d4f6f0c9a10",
            },
            "body": {
                "customer": 4711,
                "lines": [
                    {"sku": "A-100", "amount": 2, "price": 19.9},
                    {"sku": "B-7", "amount": 1, "price": 4.25},
                ],
                "express": False,
                "voucher": None,
            },
        }
    )


def _rows(size: int) -> str:
    source = random.Random("rows")
    rows: list[dict[str, Any]] = []
    length = len('{"rows":[]}')
    while length < size:
        number = len(rows) + 1
        row = {
            "id": 100_000 + number,
            "sku": f"A-{source.randrange(100_000):05}",
            "name": f'Garden chair "No. {number}"',
            "price": round(source.uniform(1, 500), 2),
            "rating": source.random() * 5,
            "in_stock": source.random() < 0.7,
            "discount": None,
            "tags": source.sample(["garden", "wood", "steel", "sale", "new"], 2),
            "created": f"2026-01-{1 + number % 28:02}T08:{number % 60:02}:00Z",
            "size": {"w": source.randrange(200), "h": source.randrange(200)},
        }
        rows.append(row)
        length += len(compact(row)) + 1
    return compact({"rows": rows})


def _merged() -> tuple[str, Merges]:
    body = base64.b64encode(_rows(4_000).encode()).decode()
    payload = {"headers": {"content-type": "application/json"}, "body": body, "arguments": _rows(2_500)}
    merges: Merges = {
        "headers": {"match_importance": 0.5},
        "body": {"encoding": 1, "decoded_type": 1},
        "arguments": {"decoded_type": 1},
    }
    return compact(payload), merges


def _non_ascii(size: int) -> str:
    sentences = (
        "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
        "Съешь же ещё этих мягких французских булок, да выпей чаю.",
        "いろはにほへと ちりぬるを わかよたれそ つねならむ",
        "Order received 🎉 — thank you! ✓ 12 € paid",
        "العربية والعبرية עברית 中文字符 한국어",
    )
    places: dict[str, str] = {}
    length = 0
    while length < size:
        key, text = f"отзыв {len(places)}", sentences[len(places) % len(sentences)]
        places[key] = text
        length += len(compact({key: text}).encode()) - 1
    return compact(places)


def _numbers(size: int) -> str:
    source = random.Random("numbers")
    values: list[Union[int, float]] = []
    length = len('{"values":[]}')
    while length < size:
        four = (
            source.uniform(-180, 180),
            round(source.uniform(0, 1000), 2),
            source.randrange(1_000),
            source.randrange(2**62),
        )
        values += four
        length += sum(len(repr(value)) + 1 for value in four)
    return compact({"values": values})


def _one_text(size: int) -> str:
    line = 'All work and no play makes Jack a dull boy.\n\tHe said "so"; then we left. '
    return compact({"text": line * (size // len(compact(line)))})


def _image(size: int) -> str:
    pixels = random.Random("image").randbytes(size // 4 * 3)
    return compact({"contentType": "image/png", "body": base64.b64encode(pixels).decode()})


def _records(size: int) -> str:
    count = max(1, (size - len('{"r":[]}')) // len('{"i":10,"t":"ab","p":1.5},'))
    return compact({"r": [{"i": 10 + at % 90, "t": "ab", "p": at % 8 + 0.5} for at in range(count)]})


def _keys(size: int) -> str:
    """One object with as many keys as fit, in an order that is not theirs."""
    count = max(1, size // len('"k00000":100,'))
    return compact({f"k{at * 7_919 % 100_000:05}": 100 + at % 900 for at in range(count)})


def _letters(size: int) -> str:
    return compact({"t": ("plain text, no escapes; " * (size // 24 + 1))[: max(1, size - len('{"t":""}'))]})


LADDER_KINDS = {"records": _records, "keys": _keys, "text": _letters}
