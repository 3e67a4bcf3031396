"""Hearing what Python runs with `sys.monitoring`: the back end for Python 3.12 and later.

Only the code on the watchlist is instrumented, and only while a flight is under way. Every thread that runs that code
then calls back, so each callback first asks whether its own thread is recording.
"""

import logging
import sys
from threading import Lock, local
from types import CodeType

from .trace import Trace
from .watchlist import Watched

logger = logging.getLogger(__name__)

NAME = "sessiondemo flight recorder"
NONE = (None, 0)


class _Thread(local):
    """What one thread records: the traces that are open in it, the innermost last."""

    traces: tuple[Trace, ...] = ()


_thread = _Thread()
_lock = Lock()
_instrumented: dict[int, tuple[CodeType, int]] = {}  # id of a code object -> it, and the events it calls back for
_open = 0  # flights under way, in all threads
_tool = None


class Monitoring:
    """A context in which `trace` is told what this thread runs."""

    def __init__(self, trace: Trace):
        self.trace = trace

    def __enter__(self):
        global _open
        with _lock:
            _open += 1
        self.trace.watch = self._watch
        self._instrument(self.trace.codes.values())
        _thread.traces = (*_thread.traces, self.trace)

    def __exit__(self, *error):
        global _open
        _thread.traces = _thread.traces[:-1]
        with _lock:
            _open -= 1
            if not _open:  # as if nobody had ever listened
                for code, _ in _instrumented.values():
                    sys.monitoring.set_local_events(_tool, code, 0)
                _instrumented.clear()

    def _watch(self, more: dict[int, Watched]) -> None:
        new = [watched for key, watched in more.items() if key not in self.trace.codes]
        self.trace.codes.update(more)
        self._instrument(new)

    def _instrument(self, functions) -> None:
        events = sys.monitoring.events
        calls = events.PY_START | events.PY_RETURN
        lines = calls | events.LINE if self.trace.lines else calls
        with _lock:
            for watched in functions:
                code, wanted = watched.code, lines if watched.lines else calls
                there = _instrumented.get(id(code), NONE)[1]
                if wanted | there != there:
                    _instrumented[id(code)] = (code, wanted | there)
                    sys.monitoring.set_local_events(_tool, code, wanted | there)


def available() -> bool:
    """Take a tool id of `sys.monitoring` and say whether there was one. A debugger may hold some."""
    global _tool
    with _lock:
        if _tool is None:
            _tool = next((number for number in (3, 4, 2) if sys.monitoring.get_tool(number) is None), None)
            if _tool is not None:
                _register()
        return _tool is not None


def _register() -> None:
    events = sys.monitoring.events
    sys.monitoring.use_tool_id(_tool, NAME)
    sys.monitoring.register_callback(_tool, events.PY_START, _start)
    sys.monitoring.register_callback(_tool, events.LINE, _line)
    sys.monitoring.register_callback(_tool, events.PY_RETURN, _return)


def _start(code, offset):
    for trace in _thread.traces:
        watched = trace.codes.get(id(code))
        if watched is not None:
            try:
                trace.enter(sys._getframe(1), watched)
            except Exception:
                _stumble(trace)


def _line(code, number):
    for trace in _thread.traces:
        if trace.lines:
            try:
                trace.line(sys._getframe(1), number)
            except Exception:
                _stumble(trace)


def _return(code, offset, value):
    for trace in _thread.traces:
        try:
            trace.leave(sys._getframe(1), value)
        except Exception:
            _stumble(trace)


def _stumble(trace: Trace) -> None:
    """Give up. What fails in a callback would otherwise be raised in the code that is watched."""
    trace.give_up()
    logger.exception("The flight recorder stumbled; this flight is recorded up to here.")
