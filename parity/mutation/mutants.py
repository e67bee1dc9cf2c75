"""Mutants of C sources, found by their syntax tree, all in one text behind a switch.

`a < b` becomes `(MUTANT(7) ? (a <= b) : MUTANT(8) ? (a >= b) : (a < b))`.  Only one mutant is on at a
time, so the mutated forms hold no mutants inside, and text grows with depth times size.  Lines stay where
they are, so that a compiler's message names a mutant.  `MUTANT` also marks the mutant as met: whatever
runs without meeting it cannot tell it from the core.

What is left alone: everything the compiler needs as a constant (case labels, array sizes, enums,
static tables), the preprocessor and what stands within `#if`, macros, and `(void)unused;`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import tree_sitter_c
from tree_sitter import Language, Node, Parser

SWITCH, MET = "driftcore_mutant", "driftcore_met"
"""The number of the mutant that is on, and for each number whether its place was run."""

HEADER = f"""\
extern int {SWITCH};
extern unsigned char {MET}[];
#define MUTANT(number) ({MET}[number] = 1, {SWITCH} == (number))
"""

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "/": ("*",),
    "%": ("/",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "^": ("|",),
}
ASSIGNMENTS: Mapping[str, str] = {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<="}
LENGTH = re.compile(r"(?:.*_)?(?:bytes|common|content|count|length|needed|room|size|total)")
CLAMPS = 31, 127
"""Where a length is cut off: in the second register of 16 bytes, at what one byte of a varint holds."""

UNSIGNED_BYTES = frozenset({"uint8_t", "unsigned char"})
"""Casts that decide how a byte compares; wider ones change nothing that is stored in as many bits."""

KINDS = (
    "operator", "constant", "statement removed", "negation", "field",
    "clamped length", "mask dropped", "operand dropped", "cast dropped",
)  # fmt: skip

CONSTANT_PLACES = frozenset(
    {
        "preproc_def", "preproc_function_def", "preproc_if", "enumerator",
        "array_declarator", "bitfield_clause", "sizeof_expression", "struct_specifier", "enum_specifier",
        "static_assert_declaration", "attribute_specifier", "gnu_asm_expression", "field_designator",
        "subscript_designator", "string_literal", "type_descriptor", "alignof_expression",
    }
)  # fmt: skip

_PARSER = Parser(Language(tree_sitter_c.language()))


@dataclass(frozen=True)
class Mutant:
    """One fault: where, of which kind, and the source before and after.

    `old_lines` and `new_lines` are the whole lines it stands on, blanks folded: which of the ones in
    `a[1] + 1` is meant shows there alone.
    """

    number: int
    file: str
    line: int
    function: str
    kind: str
    before: str
    after: str
    old_lines: str
    new_lines: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is called in lists that outlive line numbers."""
        return self.file, self.function, self.old_lines, self.new_lines

    def sampled(self, every: int) -> bool:
        """Whether a sample of one in `every` has it, which does not depend on what other mutants exist."""
        digest = hashlib.sha256("\n".join(self.key).encode()).digest()
        return int.from_bytes(digest[:8], "big") % every == 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line} in {self.function}(): {self.kind}"
        return f"{where}\n    - {self.old_lines}\n    + {self.new_lines}"


@dataclass(frozen=True)
class Mutated:
    """A source with all its mutants behind the switch."""

    text: str
    mutants: tuple[Mutant, ...]


def siblings(sources: Sequence[str]) -> dict[str, str]:
    """{field: another field of the same struct and type} for names that occur in one struct only."""
    owners: dict[str, list[str]] = {}
    for source in sources:
        for struct in _descendants(_PARSER.parse(source.encode()).root_node, "field_declaration_list"):
            by_type: dict[str, list[str]] = {}
            for field in struct.named_children:
                kind = field.child_by_field_name("type")
                if kind is None:
                    continue
                for declared in field.children_by_field_name("declarator"):
                    stars = _text(declared).replace(_text(_last_name(declared)), "")
                    by_type.setdefault(_text(kind) + stars, []).append(_text(_last_name(declared)))
            for names in by_type.values():
                for name, other in zip(names, [*names[1:], names[0]]):
                    owners.setdefault(name, []).append(other)
    return {name: others[0] for name, others in owners.items() if len(others) == 1 and others[0] != name}


