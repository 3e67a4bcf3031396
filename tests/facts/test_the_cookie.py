"""The header `Set-Cookie` for `sessionid`: what it says, when it is sent, and when it deletes."""

import re

import django
import pytest
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone

DELETED = 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'


def test_c48_after_the_session_page_there_is_a_cookie_and_1_is_stored(visitor):
    visit = visitor.get("/lab/visits/")
    date = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
    attributes = rf"expires={date}; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
    assert re.fullmatch(rf"sessionid={visitor.key}; {attributes}", visit.set_cookie)
    assert visitor.stored == {"num_visits": 1}


@pytest.mark.django_db(transaction=True)  # a request from a server begins with a look at the connections
def test_c48_on_the_wire_django_5_puts_two_spaces_before_it_and_django_6_one():
    sent = []
    environ = RequestFactory().get("/lab/visits/").environ
    response = WSGIHandler()(environ, lambda status, headers: sent.extend(headers))
    response.close()
    value = dict(sent)["Set-Cookie"]  # a server writes "Set-Cookie: " and then this
    assert value.startswith(" sessionid=" if django.VERSION < (6,) else "sessionid=")


def test_c49_it_has_an_expiry_date_and_survives_the_closing_of_the_browser(visitor):
    morsel = visitor.get("/lab/visits/").response.cookies["sessionid"]
    assert morsel["max-age"] == 14 * 24 * 60 * 60 == 1209600
    assert morsel["expires"] != ""
    visitor.jar.close()
    assert visitor.get("/lab/visits/").text == "view count=2"


def ignore(request):
    pass


def look(request):
    request.session.get("a")


def flush(request):
    request.session.flush()


def delete_the_key(request):
    request.session.pop("color")


def clear(request):
    request.session.clear()


@pytest.mark.parametrize("view", [flush, logout])
def test_f04_flush_and_logout_delete_the_cookie(visitor, view):
    visitor.get("/lab/dict/add/")
    assert visitor.get(view).set_cookie == DELETED
    assert visitor.key == ""


def test_f04_looking_with_an_unknown_key_deletes_the_cookie(visitor):
    visitor.has_cookie("z" * 32)
    assert visitor.get(ignore).set_cookie == ""
    assert visitor.get(look).set_cookie == DELETED


def test_f04_looking_with_an_expired_key_deletes_the_cookie(visitor):
    visitor.get("/lab/dict/add/")
    Session.objects.update(expire_date=timezone.now())
    assert visitor.get(ignore).set_cookie == ""
    assert visitor.get(look).set_cookie == DELETED


def test_f04_a_value_under_8_characters_is_deleted_even_if_the_view_never_looks(visitor):
    visitor.has_cookie("1234567")
    assert visitor.get(ignore).set_cookie == DELETED


@pytest.mark.parametrize("view", [delete_the_key, clear])
def test_f04_del_and_clear_never_delete_the_cookie(visitor, view):
    visitor.get("/lab/dict/add/")
    key = visitor.key
    assert visitor.get(view).set_cookie.startswith(f"sessionid={key};")
    assert visitor.stored == {}


@pytest.mark.parametrize("path", ["/lab/touch/read/", "/lab/touch/write/"])
def test_f06_a_response_whose_view_looked_has_vary_cookie(visitor, path):
    assert visitor.get(path).vary == "Cookie"


def test_f06_an_untouched_one_has_not(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/ignore/").vary == ""


def test_f06_a_deletion_has_it_even_if_the_view_never_looked(visitor):
    visitor.has_cookie("1234567")
    assert visitor.get("/lab/touch/ignore/").vary == "Cookie"


def test_f06_so_has_an_untouched_session_that_is_saved_on_every_request(visitor, settings):
    visitor.get("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    visit = visitor.get("/lab/touch/ignore/")
    assert visit.set_cookie != ""
    assert visit.vary == "Cookie"


def test_p7_one_look_puts_vary_cookie_on_the_page(visitor):
    assert visitor.get(ignore).vary == ""
    assert visitor.get(look).vary == "Cookie"


def test_p8_clear_keeps_row_and_cookie(visitor):
    visitor.get("/lab/dict/add/")
    key = visitor.key
    visitor.get(clear)
    assert visitor.key == key
    assert visitor.stored == {}


def test_p8_flush_deletes_both(visitor):
    visitor.get("/lab/dict/add/")
    visitor.get(flush)
    assert visitor.key == ""
    assert Session.objects.count() == 0
