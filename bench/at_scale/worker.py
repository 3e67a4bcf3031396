"""One database and whoever asks it in this process; a worker of `inspector.py`, as `answer.py` is of `recorder.py`."""

import gc
import json
import logging
import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

import django

DEEP = 1000  # the page that few would turn to
OFTEN = 100  # decodes of one row at a time: one alone is too short to be timed
CHUNK = 100  # rows that are decoded one way, and then the other


def main() -> None:
    django.setup()
    logging.disable(logging.CRITICAL)  # Django warns of each row that it cannot read
    from at_scale import rows, server

    rows.prepare()
    there = 0
    for question in map(json.loads, sys.stdin):
        if stop := question.get("fill"):
            rows.fill(there, stop)
            there = stop
            answer = {}
        elif rounds := question.get("pages"):
            answer = pages(rounds)
        elif rounds := question.get("server"):
            answer = server.measured(rounds, question["datasette"])
        else:
            answer = decoding()
        print(json.dumps(answer), flush=True)


def pages(rounds: int) -> dict[str, float]:
    """Return how many milliseconds each page takes, and one decode: the medians of what takes turns."""
    ways = {name: way for name, way in _ways().items() if way}
    took = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            if sum(took[name]) < 10:  # seconds; what takes that long needs no more turns
                took[name].append(_seconds(way))
    medians = {name: statistics.median(times[1:] or times) * 1000 for name, times in took.items()}
    told = {f"{name} us": medians.pop(name) * 1000 / OFTEN for name in ("decode", "get_decoded")}
    return medians | told | {"memory": _growth(ways["fragment"], 10 * rounds)}


def _ways() -> dict[str, Callable | None]:
    """Return what is measured, by name. None where there is nothing to ask for."""
    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.test import RequestFactory

    from lessons import inspector
    from lessons.handles import handle_for
    from lessons.session_data import decode

    from .page import Asking, Page

    keys = [settings.SECRET_KEY]
    reader, admin = Asking(), Asking(user="admin")
    request = RequestFactory().get("/", SERVER_NAME="localhost")
    request.notebook_key = None
    some = Session.objects.filter(session_data__startswith=".").order_by("-expire_date")[0]  # a login
    following = _following("/inspector/", lambda address: Page(reader.get(address)).next)
    second = next(following, None)
    deep = next((address for number, address in enumerate(following, 3) if number == DEEP), None)
    as_many = Session.objects.count() >= DEEP * 50
    return {
        "fragment": partial(reader.get, "/_ui/rows/"),
        "fresh": lambda: (_forget(), reader.get("/_ui/rows/")),
        "rows": lambda: (_forget(), [row.decoded.data for row in inspector.Visitor(request).rows()]),
        "page": partial(reader.get, "/inspector/"),
        "next": second and partial(reader.get, second),
        "deep": deep and partial(reader.get, deep),
        "search": _search(reader, Page(reader.get("/inspector/")).search, some.session_key),
        "row": partial(reader.get, f"/inspector/{handle_for(some.session_key)}/"),
        "decode": lambda: [decode(some.session_data, keys, trim=False).data for _ in range(OFTEN)],
        "get_decoded": lambda: [some.get_decoded() for _ in range(OFTEN)],
        "admin": partial(admin.get, "/stock/sessions/session/"),
        "admin deep": partial(admin.get, f"/stock/sessions/session/?p={DEEP}") if as_many else None,
        "admin search": partial(admin.get, f"/stock/sessions/session/?q={some.session_key[:8]}"),
    }


def _forget() -> None:
    """Let go of the rows that were made before, so that the next look is a first one."""
    from lessons.inspector import decoding
    from lessons.templatetags import rows as tags

    tags._item.cache_clear()
    decoding._decoded.cache_clear()


def _following(address: str, next_of: Callable[[str], str]):
    """Yield the addresses of the pages after this one, as their links lead."""
    while found := next_of(address):
        address = urljoin(address, found)
        yield address


def _search(who, form, key: str) -> Callable | None:
    """Return a function that searches for the beginning of a key, in the form that the page has for it."""
    if not form:
        return None
    fields = form.fields | {form.asked: key[:8], "by": "key"}
    return partial(who.post if form.method == "post" else who.get, urljoin("/inspector/", form.action), fields)


def _seconds(way: Callable) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def _growth(way: Callable, pages: int) -> float:
    """Return by how many kilobytes a page the memory in use is larger after many pages than after a few."""
    for _ in range(20):
        way()
    tracemalloc.start()
    for _ in range(5):
        way()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(pages):
        way()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / 1024 / pages


def decoding() -> dict[str, float]:
    """Decode all rows both ways, in turns over the same hundred; return microseconds a row and megabytes grown."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    from lessons.session_data import decode

    keys = [settings.SECRET_KEY]
    took, rows, chunk = {"staged": 0.0, "get_decoded": 0.0}, 0, []
    ways = {
        "staged": lambda: [decode(session.session_data, keys, trim=False).data for session in chunk],
        "get_decoded": lambda: [session.get_decoded() for session in chunk],
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for session in Session.objects.iterator(1000):
        chunk.append(session)
        if len(chunk) == CHUNK:
            rows += CHUNK
            for name in sorted(ways, reverse=rows % (2 * CHUNK) == 0):  # each goes first as often as the other
                took[name] += _seconds(ways[name])
            chunk.clear()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    staged, by_django = (seconds / max(rows, 1) * 1e6 for seconds in took.values())
    return {"staged": staged, "all by get_decoded": by_django, "grown": grown / 1024}


if __name__ == "__main__":
    main()
