"""The recorder: what observes stock Django while it answers one request, and leaves no trace in it.

It calls the next handler exactly as Django would, and listens with `connection.execute_wrapper`, which Django offers
for that. The session is looked at through `vars()`: calling any method of it could load it (C06).
"""

import html
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from urllib.parse import quote, quote_plus

from django.db import connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _does_token_match

BODY_LIMIT = 64 * 1024  # characters of a response body that are kept
SQL_LIMIT = 600  # characters of one statement that are kept
VALUE_LIMIT = 5000  # characters of one cookie or header value; Django itself sends more than 4096 (F16)
SHORT_LIMIT = 200  # characters of a name, or of a value in a form, that are kept
MOST = 60  # cookies, fields, headers or statements of one request that are kept

SECRET_COOKIES = {"csrftoken", "notebook"}
SECRET_FIELDS = {"csrfmiddlewaretoken", "password", "password1", "password2", "old_password"}
MASK = "(not recorded)"
CSRF_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{CSRF_TOKEN_LENGTH}}}(?![0-9A-Za-z])")


@dataclass
class Recording:
    """One request through Django, as seen from outside its middleware.

    Cookies and form map names to values as they came in; `headers` are pairs in the order in which they go out, and
    Set-Cookie lines stand apart in `set_cookies`; `sql` are statements as Django passed them on, with their parameters
    put in for reading. `reached_session` is whether SessionMiddleware saw the request; `view` the function that urls.py
    chose and `url_name` the name of its line there, both "" when no line matched.
    """

    method: str
    path: str
    cookies: dict[str, str]
    form: dict[str, str]
    status: int
    reason: str
    headers: list[list[str]]
    set_cookies: list[str]
    body: str
    reached_session: bool
    session_key: str | None
    view: str
    url_name: str
    sql: list[str]

    as_dict = asdict


def record(request: HttpRequest, get_response) -> tuple[HttpResponse, Recording]:
    """Let `get_response` answer `request` and return its response, untouched, with the recording of it."""
    statements = []
    with ExitStack() as listeners:
        for connection in connections.all():
            listeners.enter_context(connection.execute_wrapper(_listener(statements)))
        response = get_response(request)
    masked = _masker(request)
    recording = Recording(
        **_what_came_in(request, masked),
        **_what_went_out(response, masked),
        **_what_happened(request),
        sql=[_clip(masked(statement), SQL_LIMIT) for statement in statements],
    )
    return response, recording


def _listener(statements: list[str]):
    """Return a wrapper for `connection.execute_wrapper` that writes each statement down and passes it on."""

    def listen(execute, sql, params, many, context):
        if len(statements) < MOST:
            statements.append(_readable(sql, params))
        return execute(sql, params, many, context)

    return listen


def _readable(sql: str, params) -> str:
    """Put the parameters into the text for a reader. The database never sees this text (C62)."""
    try:
        return sql % tuple(_quoted(value) for value in params) if params else sql
    except (TypeError, ValueError):  # named parameters, or a percent sign of the statement's own
        return sql


def _quoted(value) -> str:
    return str(value) if isinstance(value, int | float) else f"'{_clip(str(value), 120)}'"


def _masker(request: HttpRequest) -> Callable[[str], str]:
    """Return a function that takes passwords and this tutorial's own secrets out of a text.

    A page may print any of them: the echo lab prints cookies and forms, and each form has a CSRF token, which is the
    secret in the CSRF cookie, disguised anew every time.
    """
    csrf_secret = request.META.get("CSRF_COOKIE", "")
    secrets = {csrf_secret, *(request.COOKIES.get(name, "") for name in SECRET_COOKIES)}
    for sent in (request.GET, _form(request)):
        secrets.update(value for name in SECRET_FIELDS for value in sent.getlist(name))
    spelled = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
    longest_first = sorted(spelled, key=len, reverse=True)

    def masked(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, MASK)
        return CSRF_TOKEN.sub(lambda token: MASK if _does_token_match(token[0], csrf_secret) else token[0], text)

    return masked


def _spellings(secret: str) -> list[str]:
    """Return how a page, a JSON text or an address may spell this."""
    as_json = [json.dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]
    return [secret, *as_json, html.escape(secret), quote(secret), quote(secret, safe=""), quote_plus(secret)]


def _form(request: HttpRequest) -> QueryDict:
    """Return the form if the view has read it. Reading it now could fail, and a view may want the bytes."""
    return request.POST if request.method == "POST" and hasattr(request, "_post") else QueryDict()


def _what_came_in(request: HttpRequest, masked) -> dict:
    return {
        "method": request.method,
        "path": _clip(masked(request.get_full_path()), VALUE_LIMIT),
        "cookies": {
            _clip(name, SHORT_LIMIT): MASK if name in SECRET_COOKIES else _clip(value, VALUE_LIMIT)
            for name, value in list(request.COOKIES.items())[:MOST]
        },
        "form": {
            _clip(name, SHORT_LIMIT): MASK if name in SECRET_FIELDS else _clip(value, SHORT_LIMIT)
            for name, value in list(_form(request).items())[:MOST]
        },
    }


def _what_went_out(response: HttpResponse, masked) -> dict:
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "headers": [[name, _clip(masked(value), VALUE_LIMIT)] for name, value in list(response.items())[:MOST]],
        "set_cookies": [
            _clip(masked(_set_cookie(morsel)), VALUE_LIMIT) for morsel in list(response.cookies.values())[:MOST]
        ],
        "body": "" if response.streaming else _clip(masked(_text(response)), BODY_LIMIT),
    }


def _set_cookie(morsel) -> str:
    """Return the Set-Cookie value as it goes over the wire, without a secret that is this tutorial's own."""
    text = morsel.OutputString()
    return text.replace(morsel.coded_value, MASK, 1) if morsel.key in SECRET_COOKIES else text


def _text(response: HttpResponse) -> str:
    """Return the body as text. `response.text` would raise on bytes that are not text; these are shown as they are."""
    try:
        return response.content.decode(response.charset, errors="replace")
    except LookupError:  # a charset that nobody knows
        return response.content.decode("utf-8", errors="replace")


def _what_happened(request: HttpRequest) -> dict:
    """Tell how far the request came. Looking at the session in any other way than `vars` could load it."""
    session = vars(request).get("session")
    chosen = request.resolver_match
    return {
        "reached_session": session is not None,
        "session_key": None if session is None else vars(session).get("_SessionBase__session_key"),
        "view": chosen._func_path if chosen else "",
        "url_name": chosen.view_name if chosen else "",
    }


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more characters)"
