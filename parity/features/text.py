"""Facts of a JSON text, or of a text that was meant to be one."""

from __future__ import annotations

import json
import re

from . import scalars

TOKEN = re.compile(
    r"""(?P<blank>[ \t\n\r]+)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
    |(?P<open>[\[{])|(?P<close>[\]}])|(?P<mark>[,:])
    |(?P<word>-?[A-Za-z]+)
    |(?P<stray>.)""",
    re.DOTALL | re.VERBOSE,
)
"""JSON's tokens; `stray` is whatever begins none."""

_ESCAPE = re.compile(r"\\.", re.DOTALL)
_PAIR = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def is_json(text: str) -> bool:
    """Whether Python reads it, its limits of nesting and of digits aside."""
    try:
        json.loads(text, parse_int=len)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def text_facts(text: str) -> set[str]:
    facts: set[str] = set()
    if not is_json(text):
        facts.add("not JSON")
    depth = deepest = widest = 0
    keys: list[list[str]] = []  # of the objects that are open; lists have an empty list
    counts: list[int] = []
    pending: str | None = None  # a string that may yet turn out to be a key
    for token in TOKEN.finditer(text):
        kind, written = token.lastgroup, token.group()
        if kind == "blank":
            facts.add("blank between tokens")
            continue
        if pending is not None and written != ":":
            scalars.string_facts(pending, facts)
        if kind == "mark":
            if written == ":" and pending is not None and keys:
                keys[-1].append(pending)
            elif written == "," and counts:
                counts[-1] += 1
            pending = None
            continue
        pending = None
        if kind == "string":
            pending = _string(written, facts)
        elif kind == "number":
            _number(written, facts)
        elif kind == "word":
            _word(written, facts)
        elif kind == "open":
            facts.add("list" if written == "[" else "object")
            depth += 1
            deepest = max(deepest, depth)
            keys.append([])
            counts.append(1)
            if text[token.end() : token.end() + 1] in ("]", "}"):
                facts.add("empty list" if written == "[" else "empty object")
        elif kind == "close" and keys:
            depth -= 1
            widest = max(widest, counts.pop())
            _object(keys.pop(), facts)
    if pending is not None:
        scalars.string_facts(pending, facts)
    scalars.shape_facts(deepest, widest, facts)
    return facts


def _object(keys: list[str], facts: set[str]) -> None:
    distinct = list(dict.fromkeys(keys))
    if len(distinct) < len(keys):
        facts.add("repeated key")
    scalars.keys_facts(distinct, facts)


def _string(literal: str, facts: set[str]) -> str:
    """The text of a literal."""
    if "\\" not in literal:
        return literal[1:-1]
    escapes = {unit[1] for unit in _ESCAPE.findall(literal)}
    if "u" in escapes:
        facts.add("escape \\u")
        if _PAIR.search(literal):
            facts.add("escaped surrogate pair")
    if escapes - {"u"}:
        facts.add("short escape")
    try:
        text: str = json.loads(literal, strict=False)
    except ValueError:
        return literal[1:-1]
    return text


def _number(written: str, facts: set[str]) -> None:
    if not written.lstrip("-").isdigit():
        if "e" in written or "E" in written:
            facts.add("exponent spelled")
        number = float(written)
        scalars.float_facts(number, facts)
        if float.__repr__(number) != written:
            facts.add("odd spelling of a float")
    elif written == "-0":
        facts.add("-0")
    elif len(written) > 600:
        facts.update(
            ("int other than 0", "int beyond 2**53", "int beyond 64 bits", "int beyond double range")
        )
        if written.startswith("-"):
            facts.add("negative number")
        if len(written.lstrip("-")) > 640:
            facts.add("int of over 640 digits")
    else:
        scalars.int_facts(int(written), facts)


def _word(written: str, facts: set[str]) -> None:
    if written == "null":
        facts.add("null")
    elif written in ("true", "false"):
        facts.add("true or false")
    elif written == "NaN":
        facts.update(("float", "NaN"))
    elif written.lstrip("-") == "Infinity":
        facts.update(("float", "Infinity"))
