"""The deterministic hash: SHA-256 of the compact text with keys sorted by code point at every level."""

from __future__ import annotations

import hashlib
import random
from types import ModuleType
from typing import Any

import pytest


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        (' { "b" : 2 , "a" : 1 } ', "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777"),
        ("null", "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"),
        ('""', "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"),
    ],
)
def test_hash_is_sha256_in_lower_case_hex(core: ModuleType, text: str, digest: str) -> None:
    assert core.deterministic_hash(text) == digest


@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        ('{"b":1,"a":2}', '{"a":2,"b":1}'),
        ('{"b":{"d":1,"c":[{"f":0,"e":1}]},"a":[]}', '{"a":[],"b":{"c":[{"e":1,"f":0}],"d":1}}'),
        ("[3,1,2]", "[3,1,2]"),
        ('{"a":1,"A":2,"":3,"aa":4,"_":5,"1":6}', '{"":3,"1":6,"A":2,"_":5,"a":1,"aa":4}'),
        # By code point: not by UTF-16 unit, where U+10000 comes before U+E000, nor by locale.
        (
            '{"\U00010000":1,"\ue000":2,"\uffff":3,"z":4,"é":5}',
            '{"z":4,"é":5,"\ue000":2,"\uffff":3,"\U00010000":1}',
        ),
        ('{"\u0800":1,"\u07ff":2,"\x80":3,"\x7f":4}', '{"\x7f":4,"\x80":3,"\u07ff":2,"\u0800":1}'),
        # Keys are compared as they are, not as they are escaped.
        (r'{"a\\":1,"a\n":2,"a\"":3,"a":4,"a0":5}', r'{"a":4,"a\n":2,"a\"":3,"a0":5,"a\\":1}'),
        (r'{"a\u0000":1,"a":2,"a\u0000b":3}', r'{"a":2,"a\u0000":1,"a\u0000b":3}'),
        # A common prefix of eight bytes and more.
        (
            '{"12345678b":1,"12345678":2,"12345678a":3,"1234567":4,"12345678aa":5}',
            '{"1234567":4,"12345678":2,"12345678a":3,"12345678aa":5,"12345678b":1}',
        ),
        ('{"a":1,"b":2,"a":{"z":1,"y":2}}', '{"a":{"y":2,"z":1},"b":2}'),
        ('{"a":[1e16,1e-5,1E2,-0,-0.0,1e400,NaN]}', '{"a":[1e+16,1e-05,100.0,0,-0.0,Infinity,NaN]}'),
        ('"\\u00e9\\/\\ud83d\\ude00\\u0001"', '"é/😀\\u0001"'),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
)
def test_hash_is_that_of_the_sorted_compact_utf8_text(core: ModuleType, text: str, hashed: str) -> None:
    assert core.deterministic_hash(text) == sha256(hashed)


@pytest.mark.parametrize("count", [2, 23, 24, 25, 48, 49, 100, 3000])
def test_keys_are_sorted_however_many_there_are(core: ModuleType, count: int) -> None:
    names = [f"{'common prefix ' * (i % 3)}{i}" for i in range(count)]
    random.Random(count).shuffle(names)
    text = "{" + ",".join(f'"{name}":{{"b":"{name}","a":0}}' for name in names) + "}"
    in_order = sorted(names, key=lambda name: [ord(character) for character in name])
    assert core.deterministic_hash(text) == sha256(
        "{" + ",".join(f'"{name}":{{"a":0,"b":"{name}"}}' for name in in_order) + "}"
    )


