"""The pages of the course."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import course, standing
from ..inspector import FEW, Visitor
from ..lab_frame import lab_frame
from ..models import BROWSERS, YOURS
from ..notebook import with_notebook


@require_safe
@with_notebook
def home(request):
    visitor = Visitor(request)
    standings = standing.in_course(request.notebook_key)
    current = next((each for each in standings if not each.done), standings[0])
    context = {
        "standings": standings,
        "current": current,
        "started": any(each.started for each in standings),
        "finished": all(each.done for each in standings),
        "visitor": visitor,
        "rows": visitor.rows(FEW),
    }
    return render(request, "lessons/home.html", context)


@require_safe
@with_notebook
def lesson(request, slug):
    found = lesson_or_404(slug)
    before, after = course.neighbours(found)
    context = {
        "lesson": found,
        "number": course.LESSONS.index(found) + 1,
        "lessons": course.LESSONS,
        "before": before,
        "after": after,
        "standing": standing.in_lesson(request.notebook_key, found),
        "frame": lab_frame(request, found, browser_named(request.GET)),
    }
    return render(request, found.template_name, context)


def lesson_or_404(slug: str) -> course.Lesson:
    found = course.lesson_by_slug(slug)
    if found is None:
        raise Http404(f"There is no lesson {slug!r}.")
    return found


def browser_named(data) -> str:
    """Return which browser a query or form names; yours, when it names none that there is."""
    return data["browser"] if data.get("browser") in BROWSERS else YOURS
