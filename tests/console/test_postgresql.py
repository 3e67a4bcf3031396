"""The console on PostgreSQL: what it prints, and what it will not do. Skipped where no server answers."""

import os

import pytest

from lessons.console.answer import CELL_MOST, ROWS_MOST
from lessons.console.lecture import queries
from lessons.console.modes import Settings
from lessons.console.shell import say

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: it is there for PostgreSQL only")

from lessons.console.parsed import relations  # noqa: E402
from lessons.console.postgresql import PostgreSQL  # noqa: E402

SERVER = os.environ.get("CONSOLE_POSTGRESQL", "host=127.0.0.1 port=5432 user=postgres dbname=test")
SCHEMA = "console_test"
HASH = "pbkdf2_sha256$1$salt$hash"
MADE = f"""
DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;
CREATE SCHEMA {SCHEMA};
SET search_path = {SCHEMA};
CREATE TABLE a(x integer PRIMARY KEY, y text, ok boolean DEFAULT true);
CREATE INDEX ai ON a(y);
CREATE VIEW v AS SELECT x FROM a;
CREATE SEQUENCE s;
CREATE TABLE auth_user(id integer PRIMARY KEY, username text, password text);
CREATE TABLE django_session(session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL,
  expire_date timestamptz NOT NULL);
CREATE FUNCTION naughty() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
INSERT INTO a VALUES (1, 'hé', true), (2, NULL, false), (3, E'a\\nb', true);
INSERT INTO auth_user VALUES (1, 'ada', '{HASH}');
"""


@pytest.fixture(scope="module")
def server():
    """What `psycopg.connect` takes, on a schema of our own that is taken away again."""
    try:
        connection = psycopg.connect(SERVER, connect_timeout=2, autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers here: set CONSOLE_POSTGRESQL to one that may be written to")
    with connection:
        connection.execute(MADE)
    yield {**psycopg.conninfo.conninfo_to_dict(SERVER), "options": f"-c search_path={SCHEMA}"}
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


@pytest.fixture
def database(server):
    return PostgreSQL(server, hidden={("auth_user", "password")})


@pytest.fixture
def unchanged(server):
    def contents():
        with psycopg.connect(**server) as connection:
            rows = [connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in ("a", "auth_user")]
            there = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace ORDER BY 1", [SCHEMA]
            ).fetchall()
            return rows, there, connection.execute("SELECT last_value, is_called FROM s").fetchone()

    before = contents()
    yield
    assert contents() == before


PRINTED = {
    "SELECT * FROM a ORDER BY x": "1|hé|t\n2||f\n3|a\nb|t",
    "select 1, 'a', NULL, 1.50, true;": "1|a||1.50|t",
    "VALUES (1), (2)": "1\n2",
    "TABLE v": "1\n2\n3",
    "WITH t AS (SELECT x FROM a) SELECT count(*) FROM t": "3",
    "SELECT x AS same, x AS same FROM a WHERE x = 1 -- the end": "1|1",
    "SELECT $$it's; fine$$": "it's; fine",
    "SHOW statement_timeout": "1s",
    "SHOW transaction_read_only": "on",
    "SELECT current_user = 'pg_read_all_data', current_setting('transaction_read_only')": "t|on",
    ".tables": "a               auth_user       django_session  v             ",
    ".indexes a": "a_pkey  ai    ",
    ".schema a": "CREATE TABLE a (x integer NOT NULL, y text, ok boolean DEFAULT true, PRIMARY KEY (x));\n"
    f"CREATE INDEX ai ON {SCHEMA}.a USING btree (y);",
    ".schema v": "CREATE VIEW v AS\n SELECT a.x\n   FROM a;",
    "SELECT nope FROM a": 'ERROR:  column "nope" does not exist\nLINE 1: SELECT nope FROM a\n               ^',
    "SELECT *\n  FROM nope": 'ERROR:  relation "nope" does not exist\nLINE 2:   FROM nope\n               ^',
    "SELECT 1 / 0": "ERROR:  division by zero",
}


@pytest.mark.parametrize("typed", PRINTED)
def test_it_prints(database, typed):
    assert say(typed, database, Settings()).text == PRINTED[typed]


def test_it_explains_and_can_say_how_long_it_took(database):
    assert "on a" in say("EXPLAIN SELECT * FROM a", database, Settings()).text
    assert "actual time" in say("EXPLAIN ANALYZE SELECT * FROM a", database, Settings()).text


def test_words_are_the_columns_of_each_table(database):
    assert database.words()["a"] == ["x", "y", "ok"]


def doubled(expression: str, levels: int = 5) -> str:
    """Return a query in which each level makes a value of twice the length of the one below."""
    query = "SELECT '{\"a\"}'::text AS x OFFSET 0"
    for _ in range(levels):
        query = f"SELECT {expression} AS x FROM ({query}) AS s OFFSET 0"
    return f"SELECT length(x) FROM ({query}) AS z"


