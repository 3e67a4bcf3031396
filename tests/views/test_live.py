"""The live table: the newest rows, and a stream that says when to ask for them."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from lessons.handles import handle_for
from lessons.views.live import RETRY_LATER, RETRY_SOON

pytestmark = pytest.mark.django_db

ROWS = reverse("rows")


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True


def count_a_visit():
    Client().get(reverse("lab:visits"))


def test_the_newest_rows_come_with_their_version(client):
    count_a_visit()
    response = client.get(ROWS)
    assert "num_visits" in response.text
    assert len(response.headers["X-Rows-Version"]) == 16


def test_who_has_them_already_gets_nothing(client):
    version = client.get(ROWS).headers["X-Rows-Version"]
    response = client.get(ROWS, {"have": version})
    assert (response.status_code, response.content) == (204, b"")


def test_after_a_change_they_come_again(client):
    version = client.get(ROWS).headers["X-Rows-Version"]
    count_a_visit()
    assert client.get(ROWS, {"have": version}).status_code == 200


@pytest.mark.parametrize("have", ["", "x", "0" * 16])
def test_who_has_something_else_gets_them(client, have):
    assert client.get(ROWS, {"have": have}).status_code == 200


def test_the_few_rows_are_three_and_say_how_many_there_are(client):
    for _ in range(7):
        count_a_visit()
    page = client.get(ROWS, {"few": ""}).text
    assert page.count("<li") == 3
    assert "<strong>7</strong> rows" in page


def test_the_chosen_row_is_marked(client):
    count_a_visit()
    handle = handle_for(Session.objects.get().pk)
    assert 'aria-current="true"' in client.get(ROWS, {"chosen": handle}).text
    assert 'aria-current="true"' not in client.get(ROWS, {"chosen": "another"}).text


# The stream


def first_event(client, server):
    response = client.get(reverse("rows_stream"), SERVER_SOFTWARE=server)
    events = iter(response.streaming_content)
    first = next(events)
    response.close()
    return response, first.decode()


@pytest.mark.parametrize(
    ("server", "retry"), [("WSGIServer/0.2", RETRY_SOON), ("waitress", RETRY_LATER), ("", RETRY_LATER)]
)
def test_the_first_event_says_look_and_when_to_come_back(client, server, retry):
    response, event = first_event(client, server)
    assert event == f"retry: {retry}\ndata: look\n\n"
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_server_with_few_workers_is_not_held(client):
    response = client.get(reverse("rows_stream"), SERVER_SOFTWARE="waitress")
    assert len(list(response.streaming_content)) == 1
