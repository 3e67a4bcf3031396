"""The trace: what ran during one flight, in order, with the session's state at each moment.

Whoever listens to Python (`listening.py`) calls `enter`, `line` and `leave`; the database calls `sql`. Nothing is told
here yet: `story.py` makes hops of it, from the same trace at each zoom. Values that cannot change are kept as they are
and put into words when the response is on its way (`as_dict`): while Django works, we make haste.
"""

import logging
import sys
import traceback
from threading import get_ident
from time import perf_counter

from django.http import HttpRequest
from django.urls import Resolver404

from .peek import BITS_MOST, LASTING, TEXT_MOST, clip, is_atom, said
from .states import END_VALUES, States
from .watchlist import STORES, TOUCHES, Watched, around, in_every_flight, source_of
from .words import Room, Words, in_order, in_words, message_of

logger = logging.getLogger(__name__)

LINES_MOST = 5000  # events after which no more lines are kept
EVENTS_MOST = 9000  # events after which no more calls and statements are kept
END_MOST = 1000  # events that are kept nevertheless of each of ENDS: how a story goes on and ends is never cut
ENDS = ("resolve", "exception", "verdict")
VALUES_MOST = 100_000  # characters of values that one flight keeps, and of statements on other tables
NOTHING = object()
ANYTHING = STORES | TOUCHES


class Frame:
    """One run of a watched function: its place in the trace, and what its variables were when last looked at."""

    __slots__ = ("depth", "frame", "function", "kept", "line", "seen", "watched")

    def __init__(self, frame, watched: Watched, function: int, depth: int, kept: bool = True):
        self.frame, self.watched, self.function, self.depth, self.kept = frame, watched, function, depth, kept
        self.seen: dict = {}
        self.line = 0  # where it is, if we hear its lines


