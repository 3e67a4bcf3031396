"""Flying a simulated browser's request through the server that is running."""

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import RequestFactory

from lessons.browsers import Jar
from lessons.labs import urls
from lessons.worlds import here

pytestmark = pytest.mark.django_db

PRESS = "/_ui/lab/visits/fly/"  # where the button is, whose request is the outer one


@pytest.fixture(autouse=True)
def local_hosts(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]


@pytest.fixture
def outer():
    """The request of the page whose button was pressed."""
    return RequestFactory(REMOTE_ADDR="127.0.0.1").post(PRESS, headers={"Host": "localhost"})


@pytest.fixture
def answer(monkeypatch):
    """Put another view in the place of a lab's, for this test; return the requests that reach it."""
    arrived = []

    def put(name, view):
        (line,) = [line for line in urls.urlpatterns if line.name == name]
        monkeypatch.setattr(line, "callback", lambda request: arrived.append(request) or view(request))
        return arrived

    return put


def redirecting_to(location, status=302):
    return lambda request: HttpResponse(status=status, headers={"Location": location})


def fly(outer, jar=None, path="/lab/visits/", method="GET", **form):
    return list(here.fly(Jar() if jar is None else jar, outer, method, path, form))


def paths(recordings):
    return [(recording.method, recording.path) for recording in recordings]


def test_two_flights_with_one_jar_are_one_browser(outer):
    jar = Jar()
    assert [fly(outer, jar)[0].body for _ in range(2)] == ["view count=1", "view count=2"]


def test_two_jars_are_two_browsers(outer):
    assert [fly(outer, Jar())[0].body for _ in range(2)] == ["view count=1", "view count=1"]


def test_it_brings_nothing_of_the_browser_that_asks(outer):
    outer.COOKIES["sessionid"] = "k" * 32
    assert fly(outer, path="/lab/echo/")[0].cookies == {}


def test_a_query_arrives(outer):
    assert '"a": "ä&b"' in fly(outer, path="/lab/echo/?a=%C3%A4%26b")[0].body.encode().decode("unicode_escape")


# Redirects


def test_a_redirect_is_followed_with_get(outer):
    jar = Jar()
    fly(outer, jar, "/lab/carry/")
    assert paths(fly(outer, jar, "/lab/carry/", "POST", name="Ada")) == [
        ("POST", "/lab/carry/"),
        ("GET", "/lab/carry/hello/"),
    ]


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("location", ["/lab/echo/?a=1", "../echo/?a=1", "http://localhost/lab/echo/?a=1#there"])
def test_a_redirect_keeps_its_query(outer, answer, status, location):
    answer("visits", redirecting_to(location, status))
    assert paths(fly(outer))[1:] == [("GET", "/lab/echo/?a=1")]


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere.example.net/lab/visits/",
        "//elsewhere.example.net/lab/visits/",
        "http://localhost:81/lab/visits/",
        "http://localhost@elsewhere.example.net/lab/",
        "/admin/",
        "/lab/../admin/",
        "/",
        "/laboratory/",
        "",
        "http://[",
    ],
)
def test_nobody_is_followed_out_of_the_labs(outer, answer, location):
    answer("visits", redirecting_to(location))
    (last,) = fly(outer)
    assert last.status == 302


@pytest.mark.parametrize("status", [200, 304, 404])
def test_a_location_without_a_redirect_is_not_followed(outer, answer, status):
    answer("visits", redirecting_to("/lab/echo/", status))
    assert len(fly(outer)) == 1


def test_a_circle_of_redirects_comes_to_an_end(outer, answer):
    answer("visits", redirecting_to("/lab/visits/"))
    assert len(fly(outer)) == here.REDIRECTS_MOST + 1


def test_a_cookie_of_a_redirect_is_sent_to_where_it_leads(outer, answer):
    def view(request):
        response = redirecting_to("/lab/echo/")(request)
        response.set_cookie("zap", 42)
        return response

    answer("visits", view)
    assert fly(outer)[1].cookies == {"zap": "42"}


# CSRF


def test_without_having_seen_the_form_a_post_is_refused(outer):
    assert fly(outer, path="/lab/carry/", method="POST", name="Ada")[0].status == 403


def test_the_token_comes_from_its_own_jar(outer):
    jar, other = Jar(), Jar()
    fly(outer, jar, "/lab/carry/")
    outer.COOKIES["csrftoken"] = jar.get("csrftoken")
    assert fly(outer, jar, "/lab/carry/", "POST", name="Ada")[0].status == 302
    assert fly(outer, other, "/lab/carry/", "POST", name="Eve")[0].status == 403


# The server it flies through


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8017", "[::1]:8000", "testserver"])
@pytest.mark.parametrize("secure", [False, True])
def test_it_works_at_every_address_of_the_server(host, secure):
    outer = RequestFactory().post(PRESS, headers={"Host": host}, secure=secure)
    jar = Jar()
    fly(outer, jar, "/lab/carry/")
    recordings = fly(outer, jar, "/lab/carry/", "POST", name="Ada")
    assert [recording.status for recording in recordings] == [302, 200]
    assert "Hello, Ada" in recordings[-1].body


def test_it_comes_from_where_the_outer_request_comes_from(answer):
    arrived = answer("visits", lambda request: HttpResponse())
    fly(RequestFactory(REMOTE_ADDR="203.0.113.5").post(PRESS))
    assert arrived[0].META["REMOTE_ADDR"] == "203.0.113.5"


def test_a_secure_cookie_comes_back_over_https(settings):
    settings.SESSION_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    outer = RequestFactory().post(PRESS, headers={"X-Forwarded-Proto": "https"})
    jar = Jar()
    assert [fly(outer, jar)[0].body for _ in range(2)] == ["view count=1", "view count=2"]


def test_it_goes_through_all_middleware_and_is_recorded_once(outer, answer):
    arrived = answer("visits", lambda request: HttpResponse())
    (recording,) = fly(outer)
    assert recording.reached_session
    assert hasattr(arrived[0], "htmx")
    assert "django_htmx.middleware.HtmxMiddleware" in django_settings.MIDDLEWARE


def test_the_toolbar_stays_away(outer, settings):
    settings.DEBUG = True
    assert "djdt" not in fly(outer, path="/lab/carry/")[0].body
