"""Telling a trace as hops, at one of three zooms. A pure function of what was recorded.

The story has a dozen hops, each with a sentence. Calls shows every watched call and statement as well, lines every
line. A hop keeps its place (`at`) at each zoom, and its state is that at which the next hop of this zoom begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from . import sentences
from .hops import ZOOMS, Function, Hop, State, Statement
from .masking import MASK, SECRET_COOKIES
from .sentences import key_text

STORY, CALLS, LINES = ZOOMS
QUOTES = "'\""
NAMES = re.compile("'([^']+)'")
MIDDLEWARE = "SessionMiddleware.process_response"
ASKERS = ("login", "logout", "get_user", "update_session_auth_hash")  # Django's own, that look on behalf of a view
TITLE_MOST, NOTE_MOST = 48, 40


@dataclass
class Run:
    """One run of a function, as the trace tells it."""

    function: int
    name: str
    actor: str
    depth: int
    values: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)  # the values that the reader has seen


@dataclass
class Draft:
    """A hop before it is known what comes after it."""

    at: int
    level: str
    kind: str
    actor_from: str
    actor_to: str
    title: str
    note: str = ""
    caption: str = ""
    run: Run | None = None
    line: int | None = None
    depth: int = 0
    sql: Statement | None = None
    result: str = ""
    headers: tuple[str, ...] = ()


def tell(recording: dict, trace: dict, zoom: str = STORY) -> list[Hop]:
    """Return the hops of one flight. `recording` and `trace` are those that `recorder.record` made, as JSON."""
    return Teller(recording, trace).hops(zoom)


class Teller:
    """Walks through the events of one trace once."""

    def __init__(self, recording: dict, trace: dict):
        self.recording = recording
        self.functions = [
            Function(each["file"], each["name"], each["first"], each["source"]) for each in trace["functions"]
        ]
        self.actors = [each["actor"] for each in trace["functions"]]
        self.states = trace["states"]
        self.events = trace["events"]
        self.stack: list[Run] = []
        self.last: dict[int, Run] = {}  # the last run of each function
        self.view: Run | None = None  # the outermost run of the view
        self.view_ran = False
        self.saving = False  # SessionMiddleware has begun to save, and not come to the cookie
        self.store = sentences.store_of([each.file for each in self.functions])
        self.ends = self._ends()

    def hops(self, zoom: str) -> list[Hop]:
        """Return the hops that this zoom shows, numbered."""
        shown = ZOOMS[: ZOOMS.index(zoom) + 1]
        found: list[Hop] = []
        draft, before = None, State(jar=self._jar_before())
        for at, event in enumerate(self.events):
            drafts = list(self._step(at, event))
            for following in drafts:
                if following.level not in shown:
                    continue
                if draft:
                    before = self._finish(found, draft, before, event[4])
                draft = following
        if draft:
            self._finish(found, draft, before, len(self.states) - 1)
        return found

    # What each event is

    def _step(self, at: int, event: list) -> Iterator[Draft]:
        kind, function, line, depth, state, detail = event
        detail = detail or {}
        if kind == "request":
            yield self._request(at)
        elif kind == "call":
            yield from self._call(at, function, line, depth, state, detail)
        elif kind == "line":
            yield self._line(at, line, detail)
        elif kind == "leave":
            yield from self._leave(at, line, state, detail)
        elif kind == "raise":
            run = self.stack.pop()
            self.view = None if run is self.view else self.view
        elif kind == "sql":
            yield self._sql(at, line, state, detail)
        elif kind == "response":
            yield from self._response(at)

    def _request(self, at: int) -> Draft:
        recording = self.recording
        key = recording["cookies"].get("sessionid")
        return Draft(
            at, STORY, "request", "browser", "http", f"{recording['method']} {recording['path']}",
            note=f"Cookie: sessionid={key_text(key)}" if key else "no sessionid",
            caption=sentences.request(recording),
        )  # fmt: skip

    def _call(self, at: int, function: int, line: int, depth: int, state: int, detail: dict) -> Iterator[Draft]:
        parent = self.stack[-1] if self.stack else None
        run = Run(function, self.functions[function].name, self.actors[function], depth, dict(detail.get("values", {})))
        if run.name == MIDDLEWARE:
            yield from self._before_response(at)
        self.stack.append(run)
        self.last[function] = run
        draft = self._told_call(at, run, parent, self.states[state], detail)
        draft.depth, draft.result = depth, self._result(at)
        if draft.run is None:
            draft.run, draft.line = (parent, line) if parent else (run, line)
        yield draft
        if run.name == MIDDLEWARE:
            yield from self._verdict(at, run, state)

    def _told_call(self, at: int, run: Run, parent: Run | None, state: dict, detail: dict) -> Draft:
        """Say what a call is, from whom to whom, and how close one must look to see it."""
        by = parent.actor if parent else ("view" if self.view_ran else "middleware")
        args = run.values
        if run.name.endswith(".__init__") and parent and parent.actor == "middleware":
            key = args.get("session_key", "None")
            caption = sentences.session_made(key, self._too_short(key), self.store)
            return Draft(at, STORY, "session-made", "middleware", "session", f"SessionStore({_short(key)})",
                         "nothing is loaded yet", caption)  # fmt: skip
        if run.name == "BaseHandler.resolve_request":
            matched = self._result(at) != ""
            return Draft(at, STORY, "resolve" if matched else "no-match", "middleware", "urls",
                         f"resolve '{self.recording['path'].partition('?')[0]}'",
                         self.recording["url_name"] if matched else "no line matches",
                         sentences.resolve(self.recording, matched), run,
                         self._line_with(run.function, "resolver.resolve("))  # fmt: skip
        if run.name == "response_for_exception":
            return self._exception(at, run, detail.get("error") or {})
        if run.actor == "view" and not self._auth(run) and self.view is None:
            self.view, self.view_ran = run, True
            return Draft(at, STORY, "view", "urls", "view", f"{run.name}(request)", "",
                         sentences.view(state), run, self.functions[run.function].first)  # fmt: skip
        if run.actor == "session":
            return self._session_call(at, run, parent, state, through="through" in detail)
        if run.actor == "http":
            return self._header_call(at, run, parent, by, direct=not detail.get("through"))
        name = f"{run.name.rpartition('.')[2]}({_arguments(args)})"
        if run.name in ("login", "logout"):
            name = f"{run.name}({', '.join(each for each in args if each != 'backend')})"
        level = STORY if run.name in ("login", "logout") and run.actor == "view" else CALLS
        return Draft(at, level, "call" if level == CALLS else run.name, by, run.actor, name,
                     caption=sentences.CALLED.get(run.name, f"{run.name} is called."))  # fmt: skip

    def _auth(self, run: Run) -> bool:
        return self.functions[run.function].file == "django/contrib/auth/__init__.py"

    def _session_call(self, at: int, run: Run, parent: Run | None, state: dict, *, through: bool) -> Draft:
        name = run.name.rpartition(".")[2]
        title = sentences.api_title(name, {each: _cut(text) for each, text in run.values.items()})
        if name == "save" and parent and parent.name == MIDDLEWARE:
            self.saving = True
            return Draft(at, STORY, "save", "middleware", "session", ".save()", "",
                         sentences.save(self._verdict_values(), self.store))  # fmt: skip
        after, raised = self._state_after(at)
        call = sentences.Call(name, run.values, self._asker(parent, through), state, after, raised, self.store)
        if name not in sentences.API or not self._in_story(parent, call):
            by = parent.actor if parent and parent.actor != "http" else "session"
            return Draft(at, CALLS, "call", by, "session", title,
                         caption=sentences.CALLED.get(run.name, f"The session uses its own {name}."))  # fmt: skip
        by = "view" if self.view_ran else "http"
        return Draft(at, STORY, sentences.kind_of(name), by, "session", title, *sentences.api(call))

    def _in_story(self, parent: Run | None, call) -> bool:
        """Whether a call is told in the story: those of others than the session itself. Of Django's page about an
        error only the one that looks first, for it looks at much."""
        if self._inside("response_for_exception"):
            return call.loads and (parent is None or parent.actor in ("view", "http"))
        return parent is None or parent.actor == "view"

    def _asker(self, parent: Run | None, through: bool) -> str:
        """Return who calls the session, as the beginning of a sentence."""
        if self._inside("response_for_exception"):
            return "Django's page about the error"
        names = [run.name for run in reversed(self.stack) if run.name in ASKERS]
        if names:
            return f"Django's {names[0]}()"
        if parent is None:
            return "A template or a middleware" if self.view_ran else "Another middleware"
        return "Something the view uses" if through else "The view"

    def _header_call(self, at: int, run: Run, parent: Run | None, by: str, *, direct: bool) -> Draft:
        name, args = run.name.rpartition(".")[2], run.values
        ours = parent is not None and parent.name == MIDDLEWARE
        by_view = direct and parent is not None and parent.actor == "view"
        level = STORY if ours or by_view else CALLS
        by = by if direct else "http"
        cookie = args.get("key", "''").strip("'")
        if name == "patch_vary_headers":
            names = ", ".join(NAMES.findall(args.get("newheaders", ""))) or "Cookie"
            caption = sentences.vary(self._verdict_values() if ours else {}, names)
            return Draft(at, level, "vary", by, "http", f"Vary: {names}", "", caption, headers=("Vary",))
        if name == "set_cookie":
            self.saving = self.saving and not ours
            note = sentences.span(args.get("max_age", "None")) if ours else ""
            value = _short(args.get("value", "")).strip(QUOTES)
            caption = sentences.set_cookie(ours, by_view, self.recording, args, self.store)
            return Draft(at, level, "set-cookie" if ours else "cookie", by, "http", f"Set-Cookie: {cookie}={value}",
                         note, caption, headers=("Set-Cookie",))  # fmt: skip
        return Draft(at, level, "delete-cookie", by, "http", f'Set-Cookie: {cookie}=""', "Max-Age=0",
                     sentences.delete_cookie(ours, by_view), headers=("Set-Cookie",))  # fmt: skip

    def _exception(self, at: int, run: Run, error: dict) -> Draft:
        where = None
        if "function" in error:
            where = self.last.get(error["function"])
        by = where.actor if where else "urls"
        status = _digits(self._result(at)) or str(self.recording["status"])
        return Draft(at, STORY, "exception", by, "http", error.get("type", "Exception"), error.get("message", ""),
                     sentences.exception(error, status, self.saving),
                     where or run, error.get("line"))  # fmt: skip

    def _line(self, at: int, line: int, detail: dict) -> Draft:
        run = self.stack[-1]
        run.values.update(detail.get("values", {}))
        text = self._line_text(run.function, line)
        return Draft(at, LINES, "line", run.actor, run.actor, text, run=run, line=line, depth=run.depth)

    def _leave(self, at: int, line: int, state: int, detail: dict) -> Iterator[Draft]:
        run = self.stack[-1]
        run.values.update(detail.get("values", {}))
        name = run.name.rpartition(".")[2]
        if name == "load" and run.actor == "session":
            yield self._loaded(at, run, line, self.states[state], detail["result"])
        if run is self.view:
            title = detail["result"].strip("<>")
            yield Draft(at, STORY, "view-returns", "view", "middleware", title, "",
                        sentences.view_returns(self.states[state], self.store), run, line, run.depth)  # fmt: skip
            self.view = None
        self.stack.pop()

    def _loaded(self, at: int, run: Run, line: int, state: dict, result: str) -> Draft:
        row = state["row"] or {}
        missing = row.get("exists") is False or state["key"] is None
        text = row.get("session_data", "e30:")
        unreadable = result == "{}" and not missing and (not text.startswith("e30:") or state["modified"])
        note, caption = sentences.loaded(missing, unreadable, self.store)
        return Draft(at, STORY, "row-missing" if missing else "row-found", "table", "session",
                     f"no such {self.store}" if missing else _cut(result), note, caption, run, line, run.depth,
                     result=result)  # fmt: skip

    def _sql(self, at: int, line: int, state: int, detail: dict) -> Draft:
        run = self.stack[-1] if self.stack else None
        sql = Statement(detail["text"], detail["params"], _readable(detail), detail["ms"] or 0.0)
        kind = _sql_kind(detail["text"], run)
        about_sessions = "django_session" in detail["text"]
        by = run.actor if run else "http"
        title = " ".join(detail["text"].split()[: 1 if about_sessions else 2])
        words = kind, by == "session", kind == "update" and self._fails(at)
        return Draft(at, STORY if about_sessions else CALLS, kind, by, "table" if about_sessions else by,
                     "SELECT 1" if kind == "key-free" else title, sentences.sql_note(*words),
                     sentences.sql(*words), run, line or None, run.depth if run else 0, sql)  # fmt: skip

    def _before_response(self, at: int) -> Iterator[Draft]:
        if not self.view_ran and not any(self._is_exception(event) for event in self.events[:at]):
            yield Draft(at, STORY, "view-skipped", "urls", "middleware", f"{self.recording['status']} without the view",
                        "", sentences.view_skipped(self.recording))  # fmt: skip

    def _is_exception(self, event: list) -> bool:
        return event[0] == "call" and self.functions[event[1]].name == "response_for_exception"

    def _verdict(self, at: int, run: Run, state: int) -> Iterator[Draft]:
        """Say that nothing is saved, where nothing is. A save and a deletion are told where they happen."""
        inside = self._inside_names(at)
        if "save" in inside or "delete_cookie" in inside:
            return
        values = self._verdict_values()
        caption = sentences.not_saved(values, self.states[state], self.recording, self.store)
        yield Draft(at, STORY, "not-saved", "middleware", "middleware", sentences.verdict(values),
                    sentences.verdict_note(values), caption, run, self._deciding_line(at), run.depth)  # fmt: skip

    def _deciding_line(self, at: int) -> int | None:
        """Return the last `if` of process_response that asked about saving."""
        function = self.events[at][1]
        for event in reversed(self.events[at : self.ends.get(at, at)]):
            if event[0] == "line" and event[1] == function:
                text = self._line_text(function, event[2])
                if text.startswith(("if (modified", "if response.status_code")):
                    return event[2]
        return None

    def _response(self, at: int) -> Iterator[Draft]:
        recording = self.recording
        if not recording["reached_session"]:
            yield Draft(at, STORY, "answered-early", "http", "http", "answered in front of SessionMiddleware", "",
                        sentences.ANSWERED_EARLY)  # fmt: skip
        yield Draft(at, STORY, "response", "http", "browser", f"{recording['status']} {recording['reason']}",
                    "", sentences.response(recording))  # fmt: skip

    # What is known of a run before it is over

    def _ends(self) -> dict[int, int]:
        """Map the place of each call to that of its end."""
        ends, open_calls = {}, []
        for at, event in enumerate(self.events):
            if event[0] == "call":
                open_calls.append(at)
            elif event[0] in ("leave", "raise") and open_calls:
                ends[open_calls.pop()] = at
        return ends

    def _result(self, at: int) -> str:
        end = self.events[self.ends[at]] if at in self.ends else None
        return end[5]["result"] if end and end[0] == "leave" else ""

    def _state_after(self, at: int) -> tuple[dict, bool]:
        """Return the state at the end of a call, and whether an exception ended it."""
        end = self.events[self.ends.get(at, at)]
        return self.states[end[4]], end[0] == "raise"

    def _fails(self, at: int) -> bool:
        """Whether the function that sends this statement is left by an exception."""
        _, function, _, depth, *_ = self.events[at]
        ends = (event for event in self.events[at:] if event[0] in ("leave", "raise"))
        return next((event[0] == "raise" for event in ends if event[1] == function and event[3] == depth), False)

    def _inside_names(self, at: int) -> set[str]:
        """Return the names of what process_response itself called."""
        depth = self.events[at][3] + 1
        calls = (event for event in self.events[at : self.ends.get(at, at)] if event[0] == "call" and event[3] == depth)
        return {self.functions[event[1]].name.rpartition(".")[2] for event in calls}

    def _verdict_values(self) -> dict[str, str]:
        """Return the local variables of process_response as they are at its end, with the response's status."""
        for at, event in enumerate(self.events):
            if event[0] == "call" and self.functions[event[1]].name == MIDDLEWARE:
                values: dict[str, str] = {}
                for inner in self.events[at : self.ends.get(at, at) + 1]:
                    if inner[1] == event[1] and inner[3] == event[3] and inner[5]:
                        values.update(inner[5].get("values", {}))
                return values | {
                    "status": _digits(values.get("response", "")),
                    "calls": " ".join(self._inside_names(at)),
                }
        return {}

    def _inside(self, name: str) -> bool:
        return any(run.name == name for run in self.stack)

    def _too_short(self, key: str) -> bool:
        return key != "None" and len(key.strip("'")) < 8

    def _line_with(self, function: int, words: str) -> int | None:
        """Return the number of the first line of a function that has these words."""
        there = self.functions[function]
        lines = there.source.split("\n")
        return next((there.first + offset for offset, line in enumerate(lines) if words in line), None)

    def _line_text(self, function: int, line: int) -> str:
        there = self.functions[function]
        lines = there.source.split("\n")
        return lines[line - there.first].strip() if 0 <= line - there.first < len(lines) else ""

    # The state after

    def _finish(self, found: list[Hop], draft: Draft, before: State, state: int) -> State:
        """Make the hop of `draft`, now that the state is known at which the next one begins."""
        run = draft.run
        values, fresh = {}, frozenset()
        if run:
            values = {name: text for name, text in run.values.items() if name not in ("self", "cls")}
            fresh = frozenset(name for name, text in values.items() if run.shown.get(name) != text)
            run.shown = values
        after = self._state(state, before, draft)
        found.append(
            Hop(
                number=len(found) + 1,
                at=draft.at,
                level=draft.level,
                depth=draft.depth,
                kind=draft.kind,
                actor_from=draft.actor_from,
                actor_to=draft.actor_to,
                title=_cut(draft.title, TITLE_MOST) if draft.level == STORY else draft.title,
                note=_cut(draft.note, NOTE_MOST),
                caption=draft.caption,
                function=self.functions[run.function] if run else None,
                line=draft.line,
                values=values,
                fresh=fresh,
                sql=draft.sql,
                result=draft.result,
                state=after,
                changes=(*_changes(before, after), *(f"header:{name}" for name in draft.headers)),
            )
        )
        return after

    def _state(self, place: int, before: State, draft: Draft) -> State:
        known = self.states[place]
        jar = self._jar_after(before.jar) if draft.kind == "response" else before.jar
        return State(known["key"], known["accessed"], known["modified"], known["data"], known["row"], jar)

    def _jar_before(self) -> dict[str, str]:
        return {name: value for name, value in self.recording["cookies"].items() if name not in SECRET_COOKIES}

    def _jar_after(self, jar: dict[str, str]) -> dict[str, str]:
        """Return the jar after the browser has obeyed each Set-Cookie."""
        after = dict(jar)
        for header in self.recording["set_cookies"]:
            for name, morsel in _morsels(header):
                if name in SECRET_COOKIES:
                    continue
                if morsel["max-age"] == "0":
                    after.pop(name, None)
                else:
                    after[name] = morsel.value
        return after


