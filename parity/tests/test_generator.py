"""Cases are the same everywhere and for ever, and the hard ones are among them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from parity import cases
from parity.generate import GENERATOR_VERSION
from parity.generate.profiles import PROFILES
from parity.generate.source import SeededSource
from parity.operations import OPERATIONS, Operation, Takes

# What the first cases of each profile are made of.  If one of these fails because the generator was
# changed on purpose, raise GENERATOR_VERSION, so that no old id names a new case, and pin anew.
PINNED_VERSION = 2
PINNED: dict[str, str] = {
    "everyday": "bbdeade959df0205",
    "numbers": "6c0e98fe1ae23abe",
    "hostile-text": "c02a2990160fac19",
    "structure": "587bb12366510c4c",
    "malformed": "0717123e1f8c657c",
    "merges": "ca4bbedf26bf6699",
    "python-objects": "9cdddb6fb0f6ef57",
    "span-arguments": "8d98201aae2b8e1a",
    "export-requests": "aa0fc0ac472f5935",
}

INPUTS_PINNED = 200
ALL = list(OPERATIONS.values())


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
    """Of a profile's first inputs in every shape."""
    out = hashlib.sha256()
    for index in range(INPUTS_PINNED):
        makers = PROFILES[profile].make(cases.source(profile, 0, index))
        for takes in PROFILES[profile].takes:
            out.update(written(makers[takes]()).encode("utf-8", "surrogatepass"))
    return out.hexdigest()[:16]


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_of_a_version_never_change(profile: str) -> None:
    assert GENERATOR_VERSION == PINNED_VERSION
    assert digest(profile) == PINNED[profile]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_index_makes_arguments_for_every_operation_the_profile_serves(profile: str) -> None:
    served = [one for one in ALL if one.takes in PROFILES[profile].takes]
    for index in range(600):
        made = cases.generated(profile, 1, index, ALL)
        assert [case.operation for case in made] == served
        for case in made:
            assert len(case.arguments()) == len(case.operation.arguments)


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
    (case,) = cases.generated("everyday", 0, 5, [OPERATIONS["process_export_payload_pyobject"]])
    first, second = case.arguments(), case.arguments()
    assert first == second
    assert first[0] is not second[0]


def test_seed_index_and_profile_each_make_another_input_and_the_operation_does_not() -> None:
    normalize, hash_only = OPERATIONS["normalize_json"], OPERATIONS["deterministic_hash"]

    def text(*origin: object) -> object:
        (case,) = cases.from_id(":".join(map(str, (f"g{GENERATOR_VERSION}", *origin))))
        return case.arguments()[0]

    texts = [text("structure", *numbers, normalize.name) for numbers in ((0, 8), (1, 8), (0, 9), (80, 8))]
    texts.append(text("numbers", 0, 8, normalize.name))
    assert len(set(texts)) == len(texts)
    assert text("structure", 0, 8, hash_only.name) == texts[0]


def test_an_id_without_operation_means_all_that_take_the_input() -> None:
    identity = f"g{GENERATOR_VERSION}:merges:0:5"
    made = cases.from_id(identity)
    assert [case.id for case in made] == [
        f"{identity}:process_export_payload",
        f"{identity}:process_export_payload_pyobject",
        f"{identity}:export_span",
    ]


def test_every_operation_gets_cases_and_every_profile_serves_one() -> None:
    met = list(cases.Campaign(ALL, 0, 1000))
    assert {case.operation for case in met} == set(ALL)
    assert {case.profile for case in met} == set(PROFILES)


@pytest.mark.parametrize("wanted", [0, 1, 6, 7, 8, 100, 999, 12345])
@pytest.mark.parametrize("chosen", [ALL, ALL[:1], ALL[5:7], ALL[7:]], ids=len)
def test_a_campaign_plans_what_it_makes(chosen: list[Operation], wanted: int) -> None:
    campaign = cases.Campaign(chosen, 3, wanted)
    assert wanted <= campaign.planned < wanted + len(chosen)
    if wanted < 1000:
        made = [case.id for number in range(campaign.inputs) for case in campaign.at(number)]
        assert len(set(made)) == len(made) == campaign.planned
        assert made == [case.id for case in campaign]


def test_profiles_take_turns_by_their_weight() -> None:
    heaviest = sum(profile.weight for profile in PROFILES.values())
    counts = Counter(
        case.profile for number in range(heaviest) for case in cases.Campaign(ALL, 0, 1).at(number)[:1]
    )
    assert counts == {profile.name: profile.weight for profile in PROFILES.values()}


def test_any_stretch_of_inputs_has_its_share_of_every_operation() -> None:
    campaign = cases.Campaign(ALL, 0, 1)
    whole = sum(profile.weight for profile in PROFILES.values())
    share = Counter(case.operation.name for number in range(whole) for case in campaign.at(number))
    for start in (0, 7, 1000):
        stretch = Counter(
            case.operation.name for number in range(start, start + whole // 2) for case in campaign.at(number)
        )
        assert all(abs(stretch[name] - count / 2) <= 3 for name, count in share.items())


def test_campaigns_of_other_operations_share_their_inputs() -> None:
    texts = cases.Campaign(ALL[:1], 0, 50)
    assert {case.id for case in texts} <= {case.id for case in cases.Campaign(ALL, 0, 2000)}


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

TEXTS = 9000


@pytest.fixture(scope="module")
def texts() -> list[str]:
    normalize = [OPERATIONS["normalize_json"]]
    made = (case.arguments()[0] for case in cases.Campaign(normalize, 0, TEXTS))
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
        if Takes.TEXT not in profile.takes:
            continue
        sources = (SeededSource("validity", index) for index in range(300))
        made = [profile.make(source)[Takes.TEXT]()[0] for source in sources]
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

    sources = (SeededSource("order", index) for index in range(3000))
    texts = (PROFILES["hostile-text"].make(source)[Takes.TEXT]()[0] for source in sources)
    values = (json.loads(str(text)) for text in texts)
    assert any(isinstance(value, dict) and differs(value) for value in values)


def find(takes: Takes, profile: str, wanted: Callable[..., bool], within: int) -> bool:
    sources = (SeededSource("odd objects", index) for index in range(within))
    return any(wanted(*PROFILES[profile].make(source)[takes]()) for source in sources)


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
