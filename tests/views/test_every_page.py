"""What holds for every page and fragment of the tutorial, and for every button."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLResolver

from lessons import course, handles, urls
from lessons.models import SIMULATED, Notebook

LESSONS = [lesson.slug for lesson in course.LESSONS]
PAGES = [
    "/",
    *(f"/lessons/{slug}/" for slug in LESSONS),
    *(f"/lessons/{slug}/?browser={browser}" for slug in LESSONS for browser in SIMULATED),
    "/flights/",
    "/flights/?flight=1&flight=2",
    "/flights/1/with/1/",
    "/flights/1/json/",
    "/inspector/",
    "/inspector/paste/",
    "/inspector/no-such-handle/",
    "/sql/",
    "/inspector/no-such-handle/edit/",
    "/inspector/edit/",
    "/_ui/edit/flight/",
    "/inspector/?state=live&sort=largest&least=10",
    "/inspector/?q=num_visits",
    "/inspector/?q=ab&by=key&sort=oldest",
    "/inspector/?sort=sideways",
    "/inspector/download/json/?q=num_visits",
    "/inspector/download/csv/",
    "/inspector/delete/mine/",
    "/inspector/delete/expired/",
    "/inspector/delete/row/no-such-handle/",
    "/_ui/rows/numbers/",
    "/_ui/rows/count/",
    "/_ui/rows/",
    "/_ui/rows/?few",
    "/_ui/rows/stream/",
    "/_ui/flights/1/page/",
    "/_ui/flights/99999999999999999999999/page/",
    *(f"/_ui/lab/{slug}/" for slug in LESSONS),
    *(f"/_ui/lab/{slug}/?browser=blue&state" for slug in LESSONS),
]
STEPS_FOLLOWED = 8
BUTTONS = ["fly", "forget", "guess", "reset"]
POSTED = ["reset_all", "flight_open", "inspector_find", "row_changes", "edit_follow", "edit_fly"]
NOT_THERE = [
    "/flights/1/json/",
    "/flights/1/with/2/",
    "/lessons/nothing/",
    "/inspector/nothing/",
    "/_ui/lab/nothing/",
    "/_ui/flights/1/page/",
    "/_ui/nothing/",
]


@pytest.fixture
def untouchable(monkeypatch):
    """Whoever looks into a session fails."""

    def touched(self):
        raise AssertionError("request.session was looked into")

    monkeypatch.setattr(SessionBase, "_session", property(touched))
    monkeypatch.setattr(SessionBase, "_get_session", touched)


def contents():
    """Return all rows of all tables."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


def both_ways(client, page):
    """Yield the answers with htmx and without."""
    yield client.get(page)
    yield client.get(page, headers={"HX-Request": "true"})


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_first_visit_makes_no_session(client, page, untouchable):
    before = contents()
    for response in both_ways(client, page):
        assert response.status_code < 500
        assert "sessionid" not in response.cookies
    assert contents() == before


@pytest.mark.parametrize("page", PAGES)
def test_reading_changes_nothing(learner, page):
    learner.predict("visits", "slide", "to-five")
    learner.fly("blue", "visits", "lab:visits")
    learner.client.get(reverse("lab:visits"))
    before = contents()
    for response in both_ways(learner.client, page):
        assert response.status_code < 500
        assert "sessionid" not in response.cookies
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("address", NOT_THERE)
def test_what_is_not_there_is_404(client, address):
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 404


def ours(patterns=urls.urlpatterns):
    """Yield the name of each line of lessons/urls.py."""
    for line in patterns:
        if isinstance(line, URLResolver):
            yield from ours(line.url_patterns)
        else:
            yield line.name


ARGUMENTS = {
    **{name: ["visits"] for name in ("lesson", "lab_frame", "fly", "forget", "guess", "reset")},
    **{
        name: ["handle"]
        for name in ("inspector_row", "inspector_delete_row", "inspector_edit", "edit_fly", "row_changes")
    },
    "flight_page": [1],
    **{name: [1] for name in ("flight", "flight_json")},
    "flights_compared": [1, 2],
    "flight_recorded": ["recording"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(ours()))
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_forged_request_is_refused_everywhere(name, method):
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    before = contents()
    assert getattr(client, method)(reverse(name, args=ARGUMENTS.get(name))).status_code in (403, 405)
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*BUTTONS, *POSTED])
def test_a_button_is_not_pressed_by_a_link(client, name):
    assert client.get(reverse(name, args=ARGUMENTS.get(name))).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_of_a_lesson_that_is_not_there_is_404(client, name):
    assert client.post(reverse(name, args=["nothing"])).status_code == 404
    assert not Notebook.objects.exists()


