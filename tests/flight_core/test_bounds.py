"""Nothing grows without end, and however much is left out, the end of the story is there."""

import gc
import json
import tracemalloc
from contextlib import suppress

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect

from lessons.flight import states
from lessons.flight import trace as traces
from lessons.flight.recorder import record

from .cast import asked, flight_of, flown, handler, told

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("way")]

MOST = traces.EVENTS_MOST + 4 * traces.END_MOST
KB = 1024


def size_of(flight) -> int:
    return len(json.dumps([flight.recording, flight.trace], ensure_ascii=False).encode())


def stored(data: dict) -> dict:
    """Return the cookies of a browser whose session holds this."""
    session = SessionStore()
    session.update(data)
    session.save()
    return {"sessionid": session.session_key}


SESSIONS = {
    "one text": {"text": "x" * 200 * KB},
    "many keys": {f"key{number}": "x" * 40 for number in range(4000)},
    "long keys": {f"{number}" * 100: number for number in range(400, 1000)},
    "numbers": {"numbers": list(range(30_000))},
    "lists": {"rows": [[[[number] * 5] * 5] * 5 for number in range(300)]},
    "letters": {"text": "ö😀" * 30 * KB},
    "quotes": {"text": "\\\"'" * 60 * KB},
}


@pytest.mark.parametrize("data", SESSIONS.values(), ids=SESSIONS.keys())
@pytest.mark.parametrize("zoom", ["story", "lines"])
def test_a_session_of_200_kb_gives_a_flight_of_less_than_256(data, zoom):
    def view(request):
        held = dict(request.session.items())
        for name, value in list(held.items())[:20]:
            request.session[name] = value
        whole = json.dumps(held)
        request.session["size"] = len(whole)
        return HttpResponse(whole)

    flight = flown(asked(view, cookies=stored(data)), zoom)[1]
    assert size_of(flight) < 256 * KB
    assert flight.kinds[-4:] in (
        ["update", "set-cookie", "vary", "response"],
        ["update", "vary", "set-cookie", "response"],
    )


def writes(times: int):
    def view(request):
        for number in range(times):
            request.session["number"] = number
        request.session["done"] = True
        return HttpResponse("done")

    return view


def long_lists(times: int):
    def view(request):
        numbers, text = [], ""
        for number in range(times):
            numbers.append(number)
            text = text + "x" * 1000
            request.session["numbers"] = numbers[-3:]
        request.session["done"] = True
        return HttpResponse("done")

    return view


def saves(times: int):
    def view(request):
        for number in range(times):
            request.session["number"] = number
            request.session.save()
        request.session["done"] = True
        return HttpResponse("done")

    return view


def statements(times: int):
    def view(request):
        with connection.cursor() as cursor:
            for number in range(times):
                cursor.execute("SELECT %s" + ", %s" * 20, [f"{number} " * 300] * 21)
        request.session["done"] = True
        return HttpResponse("done")

    return view


def helpers(times: int):
    def helper(number):
        if number % 3 == 0:
            raise LookupError
        return number

    def view(request):
        for number in range(times):
            with suppress(LookupError):
                helper(number)
        request.session["done"] = True
        return HttpResponse("done")

    return view


