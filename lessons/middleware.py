"""Recording what the learner's own browser asks of the labs."""

import logging

from django.db import DatabaseError, OperationalError, connection
from django.http import Http404
from django.shortcuts import render

from . import logbook, missing_table, notebook
from .flight.recorder import record
from .models import YOURS

logger = logging.getLogger(__name__)

NOT_OURS = ("/lab/", "/admin/", "/__debug__/")


def record_your_browser(get_response):
    """Record each lab request that carries a notebook's cookie. Any other request passes as if we were not here.

    It stands outside all other middleware, so that what it writes is seen by none of them: it looks on, and writes
    into the notebook after Django has made the whole response.
    """

    def middleware(request):
        if not request.path_info.startswith("/lab/"):
            return get_response(request)
        key = notebook.key_of(request)
        if key is None:
            return get_response(request)
        response, recording = record(request, get_response)
        try:
            if recording:
                logbook.enter(key, YOURS, recording)
        except Exception:  # no table yet, or locked, or not to be told: the learner's answer matters more
            logger.exception("A lab request could not be written into the notebook.")
        return response

    return middleware


def read_as_utf8(get_response):
    """Read what comes to our own pages as UTF-8, as they are sent. Labs read it as Django does.

    Whoever asks may name any encoding of Python's in Content-Type, and some of them make characters that no page can
    be sent with.
    """

    def middleware(request):
        if not request.path_info.startswith(NOT_OURS) and request.encoding:
            request.encoding = "utf-8"
        return get_response(request)

    return middleware


def say_what_is_missing(get_response):
    """Answer for a lesson or a table that is not there with a sentence, in local mode too. Labs fail as Django does."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if request.path_info.startswith(NOT_OURS):
            return None
        if isinstance(exception, Http404):
            return render(request, "404.html", status=404)
        if isinstance(exception, DatabaseError) and (sentence := missing_table.named_in(str(exception))):
            return render(request, "no_tables.html", {"sentence": sentence}, status=503)
        if isinstance(exception, OperationalError) and "Could not decode to UTF-8" in str(exception):
            return render(request, "no_text.html", status=503)
        if isinstance(exception, OperationalError) and _is_gone(connection):
            return render(request, "no_database.html", status=503)
        return None

    middleware.process_exception = process_exception
    return middleware


def _is_gone(connection) -> bool:
    """Return whether it is a PostgreSQL server that could not be reached, or that went away in the middle."""
    return connection.vendor == "postgresql" and (connection.connection is None or connection.connection.closed)
