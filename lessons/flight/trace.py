"""The trace: what ran during one flight, in order, with the session's state at each moment.

Whoever listens to Python (`listening.py`) calls `enter`, `line` and `leave`; the database calls `sql`. Nothing is told
here yet: `story.py` makes hops of it, from the same trace at each zoom. Values that cannot change are kept as they are
and put into words when the response is on its way (`as_dict`): while Django works, we make haste.
"""

import logging
import sys
import traceback
from datetime import datetime
from threading import get_ident
from time import perf_counter

from django.http import HttpRequest
from django.urls import Resolver404

from .peek import BITS_MOST, LASTING, TEXT_MOST, clip, said
from .states import END_VALUES, States
from .watchlist import Watched, around, in_every_flight, source_of
from .words import Held, Room, Words, in_order, in_words, message_of

logger = logging.getLogger(__name__)

LINES_MOST = 5000  # events after which no more lines are kept
EVENTS_MOST = 9000  # events after which no more calls and statements are kept
END_MOST = 1000  # events that are kept nevertheless of each of ENDS: how a story goes on and ends is never cut
ENDS = ("resolve", "exception", "verdict")
STATEMENTS_MOST = 60  # statements that are kept for who asks only for them
VALUES_MOST = 100_000  # characters of values that one flight keeps, and of statements on other tables
NOTHING = object()


class Run:
    """One run of a watched function: its place in the trace, and what its variables were when last looked at."""

    __slots__ = ("depth", "frame", "function", "kept", "line", "seen", "watched", "work")

    def __init__(self, frame, watched: Watched, function: int, depth: int, kept: bool = True):
        self.frame, self.watched, self.function, self.depth, self.kept = frame, watched, function, depth, kept
        self.seen: dict = {}
        self.line = 0  # where it is, if we hear its lines
        self.work = watched.otherwise  # what that line may do


