"""The recorder: what observes stock Django while it answers one request, and leaves no trace in it.

It calls the next handler exactly as Django would. It listens to the database with `connection.execute_wrapper` and to
Python with `sys.monitoring` or `sys.settrace`, which are there for that. The session is looked at through `vars()`:
calling any method of it could load it (C06).
"""

import logging
import threading
import uuid
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass

from django.db import connections
from django.http import HttpRequest, HttpResponse

from .listening import listening
from .masking import MASK, SECRET_COOKIES, form_of, is_secret, masked_data, masked_sql, masker
from .peek import KEY, held_by, said
from .trace import Trace
from .words import as_sent

logger = logging.getLogger(__name__)

BODY_LIMIT = 16 * 1024  # characters of a response body that are kept
SQL_LIMIT = 600  # characters of one statement that are kept
VALUE_LIMIT = 5000  # characters of one cookie or header value; Django itself sends more than 4096 (F16)
SHORT_LIMIT = 200  # characters of a name, or of a value in a form, that are kept
MOST = 60  # cookies, fields or headers of one request that are kept


@dataclass
class Recording:
    """One request through Django, as seen from outside its middleware.

    Cookies and form map names to values as they came in; `headers` are pairs in the order in which they go out, and
    Set-Cookie lines stand apart in `set_cookies`; `sql` are statements as Django passed them on, with their parameters
    put in for reading. `trace()` gives what ran in between, as `story.tell` takes it. `reached_session` is whether
    SessionMiddleware saw the request; `view` the function that urls.py chose and `url_name` the name of its line there,
    both "" when no line matched.
    """

    id: str
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
    trace: Callable[[], dict]

    def as_dict(self) -> dict:
        """Return what came in and what went out as plain data for JSON. What ran in between is in `trace()`."""
        return asdict(self, dict_factory=_without_trace)


def _without_trace(pairs) -> dict:
    return {name: value for name, value in pairs if name != "trace"}


class _Thread(threading.local):
    """The flights that are being recorded in one thread, the innermost last."""

    flights: tuple[tuple[str, Trace], ...] = ()


_thread = _Thread()


def flight_of(request: HttpRequest) -> str:
    """Return the id of the outermost flight that records this request now, or ""."""
    return next((flight for flight, trace in _thread.flights if trace.request is request), "")


def record(request: HttpRequest, get_response, zoom: str = "lines") -> tuple[HttpResponse, Recording | None]:
    """Let `get_response` answer `request` and return its response, untouched, with the recording of it.

    With zoom "calls" or "story" fewer things are heard, in less time. Should the recording fail, it is None and the
    log says why: what the observer stumbles over is no concern of the one who is observed.
    """
    flight = uuid.uuid4().hex
    with ExitStack() as listeners:
        trace = _listen(listeners, flight, request, zoom)
        response = get_response(request)
    if trace is None:
        return response, None
    try:
        trace.end()
        return response, _recording(flight, request, response, trace)
    except Exception:
        _say_that_it_failed()
        return response, None


def _listen(listeners: ExitStack, flight: str, request: HttpRequest, zoom: str) -> Trace | None:
    """Begin to listen, until `listeners` are closed. None: it cannot be done."""
    try:
        trace = Trace(request, zoom)
        listeners.callback(_end, _thread.flights)
        _begin(flight, trace)
        for connection in connections.all():
            listeners.enter_context(_between(connection, trace.sql))
        listeners.enter_context(listening(trace))
        return trace
    except Exception:
        listeners.close()
        _say_that_it_failed()
        return None


def _say_that_it_failed() -> None:
    with suppress(Exception):  # a log may fail as well
        logger.exception("A request could not be recorded.")


@contextmanager
def _between(connection, listen):
    """Stand between Django and this database. The way out is not `execute_wrapper`'s, which takes away the last one
    that was put there: if a view has left one of its own behind, that is not ours."""
    connection.execute_wrappers.append(listen)
    try:
        yield
    finally:
        connection.execute_wrappers[:] = [each for each in connection.execute_wrappers if each is not listen]


