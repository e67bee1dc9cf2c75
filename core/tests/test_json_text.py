"""JSON text to compact JSON text, as `json.loads` reads it and `json.dumps` writes it."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Callable

import pytest

# ---- order and repeated keys ----------------------------------------------------------------


def test_insertion_order_stays(core: ModuleType) -> None:
    assert core.normalize_json('{"b":1,"a":2,"C":3,"":4,"a0":5}') == '{"b":1,"a":2,"C":3,"":4,"a0":5}'


def test_insertion_order_stays_at_every_level(core: ModuleType) -> None:
    assert core.normalize_json('[{"z":{"y":1,"x":[{"w":0,"v":0}]}}]') == '[{"z":{"y":1,"x":[{"w":0,"v":0}]}}]'


@pytest.mark.parametrize("count", [2, 15, 16, 17, 24, 25, 40, 1000])
def test_insertion_order_stays_however_many_keys(core: ModuleType, count: int) -> None:
    text = "{" + ",".join(f'"k{(7 * i) % 1009:04}":{i}' for i in range(count)) + "}"
    assert core.normalize_json(text) == text


def test_repeated_key_keeps_first_position_and_last_value(core: ModuleType) -> None:
    assert core.normalize_json('{"a":1,"b":2,"a":3}') == '{"a":3,"b":2}'


def test_repeated_key_thrice_keeps_the_very_last_value(core: ModuleType) -> None:
    assert core.normalize_json('{"b":0,"a":1,"a":2,"c":0,"a":3,"b":4}') == '{"b":4,"a":3,"c":0}'


def test_repeated_key_may_change_between_value_and_container(core: ModuleType) -> None:
    text = '{"a":{"x":1,"y":[2]},"b":[[]],"c":0,"a":5,"b":{"x":{"x":1}},"c":[1,2]}'
    assert core.normalize_json(text) == '{"a":5,"b":{"x":{"x":1}},"c":[1,2]}'


def test_repeated_key_is_settled_at_every_level(core: ModuleType) -> None:
    text = '[{"o":{"a":1,"a":2},"o":{"b":{"c":1,"d":2,"c":3},"a":0,"b":{"c":4,"c":5}}}]'
    assert core.normalize_json(text) == '[{"o":{"b":{"c":5},"a":0}}]'


def test_repeated_key_is_found_through_escapes(core: ModuleType) -> None:
    assert core.normalize_json(r'{"A/é":1,"b":2,"\u0041\/\u00e9":3}') == '{"A/é":3,"b":2}'


@pytest.mark.parametrize("count", [16, 17, 24, 25, 100, 3000])
def test_repeated_keys_settle_however_many_there_are(core: ModuleType, count: int) -> None:
    text = "{" + ",".join(f'"k{i}":{{"n":{i}}}' for i in range(count)) + ',"k3":[3],"k0":0,"k3":{"n":[]}}'
    values = {f"k{i}": f'{{"n":{i}}}' for i in range(count)}
    values.update(k0="0", k3='{"n":[]}')
    assert core.normalize_json(text) == "{" + ",".join(f'"{k}":{v}' for k, v in values.items()) + "}"


def test_all_keys_equal_leaves_one(core: ModuleType) -> None:
    assert core.normalize_json("{" + ",".join(f'"same":{i}' for i in range(50)) + "}") == '{"same":49}'


def test_keys_differing_only_in_normal_form_are_different(core: ModuleType) -> None:
    text = '{"é":1,"e\u0301":2,"ﬁ":3,"fi":4,"a":5,"A":6,"a\u0000":7}'.replace("\u0000", "\\u0000")
    assert core.normalize_json(text) == text


# ---- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [1, 18, 19, 20, 100, 640, 641, 4300])
def test_ints_keep_their_digits(core: ModuleType, digits: int) -> None:
    number = ("1234567890" * 430)[:digits]
    assert core.normalize_json(f"[{number},-{number}]") == f"[{number},-{number}]"


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1" + "0" * 400,
    ],
)
def test_ints_of_any_size_stay_ints(core: ModuleType, number: str) -> None:
    assert core.normalize_json(number) == number


def test_minus_zero_is_the_int_zero(core: ModuleType) -> None:
    assert core.normalize_json('[-0,{"a":-0}]') == '[0,{"a":0}]'


def test_minus_zero_float_keeps_its_sign(core: ModuleType) -> None:
    assert core.normalize_json("[-0.0,-0e0,-0.0e5,0e-9,-1e-400]") == "[-0.0,-0.0,-0.0,0.0,-0.0]"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinities_are_as_in_python(core: ModuleType, text: str) -> None:
    assert core.normalize_json(f'{{"a":[{text}]}}') == f'{{"a":[{text}]}}'


def test_floats_past_the_largest_are_infinite(core: ModuleType) -> None:
    text = "[1e400,-1e400,1.7976931348623159e308,1e99999999999999999999]"
    assert core.normalize_json(text) == "[Infinity,-Infinity,Infinity,Infinity]"


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("1.0", "1.0"),
        ("1.50", "1.5"),
        ("100.00", "100.0"),
        ("1e1", "10.0"),
        ("1E+2", "100.0"),
        ("0.1e1", "1.0"),
        ("0E+10", "0.0"),
        ("10.0e-1", "1.0"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0.1000000000000000055511151231257827", "0.1"),
        # The switch to an exponent, both ways.
        ("1e15", "1000000000000000.0"),
        ("9999999999999998.0", "9999999999999998.0"),
        ("9999999999999999.0", "1e+16"),
        ("1e16", "1e+16"),
        ("123456789012345678.0", "1.2345678901234568e+17"),
        ("0.0001", "0.0001"),
        ("0.00011", "0.00011"),
        ("0.00001", "1e-05"),
        ("0.000012345", "1.2345e-05"),
        ("1.0e-05", "1e-05"),
        ("1e-7", "1e-07"),
        ("1e22", "1e+22"),
        ("1e23", "1e+23"),
        ("1.0000000000000001e23", "1.0000000000000001e+23"),
        ("1e100", "1e+100"),
        ("8.41e21", "8.41e+21"),
        # Halfway between two doubles: to even.
        ("9007199254740992.5", "9007199254740992.0"),
        ("9007199254740993.0", "9007199254740992.0"),
        ("9007199254740993.00000000000000000000000000000001", "9007199254740994.0"),
        ("4503599627370496.5", "4503599627370496.0"),
        ("4503599627370497.5", "4503599627370498.0"),
        ("0.99999999999999994", "0.9999999999999999"),
        ("0.999999999999999944488848768742172978818416595458984375", "1.0"),
        # The edges of the range.
        ("5e-324", "5e-324"),
        ("2.4703282292062327e-324", "0.0"),
        ("2.4703282292062328e-324", "5e-324"),
        ("1e-323", "1e-323"),
        ("2.2250738585072011e-308", "2.225073858507201e-308"),
        ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("1.7976931348623158e308", "1.7976931348623157e+308"),
        ("0.000000000000000000000000000001e338", "1e+308"),
        # Powers of two, whose lower neighbour is nearer.
        ("2.2204460492503131e-16", "2.220446049250313e-16"),
        ("9.5367431640625e-07", "9.5367431640625e-07"),
    ],
)
def test_floats_are_written_as_repr(core: ModuleType, text: str, normalized: str) -> None:
    assert core.normalize_json(text) == normalized
    assert core.normalize_json(f"[-{text},0]") == f"[-{normalized},0]"


def test_every_power_of_two_is_written_as_repr(core: ModuleType) -> None:
    numbers = [2.0**exponent for exponent in range(-1074, 1024)]
    text = "[" + ",".join(f"{number:.25e}" for number in numbers) + "]"
    assert core.normalize_json(text) == "[" + ",".join(map(repr, numbers)) + "]"


def test_floats_have_no_limit_on_digits(core: ModuleType) -> None:
    assert core.normalize_json("0." + "1" * 10_000) == "0.1111111111111111"
    assert core.normalize_json("1" * 5000 + ".0") == "Infinity"
    assert core.normalize_json("1" + "0" * 5000 + "e-5000") == "1.0"


# ---- strings --------------------------------------------------------------------------------


def test_non_ascii_characters_stay_as_they_are(core: ModuleType) -> None:
    text = '["é","ß","中","😀","\u07ff\u0800\uffff","\x7f\x80\x85\xa0\u2028\u2029\ufeff\ufffe"]'
    assert core.normalize_json(text) == text


@pytest.mark.parametrize(
    "widest", [0x7F, 0x80, 0xFF, 0x100, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
)
def test_characters_of_every_width_stay(core: ModuleType, widest: int) -> None:
    corners = (0x20, 0x7E, 0x7F, 0x80, 0xFF, 0x100, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF)
    text = '["' + "".join(chr(corner) for corner in corners if corner <= widest) * 3 + '"]'
    assert core.normalize_json(text) == text
    (value,) = json.loads(text)
    assert core.process_export_payload_pyobject({value: value}, None)[0] == {value: value}


@pytest.mark.parametrize("companion", ["", "é", "中", "😀"])
def test_a_lone_surrogate_is_found_beside_characters_of_any_width(core: ModuleType, companion: str) -> None:
    for surrogate in ("\ud800", "\udbff", "\udc00", "\udfff"):
        text = f'["{companion}{surrogate}"]'
        assert core.normalize_json(text) == text
        with pytest.raises(UnicodeEncodeError):
            core.deterministic_hash(text)


def test_escapes_that_are_not_needed_are_resolved(core: ModuleType) -> None:
    text = r'"\u0041\/\u00e9\u00E9\u4e2d\u007f\u2028\ufeff\uFFFF"'
    assert core.normalize_json(text) == '"A/éé中\x7f\u2028\ufeff\uffff"'


def test_escapes_that_are_needed_stay_in_their_shortest_form(core: ModuleType) -> None:
    text = r'"\"\\\b\f\n\r\t\u0000\u001F\u0022\u005c\u000a"'
    assert core.normalize_json(text) == r'"\"\\\b\f\n\r\t\u0000\u001f\"\\\n"'


def test_every_control_character_is_escaped(core: ModuleType) -> None:
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
    for code in range(0x20):
        assert core.normalize_json(f'"\\u{code:04x}"') == f'"{short.get(code, f"{chr(92)}u{code:04x}")}"'


def test_escaped_surrogate_pair_joins(core: ModuleType) -> None:
    assert core.normalize_json(r'"\ud83d\ude00"') == '"😀"'
    assert core.normalize_json(r'"\uD800\uDC00\uDBFF\uDFFF"') == '"\U00010000\U0010ffff"'


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        (r"\ud800", "\ud800"),
        (r"\udfff", "\udfff"),
        (r"\ude00\ud83d", "\ude00\ud83d"),
        (r"\udc00\udc00", "\udc00\udc00"),
        (r"\ud83d\ue000", "\ud83d\ue000"),
        (r"\ud83d\ud83d\ude00", "\ud83d😀"),
        (r"\ud83dx", "\ud83dx"),
        (r"\ud83d\n", "\ud83d\\n"),
        (r"\ud83d\u0041", "\ud83dA"),
        ("\udc80", "\udc80"),
        ("\ud83d\\ude00", "\ud83d\ude00"),
        ("\\ud83d\ude00", "\ud83d\ude00"),
    ],
)
def test_lone_surrogate_stays_in_the_normalised_str(core: ModuleType, text: str, normalized: str) -> None:
    assert core.normalize_json(f'{{"k{text}":["{text}"]}}') == f'{{"k{normalized}":["{normalized}"]}}'


@pytest.mark.parametrize("tail", ["", "\\n", "é", "😀\\t"])
def test_strings_of_every_length_survive(core: ModuleType, tail: str) -> None:
    for size in (*range(70), 127, 128, 129, 4095, 4096, 4097):
        text = '["' + "x" * size + tail + 'y"]'
        assert core.normalize_json(text) == text


# ---- text around the values -----------------------------------------------------------------


def test_blanks_between_tokens_go(core: ModuleType) -> None:
    assert core.normalize_json(' \t\r\n{ "a" :\n[ 1 ,\t2 , { } , [ ] ]\r}\n ') == '{"a":[1,2,{},[]]}'


def test_blanks_inside_strings_stay(core: ModuleType) -> None:
    assert core.normalize_json('{" a ":" b  c "}') == '{" a ":" b  c "}'


@pytest.mark.parametrize("text", ["null", "true", "false", "0", '""', "[]", "{}", '"x"', "1.5"])
def test_any_value_may_be_the_root(core: ModuleType, text: str) -> None:
    assert core.normalize_json(f" {text} ") == text


def test_normal_form_is_its_own_normal_form(core: ModuleType) -> None:
    normalized = '{"a":[1,-2.5,1e-07,NaN,"\\n\\u0001é"],"":{"b":null,"a":true}}'
    assert core.normalize_json(normalized) == normalized


def test_large_text_is_normalised_whole(core: ModuleType) -> None:
    text = "[" + ",".join(f'{{"i":{i},"é":"{i}\\n"}}' for i in range(60_000)) + "]"
    assert len(text) > 1 << 20
    assert core.normalize_json(text) == text


def test_a_str_subclass_is_a_str(core: ModuleType) -> None:
    class Text(str):
        pass

    result = core.normalize_json(Text(" [1] "))
    assert result == "[1]"
    assert type(result) is str


# ---- errors ---------------------------------------------------------------------------------

MALFORMED = (
    "", " ", "\n", "[", "{", "]", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]", '{"a"', '{"a":',
    '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', '{"a":,}', "{,}", "{1:2}", "{a:1}", "{'a':1}",
    '{"a":1 "b":2}', '{"a":1}{', '{"a":1}x', "1 2", "[] []", '"', '"a', '"a\\', '"\\x"', '"\\u"', '"\\u12"',
    '"\\u12G4"', '"\\u 123"', '"\\u+123"', '"\\u0x12"', '"\\u１２３４"', '"\\u_123"', '"\\u12_3"',
    '"\\ud83d\\u"', '"\\ud83d\\uZZZZ"', '"\\ud83d\\x"', '"\\ud83d\\', '"\\\'"', '"\\0"', '"\n"', '"\t"',
    '"\x00"', '"\x1f"', '"a\rb"', "nul", "nulll", "null1", "tru", "True", "None", "fals", "nan", "NaNN",
    "Infinit", "-Infinit", "-NaN", "+Infinity", "-", "--1", "+1", "01", "-01", "00", "1.", "1.e5", ".5",
    "-.5", "1e", "1e+", "1E-", "1e1.5", "1.2.3", "0x10", "1_000", "１", "1e１", "1,", "//", "/**/1", "[1]//",
    "\xa01", "1\xa0", "\x0b1", "\x0c1", "1\x00", "\x001", "\u20281", '["a":1]', '{"a",1}', '["\\ud800"',
    '{"\\ud800":1', '{"a":NaN', "[1e", "[-", "[-]", '{"a":1,"a"', "undefined", '{"a":[1,{"b":]}', "\ud800",
    "{\ud800}", "\ufeff{}", "\ufeff", '\n\n[1,\n "a",\n x]', '["é😀", x]', '[1,2,3}', '{"a":1]',
)  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_text_raises_pythons_own_error(core: ModuleType, text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as expected:
        json.loads(text)
    for function in (
        core.normalize_json,
        core.deterministic_hash,
        core.normalize_and_hash,
        core.object_to_protobuf_struct_bytes,
        core.object_to_protobuf_struct_field_count,
    ):
        with pytest.raises(json.JSONDecodeError) as raised:
            function(text)
        assert type(raised.value) is json.JSONDecodeError
        assert str(raised.value) == str(expected.value)
        assert (raised.value.pos, raised.value.doc) == (expected.value.pos, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("[1,\n 2 3]", "Expecting ',' delimiter: line 2 column 4 (char 7)"),
        ('"a\tb"', "Invalid control character at: line 1 column 3 (char 2)"),
        ("{} x", "Extra data: line 1 column 4 (char 3)"),
    ],
)
def test_error_tells_the_position(core: ModuleType, text: str, message: str) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        core.normalize_json(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"b":', "[[],"])
@pytest.mark.parametrize("levels", [100_000, 1_000_000])
def test_nesting_without_end_is_a_recursion_error_and_no_crash(
    core: ModuleType, opening: str, levels: int
) -> None:
    with pytest.raises(RecursionError):
        core.normalize_json(opening * levels)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_a_recursion_error_even_when_it_is_closed(
    core: ModuleType, opening: str, closing: str
) -> None:
    text = opening * 200_000 + "1" + closing * 200_000
    for function in (core.normalize_json, core.deterministic_hash, core.object_to_protobuf_struct_bytes):
        with pytest.raises(RecursionError):
            function(text)


@pytest.mark.parametrize("levels", [1, 2, 126, 127, 128, 199, 200, 201, 202, 300])
def test_moderate_nesting_is_right(core: ModuleType, levels: int) -> None:
    lists, objects = "[" * levels + "]" * levels, '{"a":' * levels + "0" + "}" * levels
    assert core.normalize_json(lists) == lists
    assert core.normalize_json(objects) == objects


def test_an_int_past_the_digit_limit_raises_pythons_own_error(core: ModuleType) -> None:
    if not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    number = "1" * (sys.get_int_max_str_digits() + 1)
    with pytest.raises(ValueError, match="Exceeds the limit") as expected:
        int(number)
    for text in (number, f"-{number}", f'{{"a":[{number}]}}'):
        with pytest.raises(ValueError, match="Exceeds the limit") as raised:
            core.normalize_json(text)
        assert type(raised.value) is ValueError
        assert str(raised.value) == str(expected.value)


@pytest.mark.parametrize("limit", [640, 641, 4300, 10_000])
def test_the_digit_limit_is_honoured_as_it_is_set_now(
    core: ModuleType, set_digit_limit: Callable[[int], None], limit: int
) -> None:
    set_digit_limit(limit)
    fits, exceeds = "9" * limit, "9" * (limit + 1)
    assert core.normalize_json(f"[-{fits}]") == f"[-{fits}]"
    with pytest.raises(ValueError, match="Exceeds the limit"):
        core.normalize_json(f"[-{exceeds}]")


def test_without_a_digit_limit_any_int_passes(
    core: ModuleType, set_digit_limit: Callable[[int], None]
) -> None:
    set_digit_limit(0)
    assert core.normalize_json("7" * 20_000) == "7" * 20_000
