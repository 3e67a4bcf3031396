"""One flight hears one request: not the other threads', not the one inside it; and afterwards nothing is left of it."""

import gc
import sys
import threading
import urllib.request
import weakref
from contextlib import suppress
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import waitress
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpResponse
from django.urls import path

from lessons.flight import recorder
from lessons.flight.recorder import record
from lessons.flight.watchlist import around

from . import elsewhere, views
from .cast import answered, asked, flight_of, flown, handler, told
from .views import other, view

pytestmark = [pytest.mark.usefixtures("way", "no_table")]

THREADS = 4


def ask(name: str):
    return asked(view, address=f"/view/?name={name}")


@pytest.fixture(autouse=True)
def meanwhile(monkeypatch):
    """Have something done in the middle of the view; nothing, unless a test says so."""

    def put(what):
        monkeypatch.setattr(views, "inside", what)

    put(lambda request: None)
    return put


@pytest.fixture
def nothing_left():
    """After the test, nobody listens any more."""
    before = sys.gettrace()
    yield
    check_nothing_left(before)


def check_nothing_left(before) -> None:
    assert sys.gettrace() is before
    assert recorder._thread.flights == ()
    assert not [each for each in threading.enumerate() if each.name.startswith("flight")]
    if sys.version_info >= (3, 12):
        from lessons.flight import monitoring

        assert monitoring._thread.traces == ()
        assert monitoring._instrumented == {}
        assert monitoring._open == 0
        if monitoring._tool is not None:
            for code in (view.__code__, other.__code__, SessionStore.load.__code__):
                assert sys.monitoring.get_local_events(monitoring._tool, code) == 0


def in_threads(*jobs) -> None:
    """Run these at once, and raise what any of them raises."""
    failed = []

    def run(job):
        try:
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    if failed:
        raise failed[0]


# Two at once


def test_flights_in_threads_do_not_mix(nothing_left, meanwhile):
    barrier = threading.Barrier(THREADS)
    meanwhile(lambda request: barrier.wait(30))
    whole, flights = handler(), {}

    def job(name):
        for turn in range(5):
            said = f"{name}{turn}"
            response, recording = record(ask(said), whole.get_response)
            assert response.content.decode() == f"{said} {said}"
            flights[said] = told(recording)

    in_threads(*(lambda name=f"thread{number}x": job(name) for number in range(THREADS)))
    (ran,) = {tuple(flight.ran()) for flight in flights.values()}
    assert len(ran) > 100
    for name, flight in flights.items():
        assert set(flight.values("name")) == {repr(name)}
        assert flight.hops()[-1].state.data == {"name": name}
        others = set(flights) - {name}
        assert not [each for each in others if f"'{each}'" in flight.text]


def test_a_thread_that_is_not_recorded_is_not_heard(nothing_left, meanwhile):
    alone = flight_of(view).ran()
    meanwhile(lambda request: in_threads(*[lambda: answered(asked(other))] * THREADS))
    assert flight_of(view).ran() == alone


def test_a_thread_that_watches_other_code_does_not_disturb(nothing_left, meanwhile, monkeypatch):
    """While another thread's flight has more functions instrumented, ours run past them."""
    whole = handler()
    here, there = threading.Barrier(2), threading.Barrier(2)

    def waiting(request):
        here.wait(30)
        there.wait(30)

    def call_it(request):
        here.wait(30)
        elsewhere.helper("ours")
        there.wait(30)

    meanwhile(lambda request: elsewhere.helper("ours"))
    alone = flight_of(view).ran()
    monkeypatch.setattr(elsewhere, "waiting", waiting)
    meanwhile(call_it)
    flights = []
    in_threads(
        lambda: record(asked(elsewhere.view), whole.get_response),
        lambda: flights.append(told(record(ask(""), whole.get_response)[1])),
    )
    assert flights[0].ran() == alone


