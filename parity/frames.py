"""Messages through a pipe that others may write to as well: only what is whole and sealed is one.

A message is the secret of the two who talk, its kind, its length, its content and a digest keyed by the
secret.  What stands between messages is skipped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

SECRET_BYTES = 16
_DIGEST_BYTES = 16
_LENGTH_BYTES = 8
_HEAD_BYTES = SECRET_BYTES + 1 + _LENGTH_BYTES


class DamagedMessage(ValueError):
    """A message began and did not go on as it must."""


def new_secret() -> bytes:
    return os.urandom(SECRET_BYTES)


def framed(secret: bytes, kind: bytes, content: bytes) -> bytes:
    """A message; `kind` is one byte."""
    head = secret + kind + len(content).to_bytes(_LENGTH_BYTES, "big")
    return head + content + _digest(secret, head, content)


class Reader:
    """Takes bytes as they come and gives messages as they are complete."""

    def __init__(self, secret: bytes) -> None:
        self._secret, self._kept = secret, bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """(kind, content) of each message that is whole now; raises `DamagedMessage`."""
        self._kept += data
        while True:
            begin = self._kept.find(self._secret)
            if begin < 0:
                del self._kept[: max(0, len(self._kept) - SECRET_BYTES)]
                return
            del self._kept[:begin]
            head = bytes(self._kept[:_HEAD_BYTES])
            end = _HEAD_BYTES + int.from_bytes(head[-_LENGTH_BYTES:], "big")
            if len(head) < _HEAD_BYTES or len(self._kept) < end + _DIGEST_BYTES:
                return
            content, digest = bytes(self._kept[_HEAD_BYTES:end]), self._kept[end : end + _DIGEST_BYTES]
            if digest != _digest(self._secret, head, content):
                raise DamagedMessage("a message was written into by someone else")
            del self._kept[: end + _DIGEST_BYTES]
            yield head[SECRET_BYTES : SECRET_BYTES + 1], content


class Incoming:
    """The messages of a pipe as they come; `is_open` until no more can."""

    def __init__(self, reader: int, secret: bytes) -> None:
        os.set_blocking(reader, False)
        self.reader, self.is_open = reader, True
        self._messages = Reader(secret)

    def read(self) -> Iterator[tuple[bytes, bytes]]:
        """(kind, content) of all that is there now; raises `DamagedMessage`."""
        try:
            while self.is_open:
                data = os.read(self.reader, 1 << 20)
                self.is_open = bool(data)
                yield from self._messages.feed(data)
        except BlockingIOError:
            return


def send(writer: int, message: bytes) -> None:
    """Write a message whole."""
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(writer, rest) :]


def _digest(secret: bytes, head: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(head + content, key=secret, digest_size=_DIGEST_BYTES).digest()
