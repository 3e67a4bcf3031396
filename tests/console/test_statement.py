"""What can be known of a statement from its text: words, its end, how often a WITH is written out."""

import pytest

from lessons.console.answer import Refused
from lessons.console.statement import (
    change_of_schema,
    checked,
    copies,
    explained,
    first_word,
    is_plan,
    tokens,
    without_end,
)


def test_tokens_know_quotes_and_comments():
    typed = """SELECT 'a;''b' AS "x""y", [z], `w` -- no; nothing\n/* nor ; this */ FROM t;"""
    assert tokens(typed) == ["SELECT", "'a;''b'", "AS", '"x""y"', ",", "[z]", ",", "`w`", "FROM", "t", ";"]


@pytest.mark.parametrize("typed", ["select 1", "  SELECT", "-- c\nSELECT", "/* a */select", "/* DELETE */ Select 1"])
def test_the_first_word_is_behind_comments(typed):
    assert first_word(typed) == "select"


@pytest.mark.parametrize("typed", ["EXPLAIN QUERY PLAN SELECT 1", "explain /* */ query\nplan select 1"])
def test_it_knows_a_plan(typed):
    assert is_plan(typed)
    assert not is_plan(f"SELECT '{typed}'")
    assert not is_plan("EXPLAIN SELECT 1")


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ("SELECT 1", 1),
        ("WITH a AS (SELECT 1) SELECT * FROM a", 1),
        ("WITH a AS (SELECT 1) SELECT * FROM a, a AS b", 2),
        ("WITH a AS (SELECT 1), b AS (SELECT 1 FROM a, a) SELECT 1 FROM b, b AS c, b AS d", 6),
        ("WITH a(x) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM A, [a], `a`, \"a\", 'a'", 5),
        ('WITH "a""b" AS (SELECT 1) SELECT * FROM [a"b], `a"b`', 2),
        ("WITH 'a' AS MATERIALIZED (SELECT 1) SELECT * FROM a, a", 2),
        ("/* WITH */ WITH/**/a/**/AS/**/(SELECT 1) SELECT * FROM a, a", 2),
    ],
)
def test_how_often_a_with_is_written_out(typed, most):
    assert copies(typed) == most


@pytest.mark.parametrize(
    ("typed", "left"),
    [("SELECT 1;", "SELECT 1"), ("SELECT 1 ; ; -- x", "SELECT 1"), ("SELECT ';'", "SELECT ';'"), (" ; ", ""), ("", "")],
)
def test_the_end_is_taken_off(typed, left):
    assert without_end(typed) == left


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("EXPLAIN SELECT 1", "SELECT 1"),
        ("EXPLAIN ANALYZE SELECT 1", "SELECT 1"),
        ("EXPLAIN /* a */ SELECT 1", "SELECT 1"),
        ("EXPLAIN (ANALYZE) SELECT 1", "(ANALYZE) SELECT 1"),
        ("EXPLAIN", ""),
        ("EXPLAIN ANALYZE", ""),
    ],
)
def test_what_is_explained(typed, query):
    assert explained(typed) == query


@pytest.mark.parametrize("typed", ["x" * 10_001, "SELECT '\0'", "SELECT '\ud800'"])
def test_what_cannot_be_a_statement_is_refused(typed):
    with pytest.raises(Refused, match=r"\.$"):
        checked(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("DROP TABLE django_session", "This would drop the table django_session."),
        ("drop index if exists main.ai;", "This would drop the index ai."),
        ("CREATE TABLE b(x)", "This would create the table b."),
        ("CREATE TEMP TABLE IF NOT EXISTS b AS SELECT 1", "This would create the table b."),
        ("/* c */ CREATE UNIQUE INDEX bi ON a(z)", "This would create the index bi."),
        ('CREATE VIRTUAL TABLE "the f" USING fts5(x)', 'This would create the table "the f".'),
        ("ALTER TABLE a RENAME TO b", "This would alter the table a."),
        (f"DROP VIEW {'v' * 5000}", f"This would drop the view {'v' * 60}."),
        ("SELECT 'DROP TABLE a'", ""),
        ("DROP", ""),
        ("DROP TABLE", ""),
        ("DROP DATABASE a", ""),
        ("", ""),
    ],
)
def test_it_says_what_a_statement_would_do_to_the_schema(typed, sentence):
    assert change_of_schema(typed) == sentence