REFUSED = [
    "INSERT INTO a VALUES (9)",
    "UPDATE a SET y = 'gone'",
    "DELETE FROM a",
    "MERGE INTO a USING v ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE a",
    "DROP TABLE a",
    "CREATE TABLE b AS SELECT 1",
    "SELECT 1 INTO b",
    "WITH d AS (DELETE FROM a RETURNING *) SELECT * FROM d",
    "WITH d AS (INSERT INTO a VALUES (9) RETURNING x) SELECT * FROM d",
    "EXPLAIN ANALYZE DELETE FROM a",
    "EXPLAIN (ANALYZE) DELETE FROM a",
    "EXPLAIN /* /* */ SELECT 1 /* */ */ DELETE FROM a",
    "SELECT 1; SELECT 2",
    "SELECT 1; DELETE FROM a",
    "SELECT 1) AS x; DELETE FROM a; SELECT (1",
    "SHOW all; DELETE FROM a",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SET ROLE postgres",
    "RESET ROLE",
    "SET statement_timeout = 0",
    "COPY a TO '/tmp/a'",
    "COPY a TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO STDOUT",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CALL x()",
    "LISTEN x",
    "NOTIFY x",
    "LOCK a",
    "VACUUM",
    "LOAD 'x'",
    "PREPARE p AS SELECT 1",
    "DECLARE c CURSOR FOR SELECT 1",
    "CREATE EXTENSION dblink",
    "PRAGMA table_info(a)",
    "SELECT pg_sleep(10)",
    "SELECT pg_sleep(10) FROM a",
    "SELECT 1 WHERE pg_sleep(10) IS NULL",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT pg_cancel_backend(1)",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT * FROM pg_ls_dir('/')",
    "SELECT * FROM pg_stat_file('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT lo_create(0)",
    "SELECT set_config('statement_timeout', '0', false)",
    "SELECT set_config('role', 'postgres', true)",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT nextval('s')",
    "SELECT setval('s', 9)",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "SELECT pg_notify('a', 'b')",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT pg_export_snapshot()",
    "SELECT pg_logical_emit_message(true, 'a', 'b')",
    "SELECT query_to_xml('DELETE FROM a', true, true, '')",
    "SELECT table_to_xml('auth_user', true, true, '')",
    "SELECT schema_to_xml('public', true, true, '')",
    "SELECT * FROM ts_stat('DELETE FROM a')",
    "SELECT naughty()",
    "SELECT repeat('x', 1000000000)",
    "SELECT lpad('x', 1000000000)",
    "SELECT string_agg(y, '') FROM a",
    "SELECT format('%1000000000s', 'x')",
    "WITH RECURSIVE r(x) AS (SELECT 'abc' UNION ALL SELECT x || x FROM r) SELECT length(x) FROM r",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT most_common_vals FROM pg_stats",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT password FROM auth_user",
    "SELECT * FROM auth_user",
    "SELECT u FROM auth_user AS u",
    "SELECT to_jsonb(u) FROM auth_user AS u",
    "SELECT id FROM auth_user WHERE password LIKE 'p%'",
    "WITH t AS (SELECT * FROM auth_user) SELECT 1 FROM t",
    "SELECT (SELECT min(password) FROM auth_user) FROM a",
    "",
    "\0",
    "SELECT '\ud800'",
]

BOMBS_AND_SPIES = [
    "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x::text::int FROM r) SELECT 1 FROM r",
    "WITH RECURSIVE r(x) AS (SELECT ARRAY[1] UNION ALL SELECT ARRAY(SELECT 1) FROM r) SELECT 1 FROM r",
    "WITH RECURSIVE r(x) AS (SELECT 'a' UNION ALL SELECT upper(x) FROM r) SELECT 1 FROM r",
    "SELECT concat(y, y, y) FROM a",
    "SELECT json_build_array(y, y) FROM a",
    "SELECT jsonb_build_object(y, y) FROM a",
    "SELECT array_to_string(string_to_array(y, NULL), y) FROM a",
    "SELECT array_replace(string_to_array(y, NULL), 'a', y) FROM a",
    "SELECT jsonb_pretty(y::jsonb) FROM a",
    "SELECT ts_headline(y, 'x'::tsquery, y) FROM a",
    doubled("jsonb_set(x::jsonb, '{a}', x::jsonb)::text"),
    "SELECT '1'::bit(80000000)",
    "SELECT 1::bit(80000000)",
    "SELECT length('a'::char(10000000))",
    "SELECT 1 FROM json_to_recordset('[]') AS t(c char(10000000)) WHERE c > ''",
    doubled("x || x"),
    doubled("quote_literal(x)"),
    doubled("encode(x::bytea, 'hex')"),
    doubled("overlay(x placing x from 1 for 0)"),
    doubled("ROW(x, x)::text"),
    doubled("ARRAY[x, x]::text"),
    doubled("to_json(x)::text"),
    doubled("xmlconcat(x::xml, x::xml)::text"),
    "SELECT u::text FROM (SELECT t::text AS x, t::text AS y FROM (SELECT y, y AS z FROM a) AS t OFFSET 0) AS u",
    "SELECT pg_stat_get_activity(NULL)",
    "SELECT * FROM pg_stat_get_activity(NULL)",
    "SELECT pg_stat_get_backend_activity(1)",
]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("typed", REFUSED)
def test_it_refuses(database, typed):
    said = say(typed, database, Settings())
    assert HASH not in said.text
    assert said.text == "" or said.text.startswith("ERROR:  ")
    assert said.failed or typed == ""
    assert said.text or said.note.endswith(".") or typed == ""


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (doubled("x || x", levels=4), "80"),
        ("SELECT x FROM a WHERE x IN (1, 9) AND x IN (1, 8) AND y IN ('hé', 'x')", "1"),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n", "15"),
        ("SELECT 'a'::char(3) || '|', 5::bit(4), x::text FROM a WHERE x = 1", "a||0101|1"),
    ],
)
def test_what_grows_within_bounds_is_run(database, typed, text):
    assert say(typed, database, Settings()).text == text


