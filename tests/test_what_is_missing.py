"""What is missing, a table or a page, is said in a sentence, with the command that helps."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from lessons import inspector, middleware


@pytest.fixture
def no_tables(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no such table: django_session")

    monkeypatch.setattr(inspector.Visitor, "visible", fail)


@pytest.mark.django_db
def test_a_page_of_ours_names_the_command(client, no_tables):
    response = client.get("/inspector/")
    assert response.status_code == 503
    assert "no such table: django_session" in response.text
    assert "python start.py manage migrate" in response.text


@pytest.mark.django_db
def test_another_error_is_not_taken_for_it(client, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(inspector.Visitor, "visible", fail)
    with pytest.raises(OperationalError):
        client.get("/inspector/")


@pytest.mark.parametrize(
    ("vendor", "psycopg", "answered"),
    [("postgresql", None, True), ("postgresql", True, True), ("postgresql", False, False), ("sqlite", None, False)],
)
def test_a_server_of_postgresql_that_is_gone_is_said_in_a_sentence(rf, monkeypatch, vendor, psycopg, answered):
    """`psycopg` is whether the connection that Django holds has been closed by the server, or None: it holds none."""
    held = None if psycopg is None else SimpleNamespace(closed=psycopg)
    monkeypatch.setattr(middleware, "connection", SimpleNamespace(vendor=vendor, connection=held))
    answer = middleware.say_what_is_missing(None).process_exception(rf.get("/"), OperationalError("connection failed"))
    assert bool(answer) is answered
    if answered:
        assert answer.status_code == 503
        assert "The database does not answer" in answer.text
        assert "connection failed" not in answer.text  # where the server is, is nobody's business


@pytest.mark.parametrize(("status", "heading"), [(404, "There is nothing at this address")])
def test_a_stranger_gets_a_sentence_instead_of_a_traceback(client, status, heading):
    response = client.get("/nowhere/")
    assert response.status_code == status
    assert heading in response.text


@pytest.mark.django_db
def test_a_lesson_that_is_not_there_is_said_in_local_mode_too(client, settings):
    settings.DEBUG = True
    response = client.get("/lessons/nonsense/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps bytes that are no text")
@pytest.mark.parametrize("column", ["session_key", "session_data"])
@pytest.mark.parametrize("page", ["/", "/inspector/", "/_ui/rows/"])
def test_a_row_that_is_no_text_is_said_in_a_sentence(client, settings, column, page):
    settings.DEBUG = True
    Session.objects.create(session_key="k", session_data="e30", expire_date="2030-01-01T00:00Z")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE django_session SET {column} = CAST(x'ffed' AS TEXT)")
    response = client.get(page)
    assert response.status_code == 503
    assert "A row holds bytes that are no text" in response.text
