"""The flights that `tests/test_story.py` tells: each lab, and views that do what no lab does."""

import functools
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import override_settings
from django.utils import timezone
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers

from .flight import Browser, Flight

ADA = {"username": "ada", "password": "lovelace"}
CHARLES = {"username": "charles", "password": "babbage"}


# Views that do what no lab does


class Page(View):
    """A view that is a class."""

    def get(self, request):
        request.session["met"] = True
        return HttpResponse("a class")


page = Page.as_view()


@never_cache
@vary_on_headers("Accept-Language")
def decorated(request):
    request.session["met"] = True
    response = HttpResponse("decorated")
    response.set_cookie("theme", "dark")
    response.delete_cookie("old")
    return response


def streaming(request):
    request.session["met"] = True

    def pieces():
        yield "after the response has begun: "
        yield str(request.session.get("met"))

    return StreamingHttpResponse(pieces())


def everything(request):
    """Use every method that a session has."""
    session = request.session
    bool("a" in session)
    session.pop("a", None)
    session.setdefault("a", 1)
    session.setdefault("a", 2)
    session.update({"b": 2})
    session.set_expiry(300)
    session.get_expiry_age()
    session.get_expiry_date()
    session.get_expire_at_browser_close()
    session.set_expiry(None)
    session.set_expiry(None)
    session.set_test_cookie()
    session.test_cookie_worked()
    session.delete_test_cookie()
    session.has_key("a")
    list(session.keys()), list(session.values()), list(session.items())
    session.is_empty()
    session.pop("a")
    session.save()
    session.cycle_key()
    session.clear()
    return HttpResponse()


def save_and_delete(request):
    request.session["a"] = 1
    request.session.save()
    request.session.delete()
    return HttpResponse()


def create(request):
    request.session.create()
    return HttpResponse()


def flush_twice(request):
    request.session.flush()
    request.session.flush()
    return HttpResponse()


def for_300_seconds(request):
    request.session.set_expiry(300)
    return HttpResponse()


def until_the_browser_closes(request):
    request.session.set_expiry(0)
    return HttpResponse()


def says_something(request):
    words = " ".join(str(number) for number in range(3000))
    messages.success(request, f"something {words}")  # too long for a cookie, so it goes into the session
    return HttpResponse()


def reads_messages(request):
    return HttpResponse(", ".join(str(message)[:9] for message in messages.get_messages(request)))


def past_the_session(request):
    """Read and write the table itself."""
    rows = Session.objects.filter(session_key=request.session.session_key)
    rows.update(expire_date=timezone.now() + timedelta(days=1))
    return HttpResponse(str(len(rows)))


def deleted_meanwhile(request):
    request.session["a"] = 1
    Session.objects.filter(session_key=request.session.session_key).delete()
    return HttpResponse()


def not_storable(request):
    request.session["when"] = timezone.now()
    return HttpResponse()


def refuses(request):
    request.session["a"] = 1
    raise PermissionDenied


def not_there(request):
    request.session["a"] = 1
    raise Http404("no such thing")


def server_error(request):
    request.session["a"] = 1
    return HttpResponse(status=503)


def user_in_a_template(request):
    return HttpResponse(engines["django"].from_string("{{ user.username }}").render({}, request))


def raises(request):
    raise RuntimeError("what a debug page tells of")


def later(request):
    """Answer with a page that is made when the view is over."""
    return TemplateResponse(request, LATER)


LATER = engines["django"].from_string("{{ request.session.num_visits }}")


def looks_first(get_response):
    """A middleware that looks into the session before any view does."""

    def middleware(request):
        request.session.get("theme")
        return get_response(request)

    return middleware


def fails_last(get_response):
    """A middleware that fails when everybody else is done."""

    def middleware(request):
        get_response(request)
        raise RuntimeError("after all others")

    return middleware


# The flights


def visits(times: int, path: str = "/lab/visits/"):
    """Return what flies to a counter so many times and gives the last flight."""
    return lambda browser: [browser.fly(path) for _ in range(times)][-1]


def after(*before, fly, method: str = "GET", **form):
    """Return what flies to each of `before`, and then gives the flight to `fly`."""

    def flights(browser: Browser) -> Flight:
        for where in before:
            where(browser) if where in PREPARATIONS else browser.fly(where)
        return browser.fly(fly, method, **form)

    return flights


def logged_in(browser):
    browser.fly("/lab/login/", "POST", **ADA)


def unknown_key(browser):
    browser.hold("z" * 32)


def short_key(browser):
    browser.hold("gj2233")


def expired(browser):
    browser.fly("/lab/dict/add/")
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))


def tampered(browser):
    browser.fly("/lab/dict/add/")
    row = Session.objects.get()
    row.session_data = f"x{row.session_data[1:]}"
    row.save()


def password_changed(browser):
    logged_in(browser)
    ada = User.objects.get(username="ada")
    ada.set_password("changed elsewhere")
    ada.save()


def saved_untouched(browser):
    """Fly to a view that does not look, with SESSION_SAVE_EVERY_REQUEST."""
    browser.fly("/lab/visits/")
    with override_settings(SESSION_SAVE_EVERY_REQUEST=True):
        return browser.fly("/lab/touch/ignore/")