def _morsels(header: str):
    try:
        return SimpleCookie(header).items()
    except CookieError:
        return ()


def _changes(before: State, after: State) -> Iterator[str]:
    """Yield what is different, as Hop.changes names it."""
    for name in ("key", "accessed", "modified"):
        if getattr(before, name) != getattr(after, name):
            yield name
    if before.data is None and after.data is not None:
        yield "data"
    for name in _different(before.data or {}, after.data or {}):
        yield f"data:{name}"
    if before.row != after.row:
        yield "row"
        for name in _different(before.row or {}, after.row or {}):
            if name in ("session_key", "session_data", "expire_date"):
                yield f"row:{name}"
    for name in _different(before.jar, after.jar):
        yield f"jar:{name}"


def _different(before: dict, after: dict) -> list[str]:
    names = [*before, *(name for name in after if name not in before)]
    nothing = object()
    return [name for name in names if before.get(name, nothing) != after.get(name, nothing)]


def _sql_kind(text: str, run: Run | None) -> str:
    if "django_session" not in text:
        return "sql"
    verb = text.split(maxsplit=1)[0].lower()
    if verb != "select":
        return verb if verb in ("insert", "update", "delete") else "sql"
    if run is None or run.actor != "session":
        return "query"
    return {"exists": "key-free", "delete": "find-to-delete"}.get(run.name.rpartition(".")[2], "select")


def _readable(detail: dict) -> str:
    try:
        return detail["text"] % tuple(detail["params"]) if detail["params"] else detail["text"]
    except (TypeError, ValueError):
        return detail["text"]


def _arguments(values: dict[str, str]) -> str:
    return ", ".join(name if name == "request" else text for name, text in values.items() if name != "self")


def _short(value: str) -> str:
    """Shorten a key in quotes; None and short values stay."""
    text = value.strip("'")
    return f"'{key_text(text)}'" if value.startswith("'") and text != MASK else value


def _cut(text: str, most: int = 44) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())[:3]
