"""The notebook: lock a prediction in, begin again."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from .. import logbook, standing
from ..notebook import with_notebook
from .pages import lesson_or_404


@require_POST
@with_notebook
def guess(request, slug):
    """Lock in a prediction. Without a choice, say so and keep asking."""
    lesson = lesson_or_404(slug)
    prediction = lesson.prediction(request.POST.get("prediction", ""))
    choice = prediction and prediction.choice(request.POST.get("choice", ""))
    if choice:
        logbook.lock_in(request.notebook_key, lesson, prediction, choice)
    if not (request.htmx and prediction):
        anchor = f"#predict-{prediction.slug}" if prediction else ""
        return redirect(f"{lesson.get_absolute_url()}{anchor}")
    asked = standing.in_lesson(request.notebook_key, lesson).asked[prediction.slug]
    return render(request, "lessons/_prediction.html", {"asked": asked, "unanswered": not choice, "answering": True})


@require_POST
@with_notebook
def reset(request, slug):
    """Begin one lesson again."""
    lesson = lesson_or_404(slug)
    logbook.reset(request.notebook_key, lesson)
    return redirect(lesson)


@require_POST
@with_notebook
def reset_all(request):
    """Begin the whole course again."""
    logbook.reset_all(request.notebook_key)
    return redirect("home")
