"""Telling events: who does what to whom, how close one must look to see it, and the words for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import sentences
from .hops import ZOOMS, Statement
from .lookahead import VERDICT, Events, digits
from .masking import MASK
from .sentences import key_text

STORY, CALLS, LINES = ZOOMS
QUOTES = "'\""
NAMES = re.compile("'([^']+)'")
ASKERS = ("login", "logout", "get_user", "update_session_auth_hash")  # Django's own, that look on behalf of a view
LATER = {"line", "return", "not-saved"}  # hops that show the variables as they are when the next one begins


@dataclass
class Run:
    """One run of a function, as the trace tells it."""

    function: int
    name: str
    actor: str
    depth: int
    values: dict[str, str] = field(default_factory=dict)
    line: int | None = None  # where it is
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
    values: dict[str, str] | None = None  # the variables there, unless they are better looked at later


class Teller:
    """Walks through the events of one trace once, and makes drafts of hops of them."""

    def __init__(self, recording: dict, events: Events):
        self.recording = recording
        self.events = events
        self.stack: list[Run] = []
        self.last: dict[int, Run] = {}  # the last run of each function
        self.view: Run | None = None  # the outermost run of the view
        self.view_ran = False
        self.saving = False  # SessionMiddleware has begun to save, and not come to the cookie
        self.store = sentences.store_of([each.file for each in events.functions])

    def drafts(self) -> Iterator[tuple[int, Draft]]:
        """Yield each draft with the place of the state at which it begins."""
        for at, event in enumerate(self.events):
            for draft in self._step(at, event):
                if draft.run and draft.kind not in LATER:
                    draft.values = dict(draft.run.values)
                yield event[4], draft

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
        if parent:
            parent.line = line
        run = Run(
            function,
            self.events.functions[function].name,
            self.events.actors[function],
            depth,
            dict(detail.get("values", {})),
        )
        if run.name == VERDICT:
            yield from self._before_response(at)
        self.stack.append(run)
        self.last[function] = run
        draft = self._told_call(at, run, parent, self.events.states[state], detail)
        draft.depth = depth
        if draft.kind != "view":  # what the view returns is a step of its own
            draft.result = self.events.result(at)
        if draft.run is None:
            draft.run, draft.line = (parent, line) if parent else (run, line)
        yield draft
        if run.name == VERDICT:
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
            matched = self.events.result(at) != ""
            return Draft(at, STORY, "resolve" if matched else "no-match", "middleware", "urls",
                         f"resolve '{self.recording['path'].partition('?')[0]}'",
                         self.recording["url_name"] if matched else "no line matches",
                         sentences.resolve(self.recording, matched), run,
                         self.events.line_with(run.function, "resolver.resolve("))  # fmt: skip
        if run.name == "response_for_exception":
            return self._exception(at, run, detail.get("error") or {})
        if run.actor == "view" and not self._auth(run) and self.view is None:
            self.view, self.view_ran = run, True
            name = run.name.rpartition("<locals>.")[2]
            return Draft(at, STORY, "view", "urls", "view", f"{name}(request)", "",
                         sentences.view(state), run, self.events.functions[run.function].first)  # fmt: skip
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
        return self.events.functions[run.function].file == "django/contrib/auth/__init__.py"

    def _session_call(self, at: int, run: Run, parent: Run | None, state: dict, *, through: bool) -> Draft:
        name = run.name.rpartition(".")[2]
        title = sentences.api_title(name, {each: cut(text) for each, text in run.values.items()})
        if name == "save" and parent and parent.name == VERDICT:
            self.saving = True
            return Draft(at, STORY, "save", "middleware", "session", ".save()", "",
                         sentences.save(self.events.verdict_values, state, self.store))  # fmt: skip
        after, raised = self.events.state_after(at)
        call = sentences.Call(name, run.values, self._asker(parent, through), state, after, raised, self.store)
        if name not in sentences.API or not self._in_story(parent, call):
            by = parent.actor if parent and parent.actor != "http" else "session"
            return Draft(at, CALLS, "call", by, "session", title,
                         caption=sentences.CALLED.get(run.name, f"The session uses its own {name}."))  # fmt: skip
        by = "middleware" if parent and parent.name == VERDICT else "view" if self.view_ran else "http"
        note, caption = sentences.api(call)
        if not call.loads and self.events.changed_after(at):
            caption = sentences.changed_inside(call)
        return Draft(at, STORY, sentences.kind_of(name), by, "session", title, note, caption)

    def _in_story(self, parent: Run | None, call) -> bool:
        """Whether a call is told in the story: those of others than the session itself.

        SessionMiddleware and Django's page about an error look at much: of theirs only the look that loads is told.
        """
        if self._inside("response_for_exception") or (parent and parent.name == VERDICT):
            return call.loads and (parent is None or parent.actor != "session")
        return parent is None or parent.actor == "view"

    def _asker(self, parent: Run | None, through: bool) -> str:
        """Return who calls the session, as the beginning of a sentence."""
        if self._inside("response_for_exception"):
            return "Django's page about the error"
        if parent and parent.name == VERDICT:
            return "SessionMiddleware"
        names = [run.name for run in reversed(self.stack) if run.name in ASKERS]
        if names:
            return f"Django's {names[0]}()"
        if parent is None:
            return "A template or a middleware" if self.view_ran else "Another middleware"
        return "Something the view uses" if through else "The view"

    def _header_call(self, at: int, run: Run, parent: Run | None, by: str, *, direct: bool) -> Draft:
        name, args = run.name.rpartition(".")[2], run.values
        ours = parent is not None and parent.name == VERDICT
        by_view = direct and parent is not None and parent.actor == "view"
        level = STORY if ours or by_view else CALLS
        by = by if direct else "http"
        cookie = args.get("key", "''").strip("'")
        if name == "patch_vary_headers":
            names = ", ".join(NAMES.findall(args.get("newheaders", ""))) or "Cookie"
            values = self.events.verdict_values if ours else {}
            return Draft(at, level, "vary", by, "http", f"Vary: {names}", sentences.vary_note(values),
                         sentences.vary(values, names), headers=("Vary",))  # fmt: skip
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
        to = "middleware" if self.events.verdict_after(at) else "http"
        status = digits(self.events.result(at)) or str(self.recording["status"])
        return Draft(at, STORY, "exception", by, to, error.get("type", "Exception"), error.get("message", ""),
                     sentences.exception(error, status, self.saving),
                     where or run, error.get("line"))  # fmt: skip

    def _line(self, at: int, line: int, detail: dict) -> Draft:
        run = self.stack[-1]
        run.line = line
        run.values.update(detail.get("values", {}))
        text = self.events.line_text(run.function, line)
        return Draft(at, LINES, "line", run.actor, run.actor, text, run=run, line=line, depth=run.depth)

    def _leave(self, at: int, line: int, state: int, detail: dict) -> Iterator[Draft]:
        run = self.stack[-1]
        run.values.update(detail.get("values", {}))
        name = run.name.rpartition(".")[2]
        if name == "load" and run.actor == "session":
            yield self._loaded(at, run, line, self.events.states[state], detail["result"])
        if run is self.view:
            caption = sentences.view_returns(self.events.states[state], self.store)
            yield Draft(at, STORY, "view-returns", "view", "middleware", detail["result"].strip("<>"), "", caption,
                        run, line, run.depth)  # fmt: skip
            self.view = None
        self.stack.pop()
        if self.stack:
            yield self._return(at, run, self.stack[-1], detail["result"])

    def _return(self, at: int, run: Run, to: Run, result: str) -> Draft:
        """Say that a call is over. What the rest of the caller's line does then belongs to this hop."""
        name = run.name.rpartition(".")[2]
        gives = result and (result != "None" or name in sentences.READERS)
        title = f"{name}() gives {cut(result)}" if gives else f"{name}() is over"
        caption = f"That call is over, and {to.name.rpartition('.')[2]} goes on."
        return Draft(at, LINES, "return", run.actor, to.actor, title, "", caption, to, to.line, to.depth, result=result)

    def _loaded(self, at: int, run: Run, line: int, state: dict, result: str) -> Draft:
        row = state["row"] or {}
        missing = row.get("exists") is False or state["key"] is None
        text = row.get("session_data", "e30:")
        unreadable = result == "{}" and not missing and (not text.startswith("e30:") or state["modified"])
        note, caption = sentences.loaded(state["row"], missing, unreadable, self.store)
        return Draft(at, STORY, "row-missing" if missing else "row-found", "table", "session",
                     f"no such {self.store}" if missing else cut(result), note, caption, run, line, run.depth,
                     result=result)  # fmt: skip

    def _sql(self, at: int, line: int, state: int, detail: dict) -> Draft:
        run = self.stack[-1] if self.stack else None
        sql = Statement(detail["text"], detail["params"], _readable(detail), detail["ms"] or 0.0)
        kind = _sql_kind(detail["text"], run)
        about_sessions = "django_session" in detail["text"]
        by = run.actor if run else "http"
        title = " ".join(detail["text"].split()[: 1 if about_sessions else 2])
        words = kind, by == "session", kind == "update" and self.events.fails(at)
        return Draft(at, STORY if about_sessions else CALLS, kind, by, "table" if about_sessions else by,
                     "SELECT 1" if kind == "key-free" else title, sentences.sql_note(*words),
                     sentences.sql(*words), run, line or None, run.depth if run else 0, sql,
                     self._found_free(at) if kind == "key-free" else "")  # fmt: skip

    def _found_free(self, at: int) -> str:
        """Return what the question whether a key is taken was answered with."""
        function = self.events.all[at][1]
        ends = (event for event in self.events.all[at:] if event[0] == "leave" and event[1] == function)
        return {"True": "a row", "False": "no row"}.get(next((event[5]["result"] for event in ends), ""), "")

    def _before_response(self, at: int) -> Iterator[Draft]:
        if not self.view_ran and not any(self._is_exception(event) for event in self.events.all[:at]):
            yield Draft(at, STORY, "view-skipped", "urls", "middleware", f"{self.recording['status']} without the view",
                        "", sentences.view_skipped(self.recording))  # fmt: skip

    def _is_exception(self, event: list) -> bool:
        return event[0] == "call" and self.events.functions[event[1]].name == "response_for_exception"

    def _verdict(self, at: int, run: Run, state: int) -> Iterator[Draft]:
        """Say that nothing is saved, where nothing is. A save and a deletion are told where they happen."""
        inside = self.events.inside_names(at)
        if "save" in inside or "delete_cookie" in inside:
            return
        values, now = self.events.verdict_values, self.events.states[state]
        caption = sentences.not_saved(values, now, self.recording, self.store)
        yield Draft(at, STORY, "not-saved", "middleware", "middleware", sentences.verdict(values, now),
                    sentences.verdict_note(values), caption, run, self._deciding_line(at), run.depth)  # fmt: skip

    def _deciding_line(self, at: int) -> int | None:
        """Return the last `if` of process_response that asked about saving."""
        function = self.events.all[at][1]
        for event in reversed(self.events.all[at : self.events.ends.get(at, at)]):
            if event[0] == "line" and event[1] == function:
                text = self.events.line_text(function, event[2])
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

    def _inside(self, name: str) -> bool:
        return any(run.name == name for run in self.stack)

    def _too_short(self, key: str) -> bool:
        return key != "None" and len(key.strip("'")) < 8


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


def cut(text: str, most: int = 44) -> str:
    """Shorten a text to what an arrow has room for."""
    return text if len(text) <= most else f"{text[:most]}…"
