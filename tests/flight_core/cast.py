"""The cast of these tests: requests to views written on the spot, through the whole of Django, recorded or not.

request = asked(view)            # or asked("/lab/visits/")
response = answered(request)     # by Django alone
response, flight = flown(request)
"""

import json
import random
from dataclasses import dataclass

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import path

from lessons.flight.recorder import record
from lessons.flight.story import tell


@dataclass
class Flight:
    """One recording with its trace, as they would come out of the database."""

    recording: dict
    trace: dict

    def hops(self, zoom: str = "story") -> list:
        return tell(self.recording, self.trace, zoom)

    @property
    def kinds(self) -> list[str]:
        return [hop.kind for hop in self.hops()]

    @property
    def text(self) -> str:
        """All that is kept, sources aside."""
        return json.dumps([self.recording, {**self.trace, "functions": []}], ensure_ascii=False)

    def ran(self, home: str = "") -> list[tuple]:
        """Return what ran, event for event: kind, function, line and depth. With `home`, of this file only."""
        names = [(each["file"], each["name"]) for each in self.trace["functions"]]
        told = [(kind, names[at], line, depth) for kind, at, line, depth, *_ in self.trace["events"] if at is not None]
        return [event for event in told if not home or event[1][0] == home]

    def lines(self, function: str) -> list[str]:
        """Return the lines that ran in a function, as text."""
        by_name = {at: each for at, each in enumerate(self.trace["functions"]) if each["name"].endswith(function)}
        return [
            by_name[at]["source"].split("\n")[line - by_name[at]["first"]].strip()
            for kind, at, line, *_ in self.trace["events"]
            if kind == "line" and at in by_name
        ]

    def values(self, name: str) -> list[str]:
        """Return what a local variable was said to be, in order."""
        details = [event[5] or {} for event in self.trace["events"]]
        return [detail["values"][name] for detail in details if name in detail.get("values", {})]


def asked(where, method: str = "GET", cookies: dict | None = None, data=None, **how) -> HttpRequest:
    """Return a request to a path or to a view, as a trusted browser would send it."""
    headers = how.pop("headers", {})
    if cookies:
        headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    address = how.pop("address", "/view/")
    request = getattr(RequestFactory(), method.lower())(
        where if isinstance(where, str) else address, data, headers=headers, **how
    )
    request._dont_enforce_csrf_checks = True
    if not isinstance(where, str):
        request.urlconf = (path("view/", where, name="view"),)
    return request


def handler() -> BaseHandler:
    """Return the whole of Django, as it is set up now."""
    whole = BaseHandler()
    whole.load_middleware()
    return whole


def answered(request: HttpRequest, whole: BaseHandler | None = None):
    """Let Django answer, with nobody looking on."""
    return (whole or handler()).get_response(request)


def flown(request: HttpRequest, zoom: str = "lines", whole: BaseHandler | None = None) -> tuple:
    """Let Django answer under the recorder. Return the response and the flight."""
    response, recording = record(request, (whole or handler()).get_response, zoom)
    return response, told(recording)


def told(recording) -> Flight:
    """Return a recording as JSON keeps it."""
    return Flight(_through_json(recording.as_dict()), _through_json(recording.trace()))


def flight_of(view, **how) -> Flight:
    return flown(asked(view, **how))[1]


def _through_json(data: dict) -> dict:
    return json.loads(json.dumps(data, allow_nan=False))


class Chance:
    """Chance that comes out the same each time, and a clock that stands still: so that runs can be compared."""

    def __init__(self, monkeypatch):
        from django.utils import timezone

        now = timezone.now()
        monkeypatch.setattr("secrets.choice", lambda among: self.dice.choice(among))
        monkeypatch.setattr("time.time", now.timestamp)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        self.again()

    def again(self) -> None:
        self.dice = random.Random(42)
