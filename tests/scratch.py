"""An empty database for a test that starts a process of its own, on the server where the suite runs."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest


@contextmanager
def scratch_database(url: str | None = None) -> Iterator[dict[str, str]]:
    """Make one, give what names it in the environment, and drop it. On SQLite a process has a file, and needs nothing.

    The server is the one of `url`, or of DATABASE_URL.
    """
    url = url or os.environ.get("DATABASE_URL")
    if not url:
        yield {}
        return
    psycopg = pytest.importorskip("psycopg")
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(named(url, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": named(url, name)}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def named(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
