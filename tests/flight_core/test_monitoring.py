"""The back end for Python 3.12 and later: it takes one tool id, and a fallback where none is free."""

import sys

import pytest

from lessons.flight.listening import listening
from lessons.flight.trace import Trace

from . import views
from .cast import asked, flight_of, flown, handler, record, told

pytestmark = [
    pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is there from Python 3.12 on"),
    pytest.mark.usefixtures("no_table"),
]

if sys.version_info >= (3, 12):
    from lessons.flight import monitoring

OURS = (3, 4, 2)


@pytest.fixture
def no_id(monkeypatch):
    """Give our id back, for a test that wants to see it taken."""
    if monitoring._tool is not None:
        sys.monitoring.free_tool_id(monitoring._tool)
    monkeypatch.setattr(monitoring, "_tool", None)
    yield
    for number in OURS:
        if sys.monitoring.get_tool(number) is not None:
            sys.monitoring.free_tool_id(number)


def test_where_no_id_is_free_settrace_does_it(no_id):
    for number in OURS:
        sys.monitoring.use_tool_id(number, "somebody else")
    assert type(listening(Trace(asked(views.view)))).__name__ == "Tracing"
    assert flight_of(views.view).kinds[-1] == "response"
    assert [sys.monitoring.get_tool(number) for number in OURS] == ["somebody else"] * 3


def test_another_id_is_taken_where_one_is_in_use(no_id):
    sys.monitoring.use_tool_id(3, "somebody else")
    assert type(listening(Trace(asked(views.view)))).__name__ == "Monitoring"
    assert monitoring._tool == 4
    assert flight_of(views.view).kinds[-1] == "response"


def test_an_id_that_somebody_has_freed_is_taken_again():
    whole = flight_of(views.view).ran()
    sys.monitoring.free_tool_id(monitoring._tool)
    assert flight_of(views.view).ran() == whole


def test_an_id_that_is_freed_in_the_middle_of_a_flight_breaks_nothing(monkeypatch):
    whole = flight_of(views.view).ran()
    monkeypatch.setattr(views, "inside", lambda request: sys.monitoring.free_tool_id(monitoring._tool))
    response, _ = record(asked(views.view), handler().get_response)
    assert response.status_code == 200
    assert (monitoring._open, monitoring._instrumented, monitoring._thread.traces) == (0, {}, ())
    monkeypatch.setattr(views, "inside", lambda request: None)
    assert flight_of(views.view).ran() == whole


def test_instrumenting_that_fails_leaves_nothing_open(monkeypatch, caplog):
    def failing(*args):
        raise ValueError("not today")

    with monkeypatch.context() as patched:
        patched.setattr(sys.monitoring, "set_local_events", failing)
        response, recording = record(asked(views.view), handler().get_response)
    assert (response.status_code, recording) == (200, None)
    assert (monitoring._open, monitoring._thread.traces) == (0, ())
    assert len([entry for entry in caplog.records if entry.name.startswith("lessons.flight")]) == 1
    assert flight_of(views.view).kinds[-1] == "response"


def test_another_tool_goes_on_hearing_what_it_heard():
    heard = []
    sys.monitoring.use_tool_id(0, "a debugger")
    try:
        events = sys.monitoring.events.LINE
        sys.monitoring.register_callback(0, events, lambda code, line: heard.append(line))
        sys.monitoring.set_local_events(0, views.view.__code__, events)
        whole = handler()
        whole.get_response(asked(views.view))
        without = list(heard)
        heard.clear()
        flight = told(record(asked(views.view), whole.get_response)[1])
        assert (
            heard == without == [line for kind, (_, name), line, _ in flight.ran() if (kind, name) == ("line", "view")]
        )
        assert sys.monitoring.get_local_events(0, views.view.__code__) == events
        heard.clear()
        flown(asked(views.other), whole=whole)
        whole.get_response(asked(views.view))
        assert heard == without
    finally:
        sys.monitoring.set_local_events(0, views.view.__code__, 0)
        sys.monitoring.free_tool_id(0)
