"""Attempts to write with the console, to reach beyond the database, or to keep it busy. None does; each gets words."""

import hashlib
import re
import sqlite3
import tracemalloc
from contextlib import closing
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.console.answer import CELL_MOST, ROWS_MOST, STATEMENT_MOST, TEXT_MOST
from lessons.console.modes import PRINTED_MOST, Settings
from lessons.console.shell import TOO_MUCH, say
from lessons.console.sqlite import BOUNDED, LIMITS, SECONDS, STEPS, STEPS_MOST, SQLite
from lessons.console.statement import NO_TEXT, tokens

GROW = "WITH RECURSIVE r(x) AS (SELECT 'abcdefghij' UNION ALL SELECT x || x FROM r) SELECT length(x) FROM r"
FOREVER = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"
MANY = "a AS b, a AS c, a AS d, a AS e, a AS f, a AS g, a AS h, a AS i, a AS j, a AS k, a AS l, a AS m"


def doubling(levels: int, mentions: int) -> str:
    """Return a WITH in which each table is made of several of the one before."""
    tables = [
        f"t{level} AS (SELECT 1 FROM {', '.join(f't{level - 1} AS x{n}' for n in range(mentions))})"
        for level in range(1, levels)
    ]
    return f"WITH t0 AS (SELECT 1), {', '.join(tables)} SELECT 1 FROM t{levels - 1} LIMIT 1"


