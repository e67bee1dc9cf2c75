"""The pieces of a Markdown page, safe with any text.

What comes from a result file may hold pipes, backticks, markup, control and bidi
characters, lone surrogates or a megabyte of anything.  It is shown as code, with every
character that would not be seen as itself written as an escape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from parity.show import shortened

LINE_LIMIT = 1000
"""How many characters of a line in a block are shown; its middle is left out where it has more."""


def visible(text: str) -> str:
    """A text in which every character can be seen.

    Control, format and bidi characters, blanks other than the space, lone surrogates and
    combining marks (a letter and its composed twin look the same) become escapes.
    """
    return "".join(char if _is_plain(char) else _escape(char) for char in text)


def prose(text: str, limit: int = 300) -> str:
    """A text as part of a sentence or a table cell, with nothing in it taken for markup."""
    shown = re.sub(r"([\\`*{}\[\]<>|&~$])", r"\\\1", visible(shortened(text, limit)))
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", shown)  # inside a word it is no markup


def code(text: str) -> str:
    """A text as a code span, also inside a table cell.

    Its fence is longer than any run of backticks in it.  A pipe becomes an escape: columns are
    split before code spans are found, and a backslash before it fails where another precedes.
    """
    shown = visible(shortened(text)).replace("|", "\\x7c")
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if not shown.strip(" ") or shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(lines: Iterable[str], indent: str = "") -> str:
    """Lines of any text as a fenced block."""
    shown = [visible(shortened(line, LINE_LIMIT)) for line in lines]
    fence = "`" * max(3, _longest_run("\n".join(shown)) + 1)
    return "\n".join(f"{indent}{line}".rstrip() for line in (f"{fence}text", *shown, fence))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A table of ready cells; its first `left` columns are aligned left, the others right."""
    rule = [":--" if at < left else "--:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def items(texts: Iterable[str]) -> str:
    """A list of ready texts."""
    return "\n".join(f"- {text}" for text in texts)


def _is_plain(char: str) -> bool:
    return char.isprintable() and not unicodedata.combining(char)


def _escape(char: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if short is not None:
        return short
    number = ord(char)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def _longest_run(text: str) -> int:
    """Of backticks."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
