"""Recording your browser leaves no trace: what Django does is the same with it and without."""

import logging
import re
from base64 import urlsafe_b64encode

import pytest
from django.contrib.sessions.models import Session
from django.core.signing import TimestampSigner
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons import logbook
from lessons.labs import urls
from lessons.models import Flight, Notebook

pytestmark = pytest.mark.django_db

RECORDER = "lessons.middleware.record_your_browser"
LABS = [f"lab:{line.name}" for line in urls.urlpatterns]


@pytest.fixture
def reader(client):
    """A browser that has opened the course, and so has a notebook's cookie."""
    client.get(reverse("home"))
    return client


def flags_of_the_session(get_response):
    """A middleware outside all others that notes in the response what became of `request.session`."""

    def middleware(request):
        response = get_response(request)
        session = request.session
        response.flags = (session.accessed, session.modified, "_session_cache" in vars(session))
        return response

    return middleware


def told(method, url_name):
    """Send two requests as a browser with these cookies; return all that could show that somebody looked on."""
    Session.objects.all().delete()
    browser = Client(raise_request_exception=False)
    browser.get(reverse("home"))
    return [_told(browser, method, url_name), _told(browser, "get", "lab:write"), _told(browser, method, url_name)]


def _told(browser, method, url_name):
    data = {"name": "Ada"} if method == "post" else {}
    with CaptureQueriesContext(connection) as captured:
        response = getattr(browser, method)(reverse(url_name), data)
    row = Session.objects.first()
    return {
        "status": response.status_code,
        "headers": {name: same(value) for name, value in response.items() if name != "Content-Length"},
        "cookies": [same(cookie.OutputString()) for cookie in response.cookies.values()],
        "page": same(response.text),
        "sql": [same(query["sql"]) for query in captured],
        "row": row and row.get_decoded(),
        "flags": response.flags,
    }


def same(text: str) -> str:
    """Make keys, tokens, dates and stored data alike, for they differ from run to run."""
    text = re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|\d{4}-\d\d-\d\d [\d:.]+", "DATE", text)
    text = re.sub(r"[\w-]+:\w{6}:[\w-]{43}", "SIGNED", text)
    text = re.sub(r"s\d+_x\d+", "SAVEPOINT", text)
    return re.sub(r"\b\w{64}\b|\b\w{32}\b", "KEY", text)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url_name", [name for name in LABS if name != "lab:recipe"])
def test_a_lab_answers_alike_recorded_or_not(url_name, method, settings, monkeypatch):
    recorded = []
    monkeypatch.setattr(logbook, "enter", lambda key, browser, recording: recorded.append(recording))
    settings.MIDDLEWARE = [f"{__name__}.flags_of_the_session", *settings.MIDDLEWARE]
    with_recorder = told(method, url_name)
    assert len(recorded) == 3

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != RECORDER]
    without = told(method, url_name)
    assert len(recorded) == 3
    assert with_recorder == without


@pytest.mark.parametrize(
    "address", ["/", "/inspector/", "/_ui/rows/", "/admin/login/", "/labs/", "/nowhere/", "/laboratory"]
)
def test_what_is_no_lab_is_not_recorded(reader, address):
    reader.get(address)
    assert not Flight.objects.exists()


def test_a_lab_is_recorded_for_the_notebook_that_asks(reader):
    reader.get(reverse("lab:visits"))
    flight = Flight.objects.get()
    assert (flight.browser, flight.url_name, flight.data) == ("yours", "lab:visits", {"num_visits": 1})


def test_without_a_notebook_nothing_is_recorded(client):
    client.get(reverse("lab:visits"))
    assert not Notebook.objects.exists()


def test_with_a_notebook_of_somebody_elses_writing_nothing_is_recorded(client):
    client.cookies["notebook"] = "00000000-0000-4000-8000-000000000000:1xVHYy:forged"
    client.get(reverse("lab:visits"))
    assert not Notebook.objects.exists()


@pytest.mark.parametrize("name", ["echo", "ignore", "nowhere"])
def test_a_request_that_is_not_recorded_costs_no_query(client, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(f"/lab/touch/{name}/")


@pytest.mark.parametrize("error", [DatabaseError("database is locked"), KeyError("grading stumbled")], ids=repr)
def test_a_notebook_that_cannot_be_written_does_not_keep_the_page_away(reader, monkeypatch, caplog, error):
    def stumble(*args):
        raise error

    monkeypatch.setattr(logbook, "enter", stumble)
    with caplog.at_level(logging.ERROR, "lessons.middleware"):
        assert reader.get(reverse("lab:ignore")).status_code == 200
    assert "could not be written into the notebook" in caplog.text


def signed(json_text: str) -> str:
    """Return session_data that holds this very JSON, signed as Django signs a row."""
    payload = urlsafe_b64encode(json_text.encode()).decode().rstrip("=")
    return TimestampSigner(salt="django.contrib.sessions.SessionStore").sign(payload)


@pytest.mark.parametrize("value", ['{"a":NaN}', '{"a":' + "[" * 600 + "]" * 600 + "}", '{"a":"\\ud800\\u0000"}'])
def test_a_row_that_no_json_field_takes_is_recorded_all_the_same(reader, value, caplog):
    reader.get(reverse("lab:write"))
    Session.objects.update(session_data=signed(value))
    assert reader.get(reverse("lab:ignore")).status_code == 200
    assert Flight.objects.count() == 2
    assert caplog.text == ""


@pytest.mark.parametrize("url_name", ["lab:visits", "lab:ignore"])
def test_more_fields_than_django_takes_are_the_same_to_a_view_that_never_asks(reader, url_name):
    address = f"{reverse(url_name)}?{'&'.join(f'a{number}=1' for number in range(1001))}"
    assert reader.get(address).status_code == Client().get(address).status_code == 200


def test_a_recorder_that_stumbles_is_no_concern_of_the_lab(reader, monkeypatch, caplog):
    def stumble(request):
        raise RuntimeError("a stone")

    monkeypatch.setattr("lessons.flight.recorder.masker", stumble)
    assert reader.get(reverse("lab:visits")).text == "view count=1"
    assert "could not be recorded" in caplog.text
    assert not Flight.objects.exists()
