"""A database in a file that holds what is awkward to print, and what must not be written."""

import sqlite3
from contextlib import closing

import pytest

from lessons.console.sqlite import SQLite

MADE = """
CREATE TABLE a(x integer primary key, y text, z blob, "strange col" real default 1.5);
CREATE INDEX ai ON a(y);
CREATE VIEW v AS SELECT x, y AS "the y" FROM a;
CREATE TABLE auth_user(id integer primary key, username text, password text);
CREATE TABLE django_session(session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL,
  expire_date datetime NOT NULL);
CREATE INDEX django_session_expire ON django_session(expire_date);
"""
ROWS = [
    (1, "hé漢字", b"A", 1.0),
    (2, None, None, 1e20),
    (3, "line1\nline2", b"t", 0.5),
    (4, 'é\ttab"q', b"", 3.0),
    (5, "it's a, b|c", b"\xff", -0.25),
    (6, "", b"x", 0.375),
    (7, "0123456789" * 13, b"long", 2.0**-20),
]
HASH = "pbkdf2_sha256$1$salt$hash"


@pytest.fixture
def path(tmp_path):
    """The path of a database with two tables, a view, two indexes, and a user whose password nobody gets to see."""
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(MADE)
        connection.executemany("INSERT INTO a VALUES (?, ?, ?, ?)", ROWS)
        connection.execute("INSERT INTO auth_user VALUES (1, 'ada', ?)", [HASH])
        connection.execute("INSERT INTO django_session VALUES ('k1', 'e30:T:S', '2026-12-07 00:03:57')")
    return path


@pytest.fixture
def database(path):
    return SQLite.at(path, hidden={("auth_user", "password")})
