"""Messages through a pipe that others write to as well."""

from __future__ import annotations

import pytest

from parity.frames import SECRET_BYTES, DamagedMessage, Reader, framed, new_secret

SECRET = bytes(range(100, 116))
ONE, TWO = framed(SECRET, b"A", b"first"), framed(SECRET, b"B", b"")


def fed(*pieces: bytes) -> list[tuple[bytes, bytes]]:
    reader = Reader(SECRET)
    return [message for piece in pieces for message in reader.feed(piece)]


BOTH = [(b"A", b"first"), (b"B", b"")]


def test_messages_come_back_in_order() -> None:
    assert fed(ONE + TWO) == BOTH


@pytest.mark.parametrize("size", [1, 2, 7, 16, 17, 40])
def test_they_may_come_in_pieces(size: int) -> None:
    sent = ONE + TWO
    assert fed(*(sent[at : at + size] for at in range(0, len(sent), size))) == BOTH


@pytest.mark.parametrize(
    "other",
    [b"printed", b"\0" * 100_000, framed(b"another's secret", b"A", b"forged"), SECRET[:9]],
    ids=["printed", "long", "of others", "half a secret"],
)
def test_what_stands_between_them_is_skipped(other: bytes) -> None:
    assert fed(other + ONE + other + TWO + other) == BOTH


def test_what_is_skipped_is_not_kept() -> None:
    reader = Reader(SECRET)
    for _ in range(100):
        assert not list(reader.feed(b"x" * 100_000))
    assert len(reader._kept) < 100


def test_half_a_message_is_none() -> None:
    assert fed(ONE[:-1]) == []


def test_a_message_that_was_written_into_is_damaged() -> None:
    with pytest.raises(DamagedMessage):
        fed(ONE[:30] + b"printed" + ONE[30:])


def test_no_two_secrets_are_alike() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(SECRET) == len(new_secret()) == SECRET_BYTES
