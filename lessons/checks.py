"""A system check: every lesson has its page, its labs, and something to predict and to reach."""

from django.core.checks import Error, register
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import NoReverseMatch


@register
def lessons_are_complete(app_configs, **kwargs):
    from .course import LESSONS

    return [error for lesson in LESSONS for error in _missing(lesson)]


def _missing(lesson):
    try:
        get_template(lesson.template_name)
    except TemplateDoesNotExist:
        hint = f"Write templates/{lesson.template_name}."
        yield Error(f"Lesson {lesson.slug} has no page.", hint=hint, id="lessons.E001")
    except TemplateSyntaxError as error:
        yield Error(f"The page of lesson {lesson.slug} is not a template: {error}", id="lessons.E002")
    for request in lesson.requests:
        try:
            request.address  # noqa: B018  (asking for it is the check)
        except NoReverseMatch:
            yield Error(f"Lesson {lesson.slug} names a lab that is not there: {request.url_name}.", id="lessons.E003")
    if not lesson.predictions:
        yield Error(f"Lesson {lesson.slug} asks for no prediction.", id="lessons.E004")
    if not lesson.goals:
        yield Error(f"Lesson {lesson.slug} has no goal.", id="lessons.E005")
