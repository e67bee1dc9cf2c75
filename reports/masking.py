"""Credentials in recorded payloads and in what commands print, masked before a text reaches any report.

The rule: a key looks like a credential if its letters and digits, in lower case, contain one
of `WORDS` or are one of `WHOLE`.  The value behind such a key is masked, be it JSON text,
a Python value, a header line, a query string or an option of a command, and so is what follows
`Bearer` or `Basic`, and the password of a URL.  Not masked is what only looks so: the line behind
the name of a source file (`tokens.c:12:3`), a number behind a key that counts (`token_count: 5`), and what
stands behind the verdict of a test (`PASS: 0 of 424 counts rose`, as DejaGnu and Automake print it too).
Terminal escapes in between change nothing.

What was masked in one text of a mismatch is masked in its other texts as well, also where a
window cut it off.  Results of a campaign are the evidence and keep their texts; whoever passes a
folder of evidence on passes on what was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MASK = "[masked]"

WORDS = (
    "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey",
    "authorization", "cookie", "credential", "sessionid", "bearer",
)  # fmt: skip
WHOLE = ("auth", "pwd", "pass", "jwt", "otp", "pin", "session", "cvv", "cvc")

SHORTEST_REMEMBERED = 4
"""Shorter values are masked where they stand only: elsewhere they would be found in any text."""

WINDOW = 100
"""No more characters of a text than these stand before or behind the place where a window cut it off."""

_NO_CREDENTIAL = re.compile(r"tokeni(?:z|s[aei])")
"""Words that contain one of `WORDS` and mean something else."""

_COUNTING = {
    "age", "budget", "column", "count", "counts", "expires", "expiry", "len", "length", "lifetime", "limit",
    "line", "max", "maximum", "min", "minimum", "per", "rate", "remaining", "size", "timeout", "total", "ttl",
    "used",
}  # fmt: skip
"""With one of these words in its key, a number is a measure."""

_SOURCE = re.compile(
    r"\.(?:[chsoam]|cc|cpp|cxx|hh|hpp|mm|so|py|pyi|pyx|pyc|rs|go|java|kt|js|mjs|jsx|ts|tsx|rb|php|cs|swift|scala|lua"
    r"|pl|sh|bash|sql|proto|cmake|mk|css|scss|j2|tex)\Z",
    re.IGNORECASE,
)
"""Ends of keys that are source files: what follows is a diagnosis."""

_DATA = re.compile(
    r"\.(?:json|ndjson|jsonl|toml|ya?ml|xml|html?|txt|md|rst|ini|cfg|conf|csv|log)\Z", re.IGNORECASE
)
"""Ends of keys that are other files: what follows may be their text, unless it is a line."""

_VERDICT = "PASS: "
"""What looks like the key of a password and is the verdict of a test."""

_POSITION = re.compile(r"\d{1,7}(?=:[\d\s]|[,)]|:?\Z)")
_PLAIN_NUMBER = re.compile(r"-?\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?(?:[a-z]{1,2}|%)?(?![\w.-])", re.IGNORECASE)
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_ESCAPES = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033|\\e)\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", re.IGNORECASE
)
"""Terminal escapes, as they are or written out."""

_QUOTED_KEY = re.compile(r"""(\\*)(["'])([^"'\\]{1,100})\1\2\s*(:|=>)\s*""")
_PLAIN_KEY = re.compile(
    r"""(?<![\w.-])-{0,2}([A-Za-z][\w.-]{1,60})(?:[ \t]{1,20}|\s?)([=:])(?:[ \t]{1,20}|\s?)(?=[^\s=:,)\]}])"""
)
_OPTION = re.compile(r"(?<!\S)--([A-Za-z][\w-]{1,60})[ \t]+(?=[^\s-])")
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/@:'\"]*:(?=[^\s/@'\"]+@)", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"""[^\s/@'"]+""")
_SCHEME = re.compile(r"\b(?:Bearer|Basic)\s+", re.IGNORECASE)
_LINE_VALUE = re.compile(r"""[^\r\n"'\\]+""")
_PLAIN_VALUE = re.compile(r"""[^\s"'\\&;,)\]}]+""")


def is_credential(key: str) -> bool:
    """Whether a key looks like that of a credential."""
    plain = _NO_CREDENTIAL.sub("", re.sub(r"[^a-z0-9]", "", key.lower()))
    return plain in WHOLE or any(word in plain for word in WORDS)


def masked(text: str) -> str:
    """A text with the credentials in it masked."""
    return masked_together((text,))[0]


def masked_line(line: str) -> str:
    """Likewise, in time that grows with the line alone, for what a command prints."""
    return _whole_ones_out(_cut_out(line), _secrets((line,)))


def masked_together(texts: Sequence[str], path: str = "") -> tuple[str, ...]:
    """Texts of one mismatch, masked; `path` is where it parts, `$.headers.authorization`.

    Where the path leads to a credential, its values stand in the texts by themselves: all
    but the first text, which is the input, are then masked whole.
    """
    if any(is_credential(name) for name in re.findall(r"[^.\[\]\s'\"]+", path)[-2:]):
        return (masked(texts[0]), *(MASK for _ in texts[1:])) if texts else ()
    secrets = _secrets(texts)
    return tuple(_pieces_out(_whole_ones_out(_cut_out(text), secrets), secrets) for text in texts)


def _secrets(texts: Sequence[str]) -> list[str]:
    """The values of credentials that are long enough to be found again, the longest first."""
    found = {text[start:end] for text in texts for start, end in _values(text)}
    return sorted((one for one in found if len(one) >= SHORTEST_REMEMBERED), key=len, reverse=True)


def _cut_out(text: str) -> str:
    out, at = [], 0
    for start, end in _values(text):
        if start >= at:
            out += [text[at:start], MASK]
            at = end
    return "".join([*out, text[at:]])


def _values(text: str) -> list[tuple[int, int]]:
    """Where the credentials of a text stand, from left to right."""
    plain, places = _without_escapes(text)
    found = sorted((*_of_quoted(plain), *_of_plain(plain)))
    return [(places[start], places[end - 1] + 1 if end > start else places[start]) for start, end in found]


def _without_escapes(text: str) -> tuple[str, Sequence[int]]:
    """A text without terminal escapes, and where each of its characters, and its end, stood before."""
    escapes = [escape.span() for escape in _ESCAPES.finditer(text)]
    if not escapes:
        return text, range(len(text) + 1)
    places: list[int] = []
    for start, end in zip((0, *(end for _, end in escapes)), (*(start for start, _ in escapes), len(text))):
        places += range(start, end)
    return "".join(text[place] for place in places), [*places, len(text)]


def _hides(key: str, sign: str, text: str, at: int) -> bool:
    """Whether the value of a key, which begins at `at` behind a sign, is to be masked."""
    if not is_credential(key):
        return False
    if sign == ":" and (_SOURCE.search(key) or (_DATA.search(key) and _POSITION.match(text, at))):
        return False
    return not (_counts(key) and _PLAIN_NUMBER.match(text, at))


def _counts(key: str) -> bool:
    """Whether a key says how many or how much: `token_count`, `max_tokens`, `cookies`."""
    parts = {part.lower() for part in _NAME_PARTS.findall(key)}
    return bool(_COUNTING & parts) or any(is_credential(part[:-1]) for part in parts if part.endswith("s"))


def _of_quoted(text: str) -> Iterator[tuple[int, int]]:
    for key in _QUOTED_KEY.finditer(text):
        if _hides(key[3], key[4], text, key.end()):
            yield _value_at(text, key.end())


def _of_plain(text: str) -> Iterator[tuple[int, int]]:
    for key in _PLAIN_KEY.finditer(text):
        if key[0] != _VERDICT and _hides(key[1], key[2], text, key.end()):
            if text[key.end()] in "\"'\\[{":
                yield _value_at(text, key.end())
                continue
            whole_line = "authorization" in key[1].lower() or "cookie" in key[1].lower()
            value = (_LINE_VALUE if whole_line else _PLAIN_VALUE).match(text, key.end())
            if value:
                yield value.span()
    for option in _OPTION.finditer(text):
        if is_credential(option[1]):
            yield _value_at(text, option.end())
    for before in (*_SCHEME.finditer(text), *_URL.finditer(text)):
        value = (_PLAIN_VALUE if before[0][-1] != ":" else _URL_PASSWORD).match(text, before.end())
        if value:
            yield value.span()


def _value_at(text: str, start: int) -> tuple[int, int]:
    """The extent of the value that begins at `start`; without its quotes if it is a text."""
    opening = re.compile(r"""b?(\\*)(["'])""").match(text, start)
    if opening:
        closing = re.compile(rf"(?<!\\){re.escape(opening[1])}{opening[2]}").search(text, opening.end())
        return opening.end(), closing.start() if closing else len(text)
    if text[start : start + 1] in ("[", "{", "("):
        return start, _closing(text, start)
    value = re.compile(r"[^\s,)\]}]*").match(text, start)
    return start, value.end() if value else start


def _closing(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`; brackets inside texts may lengthen that part."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "[{(") - (text[at] in "]})")
        if depth == 0:
            return at + 1
    return len(text)


def _whole_ones_out(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def _pieces_out(text: str, secrets: Sequence[str]) -> str:
    """The text with those secrets masked that are cut off at an end or at an ellipsis."""
    for secret in secrets:
        for length in range(min(len(secret) - 1, WINDOW), SHORTEST_REMEMBERED - 1, -1):
            head, tail = re.escape(secret[:length]), re.escape(secret[-length:])
            text = re.sub(rf"{head}(?=['\"]?\s?…|['\"]?\Z)", MASK, text)
            text = re.sub(rf"(?<=…['\"]){tail}|(?<=… ){tail}|(?<=…){tail}|\A{tail}", MASK, text)
    return text
