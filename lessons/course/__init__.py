"""The course: its lessons in reading order.

To add one: a module here with `lesson = Lesson(…)`, its name in `LESSONS`, a page
`templates/lessons/pages/<slug>.html`, and a lab if it needs one. `manage.py check` says what is missing.
"""

from . import browsers, http, login, middleware, table, touch, visits
from .evidence import Evidence, Observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction

__all__ = [
    "LESSONS",
    "Choice",
    "Evidence",
    "Goal",
    "LabRequest",
    "Lesson",
    "Observed",
    "Prediction",
    "lesson_by_slug",
    "neighbours",
]

LESSONS: tuple[Lesson, ...] = (
    http.lesson,
    touch.lesson,
    middleware.lesson,
    visits.lesson,
    browsers.lesson,
    table.lesson,
    login.lesson,
)


def lesson_by_slug(slug: str) -> Lesson | None:
    return next((lesson for lesson in LESSONS if lesson.slug == slug), None)


def neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lesson before and the lesson after."""
    place = LESSONS.index(lesson)
    return (LESSONS[place - 1] if place else None, LESSONS[place + 1] if place + 1 < len(LESSONS) else None)