def macros(sources: Sequence[str]) -> frozenset[str]:
    """Names of macros that stand for numbers, which are limits, masks and sizes.

    Of an enum's constants one up and one down are others of its constants, and no limits.
    """
    found = set()
    for source in sources:
        for macro in _descendants(_PARSER.parse(source.encode()).root_node, "preproc_def"):
            if re.search(r"\d", _text(macro.child_by_field_name("value"))):
                found.add(_text(macro.child_by_field_name("name")))
    return frozenset(found)


def mutate(
    file: str,
    source: str,
    first: int,
    fields: Mapping[str, str],
    dropped: frozenset[tuple[str, ...]] = frozenset(),
    numbers: frozenset[str] = frozenset(),
) -> Mutated:
    """All mutants of a source, numbered from `first`; those whose keys are `dropped` are left out.

    `numbers` are macros to be put one up and one down, as literals are.
    """
    work = _Work(file, source, first, fields, dropped, numbers)
    root = _PARSER.parse(source.encode()).root_node
    return Mutated(work.rewritten(root), tuple(work.mutants))


class _Work:
    def __init__(
        self,
        file: str,
        source: str,
        first: int,
        fields: Mapping[str, str],
        dropped: frozenset[tuple[str, ...]],
        numbers: frozenset[str],
    ) -> None:
        self._file, self._source, self._first = file, source.encode(), first
        self._fields, self._dropped, self._numbers = fields, dropped, numbers
        self.mutants: list[Mutant] = []
        self._function = ""

    def rewritten(self, node: Node) -> str:
        """A node's source with the mutants in it."""
        if node.type in CONSTANT_PLACES or _is_static_data(node):
            return _text(node)
        if node.type == "case_statement":
            return self._case(node)
        if node.type == "function_definition":
            self._function = _text(_last_name(node.child_by_field_name("declarator") or node))
        inner = self._children(node)
        alternatives = list(self._alternatives(node))
        if node.type == "expression_statement" and not _text(node).startswith("(void)"):
            number = self._add(node, "statement removed", _text(node), ";")
            return inner if number is None else f"{{ if (!MUTANT({number})) {{ {inner} }} }}"
        switched = ""
        for kind, after in alternatives:
            number = self._add(node, kind, _text(node), after)
            if number is not None:
                switched += f"MUTANT({number}) ? ({_one_line(after)}) : "
        return f"({switched}({inner}))" if switched else inner

    def _children(self, node: Node) -> str:
        """The node's text with its children rewritten and what stands between them kept."""
        whole = node.text or b""
        out, at = [], node.start_byte
        for child in node.children:
            out.append(whole[at - node.start_byte : child.start_byte - node.start_byte].decode())
            out.append(self.rewritten(child))
            at = child.end_byte
        out.append(whole[at - node.start_byte :].decode())
        return "".join(out)

    def _case(self, node: Node) -> str:
        """A case's label is a constant; the statements behind it are not."""
        whole = node.text or b""
        out, at, label = [], node.start_byte, True
        for child in node.children:
            out.append(whole[at - node.start_byte : child.start_byte - node.start_byte].decode())
            out.append(_text(child) if label else self.rewritten(child))
            label = label and child.type != ":"
            at = child.end_byte
        return "".join(out)

    def _alternatives(self, node: Node) -> Iterator[tuple[str, str]]:
        if node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            for other in OPERATORS.get(_text(operator), ()) if operator else ():
                yield "operator", _with(node, operator, other)
            yield from _dropped_operands(node, _text(operator))
        elif node.type == "assignment_expression":
            operator = node.child_by_field_name("operator")
            if operator is not None and _text(operator) in ASSIGNMENTS:
                yield "operator", _with(node, operator, ASSIGNMENTS[_text(operator)])
        elif node.type == "number_literal" and node.parent and node.parent.type != "initializer_list":
            text = _text(node)
            yield "constant", f"{text} + 1"
            if not re.fullmatch(r"0[uUlL]*|0[xX]0+", text):
                yield "constant", f"{text} - 1"
        elif node.type == "char_literal" or (node.type == "identifier" and _text(node) in self._numbers):
            yield "constant", f"{_text(node)} + 1"
            yield "constant", f"{_text(node)} - 1"
        elif node.type in ("true", "false"):
            yield "constant", "false" if node.type == "true" else "true"
        elif node.type == "unary_expression" and _text(node).startswith("!"):
            yield "negation", _text(node)[1:]
        elif node.type == "field_expression":
            field = node.child_by_field_name("field")
            if field is not None and _text(field) in self._fields and _is_read(node):
                yield "field", _with(node, field, self._fields[_text(field)])
        elif node.type == "cast_expression" and _text(node.child_by_field_name("type")) in UNSIGNED_BYTES:
            yield "cast dropped", _text(node.child_by_field_name("value"))
        if _is_passed_length(node):
            for most in CLAMPS:
                yield "clamped length", f"{_text(node)} > {most} ? {most} : {_text(node)}"

    def _add(self, node: Node, kind: str, before: str, after: str) -> int | None:
        """The number of a new mutant, None for one that is dropped or stands outside of functions."""
        if not self._function or not _inside_function(node):
            return None
        number = self._first + len(self.mutants)
        start = self._source.rfind(b"\n", 0, node.start_byte) + 1
        end = (self._source + b"\n").find(b"\n", node.end_byte)
        old = self._source[start:end]
        new = self._source[start : node.start_byte] + after.encode() + self._source[node.end_byte : end]
        mutant = Mutant(
            number, self._file, node.start_point[0] + 1, self._function, kind, before, after,
            _one_line(old.decode()), _one_line(new.decode()),
        )  # fmt: skip
        if mutant.key in self._dropped:
            return None
        self.mutants.append(mutant)
        return number


