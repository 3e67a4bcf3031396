"""The lab frame: send a request as one of the browsers, look at its jar, forget it."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from .. import logbook, notebook, standing
from ..lab_frame import TUTORIAL_COOKIES, jar_of, keep_jar, lab_frame
from ..models import YOURS, Flight
from ..worlds import here
from .pages import browser_named, lesson_or_404

FIELD_MOST = 2000  # characters of one form field that a simulated browser sends
LOCKED_UP = "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'"  # a sandbox gets no font


@require_safe
@notebook.with_notebook
def frame(request, slug):
    """Show the frame for one browser. With `state`, only what is beneath the page: a page of yours is left alone."""
    lesson = lesson_or_404(slug)
    if not request.htmx:
        return _back(lesson, browser_named(request.GET))
    template = "lessons/_lab_state_swap.html" if "state" in request.GET else "lessons/_lab_swap.html"
    return render(request, template, _context(request, lesson, browser_named(request.GET)))


@require_POST
@notebook.with_notebook
def fly(request, slug):
    """Send one of the lesson's requests as a simulated browser."""
    lesson = lesson_or_404(slug)
    browser = browser_named(request.POST)
    refused = ""
    offered = {each.button_id: each for each in lesson.requests}.get(request.POST.get("send"))
    if offered is None or browser == YOURS:
        refused = "This lesson does not offer that request. Nothing was sent."
    else:
        _fly(request, browser, offered)
    if not request.htmx:
        return _back(lesson, browser)
    return render(request, "lessons/_lab_swap.html", _context(request, lesson, browser, refused))


def _fly(request, browser: str, offered) -> None:
    key = request.notebook_key
    fields = {name: request.POST.get(name, value)[:FIELD_MOST] for name, value in offered.fields}
    path = offered.address
    if fields and offered.method == "GET":
        path, fields = f"{path}?{urlencode(fields)}", {}
    jar = jar_of(key, browser)
    for recording in here.fly(jar, request, offered.method, path, fields):
        logbook.enter(key, browser, recording)
    keep_jar(key, browser, jar)


@require_POST
@notebook.with_notebook
def forget(request, slug):
    """Throw away a browser's cookies, or with `close` only those that live until it is closed. No row is touched."""
    lesson = lesson_or_404(slug)
    browser = browser_named(request.POST)
    forgotten = set()
    if browser == YOURS:
        forgotten = request.COOKIES.keys() - TUTORIAL_COOKIES
        for name in forgotten:  # this request still brought them; the page shows what the browser holds after it
            del request.COOKIES[name]
    else:
        _forget_simulated(request, browser, only_until_closed=request.POST.get("what") == "close")
    if request.htmx:
        response = render(request, "lessons/_lab_swap.html", _context(request, lesson, browser))
    else:
        response = _back(lesson, browser)
    for name in forgotten:
        response.delete_cookie(name, samesite=settings.SESSION_COOKIE_SAMESITE)
    return response


def _forget_simulated(request, browser: str, *, only_until_closed: bool) -> None:
    jar = jar_of(request.notebook_key, browser)
    if only_until_closed and browser != "private":  # closing a private window forgets everything
        jar.close()
    else:
        jar.clear()
    keep_jar(request.notebook_key, browser, jar)


@require_safe
@notebook.with_notebook
def page(request, flight_id):
    """Show the page that a simulated browser got, as text and markup only: it may run nothing and send nothing."""
    flight = get_object_or_404(Flight, pk=flight_id, notebook_id=request.notebook_key)
    response = HttpResponse(flight.body, content_type=_readable_type(flight.header("Content-Type")))
    response.headers["Content-Security-Policy"] = LOCKED_UP
    return response


def _readable_type(content_type: str) -> str:
    """Return the type as which the text of a body may be shown: markup or, whatever else it was, plain text."""
    kind = "text/html" if content_type.startswith("text/html") else "text/plain"
    return f"{kind}; charset=utf-8"


def _context(request, lesson, browser: str, refused: str = "") -> dict:
    return {
        "lesson": lesson,
        "frame": lab_frame(request, lesson, browser, refused),
        "standing": standing.in_lesson(request.notebook_key, lesson),
    }


def _back(lesson, browser: str):
    return redirect(f"{lesson.get_absolute_url()}?browser={browser}#lab")