def test_a_query_runs_once(database, monkeypatch):
    ran = []
    execute = psycopg.Cursor.execute
    monkeypatch.setattr(
        psycopg.Cursor, "execute", lambda self, query, *a, **k: ran.append(query) or execute(self, query, *a, **k)
    )
    assert say("SELECT x + 41 FROM a WHERE x = 1", database, Settings()).text == "42"
    assert [query.split()[:2] for query in ran if "41" in query] == [
        ["CREATE", "TEMPORARY"],
        ["SELECT", "left(c0::text,"],
    ]


def test_a_query_gets_what_is_left_of_its_second(database, monkeypatch):
    moments = iter([10.0, 10.75])
    monkeypatch.setattr("lessons.console.postgresql.time.monotonic", lambda: next(moments))
    assert say("SELECT current_setting('statement_timeout')", database, Settings()).text == "250ms"


def test_a_query_without_columns_is_told(database):
    assert say("SELECT FROM a", database, Settings()).note == "This query has no columns."


WITH_COLUMNS = "{RANGETBLENTRY :rtekind 0 :relid 7 :inh true :selectedCols (b 8 9)} {RANGETBLENTRY :rtekind 0 :relid 8"
SINCE_16 = (
    "{RANGETBLENTRY :rtekind 0 :relid 7 :perminfoindex 2} {RANGETBLENTRY :rtekind 0 :relid 8 :perminfoindex 1}"
    " :rteperminfos ({RTEPERMISSIONINFO :relid 8 :inh true :selectedCols (b 10)}"
    " {RTEPERMISSIONINFO :relid 7 :inh true :selectedCols (b 7 8)} {RTEPERMISSIONINFO :relid 7 :selectedCols (b 9)})"
)


@pytest.mark.parametrize(
    ("tree", "columns"),
    [
        (WITH_COLUMNS + " :selectedCols (b)}", {7: {1, 2}, 8: set()}),
        (WITH_COLUMNS + "}", {7: {1, 2}, 8: None}),
        (SINCE_16, {7: {0, 1, 2}, 8: {3}}),
    ],
)
def test_columns_go_with_the_relation_that_stands_nearest(tree, columns):
    assert relations(tree) == columns


def test_a_relation_whose_columns_are_not_told_is_not_read(database, monkeypatch):
    monkeypatch.setattr("lessons.console.parsed.relations", lambda tree: dict.fromkeys(relations(tree)))
    assert (
        say("SELECT x FROM a", database, Settings()).note
        == "What this would read of a cannot be told, so it was not run."
    )


@pytest.mark.parametrize("typed", BOMBS_AND_SPIES)
def test_what_grows_without_bound_or_looks_at_others_is_not_even_begun(database, typed):
    said = say(typed, database, Settings())
    assert said.text == ""
    assert said.note.endswith(".")


def test_a_user_without_the_password_may_be_read(database):
    assert say("SELECT id, username FROM auth_user", database, Settings()).text == "1|ada"


@pytest.mark.usefixtures("unchanged")
def test_what_has_no_end_is_ended(database):
    typed = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r"
    said = say(typed, database, Settings())
    assert said.text == "ERROR:  canceling statement due to statement timeout"
    assert "longer than a second" in said.note


def test_only_so_many_rows_come_and_only_so_much_of_each_value(database):
    said = say("SELECT x FROM generate_series(1, 1000000) AS t(x)", database, Settings())
    assert len(said.text.splitlines()) == ROWS_MOST
    assert "are printed" in said.note
    long = "x" * (CELL_MOST + 5)
    assert say(f"SELECT '{long}'", database, Settings()).text == "x" * CELL_MOST + "…"


def test_a_server_that_is_not_there_is_told(server):
    said = say("SELECT 1", PostgreSQL({**server, "port": "1"}), Settings())
    assert said.failed
    assert said.note == "PostgreSQL does not answer."


@pytest.mark.parametrize("query", queries("postgresql"), ids=lambda query: query.slug)
def test_each_button_of_the_lecture_works(database, query):
    said = say(query.typed, database, Settings())
    assert not said.failed
    assert said.text or said.note == "No rows."
