"""Flying a simulated browser's request through the server that is running: in the same process, without a socket.

A server with one worker that called itself over HTTP would wait for ever.
"""

from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from ..browsers import Jar
from ..flight.recorder import Recording, record

REDIRECTS_MOST = 5  # a real browser gives up after 20


def fly(jar: Jar, outer, method: str, path: str, form: dict[str, str]) -> Iterator[Recording]:
    """Send a request as the browser that owns `jar`, and follow redirects as a browser does.

    `outer` is the request that asks for this one: host, scheme and client are taken from it. Never call this inside
    `transaction.atomic()`: a request closes or locks the connection it finds. Yields each recording before the next
    request is sent, so that its row can be looked at as it is then.
    """
    for _ in range(REDIRECTS_MOST + 1):
        url = outer.build_absolute_uri(path)
        request = _request(jar, outer, method, url, form)
        response, recording = record(request, _handler().get_response)
        jar.receive(url, [morsel.OutputString() for morsel in response.cookies.values()])
        if recording:
            yield recording
        method, path, form = "GET", _leads_to(response, url), {}
        if not path:
            return


def _request(jar: Jar, outer, method: str, url: str, form: dict[str, str]):
    """Build the request that this browser would send. Its CSRF token comes from its own jar, as from a page's form."""
    meta = {name: outer.META[name] for name in ("SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR") if name in outer.META}
    headers = {"Host": outer.get_host(), "User-Agent": "Simulated browser", "Sec-Fetch-Dest": "iframe"}
    if cookie := jar.header(url):
        headers["Cookie"] = cookie
    if proto := outer.headers.get("X-Forwarded-Proto"):
        headers["X-Forwarded-Proto"] = proto
    factory = RequestFactory(**meta)
    if method == "POST":
        headers["Referer"] = url
        if token := jar.get("csrftoken"):
            form = {**form, "csrfmiddlewaretoken": token}
        return factory.post(url, form, headers=headers, secure=outer.is_secure())
    return factory.get(url, headers=headers, secure=outer.is_secure())


@cache
def _handler() -> BaseHandler:
    """Return the whole of Django as this server runs it: all middleware, then urls.py."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _leads_to(response, url: str) -> str:
    """Return the path and query of the lab that this response from `url` redirects to, or "" when there is none."""
    location = response.headers.get("Location", "")
    if response.status_code not in (301, 302, 303) or not location:
        return ""
    try:
        there = urlsplit(urljoin(url, location))
    except ValueError:  # no address
        return ""
    if there.netloc != urlsplit(url).netloc or not there.path.startswith("/lab/"):
        return ""
    return urlunsplit(("", "", there.path, there.query, ""))
