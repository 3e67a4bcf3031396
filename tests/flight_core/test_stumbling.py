"""When the recorder itself fails: the visitor gets the same answer, the log says it once, the next flight is whole."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse

from lessons.flight import recorder, states, trace
from lessons.flight.story import tell
from lessons.labs import urls
from lessons.models import Flight

from .cast import asked, flown, handler, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]

PARTS = {
    "enter": (trace.Trace, "enter"),
    "line": (trace.Trace, "line"),
    "leave": (trace.Trace, "leave"),
    "error": (trace.Trace, "_error"),
    "learn": (trace.Trace, "_learn"),
    "parent": (trace.Trace, "_parent"),
    "write": (trace.Trace, "_write"),
    "end": (trace.Trace, "end"),
    "now": (states.States, "now"),
    "new": (states.States, "_new"),
    "found": (states.States, "found"),
    "wrote": (states.States, "wrote"),
    "encoded": (states.States, "encoded"),
    "said": (trace, "said"),
    "around": (trace, "around"),
    "watchlist": (trace, "in_every_flight"),
    "listening": (recorder, "listening"),
    "masker": (recorder, "masker"),
}


def view(request):
    request.session["met"] = request.session.get("met", 0) + 1
    things = [object()]
    row = Session.objects.count()
    if request.GET.get("fail"):
        raise LookupError("on purpose")
    return HttpResponse(f"{request.session['met']} {len(things)} {row}")


def failing(*args, **kwargs):
    raise ZeroDivisionError("the recorder's own")


def logged(caplog) -> list[str]:
    return [entry.getMessage() for entry in caplog.records if entry.name.startswith("lessons.flight")]


@pytest.mark.parametrize("zoom", ["story", "lines"])
@pytest.mark.parametrize("address", ["/view/", "/view/?fail=1"])
@pytest.mark.parametrize("part", PARTS)
def test_the_answer_is_the_same_and_the_log_says_it_once(part, address, zoom, monkeypatch, caplog):
    request = asked(view, address=address)
    with monkeypatch.context() as patched:
        patched.setattr(*PARTS[part], failing)
        response, recording = record(request, handler().get_response, zoom)
    if "fail" in address:
        assert response.status_code == 500
        assert not Session.objects.exists()
    else:
        assert (response.status_code, response.content) == (200, b"1 1 0")
        assert Session.objects.get().get_decoded() == {"met": 1}
    assert len(logged(caplog)) <= 1
    heard = zoom == "lines" or part != "line"
    if part in ("enter", "line", "leave", "write", "now", "watchlist", "listening", "masker") and heard:
        assert logged(caplog)
    if recording:
        assert tell(recording.as_dict(), recording.trace())[-1].kind == "response"
    assert connection.execute_wrappers == []


def test_the_next_flight_is_whole(monkeypatch, caplog):
    whole = flown(asked(view))[1].kinds
    for part in PARTS.values():
        with monkeypatch.context() as patched:
            patched.setattr(*part, failing)
            record(asked(view), handler().get_response)
        assert flown(asked(view))[1].kinds == whole


def test_a_flight_that_broke_off_says_so(monkeypatch, caplog):
    with monkeypatch.context() as patched:
        patched.setattr(trace.Trace, "leave", failing)
        flight = flown(asked(view))[1]
    assert flight.trace["missed"] >= 1
    assert logged(caplog)


@pytest.mark.parametrize("part", ["wrote", "now", "leave"])
def test_a_statement_that_fails_still_fails_as_it_would(part, monkeypatch, caplog):
    def asking(request):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nothing FROM nowhere")
        except Exception as error:
            return HttpResponse(type(error).__name__)

    with monkeypatch.context() as patched:
        patched.setattr(*PARTS[part], failing)
        response, _ = record(asked(asking), handler().get_response)
    assert response.content == (b"ProgrammingError" if connection.vendor == "postgresql" else b"OperationalError")


def test_logging_that_fails_is_nobodys_business_either(monkeypatch):
    class Raising(logging.Filter):
        def filter(self, entry):
            raise ZeroDivisionError

    refusing = Raising()
    monkeypatch.setattr(trace.Trace, "line", failing)
    loggers = [logging.getLogger(f"lessons.flight.{name}") for name in ("trace", "tracing", "monitoring", "recorder")]
    for each in loggers:
        each.addFilter(refusing)
    try:
        assert record(asked(view), handler().get_response)[0].status_code == 200
    finally:
        for each in loggers:
            each.removeFilter(refusing)


def test_a_project_without_sessions_is_answered(settings, monkeypatch):
    settings.SESSION_ENGINE = "nobody.has.this.engine"
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    response, _ = record(asked(lambda request: HttpResponse("answered")), handler().get_response)
    assert response.content == b"answered"


class Slotted:
    __slots__ = ()


@pytest.mark.parametrize("session", [None, {}, Slotted(), 7, {"num": 1}.keys()], ids=repr)
def test_a_session_of_another_make_is_no_obstacle(session, settings, caplog):
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

    def strange(request):
        request.session = session
        return HttpResponse("answered")

    response, recording = record(asked(strange), handler().get_response)
    assert response.content == b"answered"
    assert recording is not None
    assert logged(caplog) == []


def test_a_view_may_put_another_session_in_its_place(client):
    from django.contrib.sessions.backends.db import SessionStore

    def exchanging(request):
        request.session["one"] = 1
        request.session = SessionStore()
        request.session["two"] = 2
        return HttpResponse("exchanged")

    _, flight = flown(asked(exchanging))
    assert flight.hops()[-1].state.data == {"two": 2}
    assert flight.hops()[-1].state.row["data"] == {"two": 2}


def test_the_visitor_of_a_lab_gets_an_answer_even_if_nothing_can_be_told(learner, monkeypatch, caplog):
    def strange(request):
        number = 10**10_000
        return HttpResponse(number > 0)

    (line,) = [line for line in urls.urlpatterns if line.name == "ignore"]
    monkeypatch.setattr(line, "callback", strange)
    assert learner.client.get("/lab/touch/ignore/").content == b"True"
    assert Flight.objects.count() == 1
