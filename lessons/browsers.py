"""A cookie jar in front of Django: what a browser keeps, when it sends it back, and when it throws it away.

The standard library's `http.cookiejar` keeps the rules of path, expiry, Secure and deletion. `django.test.Client` is
no browser: it goes on sending a cookie that was deleted.
"""

from email.message import Message
from http import cookiejar
from urllib.request import Request

# What DevTools shows of a cookie, and what must be kept to know it again later.
ATTRIBUTES = ("name", "value", "domain", "path", "path_specified", "secure", "expires", "discard")


class Jar:
    """The cookies of one browser, for one site."""

    def __init__(self, cookies=()):
        """Fill the jar with `cookies`: dicts as `dump` gives them. What has expired since is not taken."""
        self._jar = cookiejar.CookieJar()
        for kept in cookies:
            self._jar.set_cookie(_cookie(**kept))
        self._jar.clear_expired_cookies()

    def __iter__(self):
        """Yield the `http.cookiejar.Cookie`s, by name."""
        return iter(sorted(self._jar, key=lambda cookie: cookie.name))

    def dump(self) -> list[dict]:
        """Return the cookies as plain dicts, for a JSON field."""
        return [{name: getattr(cookie, name) for name in ATTRIBUTES} | {"rest": dict(cookie._rest)} for cookie in self]

    def header(self, url: str) -> str:
        """Return what the browser would send as `Cookie` to `url`, or ""."""
        request = Request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie", "")

    def receive(self, url: str, set_cookies: list[str]) -> None:
        """Obey the Set-Cookie values of a response that came from `url`."""
        self._jar.extract_cookies(_Response(set_cookies), Request(url))

    def get(self, name: str, default: str = "") -> str:
        return next((cookie.value for cookie in self if cookie.name == name), default)

    def clear(self) -> None:
        """Forget every cookie."""
        self._jar.clear()

    def close(self) -> None:
        """Drop what lives only until the browser closes: every cookie without an expiry."""
        self._jar.clear_session_cookies()


def _cookie(rest, **kept) -> cookiejar.Cookie:
    return cookiejar.Cookie(
        version=0,
        port=None,
        port_specified=False,
        domain_specified=False,
        domain_initial_dot=False,
        comment=None,
        comment_url=None,
        rest=rest,
        **kept,
    )


class _Response:
    """As much of a urllib response as `CookieJar.extract_cookies` asks for."""

    def __init__(self, set_cookies: list[str]):
        self._message = Message()
        for value in set_cookies:
            self._message["Set-Cookie"] = value

    def info(self) -> Message:
        return self._message
