"""The panel "Session story" of the toolbar: the page it makes of a request, and the way from there to the flight."""

import re

import pytest
from debug_toolbar.toolbar import DebugToolbar
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import NoReverseMatch, reverse

import sessiondemo.urls  # noqa: F401  read while DEBUG is still on, or the toolbar has no addresses
from lessons.gist import gist
from lessons.models import Flight

pytestmark = pytest.mark.django_db

PANEL = "SessionStoryPanel"
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def local_mode(settings, django_user_model):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()


class Panel:
    """What the panel says of one response, as the learner's browser asks for it."""

    def __init__(self, client, response):
        self.request_id = response.headers["djdt-request-id"]
        answer = client.get("/__debug__/render_panel/", {"request_id": self.request_id, "panel_id": PANEL})
        self.html = answer.json()["content"]

    @property
    def text(self) -> str:
        return " ".join(TAGS.sub(" ", self.html).replace("&#x27;", "'").replace("&quot;", '"').split())

    @property
    def subtitle(self) -> str:
        toolbar = DebugToolbar.fetch(self.request_id, PANEL)
        return toolbar.get_panel_by_id(PANEL).nav_subtitle


def visit(client, path, method="get", **options) -> Panel:
    return Panel(client, getattr(client, method)(path, **options))


def short(key: str) -> str:
    return f"{key[:4]}…{key[-4:]}"


def test_a_visit_to_the_counter(client):
    panel = visit(client, "/lab/visits/")
    key = Session.objects.get().session_key
    assert panel.subtitle == "1 read, 1 write"
    assert "GET /lab/visits/: 200 OK" in panel.text
    assert f"key no sessionid came {short(key)}" in panel.text
    assert (
        'First look lessons/labs/visits.py:8, in visits() num_visits = request.session.get("num_visits", 0) + 1'
        in panel.text
    )
    assert 'Written lessons/labs/visits.py:11, in visits() request.session["num_visits"] = num_visits' in panel.text
    assert "dict {} {'num_visits': 1}" in panel.text
    assert "row not fetched session_key" in panel.text
    assert f"Set-Cookie sessionid={short(key)}; expires=" in panel.text
    assert "Vary Cookie" in panel.text


def test_no_key_and_no_signed_cookie_stands_in_it(client):
    client.get(reverse("home"))
    for _ in range(2):
        panel = visit(client, "/lab/visits/")
        assert Session.objects.get().session_key not in panel.html
        assert client.cookies["notebook"].value not in panel.html


def test_a_view_that_leaves_the_session_alone(client):
    client.get("/lab/visits/")
    panel = visit(client, "/lab/touch/ignore/")
    assert panel.subtitle == "untouched"
    assert "Nobody looked into the session. Its row was not asked for." in panel.text
    assert "dict not loaded not loaded" in panel.text
    assert "No sessionid was set or deleted." in panel.text
    assert "Not there: the page depends on no cookie." in panel.text


def test_it_is_true_although_the_request_panel_reads_the_session(client):
    client.get("/lab/visits/")
    response = client.get("/lab/touch/ignore/")
    ours = Panel(client, response)
    theirs = client.get("/__debug__/render_panel/", {"request_id": ours.request_id, "panel_id": "RequestPanel"}).json()[
        "content"
    ]
    assert "num_visits" in theirs
    assert response.wsgi_request.session.accessed
    assert "num_visits" not in ours.html


def test_a_row_that_stays_as_it_is_is_shown_once(client):
    client.get("/lab/visits/")
    panel = visit(client, "/lab/touch/read/")
    assert "decoded {'num_visits': 1} the same" in panel.text


def test_a_write(client):
    assert visit(client, "/lab/touch/write/").subtitle == "1 write"


def test_a_login(client):
    client.get("/lab/visits/")
    old = Session.objects.get().session_key
    panel = visit(client, "/lab/login/", "post", data={"username": "ada", "password": "lovelace"})
    new = Session.objects.get().session_key
    assert panel.subtitle == "1 read, 4 writes"
    assert f"key {short(old)} {short(new)}" in panel.text
    assert "request.session.cycle_key()" in panel.text
    assert "lovelace" not in panel.html


def test_a_flush(client):
    client.get("/lab/visits/")
    key = Session.objects.get().session_key
    panel = visit(client, "/lab/flush/")
    assert panel.subtitle == "1 write"
    assert f"key {short(key)} no key" in panel.text
    assert "there is no such row" in panel.text
    assert 'Set-Cookie sessionid="";' in panel.text