class Trace:
    """Everything that one flight writes down.

    `events` are (kind, function, line, depth, state, detail); `function` and `state` are places in `functions` and
    `states`. Kinds: "request", "call", "line", "leave", "raise", "sql", "response". The state of an event is what was
    before it happened.
    """

    def __init__(self, request: HttpRequest, zoom: str = "lines"):
        self.request = request
        self.lines = zoom == "lines"
        self.codes = dict(in_every_flight(zoom))  # the view's own code joins when urls.py has chosen it
        self.paused = False  # another request is answered inside this one
        self.settled = False  # SessionMiddleware has returned: who looks at the session now is not of this flight
        self.events: list[tuple] = [("request", None, 0, 0, 0, None)]
        self.functions: list[Watched] = []
        self.statements: list[tuple] = []  # what the database was asked, to the very end: text and parameters
        self.missed = 0  # events beyond what is kept
        self.states = States(request)
        self.broken = False
        self._thread = get_ident()
        self._lines_most, self._events_most = LINES_MOST, EVENTS_MOST
        self._ends: dict[str, int] = {}  # each of ENDS, and where it begins
        self._room = Room(2 * VALUES_MOST)  # for values that are put into words at once
        self._places: dict[Watched, int] = {}
        self._stack: list[Run] = []
        self._due = True  # something has run that may have changed the session since its state was last looked at

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
        stack, beneath, events, states = self._stack, frame.f_back, self.events, self.states
        parent = stack[-1] if stack and stack[-1].frame is beneath else self._parent(beneath)
        role = watched.role
        if role and role in ENDS:
            self._make_room(role, frame)
        if len(events) >= self._events_most:
            self.missed += 1
            stack.append(Run(frame, watched, 0, 0, kept=False))
            return
        function = self._places.get(watched)
        if function is None:
            function = self._place(watched)
        run = Run(frame, watched, function, len(stack) + 1)
        if parent is None:
            line, detail, state = watched.code.co_firstlineno, {"values": None}, states.now()
        else:
            line, detail = parent.line or parent.frame.f_lineno, {"values": None, "caller": parent.function}
            direct = parent.frame is beneath
            if not direct:
                detail["through"] = True  # somebody who is not watched stands in between
            # Before the only call of a line, that line has done nothing yet.
            nothing = direct and parent.work.one_call and not watched.asked and not states.fresh_row
            state = states.now() if self._due and not nothing else states.last
        detail["values"] = self._changes(run, watched.parameters) if watched.parameters else {}
        if role == "exception":
            detail["error"] = self._error(frame.f_locals["exc"])
        events.append(("call", function, line, run.depth, state, detail))
        stack.append(run)
        self._due = not (watched.lines and self.lines)  # else its lines say themselves what they do

    def line(self, frame, number: int) -> None:
        """A line of a watched function is about to run."""
        stack = self._stack
        if not stack or stack[-1].frame is not frame:
            self._unwind(frame)
            if not stack or stack[-1].frame is not frame:  # the run of a function that is not ours
                return
        run = stack[-1]
        if run.line == number:  # a loop within one line: not each way of hearing tells each turn
            return
        watched, done = run.watched, run.work  # by the line before
        run.line, run.work = number, watched.work.get(number, watched.otherwise)
        if len(self.events) >= self._lines_most or not run.kept:
            self._due = True
            self.missed += 1
            return
        state = self.states.now() if self._due else self.states.last
        changed = self._changes(run, done.stores) if done.stores != () else None
        self.events.append(("line", run.function, number, run.depth, state, {"values": changed} if changed else None))
        self._due = run.work.touches

    def leave(self, frame, value) -> None:
        """A watched function returns `value`."""
        stack = self._stack
        if not stack or stack[-1].frame is not frame:
            watched = self.codes.get(id(frame.f_code))
            if watched is not None and watched.glance:
                self._glance(frame, watched, value)
                return
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
            self._due = True
            stack.pop()
            return
        state = self.states.now() if self._due else self.states.last
        detail = {"result": Words() if watched.blind else self._result(value)}
        if role == "verdict":
            detail["values"] = self._changes(run, None)
        elif run.work.stores != ():
            detail["values"] = self._changes(run, run.work.stores)
        self.events.append(("leave", run.function, run.line or frame.f_lineno, run.depth, state, detail))
        stack.pop()
        # If this was the only call of the line that goes on, that line has done all it may do.
        under = stack[-1] if stack else None
        self._due = under is None or not under.work.one_call or watched.asked or under.frame is not frame.f_back
        if role == "verdict":
            self._settle(run)

    def _glance(self, frame, watched: Watched, value) -> None:
        """A function of one line returns, in which nothing can happen: write down at once all that there is to tell."""
        if self.paused or self.broken or self.settled:
            return
        due = self._due
        self.enter(frame, watched)
        run, self._due = self._stack.pop(), due
        if not run.kept:
            self.missed += 1 + self.lines
            return
        place = (run.function, watched.glance, run.depth, self.states.last)
        if self.lines and len(self.events) < self._lines_most:
            self.events.append(("line", *place, None))
        else:
            self.missed += self.lines
        self.events.append(("leave", *place, {"result": self._result(value)}))

    def _learn(self, role: str, run: Run, value) -> None:
        """Take from what a function returns what has to be known later."""
        self._due = True
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

    def _settle(self, run: Run) -> None:
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

    def _parent(self, beneath) -> Run | None:
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
        self._due = True
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
        if self.paused or get_ident() != self._thread:
            return execute(sql, params, many, context)
        text = sql if type(sql) is str else said(sql)
        if len(self.statements) < STATEMENTS_MOST:
            self.statements.append((text, () if many else params))
        if self.settled or self.broken:
            return execute(sql, params, many, context)
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
            self._due = True
        except Exception:
            self.give_up()

    # Writing down

    def _write(self, kind: str, run: Run | None, line: int, detail: dict | None) -> None:
        if kind == "sql" and (len(self.events) >= self._events_most or (run and not run.kept)):
            self.missed += 1
        elif run is None:
            self.events.append((kind, None, line, 0, self.states.now(), detail))
        else:
            self.events.append((kind, run.function, line, run.depth, self.states.now(), detail))

    def _place(self, watched: Watched) -> int:
        self._places[watched] = len(self.functions)
        self.functions.append(watched)
        return self._places[watched]

    def _changes(self, run: Run, names: tuple[str, ...] | None) -> dict:
        """Return the local variables that are not what they were; those of these names, or all of them."""
        if run.watched.blind:
            return {}
        changed, seen, held = {}, run.seen, run.frame.f_locals
        for name in held if names is None else names:
            value = held.get(name, NOTHING)
            before = seen.get(name, NOTHING)
            if (
                before is value or value is NOTHING
            ):  # of objects inside which anything could change, only marks are kept
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
            elif kind is datetime:
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
        kind = type(value)
        if value is None or kind is bool or kind is int or kind is float or (kind is str and len(value) <= TEXT_MOST):
            return value
        return self._room.fit(self._container(value) if type(value) is dict else Words(said(value)))

    def _container(self, value) -> Words | Held:
        """Put a dict or a list into words, or keep it if it is the session's own, which is handed about a good deal."""
        return self.states.held(value) or Words(said(value))

    def end(self) -> None:
        """The response is ready."""
        while self._stack:
            self._raised()
        state = self.states.last if self.broken else self.states.now()
        self.events.append(("response", None, 0, 0, state, None))

    def as_dict(self) -> dict:
        """Return the trace as plain data for JSON, with the source of each function as it is installed."""
        values, statements, events = Room(VALUES_MOST), Room(VALUES_MOST), []
        for at, event in enumerate(self.events):
            if at in self._ends.values():
                values.keep(END_VALUES)
            events.append([*event[:5], in_words(event[5], values, statements)])
        return {
            "functions": [source_of(watched) for watched in self.functions],
            "states": self.states.told(),
            "events": events,
            "missed": self.missed,
        }
