"""lessons.set_cookie: a Set-Cookie header as a browser reads it."""

import pytest
from django.http import HttpResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.set_cookie import SetCookie, parse, parse_all

SESSION = "sessionid=K; expires=Mon, 07 Dec 2026 00:03:57 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
DELETION = 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'


def test_the_header_of_a_first_visit():
    assert parse(SESSION) == SetCookie(
        name="sessionid",
        value="K",
        path="/",
        expires="Mon, 07 Dec 2026 00:03:57 GMT",
        max_age=1209600,
        httponly=True,
        samesite="Lax",
    )


def test_the_header_that_deletes():
    cookie = parse(DELETION)
    assert cookie.deleted
    assert cookie.value == '""'


def test_what_django_writes_is_read():
    response = HttpResponse()
    response.set_cookie("zap", "4 2", max_age=60, domain=".Example.org", secure=True, samesite="none", path="/a")
    cookie = parse(response.cookies["zap"].OutputString())
    assert (cookie.name, cookie.value, cookie.max_age) == ("zap", '"4 2"', 60)
    assert (cookie.domain, cookie.path, cookie.samesite) == ("example.org", "/a", "None")
    assert cookie.secure
    assert not cookie.httponly
    assert not cookie.deleted


def test_names_of_attributes_are_read_in_any_case_and_unknown_ones_ignored():
    cookie = parse("a=1;SECURE;  httponly ; PATH = /x ; Partitioned; Priority=High")
    assert (cookie.secure, cookie.httponly, cookie.path) == (True, True, "/x")


def test_the_last_of_two_attributes_counts():
    assert parse("a=1; Path=/x; Path=/y").path == "/y"
    assert parse("a=1; Path=/x; Path=y").path is None


def test_a_value_may_contain_an_equals_sign():
    assert parse("a=b=c; Path=/").value == "b=c"


@pytest.mark.parametrize(
    ("attributes", "deleted"),
    [
        ("", False),
        ("; Max-Age=0", True),
        ("; Max-Age=-1", True),
        ("; Max-Age=1", False),
        ("; Max-Age=one", False),
        ("; Max-Age=-", False),
        ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("; Expires=Fri, 31 Dec 2100 00:00:00 GMT", False),
        ("; Expires=whenever", False),
        ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", False),
        ("; Max-Age=0; Expires=Fri, 31 Dec 2100 00:00:00 GMT", True),
    ],
)
def test_max_age_counts_before_expires(attributes, deleted):
    assert parse("a=1" + attributes).deleted is deleted


def test_expiry_depends_on_the_moment():
    header = "a=1; Expires=Mon, 07 Dec 2026 00:00:00 GMT"
    assert not parse(header, now=1_796_601_599).deleted
    assert parse(header, now=1_796_601_600).deleted


def test_what_a_browser_ignores_is_none():
    cookie = parse("a=1; Expires=whenever; Max-Age=1.5; Path=x; Domain=; SameSite=Maybe")
    assert cookie == SetCookie("a", "1")


@pytest.mark.parametrize("header", ["", "a", "=a", ";", "; Path=/", " = "])
def test_a_header_without_a_name_is_ignored(header):
    assert parse(header).name == ""
    assert parse_all([header, "b=2"]) == [SetCookie("b", "2")]


def test_an_endless_max_age_is_a_long_one():
    assert parse("a=1; Max-Age=" + "9" * 5000).max_age == 10**18 - 1
    assert parse("a=1; Max-Age=-" + "9" * 5000).deleted


bits = st.sampled_from(["a=1", ";", "Max-Age=", "9" * 5000, "Expires=", "1 Jan 0", "="])


@settings(database=None, deadline=None, max_examples=200)
@given(st.text() | st.lists(bits).map("".join))
def test_no_header_whatever_raises(header):
    assert isinstance(parse(header), SetCookie)