def _dropped_operands(node: Node, operator: str) -> Iterator[tuple[str, str]]:
    """One side of a condition alone, and a number without its mask."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator in ("&&", "||"):
        yield "operand dropped", _text(left)
        yield "operand dropped", _text(right)
    elif operator in ("&", "|") and right is not None:
        yield "mask dropped", _text(left)


def _is_passed_length(node: Node) -> bool:
    """A number named as a length, as an argument of a call."""
    if node.type not in ("identifier", "field_expression") or node.parent is None:
        return False
    name = node.child_by_field_name("field") or node
    if node.parent.type != "argument_list" or LENGTH.fullmatch(_text(name)) is None:
        return False
    return not _is_pointer(node, _text(node))


def _is_pointer(node: Node, name: str) -> bool:
    """Whether the function around declares the name as a pointer."""
    around: Node | None = node
    while around is not None and around.type != "function_definition":
        around = around.parent
    declared = rf"\*{re.escape(name)}\b(?=[^;{{]*[,)=;])"
    return around is not None and re.search(declared, _text(around)) is not None


def _text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _with(node: Node, part: Node | None, other: str) -> str:
    """A node's text with one of its children replaced."""
    assert part is not None
    whole = node.text or b""
    start, end = part.start_byte - node.start_byte, part.end_byte - node.start_byte
    return whole[:start].decode() + other + whole[end:].decode()


def _descendants(node: Node, kind: str) -> Iterator[Node]:
    for child in node.children:
        if child.type == kind:
            yield child
        yield from _descendants(child, kind)


def _last_name(node: Node) -> Node:
    """The identifier a declarator declares."""
    for kind in ("identifier", "field_identifier"):
        if node.type == kind:
            return node
    inner = node.child_by_field_name("declarator")
    if inner is not None:
        return _last_name(inner)
    names = [*_descendants(node, "identifier"), *_descendants(node, "field_identifier")]
    return names[0] if names else node


def _is_static_data(node: Node) -> bool:
    """A declaration whose initializer must be constant."""
    if node.type != "declaration":
        return False
    storage = [child for child in node.children if child.type == "storage_class_specifier"]
    return any(_text(child) in ("static", "extern") for child in storage) or not _inside_function(node)


def _inside_function(node: Node) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.type == "function_definition":
            return True
        parent = parent.parent
    return False


def _is_read(node: Node) -> bool:
    """A field that is only read, so that an expression may stand in its place.

    Not one whose own member is taken: a choice between structs is a copy, and an array in
    a copy does not live on.
    """
    outer = node.parent
    if outer is None or outer.type in ("update_expression", "pointer_expression"):
        return False
    if (
        outer.type == "field_expression"
        and b"->" not in (outer.text or b"")[node.end_byte - outer.start_byte :]
    ):
        return False
    if outer.type in ("field_expression", "subscript_expression", "parenthesized_expression"):
        return _is_read(outer)
    return outer.type != "assignment_expression" or outer.child_by_field_name("left") != node