LONG = {
    "writes": (writes, 100_000),
    "long lists": (long_lists, 4000),
    "saves": (saves, 1500),
    "statements": (statements, 12_000),
    "helpers": (helpers, 100_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("zoom", ["story", "lines"])
@pytest.mark.parametrize(("make", "times"), LONG.values(), ids=LONG.keys())
def test_a_long_flight_is_cut_in_the_middle_and_has_its_end(make, times, zoom):
    short = flown(asked(make(1)), zoom)[1]
    flight = flown(asked(make(times)), zoom)[1]
    assert len(flight.trace["events"]) <= MOST
    assert size_of(flight) < 4 * KB * KB
    if len(flight.trace["events"]) > traces.EVENTS_MOST:
        assert flight.trace["missed"] > 0
    end = flight.kinds[flight.kinds.index("view-returns") :]
    assert end == short.kinds[short.kinds.index("view-returns") :]
    assert "response" in end
    assert flight.hops()[-1].state.data["done"] is True
    assert flight.hops()[-1].state.row["data"]["done"] is True
    captions = [hop.caption for hop in flight.hops()[-len(end) + 1 :]]
    assert captions == [hop.caption for hop in short.hops()[-len(end) + 1 :]]


def test_what_is_left_out_is_counted(monkeypatch):
    whole = flight_of(writes(300))
    monkeypatch.setattr(traces, "LINES_MOST", 500)
    monkeypatch.setattr(traces, "EVENTS_MOST", 700)
    cut = flight_of(writes(300))
    assert whole.trace["missed"] == 0
    assert cut.trace["missed"] > 1000
    assert len(cut.trace["events"]) + cut.trace["missed"] == len(whole.trace["events"])


def test_after_the_view_each_line_is_kept(monkeypatch):
    monkeypatch.setattr(traces, "LINES_MOST", 300)
    monkeypatch.setattr(traces, "EVENTS_MOST", 400)
    cut, short = flight_of(writes(1000)), flight_of(writes(1))
    assert cut.trace["missed"] > 1000
    assert cut.lines("process_response") == short.lines("process_response")
    assert cut.kinds[-5:] == short.kinds[-5:]


def test_a_view_that_fails_after_too_much_is_told_to_its_end(monkeypatch, caplog):
    monkeypatch.setattr(traces, "LINES_MOST", 300)
    monkeypatch.setattr(traces, "EVENTS_MOST", 400)

    def view(request):
        for number in range(1000):
            request.session["number"] = number
        raise LookupError("at last")

    flight = flight_of(view)
    assert flight.trace["missed"] > 1000
    assert flight.kinds[-3:] == ["exception", "not-saved", "response"] or "exception" in flight.kinds[-6:]
    (hop,) = [hop for hop in flight.hops() if hop.kind == "exception"]
    assert hop.function.source.split("\n")[hop.line - hop.function.first].strip() == 'raise LookupError("at last")'


def test_the_end_has_its_values_whatever_came_before(monkeypatch):
    for module in (traces, states):
        monkeypatch.setattr(module, "VALUES_MOST", 30)
        monkeypatch.setattr(module, "END_VALUES", 1500)

    def view(request):
        lists = [["x" * 100] * 20]
        again = [*lists]
        for name in "abcdefghijklmnopqrstuvwxyz":
            request.session[name] = "y" * 100
        request.session.clear()
        request.session["more"] = len(again)
        return redirect("/")

    flight = flight_of(view)
    assert flight.values("lists")[0].endswith("…")
    assert flight.values("response")[-1] == "<HttpResponseRedirect 302>"
    assert any("…" in (hop.state.data or {}) for hop in flight.hops("lines"))
    assert flight.hops()[-1].state.data == {"more": 1}


def test_too_much_in_front_of_the_view_does_not_hide_it(monkeypatch, settings):
    monkeypatch.setattr(traces, "LINES_MOST", 30)
    monkeypatch.setattr(traces, "EVENTS_MOST", 40)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.busy"]
    flight = flight_of(writes(1))
    assert "view" in flight.kinds
    assert "view-returns" in flight.kinds
    assert flight.kinds[-1] == "response"


def busy(get_response):
    def middleware(request):
        for number in range(100):
            request.session["busy"] = number
        return get_response(request)

    return middleware


def memory(times: int) -> tuple[int, int]:
    """Return how many events a flight has, and how many bytes it takes at most."""
    request, whole = asked(writes(times)), handler()
    gc.collect()
    tracemalloc.start()
    try:
        _, recording = record(request, whole.get_response)
        told(recording)
        return len(recording.trace()["events"]), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_as_the_events_do():
    memory(10)
    (few, little), (many, much) = memory(40), memory(400)
    assert many > 6 * few
    assert much / little < 1.5 * many / few


@pytest.mark.slow
def test_memory_has_an_end():
    _, most = memory(2000)
    _, more = memory(20_000)
    assert more < 1.3 * most


def test_a_local_that_is_replaced_again_and_again_is_not_kept():
    def view(request):
        for number in range(300):
            text = f"{number}" * 50_000
        return HttpResponse(len(text))

    request, whole = asked(view), handler()
    record(request, whole.get_response)
    tracemalloc.start()
    try:
        record(asked(view), whole.get_response)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * KB * KB


def test_a_thousand_rows_are_not_remembered():
    def view(request):
        for number in range(100):
            request.session["number"] = "x" * 10_000 + str(number)
            request.session.save()
            request.session.cycle_key()
        return HttpResponse("done")

    request, whole = asked(view), handler()
    from lessons.flight.states import REMEMBERED, States

    kept = []
    plain = States.freeze
    try:
        States.freeze = lambda self: kept.append(self) or plain(self)
        record(request, whole.get_response)
    finally:
        States.freeze = plain
    assert 0 < len(kept[0]._texts) <= REMEMBERED
    assert 0 < len(kept[0]._rows) <= REMEMBERED
    assert Session.objects.count() == 1
