"""The read-only connection in each state that a database can be in."""

import sqlite3
from contextlib import closing

import pytest

from lessons.console.answer import Failed, Refused
from lessons.console.sqlite import SQLite


@pytest.fixture
def other(path):
    """Somebody else's connection to the same database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def count(database) -> int:
    return database.ask("SELECT count(*) FROM a").rows[0][0]


def test_it_sees_what_was_written_a_moment_ago(other, database):
    before = count(database)
    other.execute("INSERT INTO a(x) VALUES (99)")
    assert count(database) == before + 1


def test_it_reads_beside_a_writer_in_wal_mode(other, database):
    other.execute("PRAGMA journal_mode = WAL")
    before = count(database)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO a(x) VALUES (99)")
    assert count(database) == before
    other.execute("COMMIT")
    assert count(database) == before + 1


def test_it_opens_a_database_in_wal_mode_that_nobody_has_open(path, database):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert count(database) == 7


def test_a_locked_database_is_told(other, path):
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Failed, match=r"database is locked \(5\)") as told:
        SQLite.at(path, wait=0).ask("SELECT * FROM a")
    assert "holds the lock" in told.value.hint


@pytest.mark.parametrize("look", ["words", "tables", "indexes", "schema"])
def test_a_locked_database_is_told_to_the_shell_too(other, path, look):
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Failed, match=r"database is locked \(5\)") as told:
        getattr(SQLite.at(path, wait=0), look)()
    assert "holds the lock" in told.value.hint


def test_no_lock_is_left_behind(other, database):
    count(database)
    with pytest.raises(Failed):
        database.ask("SELECT nope FROM a")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM a")
    other.execute("ROLLBACK")


def test_a_shared_database_in_memory_is_read_and_not_written():
    name = "file:console_of_a_test?mode=memory&cache=shared"
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE a(x)")
        writer.execute("BEGIN")
        writer.execute("INSERT INTO a VALUES (1)")
        database = SQLite.at(name)
        assert count(database) == 1
        with pytest.raises(Refused, match="DELETE would take"):
            database.ask("DELETE FROM a")
        writer.execute("COMMIT")


def test_a_database_of_one_connection_cannot_be_asked():
    with pytest.raises(Refused, match="in memory"):
        SQLite.at(":memory:")


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(Failed, match="unable to open database file"):
        SQLite.at(tmp_path / "none.sqlite3").ask("SELECT 1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a b?mode=rwc", "50%25#x", "é&cache=shared"])
def test_a_strange_name_stays_a_name(tmp_path, name):
    path = tmp_path / name
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a(x)")
    assert count(SQLite.at(path)) == 0


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "text").write_text("This is a text, and longer than the beginning of a database has to be. " * 20)
    with pytest.raises(Failed, match="file is not a database"):
        SQLite.at(tmp_path / "text").ask("SELECT * FROM a")


def test_the_connection_itself_cannot_write(path, database):
    """Should the guard ever say yes: the file is open for reading, and the connection stays query_only."""
    with database._opened() as (connection, _):
        connection.set_authorizer(None)
        assert connection.execute("PRAGMA query_only").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM a")
        connection.execute("PRAGMA query_only = OFF")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM a")


def test_text_that_is_not_utf8_is_shown_as_far_as_it_is(other, database):
    other.execute("INSERT INTO a(x, y) VALUES (99, CAST(x'61ff62' AS TEXT))")
    assert database.ask("SELECT y FROM a WHERE x = 99").rows == [("a\ufffdb",)]


@pytest.mark.parametrize("typed", ["SELECT ?", "SELECT :x", "SELECT @x, $y"])
def test_a_parameter_without_a_value_is_told(database, typed):
    with pytest.raises(Refused, match="has no value here"):
        database.ask(typed)


def test_words_are_the_columns_of_each_table(database):
    assert database.words()["a"] == ["x", "y", "z", "strange col"]
    assert database.words()["v"] == ["x", "the y"]


def test_instr_is_our_own(database, monkeypatch):
    """SQLite's compares anew at each place: two long values keep it busy where no handler can end it."""
    monkeypatch.setattr("lessons.console.sqlite._instr", lambda value, sought: 99)
    assert database.ask("SELECT instr('abc', 'c')").rows == [(99,)]


def test_where_a_value_has_no_bound_it_is_not_put_together_over_and_over(database, monkeypatch):
    monkeypatch.setattr("lessons.console.sqlite.BOUNDED", False)
    assert database.ask("SELECT x || y || z FROM a WHERE x = 1").rows == [("1hé漢字A",)]
    with pytest.raises(Refused, match=r"More than 6 times"):
        database.ask(f"SELECT {' || '.join('xyxyxyxyx')} FROM a")
    with pytest.raises(Refused, match="WITH RECURSIVE"):
        database.ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT 1")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("DROP TABLE django_session", "This would drop the table django_session."),
        ("CREATE TABLE b(x)", "This would create the table b."),
        ("CREATE INDEX bi ON a(z)", "This would create the index bi."),
        ("DROP VIEW v", "This would drop the view v."),
        ("DELETE FROM django_session", "DELETE would take rows out of the table django_session."),
        ("UPDATE a SET y = 1", "UPDATE would change the table a."),
        ("INSERT INTO a(x) VALUES (99)", "INSERT would add to the table a."),
        ("EXPLAIN QUERY PLAN DROP TABLE a", "This would write into the list of tables."),
    ],
)
def test_what_a_refused_statement_would_do_is_said(database, typed, sentence):
    with pytest.raises(Refused) as refused:
        database.ask(typed)
    assert str(refused.value) == f"{sentence} This console only reads."