@pytest.mark.slow
@pytest.mark.parametrize("server", ["waitress", "runserver"])
def test_under_a_server_with_threads(server, nothing_left, settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    flights, whole = [], WSGIHandler()
    plain = whole.get_response
    whole.get_response = lambda request: _kept(flights, request, plain)
    close, port = SERVERS[server](whole)
    try:

        def visit(name):
            for turn in range(8):
                address = f"http://127.0.0.1:{port}/view/?name={name}{turn}"
                with urllib.request.urlopen(address, timeout=30) as page:
                    assert page.read().decode() == f"{name}{turn} {name}{turn}"

        in_threads(*(lambda name=f"visitor{number}x": visit(name) for number in range(THREADS)))
    finally:
        close()
    assert len(flights) == 8 * THREADS
    assert len({tuple(flight.ran()) for flight in flights}) == 1
    assert {len(set(flight.values("name"))) for flight in flights} == {1}


def _kept(flights, request, get_response):
    response, recording = record(request, get_response)
    flights.append(told(recording))
    return response


def _waitress(application):
    connections = {}  # waitress keeps the sockets that it listens to here, and runs until there are none
    server = waitress.create_server(application, map=connections, host="127.0.0.1", port=0, threads=THREADS)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def close():
        with suppress(OSError):  # the loop is awake already, and has closed them all before it was woken
            server.trigger.pull_trigger(lambda: [each.close() for each in list(connections.values())])
        thread.join(10)
        server.task_dispatcher.shutdown()

    return close, server.effective_port


class Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each connection, as runserver has."""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def _runserver(application):
    server = make_server("127.0.0.1", 0, application, Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def close():
        server.shutdown()
        server.server_close()
        thread.join(10)

    return close, server.server_port


SERVERS = {"waitress": _waitress, "runserver": _runserver}


# One inside another


def test_a_request_recorded_inside_another_leaves_the_outer_as_it_is(nothing_left, meanwhile):
    alone, alone_other = flight_of(view), flight_of(other)
    inner, whole = [], handler()
    meanwhile(lambda request: inner.append(flown(asked(other), whole=whole)[1]))
    outer = flown(ask(""))[1]
    assert outer.ran() == alone.ran()
    assert outer.kinds == alone.kinds
    assert outer.trace["states"] == alone.trace["states"]
    assert outer.recording["sql"] == []
    assert inner[0].ran() == alone_other.ran()
    assert inner[0].kinds == alone_other.kinds


def test_three_requests_one_inside_another(nothing_left, meanwhile):
    alone, found, asked_for, whole = flight_of(view), [], [], handler()

    def once_more(request):
        if len(asked_for) < 2:
            asked_for.append(request)
            found.append(flown(ask("inner"), whole=whole)[1])

    meanwhile(once_more)
    flights = [flown(ask("outer"))[1], *found]
    assert len(flights) == 3
    for each in flights:
        assert each.ran() == alone.ran()


def test_a_request_inside_that_nobody_records_does_not_end_the_flight(nothing_left, meanwhile):
    """django.test.Client in a view, say. SessionMiddleware has answered then, but another request."""
    whole = handler()
    alone = flown(ask("ada"), whole=whole)[1].ran()
    meanwhile(lambda request: answered(asked(other), whole))
    flight = flown(ask("ada"), whole=whole)[1]
    rest = alone[alone.index(("line", *alone_line(alone, "view", 4))) :]
    assert flight.ran()[-len(rest) :] == rest
    assert flight.kinds[-3:] == ["set-cookie", "vary", "response"] or flight.kinds[-3:] == [
        "vary",
        "set-cookie",
        "response",
    ]
    assert flight.hops()[-1].state.data == {"name": "ada"}


def alone_line(ran: list, function: str, which: int) -> tuple:
    """Return what is known of the line that ran as the so-many-th in a function."""
    return [event[1:] for event in ran if event[0] == "line" and event[1][1] == function][which - 1]


@pytest.mark.django_db
def test_a_statement_that_another_thread_sends_through_our_connection_is_not_ours(nothing_left, meanwhile, settings):
    """As a live server does in tests: its threads share one connection to the database in memory."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    alone = flown(ask("ada"))[1]
    shared = connections["default"]

    def elsewhere_ask():
        connections["default"] = shared
        with shared.cursor() as cursor:
            cursor.execute("SELECT 'from another thread'")

    meanwhile(lambda request: in_threads(elsewhere_ask))
    shared.inc_thread_sharing()
    try:
        flight = flown(ask("ada"))[1]
    finally:
        shared.dec_thread_sharing()
    assert flight.ran() == alone.ran()
    assert "from another thread" not in flight.text


@pytest.mark.django_db
def test_the_statements_of_a_request_inside_are_its_own(nothing_left, meanwhile, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    inner, whole = [], handler()
    alone = flown(ask("a"))[1]
    meanwhile(lambda request: inner.append(flown(asked(other), whole=whole)[1]))
    outer = flown(ask("a"))[1]
    assert len(outer.recording["sql"]) == len(alone.recording["sql"]) > 0
    assert outer.ran() == alone.ran()
    assert connection.execute_wrappers == []


@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
def test_the_same_request_recorded_twice_gives_both_the_same(nothing_left, zoom):
    """As the toolbar's panel does: it records what is being recorded."""
    whole, inner = handler(), []

    def twice(request):
        response, recording = record(request, whole.get_response, zoom)
        inner.append(told(recording))
        return response

    outer = told(record(ask("ada"), twice, zoom)[1])
    alone = flown(ask("ada"), zoom)[1]
    assert outer.ran() == inner[0].ran() == alone.ran()
    assert outer.kinds == inner[0].kinds == alone.kinds


def test_twice_with_different_zooms(nothing_left):
    whole, inner = handler(), []

    def twice(request):
        response, recording = record(request, whole.get_response, "story")
        inner.append(told(recording))
        return response

    outer = told(record(ask("ada"), twice, "lines")[1])
    assert outer.ran() == flown(ask("ada"), "lines")[1].ran()
    assert inner[0].ran() == flown(ask("ada"), "story")[1].ran()


# Afterwards


@pytest.mark.parametrize(
    "error", [LookupError, KeyboardInterrupt, SystemExit, GeneratorExit, BaseException, RecursionError, StopIteration]
)
def test_whatever_a_view_raises_nothing_is_left(error, nothing_left, meanwhile):
    def raising(request):
        raise error

    meanwhile(raising)
    whole = handler()
    alone = flight_of(other).ran()
    if issubclass(error, Exception):
        response, recording = record(ask("ada"), whole.get_response)
        assert response.status_code == 500
        assert told(recording).kinds[-1] == "response"
    else:
        with pytest.raises(error):
            record(ask("ada"), whole.get_response)
    check_nothing_left(sys.gettrace())
    assert flight_of(other).ran() == alone


@pytest.mark.django_db
@pytest.mark.parametrize("error", [None, LookupError, KeyboardInterrupt])
def test_nothing_is_kept_alive(error, nothing_left, meanwhile, settings, caplog):
    caplog.set_level(100, "django.request")  # a log that pytest keeps would keep the request
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    watching = {}

    def look(request):
        class Local:
            kept = request

        def inner():
            return request

        watching["request"], watching["session"] = weakref.ref(request), weakref.ref(request.session)
        watching["class"], watching["function"] = weakref.ref(Local), weakref.ref(inner)
        if error:
            raise error

    meanwhile(look)

    def fly():
        try:
            response, recording = record(ask("ada"), handler().get_response)
            recording.trace()
            watching["response"] = weakref.ref(response)
        except KeyboardInterrupt:
            pass

    fly()
    gc.collect()
    assert {name: each() for name, each in watching.items()} == dict.fromkeys(watching)
    assert connection.execute_wrappers == []


def test_a_view_written_on_the_spot_is_not_kept_alive():
    def make():
        def local(request):
            return HttpResponse()

        assert around(local)
        return weakref.ref(local)

    watching = make()
    gc.collect()
    assert watching() is None


def test_after_the_flight_no_callback_comes(nothing_left, monkeypatch):
    from lessons.flight.trace import Trace

    flight_of(view)
    heard = []
    for name in ("enter", "line", "leave"):
        monkeypatch.setattr(Trace, name, lambda *args: heard.append(args))
    answered(ask("ada"))
    assert heard == []


urlpatterns = [path("view/", view)]
