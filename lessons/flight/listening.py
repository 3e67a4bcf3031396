"""Choosing how to hear Python: `sys.monitoring` from 3.12 on, `sys.settrace` before that."""

import sys
from contextlib import AbstractContextManager

from .trace import Trace
from .tracing import Tracing

if sys.version_info >= (3, 12):
    from .monitoring import Monitoring, available


def listening(trace: Trace) -> AbstractContextManager:
    """Return a context in which `trace` is told what this thread runs."""
    if sys.version_info >= (3, 12) and available():
        return Monitoring(trace)
    return Tracing(trace)
