"""Three views that differ in one thing: whether they ignore, read or write the session."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

SELECT, INSERT, UPDATE = "SELECT", "INSERT", "UPDATE"


@pytest.fixture
def visit(client, db):
    """Visit one of the three views; return the response, with the statements on django_session as `sql`."""

    def visited(url_name):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse(url_name))
        statements = [query["sql"] for query in captured if "django_session" in query["sql"]]
        response.sql = [statement.split()[0] for statement in statements]
        return response

    return visited


def test_ignoring_leaves_no_mark_at_all(visit):
    response = visit("lab:ignore")
    assert (response.sql, response.cookies, response.has_header("Vary")) == ([], {}, False)


def test_ignoring_asks_nothing_even_when_a_key_comes_in(visit):
    visit("lab:write")
    assert visit("lab:ignore").sql == []


def test_reading_on_a_first_visit_finds_nothing_and_makes_nothing(visit):
    response = visit("lab:read")
    assert response.text == "I looked: met is False."
    assert (response.sql, response.cookies, Session.objects.count()) == ([], {}, 0)


def test_reading_makes_the_page_vary_by_cookie(visit):
    assert visit("lab:read").headers["Vary"] == "Cookie"


def test_reading_later_asks_once(visit):
    visit("lab:write")
    response = visit("lab:read")
    assert (response.text, response.sql) == ("I looked: met is True.", [SELECT])


def test_writing_on_a_first_visit_makes_row_and_cookie(visit):
    response = visit("lab:write")
    assert response.sql == [SELECT, INSERT]
    assert response.cookies["sessionid"].value == Session.objects.get().session_key


def test_writing_on_a_first_visit_knows_no_key_yet(visit):
    assert visit("lab:write").text == "I stored met. The session key is None."


def test_writing_later_updates_the_same_row(visit):
    visit("lab:write")
    key = Session.objects.get().session_key
    response = visit("lab:write")
    assert (response.text, response.sql) == (f"I stored met. The session key is {key}.", [SELECT, UPDATE])


def test_no_cookie_can_put_markup_into_the_page(visit, client):
    client.cookies["sessionid"] = "<script>alert(1)</script>"
    assert "<script>" not in visit("lab:write").text