def _begin(flight: str, trace: Trace) -> None:
    """Join the flights of this thread. One around us that records another request must not hear ours."""
    for _, outer in _thread.flights:
        outer.paused = outer.paused or outer.request is not trace.request
    _thread.flights = (*_thread.flights, (flight, trace))


def _end(before: tuple[tuple[str, Trace], ...]) -> None:
    _thread.flights = before
    for _, outer in before:
        outer.paused = outer.request is not before[-1][1].request


def _recording(flight: str, request: HttpRequest, response: HttpResponse, trace: Trace) -> Recording:
    masked = masker(request)
    return Recording(
        id=flight,
        **_what_came_in(request, masked),
        **_what_went_out(response, masked),
        **_what_happened(request),
        sql=[_clip(_readable(*statement, masked), SQL_LIMIT) for statement in trace.statements],
        trace=lambda: _masked_trace(trace, masked),
    )


def _masked_trace(trace: Trace, masked) -> dict:
    """Return the trace as plain data, without secrets. Sources are the installed code and hold none."""
    plain = trace.as_dict()
    return {
        "functions": list(plain["functions"]),
        "states": [_masked_state(state, masked) for state in plain["states"]],
        "events": [[*event[:5], _masked_detail(event[5], masked)] for event in plain["events"]],
        "missed": plain["missed"],
    }


def _masked_state(state: dict, masked) -> dict:
    """Mask what a session and its row say. Flags and keys are Django's own words, and stay what they are."""
    row = state["row"] and dict(state["row"])
    for name in ("data", "session_data") if row else ():
        if name in row:
            row[name] = masked_data(row[name], masked)
    return {**state, "data": masked_data(state["data"], masked), "row": row}


def _masked_detail(detail: dict | None, masked) -> dict | None:
    if not detail:
        return detail
    told = dict(detail)
    if "values" in told:
        told["values"] = {name: masked(value) for name, value in told["values"].items()}
    if "result" in told:
        told["result"] = masked(told["result"])
    if "error" in told:
        told["error"] = {**told["error"], "message": masked(told["error"]["message"])}
    if "params" in told:
        told["text"], told["params"] = masked_sql(told["text"], masked), [masked(each) for each in told["params"]]
    return told


def _readable(sql: str, params, masked) -> str:
    """Put the parameters into the text for a reader. The database never sees this text (C62)."""
    text = masked_sql(sql, masked)
    if type(params) not in (tuple, list) or not params:  # none, or named ones
        return text
    try:
        return text % tuple(_quoted(value, masked) for value in params)
    except (TypeError, ValueError):  # a percent sign of the statement's own
        return text


def _quoted(value, masked) -> str:
    """Say a parameter. What is no plain text is told without asking it."""
    value = as_sent(value)
    if type(value) in (int, float):
        return masked(said(value))
    return f"'{_clip(masked(value if type(value) is str else said(value)), 120)}'"


def _what_came_in(request: HttpRequest, masked) -> dict:
    return {
        "method": request.method,
        "path": _clip(masked(request.get_full_path()), VALUE_LIMIT),
        "cookies": {
            _clip(name, SHORT_LIMIT): MASK if name in SECRET_COOKIES else _clip(masked(value), VALUE_LIMIT)
            for name, value in list(request.COOKIES.items())[:MOST]
        },
        "form": {
            _clip(name, SHORT_LIMIT): MASK if is_secret(name) else _clip(masked(value), SHORT_LIMIT)
            for name, value in list(form_of(request).items())[:MOST]
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
    session = held_by(vars(request).get("session"))
    chosen = request.resolver_match
    return {
        "reached_session": session is not None,
        "session_key": None if session is None else session.get(KEY),
        "view": chosen._func_path if chosen else "",
        "url_name": chosen.view_name if chosen else "",
    }


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more characters)"
