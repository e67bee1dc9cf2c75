"""The constants of the C sources and where the generator goes to meet them.

To add one: `POOLS` where an input can meet it (and its value to that pool in
`parity/generate/limits.py`), `NO_LIMITS` where none can, with the reason.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator
from pathlib import Path

CORE = Path(__file__).parents[2] / "core"

# Name in C → names of pools, each of which has the value itself.
POOLS: dict[str, tuple[str, ...]] = {
    "INSERTION_LIMIT": ("MEMBERS",),
    "PAIRWISE_LIMIT": ("MEMBERS",),
    "TREE_FIRST": ("MEMBERS",),
    "BUFFER_FIRST": ("STRING_LENGTHS",),
    "ARENA_BLOCK": ("STRING_LENGTHS",),
    "MEMORY_KEPT": ("LARGE_LENGTHS",),
    "SCAN_BLOCK": ("STRING_LENGTHS",),
    "DIGEST_BLOCK": ("STRING_LENGTHS",),
    "COPY_SLACK": ("STRING_LENGTHS",),
    "QUOTE_SLACK": ("STRING_LENGTHS",),
    "LOOK_AHEAD": ("STRING_LENGTHS",),
    "LARGE_TEXT": ("STRING_LENGTHS",),
    "PUT_BYTES_AT_ONCE": ("STRING_LENGTHS",),
    "STRING_RUN_SLACK": ("STRING_LENGTHS",),
    "TRANSCODE_SLACK": ("STRING_LENGTHS",),
    "SMALL_OBJECT": ("MEMBERS",),
    "SHAPES": ("MEMBERS",),
    "PATTERN_ITEMS": ("MEMBERS",),
    "DRIFTCORE_HASH_SIZE": ("STRING_LENGTHS",),
    "INT64_ROOM": ("DIGITS",),
    "EXACT_DIGITS": ("DIGITS",),
    "DECIMAL_MOST_DIGITS": ("DIGITS",),
    "DRIFTCORE_SMALLEST_DIGIT_LIMIT": ("DIGITS",),
    "MOST_BITS": ("BITS",),
    "FRACTION_BITS": ("BITS",),
    "INFINITE_EXPONENT": ("BITS",),
    "EXPONENT_MASK": ("BITS",),
    "SMALLEST_POWER": ("EXPONENTS",),
    "LARGEST_POWER": ("EXPONENTS",),
    "POWERS_FIRST": ("EXPONENTS",),
    "POWERS_LAST": ("EXPONENTS",),
    "EXPONENT_BIAS": ("EXPONENTS",),
    "EXPONENT_LIMIT": ("EXPONENTS",),
    "DRIFTCORE_MAX_DEPTH": ("DEPTHS",),
    "MOST_OPEN": ("OPEN_MESSAGES",),
    "VARINT_BYTES": ("VARINT_LENGTHS",),
    "LONGEST_VARINT": ("VARINT_LENGTHS",),
    "FIELDS": ("FIELD_NUMBERS",),
    "TAG_BYTES": ("TAG_LENGTHS",),
    "DRIFTCORE_LARGEST_PACKAGE_TYPE": ("PACKAGE_TYPES",),
    "DRIFTCORE_LARGEST_SPAN_KIND": ("SPAN_KINDS",),
    "DRIFTCORE_LARGEST_STATUS_CODE": ("STATUS_CODES",),
    "SCHEMA_LARGEST_TYPE": ("SCHEMA_TYPES",),
    "SCHEMA_LARGEST_ENCODING": ("ENCODINGS",),
    "SCHEMA_LARGEST_DECODED_TYPE": ("DECODED_TYPES",),
    "ENCODING_BASE64": ("ENCODINGS",),
    "DECODED_TYPE_JSON": ("DECODED_TYPES",),
}

NO_LIMITS: dict[str, str] = {
    "FRACTION_MASK": "picks bits of a double",
    "MOST_DIGITS": "digits behind so many only count by not being zero; the C tests put them at every tie",
    "MOST_LIMBS": "room for any decimal cut off there",
    "SCAN_ONES": "picks bits of a word",
    "SCAN_HIGH": "picks bits of a word",
    "NODE_LARGEST_SIZE": "larger than any address space",
    "LONGEST_ESCAPE": "the size of one escape, all of which are drawn",
    "QUOTE_LONGEST": "the size of one escape, all of which are drawn",
    "ODD": "picks bits of a word",
    "FOREIGN": "marks a character outside the base64 alphabet, all of which are drawn",
    "ORDER_LARGEST_TEXT": "half a gigabyte, beyond what a campaign has time for",
    "LANES": "how many texts are hashed at once",
    "BUFFER_COUNT": "how many buffers a context has",
    "TREE_COUNT": "how many trees a context has",
    "STATE_PATTERNS": "how many patterns of schemas there are, all of which are drawn",
    "LIST_NUMBER": "numbers a pattern of a schema, all of which are drawn",
    "NUMBER_TEXT_SIZE": "room behind the longest text, 24, which is in DIGITS",
    "FAILED": "no size at all",
    "STRUCTPB_NUMBER_SIZE": "the size of one message, which every number has",
    "STRUCTPB_WORD_SIZE": "the size of one message, which null, true and false have",
    "LONGEST_HEAD": "the size of a span's fixed part",
    "UTF8_NARROW": "a code of how wide a string's characters are, all of which are drawn",
    "CPU_HAS_X86_CODE": "whether the compiler can make such code",
    "TREE_DEEPEST": "one more than DRIFTCORE_MAX_DEPTH, for a text of that depth decoded from a member",
    "MOST_FRAMES": "one more than DRIFTCORE_MAX_DEPTH, for what stands around a text",
    **dict.fromkeys(
        ("FRAMES_FIRST", "LEVELS_FIRST"), "room that grows with the depth, of which all is drawn"
    ),
    "BILLION": "the base of large ints on their way to decimal, all of which are drawn",
    "NO_SHAPE": "marks an object whose keys have no known order",
    "ASSUMPTIONS": "how many assumptions there are",
    "MOST_TEXTS": "how many probes one of them may have",
    **dict.fromkeys(
        (
            "WHITESPACE",
            "CONSTANTS",
            "REPEATED_KEYS",
            "TEXTS_GO",
            "WRITING_GOES",
            "MERGES_GO",
            "OBJECTS_GO",
            "STRUCTS_GO",
        ),
        "a text of that table",
    ),
    "LARGE_STACK": "the stack of a thread that reads deep text",
}

# Literals of 15 and more that something is compared with, where no pool of sizes has them.
NO_LIMIT_LITERALS: dict[int, str] = {
    40: "a multiple of ten units in the last place, in the shortest digits of a double",
    0x1FF: "picks bits of a product",
}

_DEFINE = re.compile(r"^#define +([A-Z][A-Z0-9_]*) +(.+)$", re.M)
_NAMED = re.compile(
    r"(?:static const \w+|enum) *\{? *([A-Z][A-Z0-9_]*(?:MAX|MOST|LIMIT|LARGEST)[A-Z0-9_]*) *= *([^,;}]+)"
)
_COMPARED = re.compile(r"(?:<=|>=|==|!=|<(?!<)|(?<![->])>(?!>)) *-?(0x[0-9A-Fa-f]+|[0-9]+)\b(?!\.)")
_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.LShift: operator.lshift,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.floordiv,
}  # fmt: skip


def sources() -> list[Path]:
    folders = ("include", "src", "native")
    return sorted(path for folder in folders for path in (CORE / folder).glob("*.[ch]"))


def constants() -> dict[str, set[int]]:
    """Every constant that has a number for a value: name → values, more than one where platforms differ."""
    found: dict[str, set[int]] = {}
    for _ in range(2):  # a definition may use a later one
        for path in sources():
            text = _code(path)
            for name, written in (*_DEFINE.findall(text), *_NAMED.findall(text)):
                value = _number(written, found)
                if value is not None:
                    found.setdefault(name, set()).add(value)
    return found


def compared_literals() -> Iterator[tuple[str, int]]:
    """Place and value of each literal that something is compared with."""
    for path in sources():
        for number, line in enumerate(_code(path).split("\n"), start=1):
            if not line.startswith("#"):
                for written in _COMPARED.findall(line):
                    yield f"{path.relative_to(CORE)}:{number}", int(written, 0)


def _code(path: Path) -> str:
    """A source without comments and literals of text, its lines kept."""
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), path.read_text(), flags=re.S)
    text = re.sub(r"//[^\n]*", "", text).replace("\\\n", "\n")
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', "0", text)


def _number(written: str, known: dict[str, set[int]]) -> int | None:
    """The value of an expression of numbers and known constants; None of anything else."""
    text = re.sub(r"U?INT(?:8|16|32|64)_C\(([^)]*)\)", r"\1", written.strip())
    text = re.sub(r"\((?:size_t|u?int\d*_t|unsigned|int|long)\)", "", text)
    text = re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)[uUlL]+\b", r"\1", text)
    try:
        return _evaluated(ast.parse(text.strip(), mode="eval").body, known)
    except (SyntaxError, _NoNumber):
        return None


class _NoNumber(Exception):
    pass


def _evaluated(node: ast.expr, known: dict[str, set[int]]) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.Name) and len(known.get(node.id, ())) == 1:
        return next(iter(known[node.id]))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluated(node.operand, known)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _evaluated(node.left, known), _evaluated(node.right, known)
        value: int = _OPERATORS[type(node.op)](left, right)
        return value
    raise _NoNumber
