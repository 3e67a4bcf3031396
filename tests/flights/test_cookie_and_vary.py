"""The two headers on the way out: when the cookie is deleted, whose key it carries, and why `Vary: Cookie` is there."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.utils import timezone

from .flight import line_of
from .test_saving import clear, middleware_ran

DELETE = "response.delete_cookie("
VARY = 'patch_vary_headers(response, ("Cookie",))'
GONE = 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'


def unknown(browser):
    browser.hold("z" * 32)


def expired(browser):
    browser.fly("/lab/visits/")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def short(browser):
    browser.hold("gj2233")


def logged_in(browser):
    browser.fly("/lab/login/", "POST", username="ada", password="lovelace")


@pytest.mark.parametrize(
    ("begin", "path", "method"),
    [
        (lambda browser: browser.fly("/lab/visits/"), "/lab/flush/", "GET"),
        (logged_in, "/lab/logout/", "POST"),
        (unknown, "/lab/touch/read/", "GET"),
        (expired, "/lab/touch/read/", "GET"),
        (short, "/lab/touch/ignore/", "GET"),
    ],
)
def test_f04_the_cookie_is_deleted_when_one_came_and_neither_key_nor_data_is_left(browser, ada, begin, path, method):
    begin(browser)
    assert browser.key != ""
    flight = browser.fly(path, method)
    deleted = flight.the("delete-cookie")
    assert (deleted.state.key, deleted.state.data or {}) == (None, {})
    assert deleted.values["empty"] == "True"
    assert line_of(deleted) == DELETE
    assert flight.set_cookie == GONE
    assert flight.last.jar == {}
    assert browser.key == ""


def test_f04_an_unknown_key_that_nobody_looks_at_stays(browser):
    unknown(browser)
    flight = browser.fly("/lab/touch/ignore/")
    assert middleware_ran(flight, DELETE) == [False]
    assert flight.last.jar == {"sessionid": "z" * 32}


@pytest.mark.parametrize("where", ["/lab/dict/delete/", clear])
def test_f04_it_is_never_deleted_after_del_or_clear(browser, where):
    browser.fly("/lab/dict/add/")
    flight = browser.fly(where)
    assert flight.last.data == {}
    assert middleware_ran(flight, DELETE) == [False]
    assert flight.set_cookie.startswith(f"sessionid={browser.key};")


def test_f05_a_key_sent_by_the_client_is_never_adopted(browser):
    unknown(browser)
    flight = browser.fly("/lab/touch/write/")
    missing, insert = flight.the("row-missing"), flight.the("insert")
    assert flight.before(missing).row["exists"] is False
    assert missing.state.key is None
    assert len(flight.ran("SessionStore._get_session_from_db", "self._session_key = None")) == 1
    assert insert.state.key not in (None, "z" * 32)
    assert repr("z" * 32) not in insert.sql.params
    assert flight.last.jar == {"sessionid": insert.state.key}


@pytest.mark.parametrize(
    ("path", "varies"), [("/lab/touch/ignore/", False), ("/lab/touch/read/", True), ("/lab/touch/write/", True)]
)
@pytest.mark.parametrize("visit", ["first", "later"])
def test_f06_vary_cookie_is_on_every_response_whose_view_looked(browser, visit, path, varies):
    if visit == "later":
        browser.fly("/lab/visits/")
    flight = browser.fly(path)
    assert ("vary" in flight.kinds) is varies
    assert middleware_ran(flight, VARY) == [varies]
    assert (["Vary", "Cookie"] in flight.recording["headers"]) is varies
    assert flight.last.accessed is varies


def test_f06_and_with_every_deletion_even_if_the_view_never_looked(browser):
    short(browser)
    flight = browser.fly("/lab/touch/ignore/")
    assert flight.last.accessed is False
    assert flight.the("delete-cookie").at < flight.the("vary").at
    assert flight.the("vary").values["need_vary_cookie"] == "True"
    assert ["Vary", "Cookie"] in flight.recording["headers"]


def test_f06_and_with_every_set_cookie_even_of_an_untouched_session(browser, settings):
    def ignore(request):
        return HttpResponse()

    browser.fly("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    flight = browser.fly(ignore)
    assert flight.the("save").values["accessed"] == "False"
    assert flight.the("set-cookie").at < flight.the("vary").at
    assert middleware_ran(flight, "need_vary_cookie = True") == [True]
