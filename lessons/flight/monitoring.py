"""Hearing what Python runs with `sys.monitoring`: the back end for Python 3.12 and later.

Only the code on the watchlist is instrumented, and only while a flight is under way. Every thread that runs that code
then calls back, so each callback first asks whether its own thread is recording.
"""

import sys
from threading import Lock, local
from types import CodeType

from .trace import Trace
from .watchlist import Watched

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
        try:
            self._instrument(self.trace.codes.values())
        except BaseException:
            self._close()
            raise
        self.trace.watch = self._watch
        _thread.traces = (*_thread.traces, self.trace)

    def __exit__(self, *error):
        _thread.traces = _thread.traces[:-1]
        del self.trace.watch  # no way back from the trace to us: it is gone as soon as nobody needs it
        self._close()

    def _close(self) -> None:
        global _open
        with _lock:
            _open -= 1
            if not _open:  # as if nobody had ever listened
                for code, _ in _instrumented.values() if _is_ours(_tool) else ():
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
                wanted = events.PY_RETURN if watched.glance else lines if watched.lines else calls
                code = watched.code
                there = _instrumented.get(id(code), NONE)[1]
                if wanted | there != there:
                    _instrumented[id(code)] = (code, wanted | there)
                    sys.monitoring.set_local_events(_tool, code, wanted | there)


def available() -> bool:
    """Take a tool id of `sys.monitoring` and say whether there was one. A debugger may hold some."""
    global _tool
    with _lock:
        if not _is_ours(_tool):
            _instrumented.clear()
            _tool = next((number for number in (3, 4, 2) if sys.monitoring.get_tool(number) is None), None)
            if _tool is not None:
                _register()
        return _tool is not None


def _is_ours(tool: int | None) -> bool:
    """Whether we still hold this tool id. Anybody may free any."""
    return tool is not None and sys.monitoring.get_tool(tool) == NAME


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
            except Exception:  # what fails in a callback would otherwise be raised in the code that is watched
                trace.give_up()


def _line(code, number):
    for trace in _thread.traces:
        if trace.lines:
            try:
                trace.line(sys._getframe(1), number)
            except Exception:
                trace.give_up()


def _return(code, offset, value):
    for trace in _thread.traces:
        try:
            trace.leave(sys._getframe(1), value)
        except Exception:
            trace.give_up()
