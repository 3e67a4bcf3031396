"""What lesson pages use: the source of what really runs, and the parts of a lesson."""

import inspect
import reprlib
import textwrap
from functools import cache
from pathlib import Path

from django import template
from django.urls import resolve, reverse
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, SqlLexer

from ..session_data.display import printable

register = template.Library()

SHORT, LONG = reprlib.Repr(), reprlib.Repr()
SHORT.maxdict = SHORT.maxlist = 8
SHORT.maxstring = SHORT.maxother = 60
LONG.maxlevel = 12
LONG.maxdict = LONG.maxlist = 200
LONG.maxstring = LONG.maxlong = LONG.maxother = 1000

FORMATS = {
    "signed": "A row of Django 3.1 or later.",
    "signed_cookie": "A cookie of the signed_cookies engine: the cookie is the data.",
    "legacy": "A row of Django before 3.1.",
    "pickle": "A pickle: recognised, and never loaded.",
    "unknown": "No format of Django's sessions.",
}


@register.inclusion_tag("lessons/_source.html")
def lab_source(url_name: str, caption: str = "") -> dict:
    """Show the source of the view behind `url_name`, as Python has it loaded."""
    return _source_of(resolve(reverse(url_name)).func, caption)


@register.inclusion_tag("lessons/_source.html")
def source(dotted: str, caption: str = "") -> dict:
    """Show the source of an installed function, such as Django's own; a method by its class: `module.Class:method`."""
    path, _, method = dotted.partition(":")
    found = import_string(path)
    return _source_of(getattr(found, method) if method else found, caption)


@cache
def _source_of(function, caption: str) -> dict:
    function = inspect.unwrap(function)
    lines, first = inspect.getsourcelines(function)
    path = Path(inspect.getsourcefile(function))
    return {
        "lines": _lines("".join(lines)),
        "file": "/".join(path.parts[-3:]),
        "line": first,
        "name": function.__qualname__,
        "caption": caption,
    }


def _lines(code: str) -> list[dict]:
    """Return each line as highlighted HTML, with the number of spaces it begins with: a page wraps it there."""
    plain = textwrap.dedent(code).strip("\n").split("\n")
    html = highlighted(code).split("\n")
    return [
        {"html": mark_safe(line), "indent": len(text) - len(text.lstrip())}
        for text, line in zip(plain, html, strict=True)
    ]


def highlighted(code: str, lexer=PythonLexer) -> SafeString:
    """Return the code as HTML: spans with Pygments' class names, everything else escaped."""
    plain = textwrap.dedent(code).strip("\n")
    return mark_safe(highlight(plain, lexer(), HtmlFormatter(nowrap=True)).rstrip("\n"))


@register.filter
def sql(statement: str) -> SafeString:
    """Colour a SQL statement."""
    return highlighted(statement, SqlLexer)


@register.filter
def short(value) -> str:
    """Say a Python value in a few words, as plain text."""
    return SHORT.repr(value)


@register.filter
def python(value) -> SafeString:
    """Show a Python value in one line, as `repr` writes it, but not more of it than a line can bear."""
    return highlighted(SHORT.repr(value))


@register.filter
def whole_python(value) -> SafeString:
    """Show a Python value at length. Still bounded: what is 100,000 levels deep or long has no end on a page."""
    return highlighted(LONG.repr(value))


@register.filter
def shown(text: str) -> str:
    """Show stored text of a stranger: clipped, and what does not print as an escape."""
    return printable(text)


@register.filter
def format_title(decoded) -> str:
    return FORMATS[decoded.format]


@register.inclusion_tag("lessons/_prediction.html", takes_context=True)
def prediction(context, slug: str) -> dict:
    """Ask one of the lesson's predictions at this place in the page."""
    return {
        "asked": context["standing"].asked[slug],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }
