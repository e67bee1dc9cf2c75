"""Objects that are not what they say: Mappings, keys, numbers, texts and dataclasses that lie or raise.

Every one behaves the same each time it is made anew, and has a `repr` that tells its
class and what it was made with, no address and no state.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from .values import JsonValue, read


class Lying:
    """What all of them have in common: made with one inner value, and a `repr` of that."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._inner!r})"


# ---- Mappings -----------------------------------------------------------------


class Unlike(Lying, Mapping[object, object]):
    """A Mapping with one key; what is derived from it gets a single answer wrong."""

    def __getitem__(self, key: object) -> object:
        return self._inner

    def __iter__(self) -> Iterator[object]:
        return iter(("a",))

    def __len__(self) -> int:
        return 1


class NoLength(Unlike):
    def __len__(self) -> int:
        return 0


class TooLong(Unlike):
    def __len__(self) -> int:
        return 2**31


class RaisingLength(Unlike):
    def __len__(self) -> int:
        raise RuntimeError("no length")


class LostItem(Unlike):
    """Names a key it does not have."""

    def __getitem__(self, key: object) -> object:
        raise KeyError(key)


class OtherItems(Unlike):
    """Its items are not those of its keys."""

    def items(self) -> list[tuple[object, object]]:  # type: ignore[override]
        return [("b", self._inner), ("a", None)]


class RepeatedItems(Unlike):
    """Gives one key twice, and another that reads the same."""

    def items(self) -> list[tuple[object, object]]:  # type: ignore[override]
        return [("1", 1), (1, self._inner), ("1", 3)]


class TripleItems(Unlike):
    def items(self) -> list[tuple[object, object, object]]:  # type: ignore[override]
        return [("a", self._inner, 3)]


class TextItems(Unlike):
    """Items that unpack though they are no pairs."""

    def items(self) -> list[str]:  # type: ignore[override]
        return ["ab", "cd"]


class NoItems(Unlike):
    def items(self) -> None:  # type: ignore[override]
        return None


class RaisingItems(Unlike):
    """Fails behind its first item."""

    def items(self) -> Iterator[tuple[object, object]]:  # type: ignore[override]
        yield "a", self._inner
        raise LookupError("no more items")


class GrowingItems(Unlike):
    """Gets another key while its first is read."""

    def __init__(self, inner: object) -> None:
        super().__init__(inner)
        self._stored: dict[object, object] = {"a": inner, "b": 2}

    def __iter__(self) -> Iterator[object]:
        return iter(self._stored)

    def __getitem__(self, key: object) -> object:
        self._stored[f"{key}+"] = 1
        return self._stored[key]


def _settled(inner: object) -> object:
    """`asdict` makes a list or dict subclass anew from a generator, whose text would hold an address."""
    return list(inner) if isinstance(inner, Iterator) else inner


class Pretending(dict[object, object]):
    """A dict whose methods tell of other members than it stores."""

    def __init__(self, inner: object) -> None:
        super().__init__({"stored": 1, "other": [2]})
        self._inner = _settled(inner)

    def items(self) -> list[tuple[object, object]]:  # type: ignore[override]
        return [("told", self._inner)]

    def keys(self) -> list[object]:  # type: ignore[override]
        return ["named"]

    def __iter__(self) -> Iterator[object]:
        return iter(("counted",))

    def __len__(self) -> int:
        return 3

    def __getitem__(self, key: object) -> object:
        return self._inner

    def get(self, key: object, default: object = None) -> object:
        return "got"

    def __repr__(self) -> str:
        return f"Pretending({self._inner!r})"


class Emptied(dict[object, object]):
    """A dict that is false though it has a member."""

    def __init__(self, inner: object) -> None:
        super().__init__({"a": _settled(inner)})

    def __bool__(self) -> bool:
        return False


class Unbool(dict[object, object]):
    """A dict that refuses to be true or false."""

    def __init__(self, inner: object) -> None:
        super().__init__({"a": _settled(inner)})

    def __bool__(self) -> bool:
        raise ArithmeticError("neither")


class Disguised(Lying):
    """Says that it is a dict and has none of its methods."""

    __class__ = dict  # type: ignore[assignment]


# ---- lists and tuples ------------------------------------------------------------