class Trace:
    """Everything that one flight writes down.

    `events` are [kind, function, line, depth, state, detail]; `function` and `state` are places in `functions` and
    `states`. Kinds: "request", "call", "line", "leave", "raise", "sql", "response". The state of an event is what was
    before it happened.
    """

    def __init__(self, request: HttpRequest, zoom: str = "lines"):
        self.request = request
        self.lines = zoom == "lines"
        self.codes = dict(in_every_flight(zoom))  # the view's own code joins when urls.py has chosen it
        self.paused = False  # another request is answered inside this one
        self.settled = False  # SessionMiddleware has returned: who looks at the session now is not of this flight
        self.events: list[list] = [["request", None, 0, 0, 0, None]]
        self.functions: list[Watched] = []
        self.missed = 0  # events beyond what is kept
        self.states = States(request)
        self.broken = False
        self._thread = get_ident()
        self._lines_most, self._events_most = LINES_MOST, EVENTS_MOST
        self._ends: dict[str, int] = {}  # each of ENDS, and where it begins
        self._room = Room(2 * VALUES_MOST)  # for values that are put into words at once
        self._places: dict[Watched, int] = {}
        self._stack: list[Frame] = []
        self._held: tuple[int, Words] = (-1, Words())  # the session's dict in words, and the state that it was in

    def watch(self, more: dict[int, Watched]) -> None:
        """Watch more functions from here on."""
        self.codes.update(more)

    def give_up(self) -> None:
        """Hear no more: the recorder has stumbled, and what it has so far is all there will be.

        It is called while an exception is handled, which must not reach the code that is watched: nor may the log's.
        """
        self.codes.clear()
        self._stack.clear()
        self.missed += not self.broken
        if not self.broken:
            self.broken = True
            try:
                logger.exception("The flight recorder stumbled; this flight is recorded up to here.")
            except Exception:
                self.missed += 1  # nobody is left to tell

    # What Python does

    def enter(self, frame, watched: Watched) -> None:
        """A watched function begins."""
        if self.paused or self.broken or (self.settled and watched.actor == "session"):
            return
        stack, beneath = self._stack, frame.f_back
        parent = stack[-1] if stack and stack[-1].frame is beneath else self._parent(beneath)
        role = watched.role
        if role and role in ENDS:
            self._make_room(role, frame)
        events = self.events
        if len(events) >= self._events_most:
            self.missed += 1
            stack.append(Frame(frame, watched, 0, 0, kept=False))
            return
        function = self._places.get(watched)
        if function is None:
            function = self._place(watched)
        run = Frame(frame, watched, function, len(stack) + 1)
        parameters = watched.parameters
        detail = {"values": self._changes(run, frame.f_locals, parameters) if parameters else {}}
        if parent is None:
            line = watched.code.co_firstlineno
        else:
            line = parent.line or parent.frame.f_lineno
            detail["caller"] = parent.function
            if parent.frame is not beneath:
                detail["through"] = True  # somebody who is not watched stands in between
        if role == "exception":
            detail["error"] = self._error(frame.f_locals["exc"])
        events.append(["call", function, line, run.depth, self.states.now(), detail])
        stack.append(run)

    def line(self, frame, number: int) -> None:
        """A line of a watched function is about to run."""
        stack = self._stack
        if not stack or stack[-1].frame is not frame:
            self._unwind(frame)
            if not stack or stack[-1].frame is not frame:  # the run of a function that is not ours
                return
        run, watched = stack[-1], stack[-1].watched
        if run.line == number:  # a loop within one line: not each way of hearing tells each turn
            return
        if len(self.events) >= self._lines_most or not run.kept:
            run.line = number
            self.missed += 1
            return
        detail, states = None, self.states
        done = ANYTHING if watched.actor == "view" else watched.effects.get(run.line, 0)  # by the line before
        if done & STORES and (changed := self._changes(run, frame.f_locals)):
            detail = {"values": changed}
        run.line = number
        state = states.now() if done & TOUCHES else states.last
        self.events.append(["line", run.function, number, run.depth, state, detail])

    def leave(self, frame, value) -> None:
        """A watched function returns `value`."""
        stack = self._stack
        if not stack or stack[-1].frame is not frame:
            self._unwind(frame)
            if not stack or stack[-1].frame is not frame:
                return
        run = stack[-1]
        watched = run.watched
        role = watched.role
        if role:
            self._learn(role, run, value)
        if not run.kept:
            self.missed += 1
            stack.pop()
            return
        kind = type(value)
        if value is None or kind is bool:
            detail = {"result": value}
        else:
            detail = {"result": Words() if watched.blind else self._result(value)}
        if watched.effects.get(run.line, 0) & STORES or watched.actor == "view" or role == "verdict":
            detail["values"] = self._changes(run, frame.f_locals)
        self.events.append(["leave", run.function, run.line or frame.f_lineno, run.depth, self.states.now(), detail])
        stack.pop()
        if role == "verdict":
            self._settle(run)

    def _learn(self, role: str, run: Frame, value) -> None:
        """Take from what a function returns what has to be known later."""
        if role == "resolve":
            self.watch(around(value.func))
        elif role == "encode":
            self.states.encoded(run.frame.f_locals["session_dict"], value)
        elif role == "decode":
            self.states.decoded(run.frame.f_locals["session_data"], value)
        elif role == "row":
            self.states.found(value)
        elif role == "exists" and value is False:
            self.states.missed(run.frame.f_locals["session_key"])

    def _settle(self, run: Frame) -> None:
        """SessionMiddleware has done all it does for this request; a view may have sent another one through it."""
        if run.frame.f_locals.get("request") is self.request:
            self.states.freeze()
            self.settled = True

    def _make_room(self, role: str, frame) -> None:
        """Keep what is to come now, even if there was too much before it. Once each: else it would have no end."""
        if role not in self._ends and (role == "resolve" or frame.f_locals.get("request") is self.request):
            self._ends[role] = len(self.events)
            self._lines_most = max(self._lines_most, len(self.events) + END_MOST)
            self._events_most = max(self._events_most, len(self.events) + END_MOST)
            self._room.keep(END_VALUES)
            self.states.make_room()

    def _unwind(self, frame) -> None:
        """Drop the runs above this frame. They were left by an exception, which nobody announces."""
        if any(run.frame is frame for run in self._stack):
            while self._stack[-1].frame is not frame:
                self._raised()
        else:  # it began before we listened
            self._parent(frame.f_back)

    def _parent(self, beneath) -> Frame | None:
        """Return the innermost watched run that goes on beneath here, dropping those that do not."""
        if not self._stack:
            return None
        runs = {id(run.frame) for run in self._stack}
        while beneath is not None and id(beneath) not in runs:
            beneath = beneath.f_back
        while self._stack and self._stack[-1].frame is not beneath:
            self._raised()
        return self._stack[-1] if self._stack else None

    def _raised(self) -> None:
        run = self._stack[-1]
        if run.kept:
            self._write("raise", run, run.frame.f_lineno, None)
        else:
            self.missed += 1
        self._stack.pop()
        if run.watched.role == "verdict":
            self._settle(run)

    def _error(self, error: BaseException) -> dict:
        """Tell an exception, and the innermost of our lines that it came through."""
        message = "" if isinstance(error, Resolver404) else clip(message_of(error))
        detail = {"type": type(error).__qualname__, "message": message}
        for frame, line in traceback.walk_tb(error.__traceback__):
            watched = self.codes.get(id(frame.f_code))
            if watched and watched.lines:
                function = self._places[watched] if watched in self._places else self._place(watched)
                detail |= {"function": function, "line": line}
        return detail

    # What the database is asked

    def sql(self, execute, sql: str, params, many: bool, context: dict):
        """Run a statement for Django, and write it down with its time. The form of `execute_wrapper`."""
        if self.paused or self.settled or self.broken or get_ident() != self._thread:
            return execute(sql, params, many, context)
        text = sql if type(sql) is str else said(sql)
        detail = {"text": text, "params": () if many else in_order(params), "ms": None}
        self._sent(detail, sys._getframe(1))
        began = perf_counter()
        try:
            result = execute(sql, params, many, context)
        finally:
            detail["ms"] = round((perf_counter() - began) * 1000, 3)
        if detail["params"] and "django_session" in text:
            self._wrote(text, detail["params"], context)
        return result

    def _sent(self, detail: dict, frame) -> None:
        try:
            run = self._parent(frame)
            self._write("sql", run, run.frame.f_lineno if run else 0, detail)
        except Exception:
            self.give_up()

    def _wrote(self, text: str, params: tuple, context: dict) -> None:
        try:
            self.states.wrote(text, list(params), context["cursor"].rowcount)
        except Exception:
            self.give_up()

    # Writing down

    def _write(self, kind: str, run: Frame | None, line: int, detail: dict | None) -> None:
        if kind == "sql" and (len(self.events) >= self._events_most or (run and not run.kept)):
            self.missed += 1
        elif run is None:
            self.events.append([kind, None, line, 0, self.states.now(), detail])
        else:
            self.events.append([kind, run.function, line, run.depth, self.states.now(), detail])

    def _place(self, watched: Watched) -> int:
        self._places[watched] = len(self.functions)
        self.functions.append(watched)
        return self._places[watched]

    def _changes(self, run: Frame, held, names=None) -> dict:
        """Return the local variables that are not what they were; all of them, or those of these names."""
        if run.watched.blind:
            return {}
        changed, seen = {}, run.seen
        for name in held if names is None else names:
            value = held[name]
            before = seen.get(name, NOTHING)
            if before is value:  # of objects inside which anything could change, only marks are kept
                continue
            kind = type(value)
            if (kind is str and len(value) <= TEXT_MOST) or kind is bool or value is None or kind is float:
                if type(before) is not kind or before != value:
                    changed[name] = seen[name] = value
            elif kind is dict or kind is list:  # the same one, perhaps, with something else in it
                words = self._container(value)
                if before != words:
                    seen[name], changed[name] = words, self._room.fit(words)
            elif kind is int and value.bit_length() <= BITS_MOST:
                if type(before) is not int or before != value:
                    changed[name] = seen[name] = value
            elif name != "self":  # never the object itself: it lives as long as its author lets it
                known = type(before) is tuple and before[0] == id(value)
                if known and before[1] == id(kind) and id(kind) in LASTING:
                    continue
                words = said(value)
                if not known or before[2] != words:
                    seen[name] = (id(value), id(kind), words)
                    changed[name] = self._room.fit(Words(words))
        return changed

    def _result(self, value):
        if is_atom(value) and (type(value) is not str or len(value) <= TEXT_MOST):
            return value
        return self._room.fit(self._container(value) if type(value) is dict else Words(said(value)))

    def _container(self, value) -> Words:
        """Put a dict or a list into words; the session's own, which is handed about a good deal, once a state."""
        if not self.states.simply_holds(value):
            return Words(said(value))
        state = self.states.now()
        if self._held[0] != state:
            self._held = (state, Words(said(value)))
        return self._held[1]

    def end(self) -> None:
        """The response is ready."""
        while self._stack:
            self._raised()
        state = self.states.last if self.broken else self.states.now()
        self.events.append(["response", None, 0, 0, state, None])

    def as_dict(self) -> dict:
        """Return the trace as plain data for JSON, with the source of each function as it is installed."""
        values, statements, events = Room(VALUES_MOST), Room(VALUES_MOST), []
        for at, event in enumerate(self.events):
            if at in self._ends.values():
                values.keep(END_VALUES)
            events.append([*event[:5], in_words(event[5], values, statements)])
        return {
            "functions": [source_of(watched) for watched in self.functions],
            "states": self.states.kept,
            "events": events,
            "missed": self.missed,
        }