WRITES = [
    "INSERT INTO a(x) VALUES (99)",
    "INSERT OR REPLACE INTO a(x) VALUES (1)",
    "REPLACE INTO a(x) VALUES (1)",
    "insert into a(x) select x + 100 from a",
    "INSERT INTO a(x) VALUES (99) RETURNING x",
    "UPDATE a SET y = 'gone'",
    "UPDATE sqlite_master SET sql = ''",
    "DELETE FROM a",
    "/* SELECT */ DELETE FROM a",
    "-- SELECT\nDELETE FROM a",
    "WITH t AS (SELECT 1) DELETE FROM a",
    "WITH t AS (SELECT 1) UPDATE a SET y = 1",
    "WITH t AS (SELECT 1) INSERT INTO a(x) SELECT 99",
    "EXPLAIN QUERY PLAN DELETE FROM a",
    "DROP TABLE a",
    "DROP INDEX ai",
    "DROP VIEW v",
    "ALTER TABLE a RENAME TO b",
    "ALTER TABLE a ADD COLUMN n",
    "CREATE TABLE b(x)",
    "CREATE TABLE b AS SELECT * FROM a",
    "CREATE TEMP TABLE b(x)",
    "CREATE TEMP VIEW w AS SELECT 1",
    "CREATE INDEX bi ON a(z)",
    "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; END",
    "CREATE VIRTUAL TABLE f USING fts5(x)",
    "CREATE VIRTUAL TABLE f USING fts3(x)",
    "CREATE VIRTUAL TABLE f USING rtree(a, b, c)",
    "CREATE VIRTUAL TABLE f USING csv(filename='/etc/passwd')",
    "BEGIN",
    "BEGIN IMMEDIATE",
    "BEGIN EXCLUSIVE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s",
    "RELEASE s",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "PRAGMA query_only = OFF",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA journal_mode(DELETE)",
    "PRAGMA main.journal_mode = OFF",
    "PRAGMA user_version = 7",
    "PRAGMA application_id = 7",
    "PRAGMA writable_schema = ON",
    "PRAGMA wal_checkpoint",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA incremental_vacuum",
    "PRAGMA optimize",
    "PRAGMA foreign_keys = ON",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA temp_store_directory = '/tmp'",
    "PRAGMA hard_heap_limit = 1",
    "PRAGMA trusted_schema = ON",
    "PRAGMA encoding = 'UTF-16'",
    "SELECT * FROM pragma_user_version(7)",
    "SELECT * FROM pragma_journal_mode('off')",
]
BEYOND = [
    "ATTACH 'other.db' AS other",
    "ATTACH '/etc/passwd' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH main",
    "VACUUM INTO 'copy.db'",
    "VACUUM main INTO 'copy.db'",
    "SELECT load_extension('x')",
    "SELECT load_extension('/tmp/x.so', 'init')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('x', 'y')",
    "SELECT edit('x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM dbstat",
    "SELECT * FROM fsdir('/')",
    "SELECT * FROM generate_series(1, 1000000000)",
    "SELECT sqlite_compileoption_get(1)",
    "SELECT sqlite_log(1, 'x')",
    "SELECT eval('DELETE FROM a')",
    "SELECT * FROM pragma_database_list",
    "PRAGMA database_list",
    "PRAGMA compile_options('x')",
]
TWO = [
    "SELECT 1; SELECT 2",
    "SELECT 1; DELETE FROM a",
    "SELECT 1;; DELETE FROM a",
    "SELECT 1; -- \nDELETE FROM a",
    "SELECT 1 /* ; */; DELETE FROM a",
    "PRAGMA table_info(a); DROP TABLE a",
]
BOMBS = [
    "SELECT zeroblob(1000000000)",
    "SELECT hex(zeroblob(400000000))",
    "SELECT randomblob(1000000000)",
    "SELECT length(randomblob(900000000))",
    "SELECT printf('%1000000000d', 1)",
    "SELECT printf('%*d', 999999999, 1)",
    "SELECT format('%.*c', 999999999, 'x')",
    "SELECT replace(replace(y, '0', '0000000000'), '0', '0000000000') FROM a",
    "SELECT trim(y, y) FROM a",
    "SELECT json_group_array(y) FROM a",
    "SELECT quote(zeroblob(100000000))",
    GROW,
    f"SELECT length(group_concat(a.y)) FROM {MANY}, a",
    f"SELECT length({' || '.join(['a.y'] * 60)}) FROM {MANY}, a ORDER BY 1",
    f"{FOREVER} SELECT count(*) FROM r",
    f"{FOREVER} SELECT x FROM r ORDER BY x DESC",
    f"{FOREVER} SELECT max(x) FROM r",
    "WITH RECURSIVE r(x) AS (SELECT 1 UNION SELECT x + 1 FROM r) SELECT sum(x) FROM r",
    f"SELECT count(*) FROM {MANY}, a",
    f"SELECT a.x FROM {MANY}, a ORDER BY random()",
    f"SELECT DISTINCT a.x + b.x + c.x + d.x FROM {MANY}, a GROUP BY 1 ORDER BY 1",
    "SELECT (SELECT count(*) FROM a, a AS b, a AS c, a AS d, a AS e, a AS f, a AS g, a AS h) FROM a, a AS b",
    doubling(5, 40),
    doubling(20, 3),
    "SELECT 1 WHERE " + " AND ".join(["1"] * 3000),
    "SELECT " + "(" * 2000 + "1" + ")" * 2000,
    "SELECT " + ", ".join(["1"] * 2500),
    " UNION ALL ".join(["SELECT 1"] * 600),
    "SELECT '" + "x" * STATEMENT_MOST + "'",
    "SELECT '" + "x" * 5_000_000,
]
SECRETS = [
    "SELECT password FROM auth_user",
    "SELECT * FROM auth_user",
    "SELECT PASSWORD FROM main.AUTH_USER",
    "SELECT u.\"password\" || '' FROM auth_user AS u",
    "SELECT substr(password, 1, 1) FROM auth_user",
    "SELECT max(password) FROM auth_user",
    "SELECT username FROM auth_user WHERE password LIKE 'pbkdf2%'",
    "SELECT username FROM auth_user ORDER BY password = 'x'",
    "WITH t AS (SELECT * FROM auth_user) SELECT password FROM t",
    "SELECT (SELECT password FROM auth_user) FROM a",
    "SELECT min(password) FROM auth_user",
]


class Ticking:
    """A clock that goes on a little whenever somebody looks: so a bound is counted and not waited for."""

    def __init__(self, step: float = 0.01):
        self.looks = count()
        self.step = step
        self.now = 0.0

    def __call__(self) -> float:
        self.now = next(self.looks) * self.step
        return self.now


