"""Credentials do not reach a report."""

from __future__ import annotations

import json

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
