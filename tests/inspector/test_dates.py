"""What stands in expire_date and is no date: left out, counted, and never the end of a page."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.inspector import Question, dates, page_of
from lessons.inspector.totals import totals_of

from .conftest import store

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps anything in a column of dates"),
]
ODD = ["garbage", b"\0\0", "", "now", 0, 2461000, 1.5, "2026-02-31 10:00:00", "2026-13-01", "0000-01-01 10:00:00"]
ODD += ["2026-02-01  10:00:00", "2026-02-01 10:00z", "2026-02-01 24:00:00", "2026-02-01 10:00\0", b"2026-02-01 10:00"]
KEY = "abcdefghijklmnopqrstuvwxyz012345"
DATES = ["2026-02-01 10:00:00", "2026-02-01 10:00:00.123456", "2026-02-01T10:00", "2026-02-01", "9999-12-31 23:59:59"]


def put(value, key="odd"):
    store(key, {"num_visits": 3})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_session SET expire_date = %s WHERE session_key = %s", [value, key])


def keys(visitor, **typed):
    return [row.session_key for row in page_of(visitor, Question.of(typed)).rows]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("typed", [{}, {"sort": "oldest"}, {"q": "num_visits"}, {"sort": "largest"}, {"state": "live"}])
def test_a_row_without_a_date_is_left_out(visitor, value, typed):
    store("good", {"num_visits": 3})
    put(value)
    assert keys(visitor, **typed) == ["good"]
    assert (len(visitor.rows()), visitor.counted) == (1, "1")


@pytest.mark.parametrize("value", ODD)
def test_it_is_counted_and_the_statement_shows_it(visitor, value):
    store("good")
    put(value)
    told = totals_of(visitor.stored())
    assert (told.live, told.unreadable, told.complete) == (1, 1, True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT session_key FROM ({dates.TO_SEE_THEM.rstrip(';')})")
        assert cursor.fetchall() == [("odd",)]


@pytest.mark.parametrize("value", DATES)
def test_whatever_is_a_date_is_shown(visitor, value):
    put(value)
    assert keys(visitor) == ["odd"]
    assert totals_of(visitor.stored()).unreadable == 0


PIECES = [
    "2026-02-01",
    "0001-01-01",
    "9999-12-31",
    " ",
    "T",
    "10:00",
    ":59",
    "24:00",
    ".5",
    "+05:30",
    "-00:00",
    "Z",
    "z",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.binary() | st.integers(-(2**63), 2**63 - 1) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_stands_there_can_be_listed(visitor, value):
    Session.objects.all().delete()
    put(value)
    assert len(keys(visitor)) + totals_of(visitor.stored()).unreadable == 1


@pytest.mark.parametrize("sees_everything", [True, False])
def test_no_page_stops_at_it(client, settings, sees_everything):
    settings.DEBUG = sees_everything
    put("garbage", KEY)
    client.cookies["sessionid"] = KEY
    for address in ("/inspector/", "/_ui/rows/", "/_ui/rows/?few", "/_ui/rows/count/", "/inspector/download/csv/"):
        response = client.get(address)
        assert response.status_code == 200
        response.getvalue()
    assert "1 row is left out: what stands in expire_date is no date" in client.get("/_ui/rows/numbers/").text


@pytest.mark.parametrize("column", ["session_key", "session_data"])
def test_a_row_with_bytes_for_text_is_left_out_too(visitor, column):
    store("good", {"num_visits": 3})
    store("odd", {"num_visits": 3})
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE django_session SET {column} = x'00ff' WHERE session_key = 'odd'")
    assert keys(visitor) == ["good"]
    assert totals_of(visitor.stored()).unreadable == 1
