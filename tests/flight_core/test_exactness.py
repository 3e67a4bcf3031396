"""Each way of hearing Python tells the same, event for event, and what it tells is what happened."""

import sys
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import wraps

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lessons.flight import recorder
from lessons.flight.listening import listening
from lessons.flight.tracing import Tracing

from . import elsewhere
from .cast import answered, asked, flight_of, flown

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("fast_errors")]

HERE = "tests/flight_core/test_exactness.py"


@pytest.fixture
def fast_errors(caplog, settings):
    """No log of what fails on purpose, and errors answered by Django itself, as they are in the labs."""
    caplog.set_level(100, "django.request")
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.startswith("lessons.")]


class Own(Exception):
    """An exception of ours that cannot be made without two arguments."""

    def __init__(self, one, two):
        super().__init__(one, two)


def counter(request):
    request.session["num"] = request.session.get("num", 0) + 1
    return HttpResponse(request.session["num"])


def caught(request):
    try:
        request.session["missing"]
    except KeyError:
        found = None
    request.session["found"] = found
    return HttpResponse("caught")


def deep(number):
    if number == 0:
        raise Own("one", "two")
    return deep(number - 1)


def through_helpers(request):
    request.session["before"] = 1
    deep(3)


def helper_caught(request):
    for number in range(3):
        with suppress(Own):
            deep(number)
    request.session["after"] = 1
    return HttpResponse("went on")


def with_finally(request):
    try:
        try:
            deep(1)
        finally:
            request.session["finally"] = 1
    except Own as error:
        request.session["caught"] = type(error).__name__
    return HttpResponse("done")


@contextmanager
def managed(request):
    request.session["entered"] = 1
    try:
        yield 1
    except Own:
        request.session["swallowed"] = 1


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def with_with(request):
    with managed(request) as one, Manager():
        deep(one)
    with Manager():
        return HttpResponse("inside")


def raised_again(request):
    try:
        deep(1)
    except Own as error:
        raise LookupError("second") from error


def none_after_exception(request):
    def inner():
        try:
            deep(0)
        except Own:
            return

    inner()
    return HttpResponse(str(inner()))


def not_found(request):
    request.session["looked"] = 1
    raise Http404("no such thing")


def forbidden(request):
    raise PermissionDenied("not you")


def returns_none(request):
    request.session["kept"] = 1


def no_json(request):
    request.session["when"] = datetime(2026, 1, 1)
    return HttpResponse("not yet")


def deleted_meanwhile(request):
    request.session["a"] = 1
    Session.objects.all().delete()
    return HttpResponse("too late")


def letters():
    yield "a"
    yield "b"


def generators(request):
    total = [letter.upper() for letter in letters()]
    pairs = {letter: 1 for letter in letters() if letter}
    later = (letter for letter in letters())
    first = next(later)
    request.session["first"] = first
    return HttpResponse(f"{total} {pairs} {sum(1 for _ in later)} {max(letters(), key=lambda each: each)}")


def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def recursion(request):
    return HttpResponse(fibonacci(5))


def own_decorator(view):
    @wraps(view)
    def wrapper(request):
        request.session["wrapped"] = True
        return view(request)

    return wrapper


@never_cache
@own_decorator
@require_GET
def decorated(request):
    return HttpResponse(request.session["wrapped"])


class Page(View):
    @method_decorator(never_cache)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    @property
    def title(self):
        return "title"

    def get(self, request):
        request.session["page"] = self.title
        return HttpResponse(self.title)


def looping(request):
    total = 0
    for number in range(3):
        if number == 1:
            continue
        total += number
    while total:
        total -= 1
    request.session["total"] = total
    return HttpResponse(total)


def one_line(request): request.session["x"] = 1; return HttpResponse("one line")  # noqa: E702 # fmt: skip


def several_lines(request):
    return HttpResponse(
        str(
            request.session.get(
                "x",
                0,
            ),
        ),
    )


def template(request):
    request.session["name"] = "ada"
    return render(request, "labs/hello.html", {"name": request.session["name"]})


def streaming(request):
    request.session["streamed"] = 1

    def parts():
        request.session["too late"] = 1
        yield "part"

    return StreamingHttpResponse(parts())


async def asynchronous(request):
    await request.session.aset("kept", 1)
    return HttpResponse("later")


