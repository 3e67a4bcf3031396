"""Who was tracing before, goes on as if we were not there: a Python tracer, coverage, a debugger."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse

from lessons.flight import recorder
from lessons.flight.recorder import record
from lessons.flight.tracing import Tracing

from . import views
from .cast import asked, flight_of, flown, handler, told

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_table")]

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDER = os.path.join("lessons", "flight", "")


@pytest.fixture(autouse=True)
def no_collection():
    """The garbage collector calls back into Hypothesis whenever it likes; a tracer hears that too."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def settrace(monkeypatch):
    """These are about `sys.settrace`, on each Python."""
    monkeypatch.setattr(recorder, "listening", Tracing)


class Tracer:
    """A tracer that writes down what it hears of everybody but the recorder. Each kind wants something else."""

    def __init__(self, kind: str):
        self.kind, self.heard = kind, []

    def __call__(self, frame, event, arg):
        """Hear that a function is called."""
        if self._is_ours(frame):
            return None
        self._write(frame, event)
        if self.kind == "calls only":
            return None
        if self.kind == "no lines":
            frame.f_trace_lines = False
        if self.kind == "by f_trace":
            frame.f_trace = self.inside
            return None
        if self.kind == "opcodes":
            frame.f_trace_opcodes = True
        return self.inside

    def inside(self, frame, event, arg):
        self._write(frame, event)
        if self.kind == "answers None":
            return None
        if self.kind == "hands over" and event == "line":
            return self.second
        if self.kind == "lines later" and event == "line":
            frame.f_trace_lines = False
        return self.inside

    def second(self, frame, event, arg):
        self._write(frame, f"second {event}")
        return None if self.kind == "answers None" else self.inside

    def _write(self, frame, event):
        self.heard.append((frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno, event))

    def _is_ours(self, frame) -> bool:
        """Whether this is none of Django's answering, but the recorder's own code, or what it calls."""
        while frame is not None and frame.f_code is not BaseHandler.get_response.__code__:
            if RECORDER in frame.f_code.co_filename:
                return True
            frame = frame.f_back
        return frame is None


KINDS = ["all", "calls only", "no lines", "by f_trace", "answers None", "hands over", "lines later"]
if sys.version_info < (3, 12):  # later ones send opcodes only after one more `sys.settrace`, whoever calls it
    KINDS.append("opcodes")


def traced(tracer, what) -> list:
    """Return what the tracer heard."""
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        what()
    finally:
        assert sys.gettrace() is tracer
        sys.settrace(before)
    return tracer.heard


def raising(request):
    raise LookupError


