"""The cast of these tests: a visitor, that is a browser's cookie jar in front of Django, and each of its visits.

    visit = visitor.get("/lab/visits/")                         # a lab of this project
    visit = visitor.get(lambda request: dict(request.session))  # or any view, written on the spot

`django.test.Client` would not do: it goes on sending a cookie that was deleted, which no browser does.
"""

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.sessions.models import Session
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from lessons.browsers import Jar

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass
class Visit:
    """One request and what came of it.

    `answer` is what a view written on the spot returned, `error` the exception that became a status 500.
    """

    request: HttpRequest
    response: HttpResponse = None
    error: BaseException = None
    statements: list[str] = field(default_factory=list)

    @property
    def sql(self) -> list[str]:
        """The statements without BEGIN and COMMIT."""
        return [statement for statement in self.statements if not statement.startswith(TRANSACTIONS)]

    @property
    def verbs(self) -> list[str]:
        """SELECT, INSERT, UPDATE or DELETE, for each of those."""
        return first_words(self.sql)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @property
    def answer(self):
        return self.request.answer

    @property
    def session(self):
        return self.request.session

    @property
    def set_cookie(self) -> str:
        """What is sent as Set-Cookie for `sessionid`, or ""."""
        morsel = self.response.cookies.get("sessionid")
        return morsel.OutputString() if morsel else ""

    @property
    def vary(self) -> str:
        return self.response.headers.get("Vary", "")


class Visitor:
    """A browser. Two visitors have nothing in common."""

    def __init__(self, cookies=()):
        self.jar = Jar(cookies)

    def get(self, where, **query) -> Visit:
        """Visit a path, or a view."""
        return self._send("GET", where, query)

    def post(self, where, **form) -> Visit:
        """Send a form to a path, or to a view."""
        if token := self.jar.get("csrftoken"):
            form["csrfmiddlewaretoken"] = token
        return self._send("POST", where, form)

    def found(self) -> dict:
        """Visit a view that looks at all of `request.session`, and return what it found."""
        return self.get(lambda request: dict(request.session)).answer

    def copy(self) -> "Visitor":
        """Return another browser into which all cookies of this one were copied."""
        return Visitor(self.jar.dump())

    def has_cookie(self, value: str) -> "Visitor":
        """Put this value of `sessionid` into the jar, as anybody can do in DevTools."""
        self.jar.receive("http://testserver/", [f"sessionid={value}; Path=/"])
        return self

    @property
    def key(self) -> str:
        """The value of the cookie `sessionid`, or ""."""
        return self.jar.get("sessionid")

    @property
    def row(self) -> Session | None:
        """The row of `django_session` with this browser's key."""
        return Session.objects.filter(session_key=self.key).first()

    @property
    def stored(self) -> dict:
        """What is in that row."""
        return self.row.get_decoded()

    def _send(self, method: str, where, data: dict) -> Visit:
        path = "/view/" if callable(where) else where
        url = f"http://testserver{path}"
        request = getattr(RequestFactory(), method.lower())(path, data)
        if cookies := self.jar.header(url):
            request.META["HTTP_COOKIE"] = cookies
        if callable(where):
            request.urlconf = _urls(where)
        visit = Visit(request)
        with captured_sql(visit.statements), _caught(visit):
            visit.response = _django().get_response(request)
        self.jar.receive(url, [morsel.OutputString() for morsel in visit.response.cookies.values()])
        return visit


@contextmanager
def captured_sql(statements: list[str]):
    """Add each statement that runs meanwhile to this list, with its parameters put in and without quoted names."""
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements += [plain(query["sql"]) for query in captured]


def query_plan(sql: str) -> list[str]:
    """Return the steps in which the database would answer. A small table PostgreSQL reads whole unless told not to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        return [plain(row[-1]) for row in cursor.fetchall()]


def first_words(statements: list[str]) -> list[str]:
    return [statement.split()[0] for statement in statements]


def plain(sql: str) -> str:
    """Leave out what makes Django's SQL long to read: quotes around names, and `django_session.` before columns."""
    return sql.replace('"django_session".', "").replace('"', "")


def _django() -> BaseHandler:
    """Return all middleware and then urls.py, under the settings of this moment."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _urls(view) -> tuple:
    """Return a urls.py with one line. What the view returns need not be a response."""

    @csrf_exempt
    def respond(request):
        request.answer = view(request)
        return request.answer if isinstance(request.answer, HttpResponseBase) else HttpResponse(str(request.answer))

    return (path("view/", respond),)


@contextmanager
def _caught(visit: Visit):
    """Keep the exception that Django turns into a status 500."""

    def keep(**kwargs):
        visit.error = sys.exc_info()[1]

    got_request_exception.connect(keep)
    try:
        yield
    finally:
        got_request_exception.disconnect(keep)
