"""Writing into the session, and then a bug (F20)."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from lessons.browsers import Jar
from lessons.models import Flight
from lessons.worlds import here

pytestmark = pytest.mark.django_db

BOOM = reverse("lab:boom")


@pytest.fixture
def browser():
    """A browser that is shown the error page, as a real one is."""
    return Client(raise_request_exception=False)


def test_f20_after_an_exception_there_is_no_row_and_no_cookie(browser):
    response = browser.get(BOOM)
    assert (response.status_code, response.cookies) == (500, {})
    assert not Session.objects.exists()


def test_f20_the_row_that_was_there_stays_as_it_was(browser):
    browser.get(reverse("lab:visits"))
    before = Session.objects.values().get()
    response = browser.get(BOOM)
    assert (response.status_code, response.cookies) == (500, {})
    assert Session.objects.values().get() == before
    assert browser.get(reverse("lab:visits")).text == "view count=2"


def test_f20_each_visit_begins_the_score_anew(client):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError) as caught:
            client.get(BOOM)
        assert caught.traceback[-1].locals["score"] == 42


def test_a_recording_tells_of_the_500_and_of_nothing_saved(browser):
    browser.get(reverse("home"))
    browser.get(BOOM)
    flight = Flight.objects.get()
    assert (flight.status, flight.view, flight.row) == (500, "lessons.labs.boom.boom", None)
    assert (flight.session_sql, flight.set_cookies) == ([], [])


def test_a_simulated_browser_flies_into_it_and_goes_on():
    jar, outer = Jar(), RequestFactory().post("/_ui/lab/visits/fly/")
    statuses = [recording.status for _ in range(2) for recording in here.fly(jar, outer, "GET", BOOM, {})]
    assert statuses == [500, 500]
    assert list(jar) == []


def test_alone_the_learner_sees_the_line(browser, settings):
    settings.DEBUG = True
    page = browser.get(BOOM).text
    assert "ZeroDivisionError" in page
    assert "score / games" in page


def test_with_others_around_nobody_sees_the_source(browser, settings):
    settings.DEBUG = False
    page = browser.get(BOOM).text
    assert "Something broke" in page
    assert "score" not in page
