"""What is missing, a table or a page, is said in a sentence, with the command that helps."""

import pytest
from django.db import OperationalError

from lessons import inspector


@pytest.fixture
def no_tables(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no such table: django_session")

    monkeypatch.setattr(inspector.Visitor, "rows", fail)


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

    monkeypatch.setattr(inspector.Visitor, "rows", fail)
    with pytest.raises(OperationalError):
        client.get("/inspector/")


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