def state(path) -> tuple:
    """Return what would not be the same if anything had been written, in the file or beside it."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), sorted(each.name for each in path.parent.iterdir())


@pytest.fixture
def unchanged(path):
    """Hold the file, and what another connection sees of it, against what they were before."""
    with closing(sqlite3.connect(path)) as other:
        version = other.execute("PRAGMA data_version").fetchone()
        rows = other.execute("SELECT * FROM a").fetchall()
        before = state(path)
        yield
        assert state(path) == before
        assert other.execute("PRAGMA data_version").fetchone() == version
        assert other.execute("SELECT * FROM a").fetchall() == rows


@pytest.fixture
def counted(path):
    """The database under a clock that is looked at, not waited for."""
    return SQLite.at(path, hidden={("auth_user", "password")}, clock=Ticking())


def is_sentence(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z].*\.", text, re.DOTALL))


def test_there_are_many_attempts():
    assert len({*WRITES, *BEYOND, *TWO, *BOMBS, *SECRETS}) > 120


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("typed", [*WRITES, *BEYOND, *TWO])
def test_what_would_do_more_than_read_is_not_done(counted, typed, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    said = say(typed, counted, Settings())
    assert said.failed
    assert is_sentence(said.note) if said.text == "" else said.text.startswith(("Parse error: ", "Runtime error: "))


@pytest.fixture(params=[True, False], ids=["with limits", "without"])
def bounded(request, monkeypatch):
    """Both kinds of Python: one that can tell SQLite how long a value may be, and 3.10."""
    if request.param and not BOUNDED:
        pytest.skip("sqlite3.Connection.setlimit came with Python 3.11")
    monkeypatch.setattr("lessons.console.sqlite.BOUNDED", request.param)


@pytest.mark.usefixtures("unchanged", "bounded")
@pytest.mark.parametrize("typed", BOMBS, ids=lambda typed: typed[:60])
def test_a_bomb_is_refused_or_ended(counted, typed):
    tracemalloc.start()
    try:
        said = say(typed, counted, Settings())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16_000_000
    assert said.failed
    assert is_sentence(said.note) or said.text.startswith("Parse error: ")
    assert len(said.text) + len(said.typed) < 2 * STATEMENT_MOST


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("typed", SECRETS)
def test_a_password_is_never_seen(database, typed):
    said = say(typed, database, Settings("quote"))
    assert not said.failed
    assert "pbkdf2" not in said.text
    assert "NULL here" in said.note
    if "WHERE" in typed:
        assert said.text == ""


def test_what_has_no_end_is_ended_after_so_many_looks_at_the_clock(path):
    clock = Ticking()
    said = say(f"{FOREVER} SELECT count(*) FROM r", SQLite.at(path, clock=clock), Settings())
    assert "longer than a second" in said.note
    assert said.text == "Runtime error: interrupted (9)"
    assert SECONDS < clock.now <= SECONDS + 2 * clock.step


def test_where_the_clock_stands_still_the_steps_are_counted(path, monkeypatch):
    looks = count()
    assert STEPS_MOST / STEPS < 500_000
    monkeypatch.setattr("lessons.console.sqlite.STEPS_MOST", 100 * STEPS)
    said = say(f"{FOREVER} SELECT count(*) FROM r", SQLite.at(path, clock=lambda: next(looks) * 0), Settings())
    assert "longer than a second" in said.note
    assert next(looks) < 110


@pytest.mark.skipif(not BOUNDED, reason="sqlite3.Connection.setlimit came with Python 3.11")
def test_no_value_grows_beyond_its_bound(database):
    said = say(GROW.replace("length(x) FROM r", "max(length(x)) FROM r"), database, Settings())
    assert "longer than 200,000 bytes" in said.note
    assert LIMITS["SQLITE_LIMIT_LENGTH"] == 200_000


def test_only_so_many_rows_are_fetched(database):
    typed = f"SELECT 1 FROM {MANY}"
    said = say(typed, database, Settings())
    assert said.text == "\n".join(["1"] * ROWS_MOST)
    assert f"first {ROWS_MOST} rows" in said.note


def test_a_long_value_is_cut_and_it_is_said(path, database):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO a(x, y) VALUES (50, ?)", ["x" * (CELL_MOST + 1)])
    said = say("SELECT y FROM a WHERE x = 50", database, Settings())
    assert said.text == "x" * CELL_MOST + "…"
    assert "are cut" in said.note
    assert say("SELECT length(y) FROM a WHERE x = 50", database, Settings()).text == str(CELL_MOST + 1)


@pytest.mark.skipif(not BOUNDED, reason="sqlite3.Connection.setlimit came with Python 3.11")
def test_a_row_that_is_too_large_keeps_no_other_from_being_read(path, database):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO a(x, y) VALUES (50, ?)", ["x" * 250_000])
    said = say("SELECT x, y FROM a", database, Settings())
    assert "Leave its column out" in said.note
    assert say("SELECT count(x) FROM a", database, Settings()).text == "8"


@pytest.mark.skipif(not BOUNDED, reason="sqlite3.Connection.setlimit came with Python 3.11")
def test_the_clock_is_looked_at_before_likes_have_compared_for_long(database):
    """A LIKE is one step of the database, in which nobody looks at the clock: the lengths and the steps bound it."""
    assert LIMITS["SQLITE_LIMIT_LENGTH"] * LIMITS["SQLITE_LIMIT_LIKE_PATTERN_LENGTH"] * STEPS <= 500_000_000
    for typed in (f"SELECT y LIKE '{'%a' * 26}' FROM a", f"SELECT y GLOB '{'*a' * 26}' FROM a"):
        said = say(typed, database, Settings())
        assert said.text == "Runtime error: LIKE or GLOB pattern too complex"
        assert said.note == "A pattern for LIKE or GLOB may have 50 bytes here."
    assert say(f"SELECT x FROM a WHERE y LIKE '{'%0' * 13}%'", database, Settings()).text == "7"


def test_a_long_row_is_never_held_as_a_whole(path, database):
    """Sixty long texts in a row: of each only the beginning is made into a text of Python."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO a(x, y) VALUES (50, ?)", ["漢" * 60_000])
    tracemalloc.start()
    try:
        said = say(f"SELECT {', '.join(['y'] * 60)} FROM a WHERE x = 50", database, Settings())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000
    assert "are cut" in said.note
    assert len(said.text) < TEXT_MOST + 200