VIEWS = [
    *(counter, caught, through_helpers, helper_caught, with_finally, with_with, raised_again),
    *(none_after_exception, not_found, forbidden, returns_none, no_json, deleted_meanwhile, generators, recursion),
    *(decorated, Page.as_view(), looping, one_line, several_lines, template, streaming, elsewhere.view),
]


def name_of(view) -> str:
    return view.__name__


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python has one way of hearing")
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
@pytest.mark.parametrize("view", VIEWS, ids=name_of)
def test_each_way_hears_the_same(view, zoom, debug, monkeypatch, settings):
    settings.DEBUG = debug and zoom == "lines"
    flights, visits = [], []
    for way in (listening, Tracing):
        monkeypatch.setattr(recorder, "listening", way)
        Session.objects.all().delete()
        response, first = flown(asked(view), zoom)
        cookies = {"sessionid": response.cookies["sessionid"].value} if "sessionid" in response.cookies else {}
        flights.append([first, flown(asked(view, cookies=cookies), zoom)[1]])
        visits.append(response.status_code)
    heard, traced = flights
    for one, other in zip(heard, traced, strict=True):
        assert one.ran() == other.ran()
        assert one.kinds == other.kinds
        assert [event[4] for event in one.trace["events"]] == [event[4] for event in other.trace["events"]]
    assert visits[0] == visits[1]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("view", VIEWS, ids=name_of)
def test_calls_and_returns_come_in_pairs(view):
    depth = 0
    for kind, _, _, told, *_ in flight_of(view).trace["events"]:
        if kind == "call":
            depth += 1
            assert told == depth
        if kind in ("leave", "raise"):
            assert told == depth
            depth -= 1
    assert depth == 0


pytest_way = pytest.mark.usefixtures("way")


def left(flight, name: str) -> list[str]:
    """Return how each run of a function ended."""
    return [kind for kind, (_, each), *_ in flight.ran() if each.endswith(name) and kind in ("leave", "raise")]


@pytest_way
def test_the_lines_that_ran_are_the_lines_that_are_told():
    assert flight_of(looping).lines("looping") == [
        "total = 0",
        *("for number in range(3):", "if number == 1:", "total += number"),
        *("for number in range(3):", "if number == 1:", "continue"),
        *("for number in range(3):", "if number == 1:", "total += number"),
        "for number in range(3):",
        *("while total:", "total -= 1", "while total:", "total -= 1", "while total:"),
        'request.session["total"] = total',
        "return HttpResponse(total)",
    ]


@pytest_way
def test_an_exception_that_is_caught_is_no_exception_of_the_flight():
    flight = flight_of(helper_caught)
    assert "exception" not in flight.kinds
    assert left(flight, "deep") == ["raise"] * 6
    assert left(flight, "helper_caught") == ["leave"]
    assert flight.lines("helper_caught")[-2:] == ['request.session["after"] = 1', 'return HttpResponse("went on")']


@pytest_way
def test_none_returned_after_an_exception_was_caught_is_a_return():
    assert left(flight_of(none_after_exception), "inner") == ["leave", "leave"]


@pytest_way
def test_what_a_context_manager_swallows_is_no_exception_of_the_flight():
    flight = flight_of(with_with)
    assert left(flight, "with_with") == ["leave"]
    assert flight.recording["body"] == "inside"


@pytest_way
@pytest.mark.parametrize(
    ("view", "status", "title", "line"),
    [
        (through_helpers, 500, "Own", 'raise Own("one", "two")'),
        (raised_again, 500, "LookupError", 'raise LookupError("second") from error'),
        (not_found, 404, "Http404", 'raise Http404("no such thing")'),
        (forbidden, 403, "PermissionDenied", 'raise PermissionDenied("not you")'),
    ],
    ids=["helpers", "again", "404", "403"],
)
def test_an_exception_is_told_with_the_line_that_raised_it(view, status, title, line):
    flight = flight_of(view)
    (hop,) = [hop for hop in flight.hops() if hop.kind == "exception"]
    assert hop.title == title
    assert hop.function.source.split("\n")[hop.line - hop.function.first].strip() == line
    assert flight.recording["status"] == status


@pytest_way
def test_an_exception_in_process_response_is_told(client):
    """P5: the session cannot be made into JSON."""
    flight = flight_of(no_json)
    (hop,) = [hop for hop in flight.hops() if hop.kind == "exception"]
    assert hop.title == "TypeError"
    assert flight.recording["status"] == 500
    assert left(flight, "process_response") == ["raise"]
    assert not Session.objects.exists()


