"""Hearing what Python runs with `sys.settrace`: the back end for Python 3.10 and 3.11.

It hears its own thread only. A tracer that was there before, such as coverage's or a debugger's, goes on hearing.
"""

import logging
import sys
from opcode import opname

from .trace import Trace

logger = logging.getLogger(__name__)


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
        sys.settrace(self.before)

    def _tracer(self):
        """Return a tracer for `sys.settrace`. Python calls it for each call, so it asks no more than it must."""
        watched_by, hear = self.trace.codes.get, self._hear

        def tracer(frame, event, arg, id=id):
            watched = watched_by(id(frame.f_code))
            return None if watched is None else hear(frame, watched)

        return tracer

    def _hear(self, frame, watched):
        """Follow one run of a watched function. Return its local tracer."""
        if not (watched.lines and self.trace.lines):
            frame.f_trace_lines = False
        try:
            self.trace.enter(frame, watched)
        except Exception:
            self._stumble()
        return self._local

    def _local(self, frame, event, arg):
        try:
            if event == "line":
                self.trace.line(frame, frame.f_lineno)
            elif event == "exception":
                self.raising.add(id(frame))
            elif arg is not None or not self._was_left_by_exception(frame):
                self.trace.leave(frame, arg)
        except Exception:
            self._stumble()
        return self._local

    def _stumble(self) -> None:
        """Give up. What fails in a tracer would otherwise be raised in the code that is traced."""
        self.trace.give_up()
        logger.exception("The flight recorder stumbled; this flight is recorded up to here.")

    def _was_left_by_exception(self, frame) -> bool:
        """Python says "return" for both. They differ in the instruction at which the frame stands."""
        if id(frame) not in self.raising:
            return False
        self.raising.discard(id(frame))
        return opname[frame.f_code.co_code[frame.f_lasti]] != "RETURN_VALUE"

    def _chained(self):
        """Return a tracer that also calls the one that was there, for each of its frames.

        A tracer written in C installs itself anew when it is called; then ours has to come back.
        """
        before = self.before

        def tracer(frame, event, arg):
            theirs = before(frame, event, arg)
            if sys.gettrace() is not tracer:
                sys.settrace(tracer)
            watched = self.trace.codes.get(id(frame.f_code))
            if watched is None:
                return theirs
            self._hear(frame, watched)
            frame.f_trace_lines = True  # they may want the lines that we can do without
            lines = watched.lines and self.trace.lines

            def local(frame, event, arg):
                nonlocal theirs
                if theirs is not None:
                    theirs = theirs(frame, event, arg)
                if lines or event != "line":
                    self._local(frame, event, arg)
                return local

            return local

        return tracer
