"""The cast of these tests: a browser, and the flights of its requests, told as hops.

    flight = browser.fly("/lab/visits/")  # a lab of this project
    flight = browser.fly(view)            # or any view, written on the spot

Nothing is asked of Django here but what the recorder has told: a flight that a page could show is all there is.
"""

import json
from dataclasses import dataclass
from functools import cached_property, wraps

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import path, set_urlconf
from django.views.decorators.csrf import csrf_exempt

from lessons.browsers import Jar
from lessons.flight.hops import Hop, State
from lessons.flight.recorder import record
from lessons.flight.story import tell

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# To SQLite Django itself says BEGIN. To PostgreSQL psycopg does, in front of the next statement, and nobody hears it.
BEGIN = [] if connection.vendor == "postgresql" else ["BEGIN"]


@dataclass(repr=False)
class Flight:
    """One recorded request, as it would come out of the database: the recording and the trace, through JSON."""

    recording: dict
    trace: dict

    def __repr__(self) -> str:
        return f"<Flight {self.recording['method']} {self.recording['path']}: {', '.join(self.kinds)}>"

    @cached_property
    def story(self) -> list[Hop]:
        return tell(self.recording, self.trace, "story")

    @cached_property
    def calls(self) -> list[Hop]:
        return tell(self.recording, self.trace, "calls")

    @cached_property
    def lines(self) -> list[Hop]:
        return tell(self.recording, self.trace, "lines")

    @property
    def kinds(self) -> list[str]:
        """What happened, in the words of the story."""
        return [hop.kind for hop in self.story]

    def all(self, kind: str) -> list[Hop]:
        return [hop for hop in self.story if hop.kind == kind]

    def the(self, kind: str) -> Hop:
        """Return the only hop of this kind in the story."""
        (hop,) = self.all(kind)
        return hop

    def between(self, first: str, last: str) -> list[str]:
        """Return the kinds of the story from the only hop of one kind to that of another, both without."""
        return self.kinds[self.the(first).number : self.the(last).number - 1]

    def before(self, hop: Hop) -> State:
        """Return the state in which the story comes to this hop."""
        return self.story[hop.number - 2].state

    @property
    def statements(self) -> list[Hop]:
        """The hops that carry a statement on `django_session`."""
        return [hop for hop in self.calls if hop.sql and "django_session" in hop.sql.text]

    @property
    def verbs(self) -> list[str]:
        """The first word of each of these statements."""
        return [hop.sql.text.split()[0] for hop in self.statements]

    def ran(self, function: str, text: str) -> list[Hop]:
        """Return the hops of the lines of a function that read like `text`. An empty list: they never ran."""
        return [hop for hop in self.lines if hop.kind == "line" and _name(hop) == function and line_of(hop) == text]

    def made_true(self, flag: str) -> list[tuple[str, str]]:
        """Return where "accessed" or "modified" became True: in which function, and on which line of it."""
        return [(_name(hop), line_of(hop)) for hop in self.lines if flag in hop.changes and getattr(hop.state, flag)]

    @property
    def last(self) -> State:
        return self.story[-1].state

    @property
    def set_cookie(self) -> str:
        """What goes out as Set-Cookie for `sessionid`, or ""."""
        return next((value for value in self.recording["set_cookies"] if value.startswith("sessionid=")), "")

    @property
    def page(self) -> str:
        return self.recording["body"]


def line_of(hop: Hop) -> str:
    """Return the source text of the line that a hop stands on. Its number differs from Django to Django."""
    return hop.function.source.split("\n")[hop.line - hop.function.first].strip()


def sql_of(hop: Hop) -> str:
    """Return a hop's statement without what makes Django's SQL long to read."""
    return hop.sql.readable.replace('"django_session".', "").replace('"', "")


class Browser:
    """A cookie jar in front of Django, with the recorder outermost. Two browsers have nothing in common."""

    def __init__(self, cookies=()):
        self.jar = Jar(cookies)

    def fly(self, where, method: str = "GET", *, trusted: bool = True, **form) -> Flight:
        """Send a request to a path or a view. Unless it is `trusted`, Django checks a POST for its CSRF token."""
        address = "/view/" if callable(where) else where
        url = f"http://testserver{address}"
        headers = {"Cookie": cookies} if (cookies := self.jar.header(url)) else {}
        request = getattr(RequestFactory(), method.lower())(address, form, headers=headers)
        request._dont_enforce_csrf_checks = trusted
        if callable(where):
            request.urlconf = (path("view/", _answering(where)),)
        handler = BaseHandler()
        handler.load_middleware()
        response, recording = record(request, handler.get_response)
        set_urlconf(None)  # Django leaves the view's own addresses in force until the next request
        for chunk in response.streaming_content if response.streaming else ():
            assert chunk
        self.jar.receive(url, [morsel.OutputString() for morsel in response.cookies.values()])
        return Flight(_through_json(recording.as_dict()), _through_json(recording.trace()))

    def copy(self) -> "Browser":
        """Return another browser into which all cookies of this one were copied."""
        return Browser(self.jar.dump())

    def hold(self, value: str) -> "Browser":
        """Put this value of `sessionid` into the jar, as anybody can do in DevTools."""
        self.jar.receive("http://testserver/", [f"sessionid={value}; Path=/"])
        return self

    @property
    def key(self) -> str:
        """The value of the cookie `sessionid`, or ""."""
        return self.jar.get("sessionid")


def _answering(view):
    """Let a view return anything: what is no response becomes the text of one."""

    @csrf_exempt
    @wraps(view)
    def respond(request):
        answer = view(request)
        return answer if isinstance(answer, HttpResponseBase) else HttpResponse(str(answer))

    return respond


def _through_json(data: dict) -> dict:
    return json.loads(json.dumps(data, allow_nan=False))


def _name(hop: Hop) -> str:
    return hop.function.name if hop.function else ""