# A session key is a password


@pytest.fixture
def keys(learner):
    """The keys of three sessions: of your browser, of a simulated one, and of somebody else."""
    learner.client.get(reverse("lab:visits"))
    learner.fly("blue", "visits", "lab:visits")
    Client().get(reverse("lab:visits"))
    return list(Session.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with others"])
def test_no_key_stands_in_any_address_or_title(learner, keys, alone, settings, caplog):
    settings.DEBUG = alone
    found = crawl(learner.client)
    assert len(found) > 30
    for page, text in found.items():
        said = [page, *re.findall(r'(?:href|src|action|id|stream|state|value)="([^"]*)"|hx-\w+="([^"]*)"', text)]
        said += re.findall(r"<title>(.*?)</title>", text)
        assert not [key for key in keys if key in str(said) + caplog.text]


def crawl(client) -> dict[str, str]:
    """Follow every link and every fragment of our own pages; return the text of each.

    A flight's page has an address for each step, at each zoom: of those a few will do.
    """
    found, to_do, times = {}, ["/"], Counter()
    while to_do:
        page = to_do.pop().partition("#")[0].replace("&amp;", "&")
        path = page.partition("?")[0]
        if page in found or page.startswith(("/lab/", "/static/")) or times[path] == STEPS_FOLLOWED:
            continue
        times[path] += path.startswith("/flights/")
        response = client.get(page, headers={"HX-Request": "true"} if page.startswith("/_ui/") else {})
        found[page] = "" if response.streaming else response.text
        to_do += re.findall(r'(?:href|src|hx-get|state)="(/[^"]*)"', found[page])
    return found


def test_every_link_leads_somewhere(learner, keys, settings):
    settings.DEBUG = True
    for page in crawl(learner.client):
        assert learner.client.get(page, headers={"HX-Request": "true"}, follow=True).status_code in (200, 204), page


# With others around


STRANGERS = {
    "without DEBUG": (False, {}),
    "from another machine": (True, {"REMOTE_ADDR": "203.0.113.5"}),
    "through a proxy": (True, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}),
}


@pytest.mark.parametrize(("debug", "meta"), STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_sees_nothing_of_anybody(learner, keys, debug, meta, settings):
    settings.DEBUG = debug
    Session.objects.update(session_data=Session.objects.encode({"secret": "xyzzy"}))
    flights = learner.notebook.flights.all()
    stranger = Client(**meta)
    pages = crawl(stranger)
    guessed = [f"/_ui/flights/{flight.pk}/page/" for flight in flights]
    guessed += [reverse("inspector_row", args=[handles.handle_for(key)]) for key in keys]
    pages |= {page: stranger.get(page).text for page in guessed}
    assert all(stranger.get(page).status_code == 404 for page in guessed)
    for text in pages.values():
        assert "xyzzy" not in text
        assert not [key for key in keys if key in text or key[:4] in text or handles.handle_for(key) in text]


@pytest.mark.parametrize(("debug", "meta"), STRANGERS.values(), ids=STRANGERS.keys())
def test_with_others_around_you_see_your_own(learner, keys, debug, meta, settings):
    settings.DEBUG = debug
    me = Client(**meta)
    me.cookies = learner.client.cookies
    assert "<strong>2</strong> rows" in me.get("/").text
    assert "<strong>3</strong> rows" in alone(learner, settings).get("/").text


def alone(learner, settings):
    settings.DEBUG = True
    return learner.client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/inspector/", "/_ui/rows/", "/lessons/visits/"])
def test_what_one_visitor_sees_no_cache_shows_to_another(client, address):
    response = client.get(address)
    assert "Cookie" in response.headers["Vary"]
    assert "private" in response.headers["Cache-Control"]
