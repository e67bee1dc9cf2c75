"""The hard texts are among the generated ones, within stated numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from parity import cases
from parity.generate.limits import DEPTHS, DIGITS, EXPONENTS, MEMBERS, STRING_LENGTHS
from parity.generate.profiles import PROFILES
from parity.generate.source import SeededSource
from parity.operations import OPERATIONS, Takes

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
        r"\A\ufeff",
        r"\\ufeff",
        r"\\u[0-9a-f]*[A-F]",
        r"e100000000000000000\b",
        r"e-342\b",
        r"e309\b",
        r"[1-9]e22\b",
    ],
)
def test_hard_text_is_found(texts: list[str], pattern: str) -> None:
    wanted = re.compile(pattern, re.DOTALL)
    assert any(wanted.search(text) for text in texts)


def test_every_control_character_is_found_escaped(texts: list[str]) -> None:
    whole = "".join(texts).lower()
    assert [code for code in range(0x20) if f"\\u{code:04x}" not in whole] == []


def test_every_control_character_is_found_raw_in_malformed_text() -> None:
    malformed = "".join(text for text in made("malformed", 6000) if not is_valid(text))
    assert [code for code in range(0x20) if chr(code) not in malformed] == []


def test_every_short_escape_is_found(texts: list[str]) -> None:
    whole = "".join(texts)
    assert [letter for letter in '"\\/bfnrtu' if f"\\{letter}" not in whole] == []


def made(profile: str, count: int) -> list[str]:
    sources = (SeededSource("quality", index) for index in range(count))
    values = (PROFILES[profile].make(source)[Takes.TEXT]()[0] for source in sources)
    return [value for value in values if isinstance(value, str)]


@pytest.fixture(scope="module")
def at_limits() -> list[str]:
    return made("limits", 6000)


def test_every_length_of_a_string_is_found(at_limits: list[str]) -> None:
    lengths = {len(string) for text in at_limits for string in re.findall(r'"(a+b*)"', text)}
    assert sorted(set(STRING_LENGTHS) - lengths) == []


def test_every_number_of_digits_is_found(at_limits: list[str]) -> None:
    lengths = {len(digits) for text in at_limits for digits in re.findall(r"(?<![\d.e-])\d+(?![\d.e])", text)}
    assert sorted(set(DIGITS) - lengths) == []


def test_every_exponent_is_found(at_limits: list[str]) -> None:
    exponents = {int(exponent) for text in at_limits for exponent in re.findall(r"\de(-?\d+)", text)}
    assert sorted(set(EXPONENTS) - exponents) == []


def test_every_number_of_members_is_found(at_limits: list[str]) -> None:
    keys = {text.count('"k') for text in at_limits} | {text.count('"same-start') for text in at_limits}
    assert sorted(set(MEMBERS) - keys) == []


def test_every_depth_is_found(at_limits: list[str]) -> None:
    depths = {depth(text) for text in at_limits}
    assert sorted(set(DEPTHS) - depths) == []


def test_strings_have_a_character_at_a_limit_near_either_end(at_limits: list[str]) -> None:
    for pattern in (
        r'"a{0,20}\\u[0-9a-f]{4}a+b*"',
        r'"a+b*\\u[0-9a-f]{4}a{0,20}b*"',
        '"a{0,20}[\x80-\uffff]a+b*"',
    ):
        assert any(re.search(pattern, text) for text in at_limits)


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
    string = re.compile(
        r'("(?:[^"\\]|\\.)*")(\s*:)?'
    )  # values are read too, for time that grows with the text

    def repeats(text: str) -> bool:
        spellings = {spelling for spelling, is_key in string.findall(text) if is_key}
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
            assert share > (0.9 if profile.name == "limits" else 0.95)


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
