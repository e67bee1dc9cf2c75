"""The pieces of a Markdown page, safe with any text.

What comes from a result file may hold pipes, backticks, markup, control and bidi
characters, lone surrogates or a megabyte of anything.  It is shown as code, with every
character that would not be seen as itself written as an escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .shown import shown

CODE_LIMIT = 300
LINE_LIMIT = 1000
"""How many characters of a line in a block are shown; its middle is left out where it has more."""


def prose(text: str, limit: int = 300) -> str:
    """A text as part of a sentence or a table cell, with nothing in it taken for markup."""
    escaped = re.sub(r"([\\`*{}\[\]<>|&~$])", r"\\\1", shown(text, limit))
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", escaped)  # inside a word it is no markup


def code(text: str) -> str:
    """A text as a code span, also inside a table cell.

    Its fence is longer than any run of backticks in it.  A pipe becomes an escape: columns are
    split before code spans are found, and a backslash before it fails where another precedes.
    """
    plain = shown(text, CODE_LIMIT).replace("|", "\\x7c")
    fence = "`" * (_longest_run(plain) + 1)
    pad = " " if not plain.strip(" ") or plain[0] in "` " or plain[-1] in "` " else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def block(lines: Iterable[str], indent: str = "") -> str:
    """Lines of any text as a fenced block."""
    plain = [shown(line, LINE_LIMIT) for line in lines]
    fence = "`" * max(3, _longest_run("\n".join(plain)) + 1)
    return "\n".join(f"{indent}{line}".rstrip() for line in (f"{fence}text", *plain, fence))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A table of ready cells; its first `left` columns are aligned left, the others right."""
    rule = [":--" if at < left else "--:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def items(texts: Iterable[str]) -> str:
    """A list of ready texts."""
    return "\n".join(f"- {text}" for text in texts)


def _longest_run(text: str) -> int:
    """Of backticks."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
