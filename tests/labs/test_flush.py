"""Throwing a session away (F04, P8)."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from lessons.browsers import Jar
from lessons.worlds import here

pytestmark = pytest.mark.django_db

FLUSH = reverse("lab:flush")


@pytest.fixture
def browser():
    """A simulated browser with a row: `browser(path)` sends a request and returns its recording."""
    jar, outer = Jar(), RequestFactory().post("/_ui/lab/visits/fly/")

    def get(path):
        (recording,) = here.fly(jar, outer, "GET", path, {})
        return recording

    get.jar = jar
    get(reverse("lab:dict_add"))
    return get


def test_p8_flush_takes_row_and_cookie(browser):
    assert browser(FLUSH).body == "Flushed. The session key is None."
    assert browser.jar.get("sessionid") == ""
    assert not Session.objects.exists()


def test_p8_deleting_the_last_key_leaves_both(browser):
    browser(reverse("lab:dict_delete"))
    assert Session.objects.get().session_key == browser.jar.get("sessionid")


def test_f04_the_cookie_is_deleted_with_a_date_long_past(browser):
    (header,) = browser(FLUSH).set_cookies
    assert header == 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'


def test_f04_without_a_cookie_there_is_none_to_delete(client):
    assert client.get(FLUSH).cookies == {}
    assert not Session.objects.exists()


def test_what_is_written_next_gets_a_new_key(browser):
    before = browser.jar.get("sessionid")
    browser(FLUSH)
    assert browser(reverse("lab:visits")).body == "view count=1"
    assert browser.jar.get("sessionid") not in ("", before)


def test_whoever_was_logged_in_is_no_more(client):
    client.force_login(User.objects.get(username="ada"))
    client.get(FLUSH)
    assert "Nobody is logged in." in client.get(reverse("lab:account")).text


def test_nobody_flushes_the_session_of_another_browser(browser):
    Client().get(FLUSH)
    assert Session.objects.count() == 1


def test_no_cookie_can_put_markup_into_the_page(client):
    client.cookies["sessionid"] = "<script>alert(1)</script>"
    assert "<script>" not in client.get(FLUSH).text
