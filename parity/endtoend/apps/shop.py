"""The recorded shop of `fixtures/record`: Flask, SQLAlchemy, three HTTP clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fixtures.record import traffic, upstream
from fixtures.record.app import create_app
from fixtures.record.database import open_shop
from fixtures.record.session import serving

drive = traffic.drive


@contextmanager
def application(workspace: Path) -> Iterator[int]:
    with upstream.running() as proxy, serving(create_app(open_shop(), proxy)) as port:
        yield port
