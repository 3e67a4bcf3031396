"""What lesson pages use: the source of what really runs, and the parts of a lesson."""

import inspect
import re
import textwrap
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.db import connection
from django.urls import resolve, reverse
from django.utils.html import escape, format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, SqlLexer

from .. import visibility
from ..in_order import InOrder
from ..session_data.display import printable

register = template.Library()

FORMATTER = HtmlFormatter(nowrap=True)
MIDDLE_MOST = 60
SHORT = InOrder(levels=6, items=8, characters=60)
LONG = InOrder(levels=12, items=200, characters=1000)

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
    return mark_safe(highlight(plain, _made(lexer), FORMATTER).rstrip("\n"))


@cache
def _made(lexer):
    """Return the one lexer of this kind: like the formatter, it takes longer to make than to use."""
    return lexer()


@register.filter
def numbered_lines(function) -> list[dict]:
    """Return the lines of a recorded function (a `flight.hops.Function`) as HTML, each with its number in the file."""
    return _numbered_lines(function.source, function.first)


@lru_cache(maxsize=256)  # Django's functions and a few views; a recording that somebody opens may bring others
def _numbered_lines(source: str, first: int) -> list[dict]:
    lines = _lines(source.replace("\r\n", "\n").replace("\r", "\n"))
    return [line | {"number": number} for number, line in enumerate(lines, first)]


@register.filter
def line_of(function, number: int) -> dict | None:
    """Return one line of a recorded function, or None where it has no such line."""
    place = number - function.first if number is not None else -1
    lines = numbered_lines(function)
    return lines[place] if 0 <= place < len(lines) else None


@register.filter
def ends(text: str) -> str:
    """Shorten a key or another long value so that it can be told apart: its first and its last four characters."""
    return f"{text[:4]}…{text[-4:]}" if len(text) > 24 else text


@register.filter
@lru_cache(maxsize=256)
def sql(statement: str) -> SafeString:
    """Colour a SQL statement."""
    return highlighted(statement, SqlLexer)


@register.filter
def pairs(held: dict) -> list[tuple]:
    """Return names and values of a dict that a visitor fills: `held.items` would be what it holds under "items"."""
    return list(held.items())


@register.filter
def short(value, most: int | None = None) -> str:
    """Say a Python value in a few words, as `repr` writes it; with `most`, in so many characters."""
    words = SHORT.repr(value)
    return words if most is None else cut(words, most)


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


@register.filter
def whole_python(value) -> SafeString:
    """Show a Python value at length. Still bounded: what is 100,000 levels deep or long has no end on a page."""
    return highlighted(LONG.repr(value))


@register.filter
def middle(text: str) -> str:
    """Leave out the middle of a long word, such as session_data: its beginning and its end tell it apart."""
    return text if len(text) <= MIDDLE_MOST or " " in text else f"{text[:20]}…{text[-12:]}"


@register.filter
def breakable(name: str) -> SafeString:
    """Let a name such as SessionMiddleware go on in the next line where a new word begins in it."""
    return mark_safe(re.sub(r"(?<=[a-z])(?=[A-Z])", "<wbr>", escape(name)))


@register.filter
def shown(text: str) -> str:
    """Show stored text of a stranger: clipped, and what does not print as an escape."""
    return printable(text)


@register.filter
def is_alone(request) -> bool:
    """Whether the visitor is alone with this server. It is known from the request, with no query and no session."""
    return visibility.sees_everything(request)


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


@register.simple_tag
def database() -> str:
    """Return which database this site keeps its rows in: "sqlite" or "postgresql"."""
    return connection.vendor


@register.simple_tag(takes_context=True)
def player_address(context, step) -> str:
    """Return the address at which the player stands at this step."""
    return context["player"].address_of(step)


@register.simple_tag(takes_context=True)
def why(context, what: str, step) -> SafeString:
    """Return the attributes of a link that asks why `what` is as it is after a step.

    What is hidden until a script shows it has no step; the script gives it its address. There may be thousands.
    """
    if not step:
        return format_html('data-why="{}"', what)
    return format_html('data-why="{}" href="{}"', what, context["player"].address_of_why(what, step))
