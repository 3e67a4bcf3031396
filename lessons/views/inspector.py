"""The inspector: the rows of django_session, and one value decoded stage by stage."""

from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ..inspector import Inspected, Page, Question, Visitor, page_of
from ..inspector.history import Seen
from ..notebook import with_notebook
from .rows import said


@require_safe
@with_notebook
def index(request):
    """Show a page of rows, and of these your own decoded, or the first."""
    visitor = Visitor(request)
    page = page_of(visitor, Question.of(request.GET))
    first = next((row for row in page.rows if row.yours), page.rows[0] if page.rows else None)
    return _render(request, visitor, page, first and visitor.row(first.handle))


@require_safe
@with_notebook
def row(request, handle):
    """Show one row decoded. The handle names it without giving its key away."""
    visitor = Visitor(request)
    chosen = visitor.row(handle)
    page = page_of(visitor, Question.of(request.GET))
    return _render(request, visitor, page, chosen, gone=chosen is None)


@sensitive_post_parameters("value", "secret_key", "older_key")
@require_http_methods(["GET", "HEAD", "POST"])
@with_notebook
def paste(request):
    """Decode any value, with this server's keys or with those given. All is read, shown and forgotten."""
    value = request.POST.get("value", "")
    if not value:
        return redirect("inspector")
    keys = [key for name in ("secret_key", "older_key") if (key := request.POST.get(name, ""))]
    salt = request.POST.get("salt", "").strip()[:200]
    inspected = Inspected.of_pasted(value, Visitor(request), keys, salt)
    context = {"pasted": value[:4000], "salt": salt, "inspected": inspected, "length": len(value)}
    return render(request, "inspector/paste.html", context)


def _render(request, visitor, page: Page, chosen, *, gone=False):
    """Show the rows and the chosen one. `gone`: it was flushed or cleared since, or is not for this visitor."""
    context = {
        "visitor": visitor,
        "page": page,
        "rows": page.rows,
        "said": said(request.GET),
        "seen": Seen.of(chosen),
        "row": chosen,
        "inspected": chosen and Inspected.of_row(chosen, visitor, request.GET.get("part", "")),
        "chosen": chosen.handle if chosen else "",
        "gone": gone,
    }
    return render(request, "inspector/index.html", context, status=404 if gone else 400 if page.problem else 200)