@pytest.fixture(params=["answers", "raises"])
def inside(request, monkeypatch):
    monkeypatch.setattr(views, "inside", raising if request.param == "raises" else lambda request: None)


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("zoom", ["story", "lines"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_tracer_hears_the_same_with_and_without_us(kind, zoom):
    whole, flights = handler(), []
    whole.get_response(asked(views.view))  # what runs only the first time has run
    record(asked(views.view), whole.get_response, zoom)
    alone = flown(asked(views.view), zoom, whole)[1]
    requests = [asked(views.view) for _ in range(2)]
    without = traced(Tracer(kind), lambda: whole.get_response(requests[0]))
    with_us = traced(Tracer(kind), lambda: flights.append(record(requests[1], whole.get_response, zoom)[1]))
    assert len(without) > 50
    assert with_us == without
    assert told(flights[0]).ran() == alone.ran()


def test_a_tracer_that_has_seen_enough_is_not_called_again():
    whole, heard = handler(), []

    def once(frame, event, arg):
        heard.append(event)
        sys.settrace(None)

    alone = flown(asked(views.view), whole=whole)[1]
    sys.settrace(once)
    flight = flown(asked(views.view), whole=whole)[1]
    left = sys.gettrace()
    sys.settrace(None)
    assert heard == ["call"]
    assert left is None
    assert flight.ran() == alone.ran()


def test_a_tracer_that_gives_way_to_another():
    heard = []

    def first(frame, event, arg):
        sys.settrace(second)

    def second(frame, event, arg):
        heard.append(frame.f_code.co_name)

    whole = handler()
    alone = flown(asked(views.view), whole=whole)[1]
    sys.settrace(first)
    flight = flown(asked(views.view), whole=whole)[1]
    left = sys.gettrace()
    sys.settrace(None)
    assert left is second
    assert "view" in heard
    assert flight.ran() == alone.ran()


def test_a_tracer_that_fails_fails_as_it_would():
    def failing(frame, event, arg):
        if frame.f_code is views.view.__code__:
            raise ArithmeticError("the tracer's own")

    for answer in (lambda request: handler().get_response(request), lambda request: flown(request)[0]):
        sys.settrace(failing)
        try:
            response = answer(asked(views.view))
            assert sys.gettrace() is None
        finally:
            sys.settrace(None)
        assert response.status_code == 500


# A view that traces


def quiet(frame, event, arg):
    return None


def test_a_view_that_sets_a_tracer_and_puts_back_what_was_there():
    def view(request):
        before = sys.gettrace()
        sys.settrace(quiet)
        request.session["during"] = 1
        sys.settrace(before)
        request.session["after"] = 2
        return HttpResponse("done")

    response, flight = flown(asked(view))
    assert response.content == b"done"
    assert sys.gettrace() is None
    assert flight.hops()[-1].state.data == {"during": 1, "after": 2}
    assert flight.kinds[-1] == "response"


def test_a_tracer_that_a_view_sets_stays_as_it_would():
    def view(request):
        request.session["before"] = 1
        sys.settrace(quiet)
        request.session["after"] = 2
        return HttpResponse("done")

    response, flight = flown(asked(view))
    left = sys.gettrace()
    sys.settrace(None)
    assert response.content == b"done"
    assert left is quiet
    assert flight.trace["missed"] > 0
    assert flight.hops()[-1].state.data == {"before": 1, "after": 2}


def test_our_tracer_kept_and_called_later_is_deaf(caplog):
    kept = []

    def view(request):
        kept.append(sys.gettrace())
        return HttpResponse("done")

    _, recording = record(asked(view), handler().get_response)
    events = len(recording.trace()["events"])
    sys.settrace(kept[0])
    flight_of(views.view)
    sys.settrace(None)
    assert len(recording.trace()["events"]) == events
    assert caplog.records == []


def test_breakpoint_like_debugger_in_a_view_breaks_nothing():
    """As bdb does: it hangs itself onto every frame below, and lets go again."""

    def dispatch(frame, event, arg):
        if frame.f_code.co_name == "release":
            sys.settrace(None)
            below = frame
            while below is not None:
                below.f_trace = None
                below = below.f_back
        return dispatch

    def release():
        return None

    def view(request):
        frame = sys._getframe()
        while frame is not None:
            frame.f_trace = dispatch
            frame = frame.f_back
        sys.settrace(dispatch)
        request.session["one"] = 1
        release()
        request.session["two"] = 2
        return HttpResponse("done")

    response, flight = flown(asked(view))
    assert sys.gettrace() is None
    assert response.content == b"done"
    assert flight.kinds[-1] == "response"
    assert flight.hops()[-1].state.data == {"one": 1, "two": 2}


# Coverage, which is written in C

SCRIPT = """
import json, sys
sys.path[:0] = [{root!r}, {folder!r}]
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="k" * 50, ALLOWED_HOSTS=["*"], ROOT_URLCONF="covered", SESSION_COOKIE_AGE=100,
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
)
django.setup()
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory
from lessons.flight.recorder import record
whole = BaseHandler()
whole.load_middleware()
for name in ("a", "b"):
    request = RequestFactory().get("/view/?name=" + name)
    if {recorded}:
        response, recording = record(request, whole.get_response)
        trace = recording.trace()
        functions = [each["name"] for each in trace["functions"]]
        print(json.dumps([[e[0], functions[e[1]], e[2]] for e in trace["events"] if e[1] is not None]))
    else:
        response = whole.get_response(request)
    assert response.content == b"answered " + name.encode(), response.content
"""
COVERED = """
from django.http import HttpResponse
from django.urls import path


def helper(name):
    try:
        raise LookupError(name)
    except LookupError as error:
        return error.args[0]


def view(request):
    request.session["name"] = helper(request.GET["name"])
    if request.session["name"] == "b":
        never = [
            letter
            for letter in "abc"
        ]
    def inner():
        return 1
    return HttpResponse(f"answered {request.session['name']}")


def unused(request):
    return None


urlpatterns = [path("view/", view)]
"""
CORES = ["ctrace", "pytrace"] + (["sysmon"] if sys.version_info >= (3, 12) else [])


def run(folder, recorded: bool, core: str = "") -> tuple[dict, list]:
    """Run the script, under coverage if there is a core; return which lines of which file ran, and the flights."""
    script, report = folder / "script.py", folder / "report.json"
    script.write_text(SCRIPT.format(root=str(ROOT), folder=str(folder), recorded=recorded))
    (folder / "covered.py").write_text(COVERED)
    data = str(folder / "data")
    cover = [sys.executable, "-m", "coverage"]
    measured = ["covered.py", "*/django/contrib/sessions/*"]
    environment = {**os.environ, "COVERAGE_CORE": core, "COVERAGE_FILE": data}
    how = [*cover, "run", "--branch", f"--include={','.join(measured)}"] if core else [sys.executable]
    done = subprocess.run([*how, str(script)], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Trace function changed" not in done.stderr
    flights = [json.loads(line) for line in done.stdout.splitlines()]
    if not core:
        return {}, flights
    subprocess.run([*cover, "json", "-q", "-o", str(report)], cwd=folder, env=environment, check=True, timeout=120)
    files = json.loads(report.read_text())["files"]
    return {name: (each["executed_lines"], each["executed_branches"]) for name, each in files.items()}, flights


@pytest.mark.slow
@pytest.mark.parametrize("core", CORES)
def test_coverage_counts_the_same_lines_with_and_without_us(core, tmp_path):
    pytest.importorskip("coverage")
    without, _ = run(tmp_path, False, core)
    with_us, flights = run(tmp_path, True, core)
    _, alone = run(tmp_path, True)
    assert len(without) >= 3
    assert with_us == without
    assert flights == alone
    assert flights[0][0][0] == "call"
