"""One way of answering the counter's requests; a worker of `recorder.py`."""

import gc
import json
import os
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "sessiondemo.settings"

import django
from django.conf import settings

WAY = os.environ["BENCH_WAY"]
OF_A_NEW_PROJECT = [each for each in settings.MIDDLEWARE if each.startswith("django.")]


def configure() -> None:
    """Change the project's settings to what this way of answering needs, before Django reads them."""
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DB"]
    settings.MIDDLEWARE = list(OF_A_NEW_PROJECT)
    if WAY == "not recording":
        settings.MIDDLEWARE.insert(0, "lessons.middleware.record_your_browser")
    elif WAY == "toolbar":
        settings.MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")
        settings.DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": "answer.always", "SHOW_COLLAPSED": True}
        settings.DEBUG_TOOLBAR_PANELS = defaults()
        settings.ROOT_URLCONF = "toolbar_urls"
    elif WAY == "silk":
        settings.INSTALLED_APPS.append("silk")
        settings.MIDDLEWARE.insert(0, "silk.middleware.SilkyMiddleware")
    django.setup()


def defaults() -> list[str]:
    from debug_toolbar.settings import PANELS_DEFAULTS

    return PANELS_DEFAULTS


def always(request) -> bool:
    return True


def main() -> None:
    configure()
    from django.core.handlers.base import BaseHandler
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    handler = BaseHandler()
    handler.load_middleware()
    answer = answerer(handler.get_response)
    cookie = {"Cookie": f"sessionid={answer({}).cookies['sessionid'].value}"}
    gc.disable()
    for question in map(json.loads, sys.stdin):
        result = median(answer, cookie, question) if isinstance(question, int) else lengths(question["writes"])
        print(json.dumps(result), flush=True)


def answerer(get_response):
    """Return a function that sends one request with these headers and gives its response."""
    from django.test import RequestFactory

    from lessons.flight.recorder import record

    factory = RequestFactory()

    def answer(headers):
        request = factory.get("/lab/visits/", headers=headers)
        if WAY in ("story", "calls", "lines"):
            return record(request, get_response, WAY)[0]
        return get_response(request)

    if WAY == "not recording":  # it has recorded before: what that leaves behind must cost nothing
        record(factory.get("/lab/visits/"), get_response)
    return answer


def median(answer, cookie, requests: int) -> float:
    """Return the median time of one request, in milliseconds."""
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        answer(cookie)
        times.append(time.perf_counter() - began)
    gc.collect()
    return statistics.median(times) * 1000


def lengths(writes: list[int]) -> list[dict]:
    """Record flights through a view that writes so many times; return their events, time, size and memory."""
    return [_length(many) for many in writes]


def _length(many: int) -> dict:
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.test import RequestFactory

    from lessons.flight.recorder import record

    def view(request):
        for number in range(many):
            request.session["number"] = number
        return HttpResponse()

    from django.http import HttpResponse

    def fly(recorded: bool) -> tuple[float, dict]:
        request = RequestFactory().get("/")
        began = time.perf_counter()
        if not recorded:
            SessionMiddleware(view)(request)
            return time.perf_counter() - began, {}
        _, recording = record(request, SessionMiddleware(view))
        return time.perf_counter() - began, recording.trace()

    plain = statistics.median(fly(False)[0] for _ in range(9))
    recorded = statistics.median(fly(True)[0] for _ in range(9))
    tracemalloc.start()
    trace = fly(True)[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "writes": many,
        "events": len(trace["events"]),
        "ms": (recorded - plain) * 1000,
        "json": len(json.dumps(trace)),
        "peak": peak,
    }


if __name__ == "__main__":
    sys.modules["answer"] = sys.modules["__main__"]
    main()
