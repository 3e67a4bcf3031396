"""The table `django_session`, as SQLite shows it, and PostgreSQL."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from .visitor import captured_sql, query_plan

POSTGRESQL = connection.vendor == "postgresql"
on_sqlite = pytest.mark.skipif(POSTGRESQL, reason="about SQLite; the twin below is about PostgreSQL")
on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="about PostgreSQL: set DATABASE_URL")


def ask(sql):
    """Return the column names and the rows of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()


def test_c26_the_table_is_django_session():
    assert Session._meta.db_table == "django_session"


def test_c54_select_star_shows_the_data(visitor):
    visitor.get("/lab/visits/")
    _, rows = ask("SELECT * FROM django_session")
    ((key, data, expire_date),) = rows
    assert key == visitor.key
    assert data.startswith("eyJudW1fdmlzaXRzIjox")  # {"num_visits":1
    assert expire_date is not None


def test_c55_the_columns_are_key_then_data_then_date():
    columns, _ = ask("SELECT * FROM django_session")
    assert columns == ["session_key", "session_data", "expire_date"]


def test_c56_the_time_is_text_in_utc_and_decides_which_rows_are_found(visitor):
    """PostgreSQL has a type for it, and shows it in the time zone of the connection: UTC as well."""
    visitor.get("/lab/visits/")
    _, rows = ask("SELECT expire_date || '' FROM django_session")
    ((text,),) = rows
    zone = r"\+00" if connection.vendor == "postgresql" else ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}" + zone, text)
    assert text.startswith(visitor.row.expire_date.strftime("%Y-%m-%d %H:%M:%S"))
    assert visitor.row.expire_date.utcoffset().total_seconds() == 0

    (select,) = visitor.get("/lab/touch/read/").sql
    assert re.search(r"WHERE \(expire_date > '\d{4}-", select)


def test_c62_sql_would_be_safe_with_any_text_because_django_passes_parameters(visitor):
    seen = []

    def listen(execute, sql, params, many, context):
        if sql.startswith("INSERT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        visitor.get("/lab/visits/")
    ((sql, params),) = seen
    assert sql.endswith("VALUES (%s, %s, %s)")
    assert params[:2] == (visitor.key, visitor.row.session_data)


@on_sqlite
def test_f07_the_table_and_its_index():
    _, rows = ask("SELECT sql FROM sqlite_master WHERE tbl_name = 'django_session' AND sql IS NOT NULL")
    assert [sql for (sql,) in rows] == [
        'CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, '
        '"session_data" text NOT NULL, "expire_date" datetime NOT NULL)',
        'CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")',
    ]


@on_postgresql
def test_f07_the_table_and_its_indexes_on_postgresql():
    _, columns = ask(
        "SELECT column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns "
        "WHERE table_name = 'django_session' ORDER BY ordinal_position"
    )
    assert columns == [
        ("session_key", "character varying", 40, "NO"),
        ("session_data", "text", None, "NO"),
        ("expire_date", "timestamp with time zone", None, "NO"),
    ]
    _, indexes = ask("SELECT indexname FROM pg_indexes WHERE tablename = 'django_session' ORDER BY indexname")
    assert [name for (name,) in indexes] == [
        "django_session_expire_date_a5c62663",
        "django_session_pkey",
        "django_session_session_key_c0390e0f_like",
    ]


def test_f07_clearsessions_uses_that_index():
    with captured_sql([]) as statements:
        call_command("clearsessions")
    (delete,) = statements
    plan = " ".join(query_plan(delete))
    if connection.vendor == "postgresql":
        assert "Index Scan using django_session_expire_date_a5c62663 on django_session" in plan
    else:
        assert "USING INDEX django_session_expire_date_a5c62663 (expire_date<?)" in plan
