"""What is live: a page of rows, the changes of one row, and a stream that says when to ask for them."""

import hashlib
import time

from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ..handles import key_from
from ..inspector import FEW, Question, Visitor, history, page_of
from ..live import watch
from ..notebook import with_notebook

HOLD = 600  # seconds that one answer of the stream lasts: each new one costs as much as a page
BEAT = 15  # seconds between two signs of life: writing is how a server learns that the browser has gone
RETRY_SOON, RETRY_LATER = 10, 900  # milliseconds until EventSource comes back


@require_safe
@with_notebook
def rows(request):
    """Render the rows that a page shows; answer 204 when they are those that the page says it has."""
    visitor = Visitor(request)
    if "few" in request.GET:
        template, context = "inspector/_few_rows.html", {"rows": visitor.rows(FEW)}
    else:
        page = page_of(visitor, Question.of(request.GET))
        template, context = "inspector/_page.html", {"page": page, "rows": page.rows}
    context |= {"visitor": visitor, "chosen": request.GET.get("chosen", "")}
    html = render_to_string(template, context, request)
    version = hashlib.sha256(html.encode()).hexdigest()[:16]
    if request.GET.get("have") == version:
        return HttpResponse(status=204)
    return HttpResponse(html, headers={"X-Rows-Version": version})


@require_POST
@with_notebook
def changes(request, handle):
    """Say what happened to a row since a page saw it: a line of its history, or 204 when nothing did.

    The page sends what it saw, so that nobody has to remember it here. It changes nothing. A row that is not for this
    visitor is told as one that is not there.
    """
    if key_from(handle) is None:
        raise Http404("This address names no row.")
    row = Visitor(request).row(handle)
    change = history.change_since(history.Seen.posted(request.POST), row)
    context = {"handle": handle, "change": change, "seen": history.Seen.of(row), "at": timezone.now(), "row": row}
    if request.POST.get("script"):
        if change is None:
            return HttpResponse(status=204)
        return render(request, "inspector/_change.html", context)
    return render(request, "inspector/changes.html", context)


@require_safe
def stream(request):
    """Send an event at each change of the database.

    Where each connection has a thread of its own, as with runserver, the answer is held until there is one. A server
    with few workers would starve: there the answer comes at once, and the same EventSource asks again in a second.
    """
    held = request.META.get("SERVER_SOFTWARE", "").startswith("WSGIServer")
    events = _next_change() if held else iter([f"retry: {RETRY_LATER}\ndata: look\n\n"])
    return StreamingHttpResponse(events, content_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _next_change():
    """Yield an event when something has changed, and a sign of life when nothing has for a while.

    What has been seen is noted before an event goes out: what changes while the browser asks for the rows is not lost.
    """
    seen, end = watch.changes, time.monotonic() + HOLD
    yield f"retry: {RETRY_SOON}\ndata: look\n\n"
    if not connection.in_atomic_block:
        connection.close()  # who waits needs none, and PostgreSQL has a hundred for everybody
    while time.monotonic() < end:
        if watch.wait(seen, BEAT):
            seen = watch.changes
            yield "data: look\n\n"
        else:
            yield ": still here\n\n"
