"""Cases are the same everywhere and for ever, and the hard ones are among them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import islice

import pytest

from parity import cases
from parity.generate import GENERATOR_VERSION
from parity.generate.profiles import PROFILES
from parity.generate.source import SeededSource
from parity.operations import OPERATIONS, Operation, Takes

# What the first cases of each profile are made of.  If one of these fails because the generator was
# changed on purpose, raise GENERATOR_VERSION, so that no old id names a new case, and pin anew.
PINNED_VERSION = 1
PINNED: dict[str, str] = {
    "everyday": "cdef926c70eeeca4",
    "numbers": "3d1b0ba8760a4616",
    "hostile-text": "6692806d0e4bb28f",
    "structure": "3f72629bad621c69",
    "malformed": "ee37a451e4698f06",
    "merges": "c00f0797e10293a8",
    "python-objects": "ad3b17ea725b6ae0",
    "span-arguments": "04378243ecc8e0de",
    "export-requests": "687785c50f9c43b6",
}

CASES_OF_A_LANE = 100


def written(value: object) -> str:
    """A value in a form that is the same on every Python version, as `repr` is not."""
    name = type(value).__name__
    if isinstance(value, type):
        return f"{name} {value.__name__}"
    if isinstance(value, Mapping):
        return f"{name}{{{','.join(f'{written(key)}:{written(item)}' for key, item in value.items())}}}"
    if isinstance(value, (str, bytes, bytearray)):
        return f"{name} {value!a}"
    if isinstance(value, int):
        return f"{name} {int(value):x}"
    if isinstance(value, float):
        return f"{name} {float(value).hex()}"
    if is_dataclass(value):
        return f"{name}({','.join(written(getattr(value, field.name)) for field in fields(value))})"
    if isinstance(value, Iterator) or not hasattr(value, "__iter__"):
        return f"{name} {value!r}"
    return f"{name}[{','.join(map(written, value))}]"


def digest(profile: str) -> str:
    """Of the arguments of a profile's first cases for every operation it serves."""
    out = hashlib.sha256()
    for operation in OPERATIONS.values():
        if operation.takes in PROFILES[profile].makes:
            for index in range(CASES_OF_A_LANE):
                case = cases.generated(profile, operation, 0, index)
                out.update(written(case.arguments()).encode("utf-8", "surrogatepass"))
    return out.hexdigest()[:16]


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_of_a_version_never_change(profile: str) -> None:
    assert GENERATOR_VERSION == PINNED_VERSION
    assert digest(profile) == PINNED[profile]


