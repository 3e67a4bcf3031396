"""Hearing what Python runs with `sys.settrace`: the back end for Python 3.10 and 3.11.

It hears its own thread only. A tracer that was there before, such as coverage's or a debugger's, goes on hearing.
"""

import sys
from opcode import opname

from .trace import Trace


class Tracing:
    """A context in which `trace` is told what this thread runs."""

    def __init__(self, trace: Trace):
        self.trace = trace
        self.before = None
        self.raising = set()  # ids of frames through which an exception has come

    def __enter__(self):
        self.before = sys.gettrace()
        self.tracer = self._tracer() if self.before is None else self._chained()
        sys.settrace(self.tracer)

    def __exit__(self, *error):
        if sys.gettrace() is self.tracer:
            sys.settrace(self.before)
        else:  # the view has set another one, a debugger's perhaps, and wants it to stay
            self.trace.missed += 1
        self.tracer = None  # it knows us: so the trace is gone as soon as nobody needs it
        self.trace.codes.clear()  # whoever has kept our tracer, and calls it later, is not of this flight

    def _tracer(self):
        """Return a tracer for `sys.settrace`. Python calls it for each call, so it asks no more than it must."""
        watched_by, hear = self.trace.codes.get, self._hear

        def tracer(frame, event, arg, id=id):
            watched = watched_by(id(frame.f_code))
            return None if watched is None else hear(frame, watched)

        return tracer

    def _hear(self, frame, watched):
        """Follow one run of a watched function. Return its local tracer."""
        if not self._hears_lines(watched):
            frame.f_trace_lines = False
        if watched.glance:
            return self._local
        try:
            self.trace.enter(frame, watched)
        except Exception:
            self.trace.give_up()
        return self._local

    def _hears_lines(self, watched) -> bool:
        return self.trace.lines and watched.lines and not watched.glance

    def _local(self, frame, event, arg) -> None:
        """Hear one event of a watched run. To return nothing leaves the frame's tracer as it is."""
        try:
            if event == "line":
                self.trace.line(frame, frame.f_lineno)
            elif event == "exception":
                self.raising.add(id(frame))
            elif event == "return" and (arg is not None or not self._was_left_by_exception(frame)):
                self.trace.leave(frame, arg)
        except Exception:  # what fails in a tracer would otherwise be raised in the code that is traced
            self.trace.give_up()

    def _was_left_by_exception(self, frame) -> bool:
        """Python says "return" for both. They differ in the instruction at which the frame stands."""
        if id(frame) not in self.raising:
            return False
        self.raising.discard(id(frame))
        return not opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN_")

    def _chained(self):
        """Return a tracer that also calls the one that was there, and lets it see what it would see without ours."""

        def tracer(frame, event, arg):
            theirs = self._ask(self.before, frame, event, arg) if self.before is not None else None
            if (watched := self.trace.codes.get(id(frame.f_code))) is None:
                return theirs
            theirs, lines = theirs or frame.f_trace, frame.f_trace_lines
            self._hear(frame, watched)
            return self._both(theirs, lines, self._hears_lines(watched), frame)

        return tracer

    def _both(self, theirs, their_lines: bool, our_lines: bool, frame):
        """Return a local tracer that passes everything on to theirs, as Python would, and to ours what it wants."""
        frame.f_trace_lines = their_lines or our_lines

        def local(frame, event, arg):
            nonlocal theirs, their_lines
            if theirs is not None and (their_lines or event != "line"):
                frame.f_trace, frame.f_trace_lines = theirs, their_lines
                theirs = self._ask(theirs, frame, event, arg) or frame.f_trace  # None leaves it as it was
                their_lines = frame.f_trace_lines
                frame.f_trace_lines = their_lines or our_lines
            if our_lines or event != "line":
                self._local(frame, event, arg)
            return local

        return local

    def _ask(self, theirs, frame, event, arg):
        """Call a tracer that was there before. Should it install itself anew, or give way to another, ours comes back.

        A tracer that is written in C does the first; a debugger that has seen enough, the second.
        """
        installed = sys.gettrace()  # ours, or that of a flight around which calls us
        answer = theirs(frame, event, arg)
        if sys.gettrace() is not installed:
            self.before = sys.gettrace()
            sys.settrace(installed)
        return answer