class OtherElements(list[object]):
    """A list that iterates over other elements than it stores."""

    def __init__(self, inner: object) -> None:
        super().__init__([1, 2])
        self._inner = _settled(inner)

    def __iter__(self) -> Iterator[object]:
        return iter((self._inner, "told"))

    def __len__(self) -> int:
        return 7

    def __getitem__(self, at: object) -> object:  # type: ignore[override]
        return "got"

    def __repr__(self) -> str:
        return f"OtherElements({self._inner!r})"


class RaisingElements(list[object]):
    def __init__(self, inner: object) -> None:
        super().__init__([_settled(inner)])

    def __iter__(self) -> Iterator[object]:
        yield from super().__iter__()
        raise OSError(5, "no more elements")


class OtherTuple(tuple[object, ...]):
    """A tuple that iterates over something else."""

    def __new__(cls, inner: object) -> OtherTuple:
        return super().__new__(cls, (_settled(inner),))

    def __iter__(self) -> Iterator[object]:
        return iter((0, None))


# ---- keys and scalars ------------------------------------------------------------


class Key(Lying):
    """A key that is equal to nothing, all of them with one hash."""

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return False

    def __str__(self) -> str:
        return "a"


class RaisingKey(Key):
    """Refuses to be compared, so a dict can hold but one."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("not to be compared")

    def __hash__(self) -> int:
        return 8


class MumblingKey(Key):
    """A key whose text is another one each time it is asked."""

    def __init__(self, inner: object) -> None:
        super().__init__(inner)
        self._asked = 0

    def __str__(self) -> str:
        self._asked += 1
        return f"asked {self._asked}"


class TextlessKey(Key):
    def __str__(self) -> str:
        return 1  # type: ignore[return-value]


class FailingKey(Key):
    def __str__(self) -> str:
        raise ZeroDivisionError("no text for this key")


class SubclassText(Lying):
    """Its `str` is a str subclass with other characters than it shows."""

    def __str__(self) -> str:
        return OtherText("shown")


class OtherText(str):
    """A str that gives everything but its own characters."""

    def __str__(self) -> str:
        return "str"

    def __repr__(self) -> str:
        return f"OtherText({str.__str__(self)!r})"

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        return iter("iterated")

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def encode(self, *args: object, **named: object) -> bytes:
        return b"encoded"


class OtherInt(int):
    """An int that gives another one wherever it is asked."""

    def __index__(self) -> int:
        return 11

    def __int__(self) -> int:
        return 12

    def __float__(self) -> float:
        return 13.0

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"OtherInt({int.__repr__(self)})"

    __str__ = __repr__


class OtherFloat(float):
    """A float that gives another one wherever it is asked."""

    def __float__(self) -> float:
        return 13.5

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 1

    def __repr__(self) -> str:
        return f"OtherFloat({float.__repr__(self)})"

    __str__ = __repr__


class OtherBytes(bytes):
    """Bytes that give other ones wherever they are asked."""

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[int]:
        return iter((1, 2, 3))

    def __bytes__(self) -> bytes:
        return b"other"


class Forged(str):
    """A str with the hash of another, equal to nothing but itself; it counts how often it was compared."""

    like: str
    compared: int

    def __new__(cls, text: str, like: str) -> Forged:
        made = super().__new__(cls, text)
        made.like, made.compared = like, 0
        return made

    def __hash__(self) -> int:
        return hash(self.like)

    def __eq__(self, other: object) -> bool:
        self.compared += 1
        return self is other

    def __repr__(self) -> str:
        return f"Forged({str.__str__(self)!r}, {self.like!r})"


# ---- finalizers ------------------------------------------------------------------

CHANGES = "clears", "adds", "replaces"


class Passing(Lying, Mapping[object, object]):
    """A Mapping whose values last as long as nobody keeps them; with each that goes, its `rules` change."""

    def __init__(self, inner: object, rules: dict[object, object], change: str) -> None:
        super().__init__(inner)
        self.rules, self.change = rules, change

    def __getitem__(self, key: object) -> object:
        return Passed(self._inner, self.rules, self.change)

    def __iter__(self) -> Iterator[object]:
        return iter(("a", "b"))

    def __len__(self) -> int:
        return 2


class Passed(Lying):
    """Known only by its text; when it goes, it changes some rules."""

    def __init__(self, inner: object, rules: dict[object, object], change: str) -> None:
        super().__init__(inner)
        self._rules, self._change = rules, change

    def __str__(self) -> str:
        return f"text of {self._inner!r}"

    def __del__(self) -> None:
        rules = self._rules
        if not isinstance(rules, dict):  # of a case made smaller
            return
        if self._change == "clears":
            rules.clear()
        elif self._change == "adds":
            rules[f"rule {len(rules)}"] = {"match_importance": 0.5}
        elif self._change == "replaces":
            rules.update({key: {"encoding": 0} for key in rules})


class Garbage:
    """Is collected when so many more containers have been made; then it makes what some dicts hold anew.

    Before and after they hold the same, but whoever borrowed of it reads freed memory.
    """

    def __init__(self, dicts: Sequence[dict[str, JsonValue]], room: int) -> None:
        self._dicts, self._itself = dicts, self
        self._held: list[object] = []  # all younger than the last collection, which brings the next one near
        for _ in range(gc.get_threshold()[0] - gc.get_count()[0] - room):
            self._held.append([])

    def __del__(self) -> None:
        for one in self._dicts:
            fresh = read(json.dumps(one))
            one.clear()
            assert isinstance(fresh, dict)
            one.update(fresh)
        # To write over what was freed, of whatever size it was.
        self._held = ["#" * size for size in range(200) for _ in range(3)]


# ---- dataclasses -----------------------------------------------------------------


@dataclass
class Base:
    first: object


@dataclass
class Derived(Base):
    """Inherits a field and adds one."""

    second: object = None


@dataclass(frozen=True)
class Frozen:
    value: object


@dataclass
class Slotted:
    __slots__ = ("value",)
    value: object


@dataclass
class Incomplete:
    """Has lost a field it was declared with."""

    value: object

    def __post_init__(self) -> None:
        del self.value

    def __repr__(self) -> str:
        return "Incomplete()"


@dataclass
class Computed:
    """Gives another value for a field than it stores."""

    value: object

    def __getattribute__(self, name: str) -> object:
        return "computed" if name == "value" else super().__getattribute__(name)

    def __repr__(self) -> str:
        return "Computed()"


class Uncopied(Lying):
    """A value that refuses to be copied, as turning a dataclass into a dict demands."""

    def __deepcopy__(self, memo: object) -> object:
        raise NotImplementedError("not to be copied")


@dataclass(eq=False)
class DataMapping(Mapping[str, object]):
    """A dataclass that is a Mapping too."""

    value: object

    def __getitem__(self, key: str) -> object:
        return getattr(self, key)

    def __iter__(self) -> Iterator[str]:
        return iter(["value"])

    def __len__(self) -> int:
        return len(fields(self))


class NotData:
    """Looks like a dataclass and has no fields to show."""

    __dataclass_fields__: object = None

    def __repr__(self) -> str:
        return "NotData()"


@dataclass
class Holder:
    """A dataclass around a value that is copied with it."""

    held: object


WRAPPERS: tuple[Callable[[object], object], ...] = (
    Derived, Frozen, Slotted, DataMapping, Holder, Base, OtherItems, NoLength, TooLong, RaisingLength,
    RepeatedItems, TextItems, GrowingItems, Pretending, Emptied, Unbool, OtherElements, OtherTuple, Computed,
    LostItem, TripleItems, NoItems, RaisingItems, RaisingElements, Disguised, Incomplete,
    lambda inner: Holder(Uncopied(inner)),
    lambda inner: Holder([Pretending(inner), OtherElements(inner)]),
)  # fmt: skip
"""What is made of an inner value, those that raise last."""

KEYS: tuple[Callable[[], object], ...] = (
    lambda: OtherText("key"), lambda: OtherInt(3), lambda: OtherFloat(1.5), lambda: Key(1),
    lambda: SubclassText(1), lambda: MumblingKey(1), lambda: RaisingKey(1), lambda: TextlessKey(1),
    lambda: FailingKey(1),
)  # fmt: skip

SCALARS: tuple[Callable[[], object], ...] = (
    lambda: OtherText("value"), lambda: OtherInt(7), lambda: OtherFloat(0.5), lambda: OtherFloat("nan"),
    lambda: OtherInt(2**70), lambda: OtherBytes(b"bytes"), lambda: SubclassText(1), lambda: MumblingKey(1),
    lambda: Base, lambda: NotData(), lambda: Uncopied(1), lambda: TextlessKey(1), lambda: FailingKey(1),
)  # fmt: skip
