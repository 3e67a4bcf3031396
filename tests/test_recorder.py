"""The recorder looks on while Django answers one request: what it keeps, what it never keeps, what it leaves alone."""

import json
import re
from threading import Thread

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from lessons.flight.recorder import BODY_LIMIT, MASK, record
from lessons.labs import urls
from lessons.models import Flight

CSRF = "c" * 32
NOTEBOOK = "2f1d0000-0000-4000-8000-000000000000:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0"
PASSWORD = """pa"ss'<w>örd & more"""


@pytest.fixture
def get():
    """A GET request as a learner's browser would send it to a lab."""
    return RequestFactory().get("/lab/echo/?a=1", headers={"Cookie": f"zap=42; csrftoken={CSRF}; notebook={NOTEBOOK}"})


def recording_of(request, view):
    return record(request, view)[1]


def dump(recording) -> str:
    return json.dumps(recording.as_dict(), ensure_ascii=False)


def protected(view):
    """Return the view behind CsrfViewMiddleware, which is what knows the CSRF secret."""
    return CsrfViewMiddleware(view)


def echo(request):
    """Print all that came in, as a page made for looking at would."""
    return JsonResponse(
        {"GET": request.GET, "POST": request.POST, "COOKIES": request.COOKIES}, json_dumps_params={"ensure_ascii": True}
    )


# What it keeps


def test_it_tells_what_came_in(get):
    recording = recording_of(get, lambda request: HttpResponse())
    assert (recording.method, recording.path) == ("GET", "/lab/echo/?a=1")
    assert recording.cookies == {"zap": "42", "csrftoken": MASK, "notebook": MASK}


def test_it_tells_what_went_out(get):
    def view(request):
        response = HttpResponse("seen", "text/plain", 404, headers={"Vary": "Cookie"})
        response.set_cookie("zap", 43)
        return response

    recording = recording_of(get, view)
    assert (recording.status, recording.reason, recording.body) == (404, "Not Found", "seen")
    assert recording.headers == [["Vary", "Cookie"], ["Content-Type", "text/plain"]]
    assert recording.set_cookies == ["zap=43; Path=/"]


def test_it_hands_on_the_very_response(get):
    response = HttpResponse()
    assert record(get, lambda request: response)[0] is response


def test_a_form_is_told_when_the_view_has_read_it():
    post = RequestFactory().post("/lab/echo/", {"a": "1", "password": PASSWORD})
    assert recording_of(post, echo).form == {"a": "1", "password": MASK}


def test_a_form_that_the_view_never_read_is_left_unread():
    post = RequestFactory().post("/lab/echo/", {"a": "1"})
    assert recording_of(post, lambda request: HttpResponse()).form == {}
    assert post.read() != b""


@pytest.mark.django_db
def test_sql_is_told_with_its_parameters(get):
    def view(request):
        Session.objects.filter(pk="it's").count()
        return HttpResponse()

    (statement,) = recording_of(get, view).sql
    assert statement.startswith("SELECT COUNT(*)")
    assert statement.endswith("= 'it's'")


@pytest.mark.django_db
def test_a_percent_sign_in_a_statement_is_no_parameter(get):
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'per%'")
            cursor.execute("SELECT %(name)s", {"name": "named"})
        return HttpResponse()

    assert recording_of(get, view).sql == ["SELECT 'per%'", "SELECT %(name)s"]


@pytest.mark.django_db(transaction=True)
def test_what_another_thread_asks_meanwhile_is_not_mixed_in(get):
    def ask():
        connection.cursor().execute("SELECT 'asked by somebody else'")
        connection.connection.close()  # Django itself never closes a database in memory

    def view(request):
        other = Thread(target=ask)
        other.start()
        other.join()
        Session.objects.exists()
        return HttpResponse()

    (statement,) = recording_of(get, view).sql
    assert "django_session" in statement


# What it never keeps


@pytest.mark.parametrize("secret", [CSRF, NOTEBOOK])
def test_a_page_that_prints_its_cookies_gives_no_secret_away(get, secret):
    assert secret not in dump(recording_of(get, protected(echo)))


def test_what_is_no_secret_stays_as_it_is(get):
    page = f"{'a' * 64} {'b' * 32}"
    assert recording_of(get, protected(lambda request: HttpResponse(page))).body == page


def test_a_token_in_a_page_is_the_cookie_in_disguise_and_is_not_kept(get):
    tokens = []

    def view(request):
        tokens.extend([get_token(request), get_token(request)])
        return HttpResponse(
            f"<input name=csrfmiddlewaretoken value={tokens[0]}> or {tokens[1]}", headers={"X-T": tokens[0]}
        )

    kept = dump(recording_of(get, protected(view)))
    assert CSRF not in tokens
    assert not any(token in kept for token in tokens)


def test_a_token_that_is_new_with_this_page_is_not_kept_either():
    tokens = []

    def view(request):
        tokens.extend([get_token(request), request.META["CSRF_COOKIE"]])
        return HttpResponse(" ".join(tokens))

    kept = dump(recording_of(RequestFactory().get("/lab/carry/"), protected(view)))
    assert "Set-Cookie" not in kept
    assert f"csrftoken={MASK}" in kept
    assert not any(token in kept for token in tokens)