def test_hash_does_not_depend_on_key_order_or_blanks(core: ModuleType) -> None:
    one, other = '{"a":{"x":1,"y":2},"b":3}', '{"b": 3, "a": {"y": 2, "x": 1}}'
    assert core.deterministic_hash(one) == core.deterministic_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0"),
        ("1", "true"),
        ("0", "-0.0"),
        ("0.0", "-0.0"),
        ("[1,2]", "[2,1]"),
        ("[]", "{}"),
        ('"1"', "1"),
        ('"é"', '"e\u0301"'),
        ("null", '""'),
        ("9007199254740993", "9007199254740992"),
        ("1e400", "NaN"),
    ],
)
def test_different_values_have_different_hashes(core: ModuleType, one: str, other: str) -> None:
    assert core.deterministic_hash(one) != core.deterministic_hash(other)


def test_minus_zero_int_has_the_hash_of_zero(core: ModuleType) -> None:
    assert core.deterministic_hash("-0") == core.deterministic_hash("0") == sha256("0")


def test_normalize_and_hash_gives_insertion_order_and_the_sorted_hash(core: ModuleType) -> None:
    result = core.normalize_and_hash('{"b": 1, "a": {"d": [], "c": 1.50}, "b": 2}')
    assert result == ('{"b":2,"a":{"d":[],"c":1.5}}', sha256('{"a":{"c":1.5,"d":[]},"b":2}'))
    assert type(result) is tuple


SURROGATES: tuple[tuple[str, str, int, int], ...] = (
    # JSON text, the text that is encoded, start and end of what cannot be.
    (r'"\ud800"', '"\ud800"', 1, 2),
    (r'{"a":["x\udfff\ude00"]}', '{"a":["x\udfff\ude00"]}', 8, 10),
    (r'{"b":1,"\ud83d":2}', '{"b":1,"\ud83d":2}', 8, 9),
    ('["\ud83d\ude00"]', '["\ud83d\ude00"]', 2, 4),
)


@pytest.mark.parametrize(("text", "encoded", "start", "end"), SURROGATES)
@pytest.mark.parametrize("name", ["deterministic_hash", "normalize_and_hash"])
def test_a_lone_surrogate_anywhere_is_an_encode_error(
    core: ModuleType, name: str, text: str, encoded: str, start: int, end: int
) -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        getattr(core, name)(text)
    error = raised.value
    assert (error.encoding, error.object, error.start, error.end) == ("utf-8", encoded, start, end)
    assert error.reason == "surrogates not allowed"


def test_surrogates_in_a_value_that_a_repeated_key_replaces_do_not_count(core: ModuleType) -> None:
    assert core.deterministic_hash(r'{"a":"\ud800","a":1}') == sha256('{"a":1}')


def test_hash_of_a_large_text(core: ModuleType) -> None:
    text = "[" + ",".join(f'{{"b":{i},"a":"é"}}' for i in range(60_000)) + "]"
    in_order = "[" + ",".join(f'{{"a":"é","b":{i}}}' for i in range(60_000)) + "]"
    assert core.deterministic_hash(text) == sha256(in_order)


def test_random_trees_hash_as_their_sorted_text(core: ModuleType) -> None:
    for seed in range(300):
        written, in_order = _texts(random.Random(seed), 4)
        assert core.deterministic_hash(written) == sha256(in_order), written


def _texts(source: random.Random, levels: int) -> tuple[str, str]:
    """A JSON text, and the same with sorted keys."""
    if levels == 0 or source.random() < 0.2:
        leaf: Any = source.choice(['"é"', "1", "-1.5", "null", "true", '""', '"\\n"', "1e+20"])
        return leaf, leaf
    children = [_texts(source, levels - 1) for _ in range(source.randrange(6))]
    if source.random() < 0.3:
        return "[" + ",".join(c[0] for c in children) + "]", "[" + ",".join(c[1] for c in children) + "]"
    names = source.sample(["", "a", "b", "ab", "é", "\uffff", "\U00010000", "B", "0", "a b"], len(children))
    members = sorted(zip(names, children), key=lambda member: [ord(c) for c in member[0]])
    return (
        "{" + ",".join(f'"{name}":{child[0]}' for name, child in zip(names, children)) + "}",
        "{" + ",".join(f'"{name}":{child[1]}' for name, child in members) + "}",
    )
