"""Cookies, sessions, and the middleware between them."""

import json

from django.contrib.auth import login
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.template import engines
from django.test import RequestFactory

from . import middleware

SESSION_MIDDLEWARE = "django.contrib.sessions.middleware.SessionMiddleware"


def with_neighbours(names):
    """Return the list with one of ours on each side of SessionMiddleware."""
    at = names.index(SESSION_MIDDLEWARE)
    neighbours = ["tests.facts.middleware.outside", SESSION_MIDDLEWARE, "tests.facts.middleware.inside"]
    return [*names[:at], *neighbours, *names[at + 1 :]]


def test_c01_the_server_sets_cookies_and_the_browser_sends_them_back(visitor):
    first = visitor.get("/lab/cookie/")
    assert first.response.cookies["zap"].OutputString() == "zap=42; Path=/"
    assert first.request.COOKIES == {}

    second = visitor.get("/lab/cookie/")
    assert second.request.COOKIES == {"zap": "42", "sakaicar": "42"}  # always strings


def test_c02_a_session_remembers_on_the_server_who_is_logged_in(visitor, user):
    visitor.get(lambda request: login(request, user))
    assert visitor.stored == {
        "_auth_user_id": str(user.pk),  # a string
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": user.get_session_auth_hash(),
    }
    assert len(visitor.stored["_auth_user_hash"]) == 64
    assert len(visitor.key) == 32  # and this is all the browser holds
    assert [cookie.name for cookie in visitor.jar] == ["csrftoken", "sessionid"]


def test_c04_the_middleware_does_not_see_a_request_that_is_redirected_to_https(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True
    visit = visitor.get("/lab/visits/")
    assert visit.status == 301
    assert not hasattr(visit.request, "session")


def test_c04_no_middleware_sees_a_static_file_under_runserver(settings):
    settings.MIDDLEWARE = ["tests.facts.middleware.count", *settings.MIDDLEWARE]
    middleware.counted.clear()
    server = StaticFilesHandler(WSGIHandler())  # what runserver puts in front of a project
    for path in "/static/admin/css/base.css", "/lab/touch/ignore/":
        response = server(RequestFactory().get(path).environ, lambda status, headers: None)
        assert response.status_code == 200
        response.close()
    assert middleware.counted == ["/lab/touch/ignore/"]


def test_c05_the_session_is_there_before_urls_py_was_asked(visitor, settings):
    settings.MIDDLEWARE = with_neighbours(settings.MIDDLEWARE)
    for path, status in ("/lab/visits/", 200), ("/no/such/page/", 404):
        visit = visitor.get(path)
        assert visit.status == status
        assert visit.request.inside["session on the way in"] is True
        assert visit.request.inside["urls.py"] is None


def test_c52_the_middleware_works_before_and_after_our_code(visitor, settings):
    settings.MIDDLEWARE = with_neighbours(settings.MIDDLEWARE)
    request = visitor.get("/lab/visits/").request

    assert request.outside["session on the way in"] is False
    assert request.inside["session on the way in"] is True

    assert request.inside["cookies on the way out"] == []
    assert request.outside["cookies on the way out"] == ["sessionid"]
    assert request.inside["Vary on the way out"] is None
    assert request.outside["Vary on the way out"] == "Cookie"


def test_c34_the_request_has_an_attribute_session(visitor):
    visit = visitor.get("/lab/touch/ignore/")
    assert type(visit.request.session).__module__ == "django.contrib.sessions.backends.db"


def test_c34_templates_know_it_as_request_session(visitor):
    def view(request):
        request.session["color"] = "green"
        return engines["django"].from_string("{{ request.session.color }}").render({}, request)

    assert visitor.get(view).text == "green"


def test_c33_what_came_with_a_get_or_a_post_is_gone_at_the_next_request(visitor):
    assert json.loads(visitor.get("/lab/echo/?a=1").text)["GET"] == {"a": "1"}
    assert json.loads(visitor.get("/lab/echo/").text)["GET"] == {}

    assert json.loads(visitor.post("/lab/echo/", a=1).text)["POST"] == {"a": "1"}
    assert json.loads(visitor.post("/lab/echo/").text)["POST"] == {}


def test_c33_so_the_session_carries_small_things_over(visitor):
    visitor.get("/lab/carry/")  # the form, with its CSRF token
    assert visitor.post("/lab/carry/", name="Ada").status == 302
    assert "Hello, Ada" in visitor.get("/lab/carry/hello/").text


def test_c31_a_post_can_read_and_write_the_session_too(visitor):
    def view(request):
        request.session["count"] = request.session.get("count", 0) + 1
        return request.session["count"]

    assert [visitor.post(view).answer, visitor.post(view).answer, visitor.get(view).answer] == [1, 2, 3]


def test_c30_what_one_request_writes_a_later_one_reads(visitor):
    visitor.get("/lab/touch/write/")
    for _ in range(3):
        assert visitor.found() == {"met": True}
    assert visitor.get("/lab/visits/").text == "view count=1"
    assert visitor.get("/lab/visits/").text == "view count=2"


def test_c32_cookies_last_from_one_request_to_the_next_as_well(visitor):
    requests = [visitor.get("/lab/cookie/").request for _ in range(4)]
    assert [request.COOKIES.get("zap") for request in requests] == [None, "42", "43", "44"]


def test_c32_zap_lasts_until_the_browser_closes_and_sakaicar_1000_seconds(visitor):
    cookies = visitor.get("/lab/cookie/").response.cookies
    assert cookies["zap"]["max-age"] == cookies["zap"]["expires"] == ""
    assert cookies["sakaicar"]["max-age"] == 1000
    visitor.jar.close()
    assert [cookie.name for cookie in visitor.jar] == ["sakaicar"]
