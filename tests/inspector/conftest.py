"""Rows to look for, and somebody who looks."""

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from lessons.inspector import Visitor
from lessons.models import Notebook

NOW = datetime.now(timezone.utc)


def store(key, data=None, *, text=None, days=1.0):
    """Make a row that holds the data, or this very text, and expires so many days from now."""
    text = Session.objects.encode({} if data is None else data) if text is None else text
    return Session.objects.create(session_key=key, session_data=text, expire_date=NOW + timedelta(days=days))


@pytest.fixture
def see(db, settings):
    """Return a function that gives a visitor: alone with the server, or with others around and a cookie."""

    def look(alone=True, sessionid="") -> Visitor:
        settings.DEBUG = alone
        request = RequestFactory().get("/inspector/")
        request.COOKIES = {"sessionid": sessionid} if sessionid else {}
        request.notebook_key = Notebook.objects.create().pk
        return Visitor(request)

    return look


@pytest.fixture
def visitor(see):
    """Somebody who sees everything."""
    return see()