@pytest.mark.parametrize(
    "lane", cases.lanes(list(OPERATIONS.values())), ids=lambda lane: f"{lane[0]}-{lane[1].name}"
)
def test_every_index_makes_a_case(lane: tuple[str, Operation]) -> None:
    for index in range(600):
        assert len(cases.generated(*lane, 1, index).arguments()) == len(lane[1].arguments)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_cases_are_the_same_in_another_process_and_hash_seed(hash_seed: str) -> None:
    program = "from parity.tests.test_generator import PROFILES, digest; print(*map(digest, PROFILES))"
    environment = {
        **os.environ,
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == [PINNED[profile] for profile in PROFILES]


def test_arguments_are_made_anew_on_each_call() -> None:
    case = cases.generated("everyday", OPERATIONS["process_export_payload_pyobject"], 0, 3)
    first, second = case.arguments(), case.arguments()
    assert first == second
    assert first[0] is not second[0]


def test_seed_index_profile_and_operation_each_make_another_case() -> None:
    normalize, hash_only = OPERATIONS["normalize_json"], OPERATIONS["deterministic_hash"]
    made = [
        cases.generated("structure", normalize, 0, 8),
        cases.generated("structure", normalize, 1, 8),
        cases.generated("structure", normalize, 0, 9),
        cases.generated("numbers", normalize, 0, 8),
        cases.generated("structure", hash_only, 0, 8),
    ]
    assert len({case.arguments() for case in made}) == len(made)


def test_every_operation_gets_cases_and_every_profile_serves_one() -> None:
    lanes = cases.lanes(list(OPERATIONS.values()))
    assert {operation.name for _, operation in lanes} == set(OPERATIONS)
    assert {profile for profile, _ in lanes} == set(PROFILES)


def test_campaign_takes_turns() -> None:
    operations = [OPERATIONS["normalize_json"], OPERATIONS["process_export_payload"]]
    turns = len(cases.lanes(operations))
    made = list(cases.campaign(operations, 7, 2 * turns + 1))
    assert len({(case.profile, case.operation.name) for case in made[:turns]}) == turns
    assert [case.id for case in made[turns : turns + 1]] == [made[0].id[:-1] + "1"]
    assert len({case.id for case in made}) == len(made)


def test_below_and_between_reach_both_ends_and_no_further() -> None:
    source = SeededSource("ends")
    assert {source.below(3) for _ in range(200)} == {0, 1, 2}
    assert {source.between(-1, 1) for _ in range(200)} == {-1, 0, 1}
    assert all(source.below(1) == 0 for _ in range(10))


def test_more_goes_on_for_the_average_asked_for() -> None:
    source = SeededSource("average")
    runs = 5000
    yes = sum(1 for _ in range(runs) for _ in iter(lambda: source.more(3), False))
    assert 2.8 < yes / runs < 3.2


# ---- quality: what must be met within a modest number of cases ----------------

TEXTS = 6000


@pytest.fixture(scope="module")
def texts() -> list[str]:
    normalize = [OPERATIONS["normalize_json"]]
    made = (case.arguments()[0] for case in cases.campaign(normalize, 0, TEXTS))
    return [text for text in made if isinstance(text, str)]


def depth(text: str) -> int:
    """How deep brackets stand in one another, near enough for a generated text."""
    deepest = level = 0
    for character in text:
        level += (character in "[{") - (character in "]}")
        deepest = max(deepest, level)
    return deepest


@pytest.mark.parametrize(
    "pattern",
    [
        r"[\[:,]-0[,\]}]",
        r"-0\.0\b",
        r"\b1e16\b",
        r"\b1E\+2\b",
        r"\b1\.0e-05\b",
        r"\b0\.1e1\b",
        r"\b100000000000000000000\.0\b",
        r"\b1e400\b",
        r"\b5e-324\b",
        r"\bNaN\b",
        r"-Infinity\b",
        r"\b9007199254740993\b",
        r"\b9223372036854775808\b",
        r"\b18446744073709551616\b",
        r"(?<!\d)\d{400}(?!\d)",
        r"(?<!\d)\d{640}(?!\d)",
        r"(?<!\d)\d{641}(?!\d)",
        r"(?<!\d)\d{4300}(?!\d)",
        r"(?<!\d)\d{4301}(?!\d)",
        r"\\/",
        r"\\u0000",
        r"\\ud83d\\ude00",
        r"\\ud800(?!\\udc00)",
        "[\ud800-\udfff]",
        "\ufeff",
        "\u2028",
        "\x7f",
        "😀",
        "e\u0301",
        r'"":',
        "\uffff.*:",
        "\U00010000",
        r"\[\]",
        r"\{\}",
        r"\r\n",
    ],
)
def test_hard_text_is_found(texts: list[str], pattern: str) -> None:
    wanted = re.compile(pattern, re.DOTALL)
    assert any(wanted.search(text) for text in texts)


def test_every_control_character_is_found_escaped(texts: list[str]) -> None:
    whole = "".join(texts).lower()
    assert [code for code in range(0x20) if f"\\u{code:04x}" not in whole] == []


def test_repeated_keys_are_found(texts: list[str]) -> None:
    def repeats(text: str) -> bool:
        found = False

        def pairs(members: list[tuple[str, object]]) -> None:
            nonlocal found
            found = found or len({key for key, _ in members}) < len(members)

        json.loads(text, object_pairs_hook=pairs)
        return found

    assert sum(map(repeats, filter(is_valid, texts))) > TEXTS / 100


def test_repeated_keys_in_another_spelling_are_found(texts: list[str]) -> None:
    key = re.compile(r'("(?:[^"\\]|\\.)*")\s*:')

    def repeats(text: str) -> bool:
        spellings = set(key.findall(text))
        return len({json.loads(one) for one in spellings}) < len(spellings)

    assert sum(map(repeats, filter(is_valid, texts))) > TEXTS / 1000


def test_nesting_is_common_up_to_150_and_found_up_to_210(texts: list[str]) -> None:
    depths = [depth(text) for text in filter(is_valid, texts)]
    assert sum(100 < one <= 150 for one in depths) > 10
    assert max(depths) == 210 or max(depths) == 211


def test_scalars_stand_at_the_top(texts: list[str]) -> None:
    tops = {type(json.loads(text)) for text in texts if is_valid(text)}
    assert tops == {dict, list, str, int, float, bool, type(None)}


def is_valid(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_most_texts_are_valid_but_for_the_malformed_profile() -> None:
    for profile in PROFILES.values():
        make = profile.makes.get(Takes.TEXT)
        if make is None:
            continue
        made = [make(SeededSource(f"validity {index}"))[0] for index in range(300)]
        share = sum(isinstance(text, str) and is_valid(text) for text in made) / len(made)
        if profile.name == "malformed":
            assert share < 0.35
        else:
            assert share > 0.95


def test_wide_objects_are_found(texts: list[str]) -> None:
    assert max(len(json.loads(text)) for text in texts if is_valid(text) and text.lstrip()[:1] in "{[") >= 256


def test_keys_whose_order_differs_in_utf_16_meet_in_one_object() -> None:
    def utf_16(key: str) -> bytes:
        return key.encode("utf-16-be", "surrogatepass")

    def differs(members: Mapping[str, object]) -> bool:
        return sorted(members) != sorted(members, key=utf_16)

    make = PROFILES["hostile-text"].makes[Takes.TEXT]
    values = (json.loads(str(make(SeededSource(f"order {index}"))[0])) for index in range(3000))
    assert any(isinstance(value, dict) and differs(value) for value in values)


def find(takes: Takes, profile: str, wanted: Callable[..., bool], within: int) -> bool:
    operation = next(one for one in OPERATIONS.values() if one.takes is takes)
    made = (cases.generated(profile, operation, 0, index).arguments() for index in range(within))
    return any(wanted(*arguments) for arguments in islice(made, within))


@pytest.mark.parametrize(
    "wanted",
    [
        lambda payload, merges: isinstance(payload, dict) and {1, "1"} <= set(payload),
        lambda payload, merges: isinstance(payload, dict) and "Decimal" in repr(payload),
        lambda payload, merges: "Level.ONE" in repr(payload),
        lambda payload, merges: "bytearray" in repr(payload),
        lambda payload, merges: "Point(" in repr(payload),
        lambda payload, merges: "mappingproxy(" in repr(payload),
        lambda payload, merges: "\\ud83d\\ude00" in repr(payload),
    ],
)
def test_odd_object_is_found(wanted: Callable[..., bool]) -> None:
    assert find(Takes.OBJECT_AND_MERGES, "python-objects", wanted, 1500)
