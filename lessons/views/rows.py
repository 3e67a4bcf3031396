"""The table beyond its page: a search, numbers, deleting, and downloads."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..inspector import Question, Visitor, download, housekeeping, totals
from ..inspector.bounded import TookTooLong
from ..notebook import with_notebook

NOT_YOURS = "Others can reach this server, so only its superusers may delete rows that are not their own."
TOO_MANY = (
    "Deleting them took longer than {:.0f} seconds, so it was stopped and nothing is deleted. "
    "Run python manage.py clearsessions in a terminal."
)


@require_POST
@with_notebook
def find(request):
    """Lead to the address of a search. It is posted, because a session key that was typed may stand in no address."""
    return redirect(reverse("inspector") + Question.of(request.POST).from_the_start().address)


@require_safe
@with_notebook
def numbers(request):
    """Show how many rows there are, how large and how old: a fragment, or a page of its own."""
    visitor = Visitor(request)
    if visitor.sees_everything:
        told = totals.of_everything.totals(visitor.stored(), again="again" in request.GET)
    else:
        told = totals.totals_of(visitor.stored())
    template = "inspector/_numbers.html" if request.htmx else "inspector/numbers.html"
    return render(request, template, {"visitor": visitor, "totals": told})


@require_safe
@with_notebook
def count(request):
    """Say how many rows there are: for a heading, which has its number after the page is there."""
    return HttpResponse(f"{Visitor(request).counted} in all", content_type="text/plain; charset=utf-8")


# Deleting: GET says what would go, POST does it


@require_http_methods(["GET", "HEAD", "POST"])
@with_notebook
def delete_row(request, handle):
    visitor = Visitor(request)
    row = visitor.row(handle)
    if row is None:
        raise Http404("This row is gone, or it is not yours to see.")
    if not housekeeping.may_delete(visitor, row):
        return _refused(request)
    if request.method == "POST":
        return _done("one", housekeeping.delete_one(row))
    return render(request, "inspector/delete.html", {"what": "row", "rows": [row], **_statement([row])})


@require_http_methods(["GET", "HEAD", "POST"])
@with_notebook
def delete_mine(request):
    visitor = Visitor(request)
    if request.method == "POST":
        return _done("mine", housekeeping.delete_mine(visitor))
    rows = visitor.own_rows()
    return render(request, "inspector/delete.html", {"what": "mine", "rows": rows, **_statement(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@with_notebook
def delete_expired(request):
    """Do what `manage.py clearsessions` does, after saying how many rows that would delete."""
    if not Visitor(request).may_change:
        return _refused(request)
    count, all_of_them = housekeeping.count_expired()
    context = {"what": "expired", "count": count, "more": not all_of_them, "now": timezone.now()}
    if request.method == "POST":
        try:
            housekeeping.clear_expired()
        except TookTooLong:
            problem = TOO_MANY.format(housekeeping.SECONDS)
            return render(request, "inspector/delete.html", context | {"problem": problem}, status=503)
        return _done("expired", count, more=not all_of_them)
    return render(request, "inspector/delete.html", context | {"statement": housekeeping.statement_for_expired()})


def _statement(rows) -> dict:
    return {"statement": housekeeping.statement_for(rows) if rows else ""}


def _done(what: str, count: int, *, more: bool = False):
    """Lead back to the table, which says it. A message of Django's could end up in the session; an address cannot."""
    return redirect(f"{reverse('inspector')}?done={what}&number={count}{'&over=1' if more else ''}")


def _refused(request):
    return render(request, "inspector/refused.html", {"sentence": NOT_YOURS}, status=403)


def said(data) -> str:
    """Return the sentence on what was just deleted, as the address has it, or ""."""
    number = data.get("number", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return ""
    count = int(number)
    rows = "1 row is" if count == 1 else f"{'More than ' if data.get('over') else ''}{count:,} rows are"
    sentences = {
        "one": f"{rows} deleted.",
        "mine": f"{rows} deleted. Your browsers still hold their keys; at the next look Django finds no row for them.",
        "expired": f"{rows} deleted by clear_expired(), which is what manage.py clearsessions calls.",
    }
    none = {
        "one": "That row was gone already. Nothing is deleted.",
        "mine": "Your browsers had no row. Nothing is deleted.",
        "expired": "No row had expired. Nothing is deleted.",
    }
    return (sentences if count else none).get(data.get("done", ""), "")


# Downloads


@require_safe
@with_notebook
def download_json(request):
    return _file(request, download.as_json, "application/json", "sessions.json")


@require_safe
@with_notebook
def download_csv(request):
    return _file(request, download.as_csv, "text/csv; charset=utf-8", "sessions.csv")


def _file(request, lines, content_type: str, name: str):
    """Send the rows of a question as a file, while they are being read. A question that is wrong gets its page."""
    question = Question.of(request.GET)
    if question.problem:
        return redirect(reverse("inspector") + question.address)
    content = lines(Visitor(request), question)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)
