"""A request that is recorded and one that is not come to the same, letter by letter."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse

from lessons.labs.urls import urlpatterns

from .cast import answered, asked, flown

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("way")]

LABS = [f"/lab/{line.pattern}" for line in urlpatterns] + ["/lab/nowhere/", "/lab/visits"]
FIELDS = {"/lab/login/": {"username": "ada", "password": "lovelace"}, "/lab/carry/": {"name": "Ada"}}
HELD = {"num_visits": 3, "color": "red", "name": "Ada", "cart": ["apple"], "score": 1, "games": 2}
MEASURED = {"Server-Timing", "djdt-request-id"}  # the toolbar's own: times, and a name of its own for each request
TOOLBAR = b'<div id="djDebug"'
ADDRESS = re.compile(rb"\d{12,}|0x[0-9a-f]+")  # of objects in memory; Django's page about an error is full of them


@pytest.fixture(autouse=True)
def fast(settings, django_user_model):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()


def outcome(answer, request, chance) -> dict:
    """Return everything that anybody could see of one request, and undo it."""
    queries = []

    def listen(execute, sql, params, many, context):
        queries.append((sql, params))
        return execute(sql, params, many, context)

    chance.again()
    with transaction.atomic():
        with connection.execute_wrapper(listen):
            response = answer(request)
        seen = _seen(request, response, queries)
        transaction.set_rollback(True)
    return seen


def _seen(request, response, queries) -> dict:
    session = vars(request).get("session")
    changing = MEASURED | {"Content-Length"} if "djdt-request-id" in response else set()
    return {
        "status": (response.status_code, response.reason_phrase),
        "headers": [(name, "" if name in changing else value) for name, value in response.items()],
        "cookies": [morsel.OutputString() for morsel in response.cookies.values()],
        "body": ADDRESS.sub(b"", response.content),
        "queries": [query for query in queries if "SAVEPOINT" not in query[0]],
        "flags": session is not None and (session.accessed, session.modified, session._SessionBase__session_key),
        "rows": list(Session.objects.order_by("pk").values()),
    }


def both(chance, *request, **how) -> tuple[dict, dict]:
    """Return the outcome of a request without and with the recorder."""
    zoom = how.pop("zoom", "lines")
    plain = outcome(answered, asked(*request, **how), chance)
    recorded = outcome(lambda each: flown(each, zoom)[0], asked(*request, **how), chance)
    return plain, recorded


def with_session() -> dict:
    """Return the cookies of a browser that has a session."""
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session.update(HELD)
    session.save()
    return {"sessionid": session.session_key}


VISITORS = {
    "first visit": dict,
    "session": with_session,
    "unknown key": lambda: {"sessionid": "k" * 32},
    "bad key": lambda: {"sessionid": "k"},
}


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_lab(lab, method, chance, settings):
    for debug in (False, True):
        settings.DEBUG = debug
        for visitor in VISITORS.values():
            cookies = visitor()
            data = FIELDS.get(lab, {"a": "1"})
            frame = {"Sec-Fetch-Dest": "iframe"}  # where the toolbar does not show
            plain, recorded = both(chance, lab, method, cookies, data, headers=frame)
            assert recorded == plain


@pytest.mark.parametrize("lab", ["/lab/", "/lab/visits/", "/lab/carry/", "/lab/login/", "/lab/boom/"])
def test_with_the_toolbar_on(lab, chance, settings):
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tests.flight_core.toolbar_urls"
    for visitor in VISITORS.values():
        plain, recorded = both(chance, lab, "GET", visitor(), REMOTE_ADDR="127.0.0.1")
        assert "djdt-request-id" in dict(plain["headers"])
        for seen in (plain, recorded):
            seen["body"], seen["shown"], _ = seen["body"].partition(TOOLBAR)
        assert recorded == plain


@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
def test_at_each_zoom(zoom, chance):
    plain, recorded = both(chance, "/lab/visits/", "GET", with_session(), zoom=zoom)
    assert recorded == plain
    assert len(plain["queries"]) == 2  # SELECT and UPDATE: the comparison has something to compare


def test_a_view_that_reports_its_own_variables_reports_the_same(chance):
    def view(request):
        number = 1
        names = sorted(locals())
        after = 2
        return HttpResponse(f"{names} {number} {after}")

    plain, recorded = both(chance, view)
    assert recorded == plain


def test_an_object_that_the_view_lets_go_of_is_gone(chance):
    """Were the recorder to hold it, a file would stay open and a huge list in memory."""
    import weakref

    class Thing:
        pass

    def view(request):
        thing = Thing()
        watching = weakref.ref(thing)
        del thing
        gone = watching() is None
        first = Thing()
        watching = weakref.ref(first)
        first = None
        replaced = watching() is None
        return HttpResponse(f"{gone} {replaced} {first}")

    plain, recorded = both(chance, view)
    assert plain["body"] == b"True True None"
    assert recorded == plain


def test_a_wrapper_that_the_view_leaves_around_statements_stays(chance):
    def listen(execute, *statement):
        return execute(*statement)

    def view(request):
        connection.execute_wrappers.append(listen)
        return HttpResponse("left behind")

    before = list(connection.execute_wrappers)
    try:
        flown(asked(view))
        assert connection.execute_wrappers == [*before, listen]
    finally:
        connection.execute_wrappers[:] = before