@pytest_way
def test_a_row_deleted_meanwhile_is_told():
    response, _ = flown(asked(counter))
    flight = flight_of(deleted_meanwhile, cookies={"sessionid": response.cookies["sessionid"].value})
    assert flight.recording["status"] == 400
    assert [hop.title for hop in flight.hops() if hop.kind == "exception"] == ["SessionInterrupted"]


@pytest_way
def test_a_view_that_returns_none_is_told():
    flight = flight_of(returns_none)
    assert [hop.title for hop in flight.hops() if hop.kind == "exception"] == ["ValueError"]
    assert left(flight, "returns_none") == ["leave"]


@pytest_way
def test_a_stream_is_left_to_whoever_reads_it():
    response, flight = flown(asked(streaming))
    assert flight.lines("streaming")[-1] == "return StreamingHttpResponse(parts())"
    assert flight.recording["body"] == ""
    assert "save" in flight.kinds
    assert not response.is_async
    assert b"".join(response.streaming_content) == b"part"
    assert "too late" not in flight.hops()[-1].state.data


@pytest.mark.django_db(transaction=True)
@pytest_way
@pytest.mark.usefixtures("no_table")
def test_an_asynchronous_view_answers_as_it_would():
    """It runs in another thread, where a flight does not listen; around it, all is told."""
    response, flight = flown(asked(asynchronous))
    assert response.content == answered(asked(asynchronous)).content == b"later"
    assert [name for name in flight.kinds if name in ("resolve", "view", "response")] == ["resolve", "response"]
    assert flight.hops()[-1].state.data == {"kept": 1}
    assert flight.recording["view"].endswith("asynchronous")


def raising_before(get_response):
    def middleware(request):
        request.session["before"] = 1
        raise LookupError("before the view")

    return middleware


def raising_after(get_response):
    def middleware(request):
        get_response(request)
        request.session["after"] = 1
        raise LookupError("after the view")

    return middleware


def catching(get_response):
    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        request.session["caught"] = 1
        return HttpResponse("caught by a middleware")

    middleware.process_exception = process_exception
    return middleware


@pytest_way
@pytest.mark.parametrize("where", [raising_before, raising_after])
def test_an_exception_in_a_middleware_is_told(where, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{where.__name__}"]
    flight = flight_of(elsewhere.view)
    assert flight.recording["status"] == 500
    assert [hop.title for hop in flight.hops() if hop.kind == "exception"] == ["LookupError"]
    assert ("view" in flight.kinds) == (where is raising_after)
    assert flight.kinds[-1] == "response"


@pytest_way
def test_an_exception_that_a_middleware_answers_is_told_as_far_as_it_came(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.catching"]
    flight = flight_of(through_helpers)
    assert flight.recording["body"] == "caught by a middleware"
    assert left(flight, "through_helpers") == ["raise"]
    assert flight.hops()[-1].state.row["data"] == {"before": 1, "caught": 1}


@pytest_way
def test_decorators_are_told_where_they_are_ours():
    flight = flight_of(decorated)
    assert flight.kinds.count("view") == 1
    assert {name for _, (file, name), *_ in flight.ran(HERE)} == {"own_decorator.<locals>.wrapper", "decorated"}


@pytest_way
def test_a_class_based_view_is_told():
    flight = flight_of(Page.as_view())
    assert "return HttpResponse(self.title)" in flight.lines("Page.get")
    assert {name for _, (file, name), *_ in flight.ran(HERE)} == {"Page.dispatch", "Page.get", "Page.title"}


@pytest_way
def test_an_exception_says_nothing_that_a_stranger_would_have_to_say():
    asked_to_speak = []

    class Speaking(Exception):
        def __str__(self):
            asked_to_speak.append("str")
            return "words"

    class Thing:
        def __repr__(self):
            asked_to_speak.append("repr")
            return "thing"

    def speaking(request):
        raise Speaking("argument", Thing())

    def of_a_thing(request):
        raise KeyError(Thing())

    def raised_by(view):
        asked_to_speak.clear()
        answered(asked(view))
        without = list(asked_to_speak)
        asked_to_speak.clear()
        flight = flight_of(view)
        assert asked_to_speak == without
        return [event[5]["error"]["message"] for event in flight.trace["events"] if event[5] and "error" in event[5]]

    def in_words(request):
        raise Speaking("argument")

    assert raised_by(in_words) == ["'argument'"]
    assert raised_by(speaking) == ["'argument', <Thing>"]
    assert raised_by(of_a_thing) == ["<Thing>"]