PREPARATIONS = {logged_in, unknown_key, short_key, expired, tampered, password_changed}
VISITED = "/lab/visits/"
FLIGHTS = {
    "first visit": visits(1),
    "second visit": visits(2),
    "fifth visit": visits(5),
    "first visit to the slide": visits(1, "/lab/visits/slide/"),
    "second visit to the slide": visits(2, "/lab/visits/slide/"),
    "fifth visit to the slide": visits(5, "/lab/visits/slide/"),
    "untouched": after(VISITED, fly="/lab/touch/ignore/"),
    "untouched, no cookie": after(fly="/lab/touch/ignore/"),
    "read": after(VISITED, fly="/lab/touch/read/"),
    "read, no cookie": after(fly="/lab/touch/read/"),
    "login page": after(VISITED, fly="/lab/login/"),
    "login": after(VISITED, fly="/lab/login/", method="POST", **ADA),
    "login without a session": after(fly="/lab/login/", method="POST", **ADA),
    "login again": after(logged_in, fly="/lab/login/", method="POST", **ADA),
    "login as another": after(logged_in, fly="/lab/login/", method="POST", **CHARLES),
    "login that fails": after(VISITED, fly="/lab/login/", method="POST", username="ada", password="babbage"),
    "account": after(logged_in, fly="/lab/account/"),
    "account, password changed": after(password_changed, fly="/lab/account/"),
    "logout": after(logged_in, fly="/lab/logout/", method="POST"),
    "logout without a session": after(fly="/lab/logout/", method="POST"),
    "unknown key, read": after(unknown_key, fly="/lab/touch/read/"),
    "unknown key, written": after(unknown_key, fly="/lab/touch/write/"),
    "unknown key, untouched": after(unknown_key, fly="/lab/touch/ignore/"),
    "short key": after(short_key, fly="/lab/touch/ignore/"),
    "expired row": after(expired, fly="/lab/touch/read/"),
    "tampered row": after(tampered, fly="/lab/touch/read/"),
    "tampered row, written": after(tampered, fly="/lab/touch/write/"),
    "boom": after(VISITED, fly="/lab/boom/"),
    "boom, no cookie": after(fly="/lab/boom/"),
    "flush": after(VISITED, fly="/lab/flush/"),
    "flush without a session": after(fly="/lab/flush/"),
    "flush of an unknown key": after(unknown_key, fly="/lab/flush/"),
    "flush twice": after(VISITED, fly=flush_twice),
    "nested": after("/lab/nested/", fly="/lab/nested/"),
    "nested, modified": after("/lab/nested/", fly="/lab/nested/modified/"),
    "404": after(VISITED, fly="/lab/no/such/lab/"),
    "no slash": after(VISITED, fly="/lab/visits"),
    "carry": after(fly="/lab/carry/", method="POST", name="Ada"),
    "carried": after(VISITED, fly="/lab/carry/hello/"),
    "refused": after(VISITED, fly="/lab/carry/", method="POST", trusted=False, name="Ada"),
    "streaming": after(VISITED, fly=streaming),
    "cookie": after(fly="/lab/cookie/"),
    "cookie again": after("/lab/cookie/", fly="/lab/cookie/"),
    "echo": after(fly="/lab/echo/?a=1", method="POST", b=2),
    **{f"dict {name}": after(VISITED, fly=f"/lab/dict/{name}/") for name in ("get", "add", "delete", "len", "loop")},
    "dict delete, there": after("/lab/dict/add/", fly="/lab/dict/delete/"),
    "row recipe": after(VISITED, fly="/lab/row/recipe/"),
    "row expire": after(VISITED, fly="/lab/row/expire/"),
    "a class": after(VISITED, fly=page),
    "decorated": after(VISITED, fly=decorated),
    "everything": after(VISITED, fly=everything),
    "everything, no cookie": after(fly=everything),
    "save and delete": after(VISITED, fly=save_and_delete),
    "create": after(fly=create),
    "for 300 seconds": after(VISITED, fly=for_300_seconds),
    "until the browser closes": after(VISITED, fly=until_the_browser_closes),
    "message": after(VISITED, fly=says_something),
    "message read": after(says_something, fly=reads_messages),
    "past the session": after(VISITED, fly=past_the_session),
    "deleted meanwhile": after(VISITED, fly=deleted_meanwhile),
    "not storable": after(VISITED, fly=not_storable),
    "refuses": after(VISITED, fly=refuses),
    "not there": after(VISITED, fly=not_there),
    "server error": after(VISITED, fly=server_error),
    "user in a template": after(VISITED, fly=user_in_a_template),
    "saved untouched": saved_untouched,
    "the admin": after(fly="/admin/login/"),
    "page made later": after(VISITED, fly=later),
}


@functools.cache
def flown(name: str) -> Flight:
    """Fly once for all tests: a flight is only told, and nothing of it changes."""
    Session.objects.all().delete()
    return FLIGHTS[name](Browser())
