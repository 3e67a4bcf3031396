"""The recorder: what observes stock Django while it answers one request, and leaves no trace in it.

It calls the next handler exactly as Django would, and listens with `connection.execute_wrapper`, which Django offers
for that. The session is looked at through `vars()`: calling any method of it could load it (C06).
"""

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field

from django.db import connections
from django.http import HttpRequest, HttpResponse

BODY_LIMIT = 64 * 1024  # characters of a response body that are kept
SQL_LIMIT = 600  # characters of one statement that are kept
SQL_MOST = 60  # statements of one request that are kept
VALUE_LIMIT = 5000  # characters of one cookie or header value; Django itself sends more than 4096 (F16)

SECRET_COOKIES = {"csrftoken", "notebook"}
SECRET_FIELDS = {"csrfmiddlewaretoken", "password", "password1", "password2", "old_password"}
MASK = "(not recorded)"


@dataclass
class Recording:
    """One request through Django, as seen from outside its middleware.

    Cookies map names to values as they came in; `headers` are pairs in the order in which they go out, Set-Cookie
    lines last; `sql` are statements as Django passed them on, with their parameters put in for reading.
    `reached_session` is whether SessionMiddleware saw the request; `view` the function that urls.py chose and
    `url_name` the name of its line there, both "" when no line matched.
    """

    method: str
    path: str
    cookies: dict[str, str]
    form: dict[str, str]
    status: int = 0
    reason: str = ""
    headers: list[list[str]] = field(default_factory=list)
    set_cookies: list[str] = field(default_factory=list)
    body: str = ""
    sql: list[str] = field(default_factory=list)
    reached_session: bool = False
    session_key: str | None = None
    view: str = ""
    url_name: str = ""

    as_dict = asdict


def record(request: HttpRequest, get_response) -> tuple[HttpResponse, Recording]:
    """Let `get_response` answer `request` and return its response, untouched, with the recording of it."""
    recording = Recording(
        method=request.method,
        path=_clip(request.get_full_path(), VALUE_LIMIT),
        cookies={name: _masked(name, value) for name, value in request.COOKIES.items()},
        form={},
    )
    with ExitStack() as listeners:
        for connection in connections.all():
            listeners.enter_context(connection.execute_wrapper(_listener(recording.sql)))
        response = get_response(request)
    _note_request(recording, request)
    _note_response(recording, request, response)
    return response, recording


def _listener(statements: list[str]):
    """Return a wrapper for `connection.execute_wrapper` that writes each statement down and passes it on."""

    def listen(execute, sql, params, many, context):
        if len(statements) < SQL_MOST:
            statements.append(_readable(sql, params))
        return execute(sql, params, many, context)

    return listen


def _readable(sql: str, params) -> str:
    """Put the parameters into the text for a reader. The database never sees this text (C62)."""
    try:
        text = sql % tuple(_quoted(value) for value in params) if params else sql
    except (TypeError, ValueError):  # named parameters, or a percent sign of the statement's own
        text = sql
    return _clip(text, SQL_LIMIT)


def _quoted(value) -> str:
    return str(value) if isinstance(value, int | float) else f"'{_clip(str(value), 120)}'"


def _note_request(recording: Recording, request: HttpRequest) -> None:
    """Note what Django found out about the request. Only what was already parsed: reading POST here could fail."""
    if request.method == "POST" and hasattr(request, "_post"):
        recording.form = {
            name: MASK if name in SECRET_FIELDS else _clip(value, 200) for name, value in list(request.POST.items())[:20]
        }
    session = vars(request).get("session")
    if session is not None:
        recording.reached_session = True
        recording.session_key = vars(session).get("_SessionBase__session_key")
    if request.resolver_match:
        recording.view = request.resolver_match._func_path
        recording.url_name = request.resolver_match.view_name


def _note_response(recording: Recording, request: HttpRequest, response: HttpResponse) -> None:
    recording.status = response.status_code
    recording.reason = response.reason_phrase
    recording.headers = [[name, _clip(value, VALUE_LIMIT)] for name, value in response.items()]
    recording.set_cookies = [_set_cookie(morsel) for morsel in response.cookies.values()]
    if not response.streaming:
        recording.body = _without_secrets(_text(response), request)


def _text(response: HttpResponse) -> str:
    """Return the body as text. `response.text` would raise on bytes that are not text; these are shown as they are."""
    return response.content.decode(response.charset or "utf-8", errors="replace")


def _set_cookie(morsel) -> str:
    """Return the Set-Cookie value as it goes over the wire, without the secrets that are not ours to show."""
    text = morsel.OutputString()
    if morsel.key in SECRET_COOKIES:
        text = text.replace(morsel.coded_value, MASK, 1)
    return _clip(text, VALUE_LIMIT)


def _masked(name: str, value: str) -> str:
    return MASK if name in SECRET_COOKIES else _clip(value, VALUE_LIMIT)


def _without_secrets(body: str, request: HttpRequest) -> str:
    """Clip the body, and mask secrets of this tutorial that a page may have printed (the echo lab prints cookies)."""
    body = _clip(body, BODY_LIMIT)
    for name in SECRET_COOKIES:
        if secret := request.COOKIES.get(name):
            body = body.replace(secret, MASK)
    return body


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more characters)"