def test_an_exception_with_djangos_own_error_page(client):
    client.raise_request_exception = False
    panel = visit(client, "/lab/boom/")
    assert "500 Internal Server Error" in panel.text
    assert "Exception ZeroDivisionError: division by zero" in panel.text
    assert "lessons/labs/boom.py:11" in panel.text
    assert "No sessionid was set or deleted." in panel.text


def test_an_address_that_is_not_there(client):
    assert visit(client, "/lab/nowhere/").subtitle == "untouched"


def test_what_a_visitor_writes_is_escaped(client):
    client.get("/lab/carry/")
    visit(client, "/lab/carry/", "post", data={"name": "<b>Ada</b>"})
    panel = visit(client, "/lab/carry/hello/")
    assert "&lt;b&gt;Ada" in panel.html
    assert "<b>" not in panel.html


def test_nothing_in_it_stands_inline(client):
    html = visit(client, "/lab/visits/").html
    assert "<script" not in html
    assert finders.find(re.search('href="/static/(css/[^"]+)"', html)[1])
    assert "<style" not in html
    assert "style=" not in html


def test_it_is_the_first_panel_and_on_the_page(client):
    page = client.get("/lab/carry/").text
    assert page.index(f'id="djdt-{PANEL}"') < page.index('id="djdt-HistoryPanel"')
    assert "Session story" in page


def test_it_can_be_switched_off(client):
    client.cookies[f"djdt{PANEL}"] = "off"
    response = client.get("/lab/carry/")
    assert f'data-cookie="djdt{PANEL}"' in response.text
    assert f'aria-controls="{PANEL}"' not in response.text
    del client.cookies[f"djdt{PANEL}"]
    assert f'aria-controls="{PANEL}"' in client.get("/lab/carry/").text


def test_a_recording_that_failed_is_said(client, monkeypatch):
    monkeypatch.setattr("lessons.panels.record", lambda request, get_response: (get_response(request), None))
    response = client.get("/lab/visits/")
    assert response.text == "view count=1"
    assert "could not be recorded" in Panel(client, response).text


@pytest.mark.parametrize("meta", [{"REMOTE_ADDR": "203.0.113.5"}, {"HTTP_SEC_FETCH_DEST": "iframe"}])
def test_where_the_toolbar_does_not_show_nothing_is_recorded(meta, monkeypatch):
    monkeypatch.setattr("lessons.panels.record", lambda *_: pytest.fail("recorded"))
    assert Client(**meta).get("/lab/visits/").text == "view count=1"


# The flight


def link_in(panel: Panel) -> str:
    return next(iter(re.findall(r'<a href="([^"]+)"', panel.html)), "")


def test_it_leads_to_the_flight(client):
    client.get(reverse("home"))
    panel = visit(client, "/lab/visits/")
    flight = Flight.objects.get()
    assert link_in(panel) == reverse("flight_recorded", args=[flight.recorded])
    assert client.get(link_in(panel)).headers["Location"] == reverse("flight", args=[flight.pk])
    assert client.get(link_in(panel), follow=True).status_code == 200


def test_the_flight_around_it_is_told_as_if_there_were_no_toolbar(client, settings):
    client.get(reverse("home"))
    for _ in range(2):
        visit(client, "/lab/visits/")
    settings.DEBUG = False
    other = Client()
    other.get(reverse("home"))
    for _ in range(2):
        other.get("/lab/visits/")
    told = [[hop.kind for hop in flight.hops("story")] for flight in Flight.objects.all()]
    assert len(told) == 4
    assert told[:2] == told[2:]
    titles = [[hop.title for hop in flight.hops("lines")] for flight in Flight.objects.order_by("id")]
    assert [len(each) for each in titles[:2]] == [len(each) for each in titles[2:]]


def test_without_a_notebook_there_is_no_flight_to_lead_to(client):
    assert link_in(visit(client, "/lab/visits/")) == ""
    assert not Flight.objects.exists()


def test_a_flight_of_somebody_else_is_not_there(client):
    client.get(reverse("home"))
    link = link_in(visit(client, "/lab/visits/"))
    other = Client()
    other.get(reverse("home"))
    assert other.get(link).status_code == 404
    assert client.get(reverse("flight_recorded", args=["0" * 32])).status_code == 404
    assert client.post(link).status_code == 405
    with pytest.raises(NoReverseMatch):
        reverse("flight_recorded", args=["../1"])


def test_the_list_of_flights_does_not_take_the_toolbars_look_for_one_of_the_flight(client):
    for path in (reverse("home"), "/lab/visits/", "/lab/login/"):
        client.get(path)
    flight = Flight.objects.latest("pk")
    assert any(statement.startswith("SELECT") for statement in flight.session_sql)  # by the toolbar, when all is over
    assert gist(flight) == ["session untouched"]
