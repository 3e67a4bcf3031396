"""A cookie jar in front of Django: what is kept, when it is sent, when it is thrown away."""

import json
import time

import pytest

from lessons.browsers import Jar

SITE = "http://localhost:8000/lab/visits/"
KEY = "sessionid=abc; expires=Mon, 07 Dec 2099 00:03:57 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
DELETED = 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'
FOREVER = "; Max-Age=1209600; Path=/"
HOSTS = ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "ada.example.org"]


def jar_with(*set_cookies, url=SITE) -> Jar:
    jar = Jar()
    jar.receive(url, list(set_cookies))
    return jar


def again(jar: Jar) -> Jar:
    """Return the jar as it comes back from the database."""
    return Jar(json.loads(json.dumps(jar.dump())))


def names(jar: Jar) -> list[str]:
    return [cookie.name for cookie in jar]


def test_a_new_jar_sends_nothing():
    assert Jar().header(SITE) == ""


@pytest.mark.parametrize("host", HOSTS)
def test_what_a_site_sets_it_gets_back(host):
    url = f"http://{host}/"
    assert again(jar_with(KEY, url=url)).header(url) == "sessionid=abc"


@pytest.mark.parametrize("host", HOSTS)
def test_another_site_gets_nothing(host):
    assert jar_with(KEY, url=f"http://{host}/").header("http://elsewhere.example.net/") == ""


def test_the_value_can_be_asked_for():
    jar = jar_with(KEY)
    assert (jar.get("sessionid"), jar.get("csrftoken"), jar.get("csrftoken", "none")) == ("abc", "", "none")


def test_cookies_are_told_by_name():
    assert names(jar_with("b=1; Path=/", "a=1; Path=/")) == ["a", "b"]


def test_a_second_value_replaces_the_first():
    jar = jar_with("zap=42; Path=/")
    jar.receive(SITE, ["zap=43; Path=/"])
    assert jar.header(SITE) == "zap=43"


def test_a_deleted_cookie_is_gone():
    jar = jar_with(KEY)
    jar.receive(SITE, [DELETED])
    assert names(jar) == []


def test_a_cookie_is_sent_under_its_path_only():
    jar = jar_with("zap=42; Path=/lab/")
    assert jar.header("http://localhost:8000/lab/cookie/") == "zap=42"
    assert jar.header("http://localhost:8000/inspector/") == ""


def test_a_secure_cookie_goes_over_https_only():
    jar = jar_with("sessionid=abc; Path=/; Secure", url="https://ada.example.org/")
    assert again(jar).header("https://ada.example.org/") == "sessionid=abc"
    assert again(jar).header("http://ada.example.org/") == ""


def test_an_expired_cookie_is_neither_sent_nor_kept(monkeypatch):
    jar = jar_with("sakaicar=42; Max-Age=1000; Path=/")
    stored = jar.dump()
    later = time.time() + 1001
    monkeypatch.setattr(time, "time", lambda: later)
    assert jar.header(SITE) == ""
    assert names(Jar(stored)) == []


def test_max_age_counts_before_expires():
    jar = jar_with("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=1000; Path=/")
    assert names(jar) == ["a"]


def test_closing_forgets_what_has_no_expiry():
    jar = again(jar_with("zap=42; Path=/", "sakaicar=42; Max-Age=1000; Path=/"))
    jar.close()
    assert names(jar) == ["sakaicar"]


def test_all_that_devtools_shows_survives_the_database():
    (before,), (after,) = jar_with(KEY), again(jar_with(KEY))
    assert vars(after) == vars(before)
    assert after._rest == {"HttpOnly": None, "SameSite": "Lax"}


@pytest.mark.parametrize(
    "value",
    ['"4 2"', '"a\\"b"', "a=b=c", "eyJudW1fdmlzaXRzIjoxfQ:1xVHYy:EX1X8t9", "x" * 4000, "<script>"],
    ids=["quoted", "with a quote", "with equals signs", "signed", "long", "markup"],
)
def test_a_value_comes_back_as_it_was_set(value):
    assert again(jar_with(f"a={value}{FOREVER}")).header(SITE) == f"a={value}"


@pytest.mark.parametrize("nonsense", ["", ";", "=", "=x", "; Path=/", "a=1; Max-Age=soon", "a=1; expires=never"])
def test_nonsense_breaks_nothing(nonsense):
    assert again(jar_with(nonsense)).header(SITE) in ("", "a=1")