def test_names_are_not_padded_without_bound(database):
    wide = ", ".join(f'x AS "{"n" * 140}{number}"' for number in range(60))
    said = say(f"SELECT {wide} FROM a, a AS b, a AS c".replace("x AS", "a.x AS"), database, Settings("line"))
    assert len(said.text) == PRINTED_MOST + 1
    assert said.note.endswith(TOO_MUCH)
    assert said.text.startswith("n" * 100 + "… = ")


DOTS = (".tables", ".indexes", ".schema")


@pytest.mark.parametrize("command", DOTS)
@pytest.mark.skipif(not BOUNDED, reason="sqlite3.Connection.setlimit came with Python 3.11")
def test_a_long_pattern_behind_a_dot_is_told(database, command):
    said = say(f"{command} {'a' * 300}", database, Settings())
    assert (said.text, said.failed) == ("Error: LIKE or GLOB pattern too complex", True)
    assert said.note == "A pattern for LIKE or GLOB may have 50 bytes here."


@pytest.mark.parametrize("command", [*DOTS, ".nullvalue", ".help"])
@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_what_no_statement_may_have_is_refused_behind_a_dot_too(database, command, character):
    said = say(f"{command} a{character}b", database, Settings())
    assert (said.text, said.note, said.failed) == ("", NO_TEXT, True)


@pytest.mark.parametrize("typed", ["SELECT * FROM dbstat", "SELECT count(*) FROM main.DBSTAT"])
def test_dbstat_is_refused_for_what_it_is(database, typed):
    said = say(typed, database, Settings())
    assert said.text == "" or "no such table" in said.text
    assert (
        said.text or said.note == "The table dbstat would read the whole file, page by page. This console only reads."
    )


def test_an_index_of_a_text_is_found_as_sqlite_finds_it(path, database):
    cases = [
        "'abc', 'c'",
        "'abc', ''",
        "'', 'a'",
        "NULL, 'a'",
        "12345, 34",
        "x'010203', x'0203'",
        "'é漢字', '字'",
        "x'41', 'A'",
    ]
    with closing(sqlite3.connect(path)) as plain:
        for case in cases:
            theirs = plain.execute(f"SELECT instr({case})").fetchone()[0]
            assert say(f"SELECT instr({case})", database, Settings("quote")).text == (
                "NULL" if theirs is None else str(theirs)
            )


# Anything at all


BITS = (
    "SELECT FROM WHERE a v x y * , ( ) ; ' \" -- /* */ 1 0 NULL DELETE UPDATE a SET INSERT INTO VALUES WITH RECURSIVE r"
    " AS UNION ALL ORDER BY LIMIT GROUP HAVING EXPLAIN QUERY PLAN PRAGMA table_info query_only = || zeroblob(9)"
    " count(*) ATTACH auth_user password .tables .schema .mode .headers on box json [ ] ? :n @ $x é randomblob(1e9)"
)
WORDS = st.sampled_from([*BITS.split(), "\x00", "\x1b", "\n", "\t", "\ud800"])
TYPED = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED, mode=st.sampled_from(["list", "box", "json", "csv", "line", "markdown"]))
def test_whatever_is_typed_is_answered_and_writes_nothing(path, typed, mode):
    before = state(path)
    said = say(typed, SQLite.at(path, hidden={("auth_user", "password")}, clock=Ticking()), Settings(mode))
    assert state(path) == before
    assert "pbkdf2" not in said.text
    assert len(said.text) < 500_000
    assert said.failed or said.text or said.note or not set(tokens(said.typed)) - {";"} or said.typed[:1] in ".-/"