def test_a_token_is_not_kept_where_the_page_is_cut_off(get):
    tokens = []

    def view(request):
        tokens.append(get_token(request))
        return HttpResponse("-" * (BODY_LIMIT - 40) + tokens[0])

    kept = recording_of(get, protected(view)).body
    assert tokens[0][:20] not in kept


@pytest.mark.parametrize("field", ["password", "password1", "password2", "old_password", "csrfmiddlewaretoken"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_is_not_kept_however_it_was_sent_and_printed(field, method):
    request = getattr(RequestFactory(), method)("/lab/echo/", {field: PASSWORD, "name": "Ada"})

    def view(request):
        return HttpResponse(f"{PASSWORD} {echo(request).text} {json.dumps(PASSWORD)} {request.GET.urlencode()}")

    kept = dump(recording_of(request, view))
    assert "Ada" in kept
    assert not re.search(r"ss.{1,10}w.{1,10}rd", kept)


# Nothing grows without end


def test_a_huge_request_is_kept_in_part():
    cookies = {"n" * 50_000: "1", "value": "v" * 50_000} | {f"many{number}": "1" * 9000 for number in range(5000)}
    request = RequestFactory().post(f"/lab/echo/?q={'q' * 500_000}", {"f" * 900: "1", "value": "2" * 500_000})
    request.COOKIES = cookies
    assert len(dump(recording_of(request, echo))) < 700_000


def test_a_huge_response_is_kept_in_part(get):
    def view(request):
        response = HttpResponse("b" * 5_000_000, headers={f"X-{number}": "h" * 50_000 for number in range(500)})
        for number in range(500):
            response.set_cookie(f"c{number}", "c" * 50_000)
        return response

    recording = recording_of(get, view)
    assert len(dump(recording)) < 1_000_000
    assert recording.body.endswith("b… (4983616 more characters)")


@pytest.mark.django_db
def test_many_and_long_statements_are_kept_in_part(get):
    def view(request):
        for _ in range(200):
            Session.objects.filter(pk__in=["k" * 5000] * 30).exists()
        return HttpResponse()

    assert len(dump(recording_of(get, view))) < 100_000


# What it leaves alone


def test_a_stream_is_not_consumed(get):
    response, recording = record(get, lambda request: StreamingHttpResponse(iter(["a", "b"])))
    assert recording.body == ""
    assert b"".join(response.streaming_content) == b"ab"


@pytest.mark.parametrize("kind", ["image/png", "text/plain; charset=nonsense"])
def test_a_body_that_is_no_text_is_told_as_far_as_it_is(get, kind):
    assert recording_of(get, lambda request: HttpResponse(b"\xffPNG", kind)).body == "\ufffdPNG"


def test_the_session_is_looked_at_and_never_touched(get):
    def view(request):
        request.session = SessionStore("k" * 32)
        return HttpResponse()

    recording = recording_of(get, view)  # without the db mark, loading the session would raise
    assert (recording.reached_session, recording.session_key) == (True, "k" * 32)
    assert (get.session.accessed, get.session.modified) == (False, False)


def test_without_a_session_none_was_reached(get):
    recording = recording_of(get, lambda request: HttpResponse())
    assert (recording.reached_session, recording.session_key) == (False, None)


@pytest.mark.django_db
def test_it_has_stopped_listening_when_the_view_raises(get):
    def view(request):
        raise LookupError

    with pytest.raises(LookupError):
        record(get, view)
    assert connection.execute_wrappers == []


# In the whole of Django


@pytest.mark.django_db
def test_a_view_that_raises_is_told_as_500_and_saves_nothing(client, monkeypatch):
    def raising(request):
        request.session["met"] = True
        raise LookupError("on purpose")

    (line,) = [line for line in urls.urlpatterns if line.name == "write"]
    monkeypatch.setattr(line, "callback", raising)
    client.get(reverse("home"))
    client.raise_request_exception = False
    client.get(reverse("lab:write"))
    flight = Flight.objects.get()
    assert (flight.status, flight.reached_session, flight.set_cookies) == (500, True, [])
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_the_form_of_the_carry_lab_gives_no_token_away():
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("home"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(reverse("lab:carry")).text)[1]
    client.post(reverse("lab:echo"), {"csrfmiddlewaretoken": token, "a": "1"})
    client.post(reverse("lab:carry"), {"csrfmiddlewaretoken": token, "name": "Ada"})
    kept = json.dumps([flight.recording for flight in Flight.objects.all()])
    assert kept.count("Ada") == 1
    assert "csrfmiddlewaretoken" in kept
    for secret in (token, client.cookies["csrftoken"].value, client.cookies["notebook"].value):
        assert secret not in kept


@pytest.mark.django_db
def test_the_lines_of_urls_py_are_told_by_name(client):
    client.get(reverse("home"))
    client.get(reverse("lab:visits"))
    client.get("/lab/nowhere/")
    chosen, none = Flight.objects.all()
    assert (chosen.view, chosen.url_name) == ("lessons.labs.visits.visits", "lab:visits")
    assert (none.status, none.view, none.url_name) == (404, "", "")
