"""Credentials do not reach a report."""

from __future__ import annotations

import json
import re

import pytest

from reports.masking import MASK, is_credential, masked, masked_together

SECRET = "hunter2-and-more"


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "userPassword",
        "X-Api-Key",
        "api_key",
        "Authorization",
        "set-cookie",
        "client_secret",
        "PIN",
    ],
)
def test_keys_that_look_like_credentials(key: str) -> None:
    assert is_credential(key)


@pytest.mark.parametrize(
    "key", ["price", "spinner", "author", "passenger", "id", "compass", "sessions_per_day"]
)
def test_keys_that_do_not(key: str) -> None:
    assert not is_credential(key)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"password": SECRET, "x": 1}),
        repr({"password": SECRET, "x": 1}),
        f"payload_json={json.dumps({'api_key': SECRET})!r}",
        f"payload_json={json.dumps(json.dumps({'api_key': SECRET}))!r}",
        json.dumps({"token": [SECRET, {"deep": SECRET}]}),
        f"GET /?access_token={SECRET}&x=1",
        f"Authorization: Basic {SECRET} and the rest",
        f"x: Bearer {SECRET}",
        f"metadata={{'secret': b'{SECRET}'}}",
        json.dumps({"password": f'quote " and \\ {SECRET}'}),
    ],
)
def test_the_value_behind_such_a_key_is_masked(text: str) -> None:
    shown = masked(text)
    assert SECRET not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        f"api_key={SECRET}",
        f"export API_KEY='{SECRET}'",
        f"api_key      = {SECRET}",
        f"Password:\t{SECRET}",
        f"password:\n{SECRET}",
        f"\x1b[31mapi_key={SECRET}\x1b[0m",
        f"\x1b[01;31mapi_key\x1b[m=\x1b[1m{SECRET}",
        f"api_key=\x1b[1m{SECRET[:4]}\x1b[0m{SECRET[4:]}",
        f"\x1b]0;title\x07api_key={SECRET}",
        f"str '\\x1b[31mapi_key={SECRET}'",
        f"login --password {SECRET} --verbose",
        f"login --password={SECRET}",
        f"java -Dapi.token={SECRET}",
        f"postgresql://shop:{SECRET}@db.example/shop",
        f"secrets.txt:12:password={SECRET}",
        f"secrets.py:12:3: PASSWORD = '{SECRET}'",
        f"secrets.py:PASSWORD = '{SECRET}'",
        f"token.txt:{SECRET}",
        f"token.txt: {SECRET}",
        f"token.c={SECRET}",
        f'{{"tokens": ["{SECRET}"]}}',
        f"tokens: {SECRET}",
        f"max_token: {SECRET}",
        f"session.id: {SECRET}",
    ],
)
def test_credentials_that_a_command_prints_are_masked(text: str) -> None:
    shown = masked(text)
    assert SECRET not in shown and SECRET[4:] not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        "normal_tokens.c:12:3: error: expected ';' before '}' token",
        "core/src/tokens.c:7: warning: unused variable",
        "tests/test_cookie.py:44: AssertionError",
        "reports/test_password.py:10:5: E501 line too long",
        "secrets.rs:3:5",
        "password.go:12:2: undefined: x",
        "In file included from secret.h:12:",
        "normal_tokens.o: in function `main'",
        "secret.sh: line 3: nothing: command not found",
        "TokenStore.java:123",
        "\x1b[1mnormal_tokens.c:12:3:\x1b[0m error",
        "auth_token.json:12:3: trailing comma",
        "cookies.toml:7: unknown key",
        "{'tokens.c': 12, 'secret.py': 3}",
        "token_count: 5",
        "tokens: 1,024",
        "max_tokens=4096",
        "password_length = 12",
        "token_ttl: 30s",
        "tokens_per_second: 12.5",
        '{"total_tokens": 12, "cookies": 3}',
        "tokenizer: fast",
        "Tokenised: 12 of 12",
        "python -m parity run --candidate native",
        "https://example.org:8080/path@1",
        "SyntaxError: unexpected token",
    ],
)
def test_what_only_looks_like_a_credential_is_shown(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ['{"pin": 1234}', "otp: 123456", "token: 123456", "api_key = 12345678"])
def test_a_number_may_be_a_credential(text: str) -> None:
    assert re.search(r"\d", masked(text)) is None


@pytest.mark.parametrize("text", ['\x1b[1m{"password": ', "\x1b[1mtoken=\x1b[0m", '\x1b[m"secret":""'])
def test_a_text_may_end_where_a_value_is_due(text: str) -> None:
    assert masked(text).startswith(text.rstrip('"'))


def test_the_rest_of_a_text_stays() -> None:
    assert (
        masked('{"id": 1, "password": "abcdef", "price": 2.5}')
        == f'{{"id": 1, "password": "{MASK}", "price": 2.5}}'
    )
    assert masked('{"pin": 1234, "price": 2.5}') == f'{{"pin": {MASK}, "price": 2.5}}'
    assert masked("str '1e+16'") == "str '1e+16'"


def test_what_is_masked_in_the_input_is_masked_in_the_outcomes_also_where_it_is_cut_off() -> None:
    texts = masked_together(
        (f'{{"password":"{SECRET}","a":1}}', f'str …\'{SECRET[5:]}","a":1.0\'', f"str 'x{SECRET[:9]}'…")
    )
    assert not any(part in text for text in texts for part in (SECRET[5:], SECRET[:9]))


def test_values_that_part_under_a_credential_are_masked_whole() -> None:
    given = ('{"headers":{"authorization":1e16}}', "float 1e16", "float 1.0")
    assert masked_together(given, "$.headers.authorization")[1:] == (MASK, MASK)
    other = ('{"headers":{"price":1e16}}', "float 1e16", "float 1.0")
    assert masked_together(other, "$.headers.price")[1:] == other[1:]


@pytest.mark.parametrize(
    "text",
    [
        "PASS: 0 of 424 counts rose",
        "PASS: gcc.dg/pr1234.c (test for excess errors)",
        "PASS: tests/unit 3",
        "2 s  counts: PASS: [1, 2] are equal",
        "\x1b[32mPASS: \x1b[0mcounts are equal",
    ],
)
def test_what_a_verdict_says_is_shown(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"PASS={SECRET}",
        f"PASS:{SECRET}",
        f"pass: {SECRET}",
        f"Pass: {SECRET}",
        f"--PASS: {SECRET}",
        f"'PASS': '{SECRET}'",
        json.dumps({"PASS": SECRET}),
        f"PASS: the password: {SECRET}",
    ],
)
def test_no_other_spelling_of_a_verdict_shows_a_credential(text: str) -> None:
    assert SECRET not in masked(text)
