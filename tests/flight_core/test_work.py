"""What a line may do is known from its code, and the session is looked at only then: no change may slip through."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from lessons.flight.recorder import listening
from lessons.flight.trace import Trace
from lessons.flight.tracing import Tracing
from lessons.flight.watchlist import Watched


def heard(held):
    return len(held)


class Holder:
    """Stands for a session's own code: what is in its dict, and a property that is heard."""

    def __init__(self, held):
        self.held = held

    @property
    def mine(self):
        found = self.held
        return found if found else {}


def one_call(held, holder):
    heard(held)
    return


def a_call_and_one_unheard(held, holder):
    heard(held), held.update(later=1)
    return


def an_unheard_call_and_one_that_is_heard(held, holder):
    held.update(before=1), heard(held)
    return


def a_property_before_the_only_call(held, holder):
    holder.mine.update(later=1)
    return


def the_only_call_before_a_property(held, holder):
    held.update(before=1) or holder.mine
    return


def an_item_from_a_call(held, holder):
    held["later"] = heard(held)
    return


def an_item(held, holder):
    held["later"] = 1
    return


def a_call_in_each_turn_of_a_loop(held, holder):
    for number in range(2):
        heard(held)
        held["turn"] = number
    return


def recorded(function, way_of_listening):
    """Run a function as if it were Django's own session code; return each event with the dict as it was told."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session._session_cache = {"num_visits": 1}
    trace = Trace(request)
    for each, asked in [(function, False), (heard, False), (Holder.mine.fget, True)]:
        watched = Watched(each.__code__, each.__qualname__, __name__, "session", lines=True, asked=asked)
        trace.watch({id(each.__code__): watched})
    with way_of_listening(trace):
        function(request.session._session_cache, Holder(request.session._session_cache))
    trace.end()
    states, names = trace.as_dict()["states"], ["", *(each.name for each in trace.functions)]
    return [
        (kind, names[0 if place is None else place + 1], states[at]["data"])
        for kind, place, _, _, at, _ in trace.events
    ]


def held_at(events, kind, name):
    return next(data for event, function, data in events if (event, function) == (kind, name))


BEFORE = {"num_visits": 1}


@pytest.fixture
def run(way):
    return lambda function: recorded(function, Tracing if way == "settrace" else listening)


def test_a_line_with_one_call_has_done_nothing_else(run):
    events = run(one_call)
    assert {kind for kind, *_ in events} == {"request", "call", "line", "leave", "response"}
    assert all(data in (None, BEFORE) for _, _, data in events)


@pytest.mark.parametrize(
    "function",
    [a_call_and_one_unheard, a_property_before_the_only_call, an_item_from_a_call, an_item],
)
def test_what_a_line_does_after_a_call_that_is_heard_is_seen_at_the_next_line(run, function):
    events = run(function)
    assert held_at(events, "leave", function.__name__) == {**BEFORE, "later": 1}
    lines = [data for kind, name, data in events if (kind, name) == ("line", function.__name__)]
    assert lines == [BEFORE, {**BEFORE, "later": 1}]


def test_what_a_line_does_before_a_call_that_is_heard_is_seen_in_that_call(run):
    assert held_at(run(an_unheard_call_and_one_that_is_heard), "call", "heard") == {**BEFORE, "before": 1}


def test_what_a_line_does_before_a_property_is_seen_in_that_property(run):
    assert held_at(run(the_only_call_before_a_property), "call", "Holder.mine") == {**BEFORE, "before": 1}


def test_each_turn_of_a_loop_is_seen(run):
    calls = [data for kind, name, data in run(a_call_in_each_turn_of_a_loop) if (kind, name) == ("call", "heard")]
    assert calls == [BEFORE, {**BEFORE, "turn": 0}]
