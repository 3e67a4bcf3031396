"""What these tests find: each way of hearing Python that this Python has, and sessions that need no table."""

import sys

import pytest
from django.urls import set_urlconf

from lessons.flight import recorder
from lessons.flight.tracing import Tracing

from .cast import Chance

WAYS = ["settrace", "monitoring"] if sys.version_info >= (3, 12) else ["settrace"]


@pytest.fixture(autouse=True)
def urls_of_the_project():
    """Requests with a urlconf of their own leave it behind in the thread: a server resets it, a handler does not."""
    yield
    set_urlconf(None)


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """The way of hearing Python. `sys.settrace` is there on each Python, and must do where no tool id is free."""
    if request.param == "settrace":
        monkeypatch.setattr(recorder, "listening", Tracing)
    return request.param


@pytest.fixture
def no_table(settings):
    """Sessions in a signed cookie: the whole of Django, and no database."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


@pytest.fixture
def chance(monkeypatch):
    return Chance(monkeypatch)
