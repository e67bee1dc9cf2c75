"""One failure, saved as the input itself, so that it outlives generators and seeds.

A file is one JSON object.  `values` is a table of objects in the kinds of
`parity.anatomy`, each a list of kind, own data and the rows of its parts; a row used twice is
one object in two places, and an object may hold itself.  `arguments` are rows of that table.
`shown` repeats the arguments as a person reads them and is not read back.  The reader is
strict: no pickle, no eval, and nothing it does not know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driftgate.base import strict_json
from driftgate.base.exit_codes import Unfit
from driftgate.base.files import require_file, write_whole

from . import show
from .anatomy import kind_named
from .cases import Case
from .nodes import BACK, Node, from_object, to_object, walk
from .operations import OPERATIONS, Operation

FORMAT, VERSION = "driftcore saved case", 1
REGRESSIONS = Path(__file__).parent.parent / "fixtures" / "regressions"
PROFILE = "regression"

MOST_OBJECTS = 10_000_000
"""An object in several places counts as often: a few rows could else stand for more than any memory holds."""

_TEXTS = ("operation", "differed", "origin", "subject", "date", "note")
_MEMBERS = ("format", "version", *_TEXTS, "shown", "arguments", "values")


class DamagedCase(Unfit, ValueError):
    """A file is no saved case this version reads; the message names the file and says why."""


@dataclass(frozen=True)
class SavedCase:
    """What a file holds.

    `differed` says how the outcomes parted, `origin` is the id of the case it was made from,
    `subject` the one that failed, `date` as 2024-02-29.  `root` is the tree of the arguments.
    """

    operation: Operation
    differed: str
    origin: str
    subject: str
    date: str
    note: str
    root: Node

    def arguments(self) -> tuple[Any, ...]:
        """The arguments, new objects on each call."""
        made: tuple[Any, ...] = to_object(self.root)
        return made


def saved_case(
    operation: Operation,
    arguments: tuple[object, ...],
    *,
    differed: str,
    origin: str,
    subject: str,
    date: str,
    note: str = "",
) -> SavedCase:
    """A case to save; raises `parity.anatomy.UnknownKind` for an object that cannot be."""
    return SavedCase(operation, differed, origin, subject, date, note, from_object(tuple(arguments)))


def write(case: SavedCase, path: Path) -> None:
    """Write a file whole, over one that stands there."""
    write_whole(path, written(case))


def written(case: SavedCase) -> str:
    """What a file of this case holds."""
    rows: dict[int, int] = {}
    values: list[list[Any]] = []
    nodes = [node for node in walk(case.root) if node is not case.root]
    for number, node in enumerate(nodes):
        rows[id(node)] = number
    anchors = {node.anchor: rows[id(node)] for node in nodes if node.anchor is not None}
    for node in nodes:
        data = anchors[node.data] if node.kind == BACK else node.data
        parts = [rows[id(child)] for child in node.children]
        values.append([node.kind, data, parts] if parts or node.group else [node.kind, data])
    head = {
        "format": FORMAT,
        "version": VERSION,
        "operation": case.operation.name,
        **{name: getattr(case, name) for name in _TEXTS[1:]},
        "shown": [show.shortened(show.full(value)) for value in case.arguments()],
        "arguments": [rows[id(child)] for child in case.root.children],
    }
    lines = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    table = ",\n".join(f"  {json.dumps(value)}" for value in values)
    return "{\n" + ",\n".join(lines) + f',\n "values": [\n{table}\n ]\n}}\n'


def read(path: Path) -> SavedCase:
    """Read a file; raises `DamagedCase`, or `UsageError` where there is none."""
    return parsed(require_file(path).read_bytes(), str(path))


def parsed(text: str | bytes, path: str) -> SavedCase:
    """The case of what a file holds; raises `DamagedCase`, which names the file as `path`."""
    try:
        data: Any = strict_json.parse(text)
    except ValueError as error:
        raise DamagedCase(f"{path}: cannot be read: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DamagedCase(f"{path}: not a file of the format {FORMAT!r}")
    if data.get("version") != VERSION:
        raise DamagedCase(
            f"{path}: version {data.get('version')!r} of the format, this reader knows {VERSION}"
        )
    if sorted(data) != sorted(_MEMBERS):
        unlike = sorted(set(data) ^ set(_MEMBERS))
        raise DamagedCase(f"{path}: members missing or unknown: {', '.join(unlike)}")
    if not all(isinstance(data[name], str) for name in _TEXTS):
        raise DamagedCase(f"{path}: {', '.join(_TEXTS)} must be texts")
    operation = OPERATIONS.get(data["operation"])
    if operation is None:
        raise DamagedCase(f"{path}: no operation {data['operation']!r}; there are {', '.join(OPERATIONS)}")
    try:
        root = _tree(data["values"], data["arguments"])
        case = SavedCase(operation=operation, root=root, **{name: data[name] for name in _TEXTS[1:]})
        count = len(case.arguments())
    except Exception as error:  # whatever a kind raises that is given what none wrote
        why = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        raise DamagedCase(f"{path}: damaged values: {why}") from None
    if count != len(operation.arguments):
        raise DamagedCase(f"{path}: {count} arguments, but {operation.name} takes {len(operation.arguments)}")
    return case


def _tree(values: list[list[Any]], arguments: list[int]) -> Node:
    """The tree of a table, built from its leaves up, whatever its depth."""
    done: dict[int, Node] = {}
    sizes: dict[int, int] = {}
    opened: set[int] = set()
    held = {row[1] for row in values if row[0] == BACK}
    pending = [(row, False) for row in reversed(arguments)]
    while pending:
        row, ready = pending.pop()
        if row in done:
            continue
        kind, data, *rest = values[row]
        parts = rest[0] if rest else []
        if kind == BACK:
            done[row] = Node(BACK, data)
            sizes[row] = 1
        elif ready or not parts:
            group = kind_named(kind).group
            children = tuple(done[part] for part in parts)
            done[row] = Node(kind, data, children, group, row if row in held else None)
            sizes[row] = 1 + sum(sizes[part] for part in parts)
            if sizes[row] > MOST_OBJECTS:
                raise ValueError(f"row {row} holds more than {MOST_OBJECTS:,} objects")
        elif row in opened:
            raise ValueError(f"row {row} holds itself without saying so")
        else:
            opened.add(row)
            pending.append((row, True))
            pending += [(part, False) for part in reversed(parts)]
    return Node("tuple", None, tuple(done[row] for row in arguments), 1)


def load_regressions(folder: Path = REGRESSIONS) -> list[Case]:
    """Every saved case of a folder, by name; a damaged one raises `DamagedCase`."""
    cases = []
    for path in sorted(folder.glob("*.json")):
        saved = read(path)
        cases.append(Case(f"{PROFILE}:{path.stem}", PROFILE, saved.operation, saved.arguments))
    return cases
