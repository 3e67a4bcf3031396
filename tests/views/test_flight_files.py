"""The list of flights, two of them compared, and flights as files that go out and come in."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons import course, logbook
from lessons.models import OPENED, Flight, Source, Tick
from lessons.views import flight_files

from ..test_flight_file import ANYTHING, changed, ways_into

MARKUP = "<script>alert(1)</script>"
ZOOMS = ["story", "calls", "lines"]


@pytest.fixture
def visits(learner) -> list[Flight]:
    """Three visits of Blue at the counter."""
    return [learner.fly("blue", "visits", "lab:visits") for _ in range(3)]


def listed(client, **query) -> str:
    return client.get(reverse("flights"), query).text


def side_by_side(client, left, right, **query):
    return client.get(reverse("flights_compared", args=[left.pk, right.pk]), query)


def exported(client, flight) -> dict:
    return json.loads(client.get(reverse("flight_json", args=[flight.pk])).content)


def open_file(client, content, **more):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(reverse("flight_open"), {"file": SimpleUploadedFile("flight.json", content), **more})


def opened(client, content) -> Flight:
    response = open_file(client, content)
    assert response.status_code == 302, response.text
    flight = Flight.objects.get(browser=OPENED)
    assert response.headers["Location"] == reverse("flight", args=[flight.pk])
    return flight


# The list


def test_before_the_first_flight_the_list_says_so(client, db):
    assert "There is no flight yet" in listed(client)


def test_flights_are_listed_newest_first_with_what_they_did(learner, visits):
    learner.client.raise_request_exception = False
    learner.client.get(reverse("lab:boom"))
    page = learner.client.get(reverse("flights"))
    told = [(each["flight"].path, each["gist"]) for each in page.context["told"]]
    assert told == [
        ("/lab/boom/", ["looked, found no row", "error 500: not saved"]),
        ("/lab/visits/", ["row updated"]),
        ("/lab/visits/", ["row updated"]),
        ("/lab/visits/", ["new row"]),
    ]
    for flight in Flight.objects.all():
        assert f'href="{reverse("flight", args=[flight.pk])}"' in page.text
    assert "Blue" in page.text
    assert "Your browser" in page.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lab:ignore", ["session untouched"]),
        ("lab:read", ["row fetched"]),
        ("lab:flush", ["row deleted"]),
        ("lab:visits", ["row updated"]),
        ("lab:index", ["session untouched"]),
        ("lab:login", ["session untouched"]),
        ("lab:recipe", ["session untouched"]),  # it asks the table by itself
        ("lab:boom", ["row fetched", "error 500: not saved"]),
    ],
)
def test_a_list_says_what_a_flight_did(learner, path, words):
    learner.client.raise_request_exception = False
    learner.client.get(reverse("lab:visits"))
    learner.client.get(reverse(path))
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == words


def test_a_login_is_a_new_row_and_the_old_one_deleted(learner):
    learner.client.get(reverse("lab:visits"))
    learner.client.post(reverse("lab:login"), {"username": "ada", "password": "lovelace"})
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == ["new row", "old row deleted"]


def test_a_form_is_not_mistaken_for_a_look_into_the_session(learner):
    learner.client.get(reverse("lab:carry"))  # a CSRF token asks for Vary: Cookie, too
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == ["session untouched"]


def test_a_key_that_opens_nothing_finds_no_row(learner):
    learner.client.cookies["sessionid"] = "z" * 32
    learner.client.get(reverse("lab:read"))
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == ["looked, found no row"]


def test_a_flight_without_a_trace_does_not_say_whether_anybody_looked(learner):
    learner.fly("blue", "touch", "lab:read")
    Flight.objects.update(trace={}, looked=None)
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == ["recorded without its steps"]


def test_what_was_seen_in_a_flight_from_a_file_is_known_as_well(learner, visits):
    opened(learner.client, exported(learner.client, learner.fly("blue", "touch", "lab:read")))
    assert learner.client.get(reverse("flights")).context["told"][0]["gist"] == ["row fetched"]


def test_older_flights_learn_it_from_their_traces(learner):
    looks, ignores, untold = (learner.fly("blue", "touch", f"lab:{name}") for name in ("read", "ignore", "read"))
    Flight.objects.update(looked=None)
    Flight.objects.filter(pk=untold.pk).update(trace={})
    import_module("lessons.migrations.0006_looked").look(apps, None)
    held = dict(Flight.objects.values_list("pk", "looked"))
    assert held == {looks.pk: True, ignores.pk: False, untold.pk: None}


def test_no_trace_is_loaded_for_the_list(learner, visits, django_assert_num_queries):
    with django_assert_num_queries(1) as done:
        learner.client.get(reverse("flights"))
    assert '"trace"' not in done.captured_queries[0]["sql"]


def test_an_address_with_markup_is_shown_and_never_run(learner):
    learner.client.get(reverse("lab:visits"), {"a": MARKUP})
    Flight.objects.update(recording={**Flight.objects.get().recording, "path": f"/{MARKUP}", "reason": MARKUP})
    assert MARKUP not in listed(learner.client)


# Two of them


def test_two_that_are_chosen_are_compared_the_older_first(learner, visits):
    newer, older = visits[2].pk, visits[0].pk
    response = learner.client.get(reverse("flights"), {"flight": [newer, older]})
    assert response.headers["Location"] == reverse("flights_compared", args=[older, newer])


@pytest.mark.parametrize(
    "chosen", [[], ["1"], ["1", "1"], ["1", "2", "3"], ["a", "b"], ["9" * 30, "1"], ["-1", "1"], ["\0", "²"]], ids=str
)
def test_any_other_number_is_asked_about(learner, visits, chosen):
    response = learner.client.get(reverse("flights"), {"flight": chosen, "compare": "two"})
    assert response.status_code == 200
    assert '<span class="problem" role="alert" tabindex="-1" autofocus>Choose two flights to compare.</span>' in (
        response.text
    )


def test_what_was_chosen_stays_chosen(learner, visits):
    assert f'value="{visits[1].pk}" checked' in listed(learner.client, flight=visits[1].pk)


def test_each_step_of_both_is_there_and_leads_to_the_player(learner, visits):
    page = side_by_side(learner.client, visits[0], visits[1]).text
    for flight in visits[:2]:
        for hop in flight.hops():
            assert f'href="{reverse("flight", args=[flight.pk])}?zoom=story&amp;at={hop.at}' in page


def test_what_differs_is_said_in_words(learner, visits):
    page = side_by_side(learner.client, visits[0], visits[1])
    marks = [line.pair.mark for line in page.context["lines"]]
    assert {mark: page.text.count(f'<li class="pair {mark}">') for mark in set(marks)} == {
        mark: marks.count(mark) for mark in set(marks)
    }
    assert page.text.count('<p class="verdict">only B</p>') == marks.count("only-b") > 0
    assert "A makes a new row where B writes its row anew" in page.text


@pytest.mark.parametrize("zoom", ["story", "calls", "lines", "", MARKUP])
def test_an_unknown_zoom_is_the_story(learner, visits, zoom):
    page = side_by_side(learner.client, visits[1], visits[2], zoom=zoom)
    assert page.context["zoom"] == (zoom if zoom in ("story", "calls") else "story")
    assert len(page.context["lines"]) >= len(visits[1].hops(page.context["zoom"]))
    assert MARKUP not in page.text


def test_an_old_flight_without_a_trace_says_so(learner, visits):
    Flight.objects.filter(pk=visits[0].pk).update(trace={})
    assert "recorded without its steps" in side_by_side(learner.client, visits[0], visits[1]).text
    assert exported(learner.client, visits[0])["hops"] == []


# A file goes out


def test_a_download_is_a_file_of_json_with_the_flights_number(learner, visits):
    response = learner.client.get(reverse("flight_json", args=[visits[1].pk]))
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == f'attachment; filename="flight-{visits[1].pk}.json"'
    content = json.loads(response.content)
    assert content["request"]["path"] == "/lab/visits/"
    assert [hop["kind"] for hop in content["hops"]] == [hop.kind for hop in visits[1].hops()]


def test_no_key_goes_out(learner, visits):
    for flight in visits:
        assert Session.objects.get().pk not in json.dumps(exported(learner.client, flight))


# A file comes in


def test_a_flight_that_goes_out_comes_in_again(learner, visits):
    flight = opened(learner.client, exported(learner.client, visits[1]))
    for zoom in ("story", "calls"):
        assert [hop.caption for hop in flight.hops(zoom)] == [hop.caption for hop in visits[1].hops(zoom)]


def test_it_opens_in_another_notebook_and_goes_out_again(learner, visits):
    content = exported(learner.client, visits[1])
    somebody = Client()
    flight = opened(somebody, content)
    assert exported(somebody, flight)["hops"] == content["hops"]
    page = somebody.get(f"/flights/{flight.pk}/").text
    assert "Opened from a file. Answered with 200 OK" in page  # and no time: that of opening would be taken for its own
    assert learner.client.get(reverse("flight", args=[flight.pk])).status_code == 404
    assert "From a file" in listed(somebody)


def test_it_gains_no_row_and_no_place_in_the_lab(learner, visits, rf):
    content = exported(learner.client, visits[1])
    content["recording"]["session_key"] = Session.objects.get().pk  # of somebody else
    content["recording"]["cookies"]["sessionid"] = Session.objects.get().pk
    thief = Client(REMOTE_ADDR="203.0.113.5")
    thief.get("/")
    flight = opened(thief, content)
    assert (flight.session_key, flight.row, flight.recorded) == ("", None, "")
    assert "num_visits" not in thief.get(reverse("rows")).text
    assert Session.objects.get().pk not in thief.get(reverse("inspector")).text
    assert reverse("flight_page", args=[flight.pk]) not in thief.get("/lessons/visits/").text


def test_it_proves_nothing(learner, visits):
    """Six visits reach the goal of the lesson. As files they reach none, and no prediction is graded by them."""
    visits += [learner.fly("blue", "visits", "lab:visits") for _ in range(6)]
    assert learner.ticked("visits")
    contents = [exported(learner.client, flight) for flight in visits]
    learner.client.post(reverse("reset", args=["visits"]))
    learner.predict("visits", "len", "type-error")
    learner.predict("visits", "slide", "to-five")
    for content in contents:
        open_file(learner.client, content)
    logbook.judge(learner.notebook.pk, [course.lesson_by_slug("visits")])
    assert not Tick.objects.exists()
    assert not learner.observed("visits", "slide")


def test_its_functions_are_its_own(learner, visits):
    content = exported(learner.client, visits[1])
    for function in content["trace"]["functions"]:
        function["source"] = "raise SystemExit"
    before = list(Source.objects.values())
    flight = opened(learner.client, content)
    assert list(Source.objects.values()) == before
    assert {hop.function.source for hop in flight.hops() if hop.function} == {"raise SystemExit"}
    assert "raise SystemExit" not in {hop.function.source for hop in visits[1].hops() if hop.function}


def test_a_name_that_templates_know_is_a_name_like_any_other(learner, visits):
    content = json.dumps(exported(learner.client, visits[1])).replace('"num_visits"', '"items"')
    content = content.replace('"request": "<WSGIRequest GET>"', '"items": "<WSGIRequest GET>"')
    flight = opened(learner.client, content.replace('"cookies": {', '"cookies": {"items": "1", ').encode())
    assert "items=1" in pages_of(learner.client, flight, visits[0])[0]


def test_markup_in_a_file_is_shown_and_never_run(learner, visits):
    content = json.dumps(exported(learner.client, visits[1])).replace("num_visits", MARKUP).replace("visits", MARKUP)
    flight = opened(learner.client, content.encode())
    for page in pages_of(learner.client, flight, visits[0]):
        assert MARKUP not in page


def pages_of(client, flight, other) -> list[str]:
    """Return every page that shows this flight. None may fail."""
    pages = [client.get(reverse("flight", args=[flight.pk]), {"zoom": zoom}) for zoom in ZOOMS]
    pages += [
        client.get(reverse("flights_compared", args=pair)) for pair in ((flight.pk, other.pk), (other.pk, flight.pk))
    ]
    pages += [client.get(reverse(name, args=[flight.pk])) for name in ("flight_json", "flight_page")]
    pages += [client.get(reverse("flights")), client.get("/lessons/visits/"), client.get("/inspector/")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    return [page.text for page in pages if page.headers["Content-Type"].startswith("text/html")]


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[" * 100_000, b"\xff", b'{"format": 1, "format": 1}'], ids=range(5)
)
def test_what_cannot_be_opened_is_said_and_nothing_is_lost(learner, visits, content):
    before = list(Flight.objects.values_list("pk", flat=True))
    response = open_file(learner.client, content)
    assert response.status_code == 400
    assert "Nothing was stored." in response.text
    assert f'href="{reverse("flight", args=[visits[0].pk])}"' in response.text
    assert list(Flight.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("form", [{}, {"file": "text and no file"}], ids=str)
def test_no_file_is_said_too(learner, form):
    response = learner.client.post(reverse("flight_open"), form)
    assert (response.status_code, "Choose a file first." in response.text) == (400, True)


def test_too_much_is_refused_before_it_is_read(learner, monkeypatch):
    monkeypatch.setattr(flight_files, "FORM_MOST", 1000)
    response = open_file(learner.client, b"x" * 1000)
    assert (response.status_code, "too large" in response.text) == (413, True)


def test_a_forged_form_is_refused(db):
    forger = Client(enforce_csrf_checks=True)
    forger.get("/")
    assert open_file(forger, b"{}").status_code == 403


def test_a_notebook_keeps_its_last_flights_files_among_them(learner, visits, monkeypatch):
    monkeypatch.setattr(logbook, "FLIGHTS_MOST", 2)
    flight = opened(learner.client, exported(learner.client, visits[2]))
    assert list(Flight.objects.all()) == [visits[2], flight]


@pytest.mark.slow
def test_whatever_a_file_says_no_page_fails(learner, visits):
    """A real export, changed in a few places: it opens, and then every page shows it, or there is a sentence."""
    content = exported(learner.client, visits[1])
    ways = [way for way in ways_into(content) if way[0] in ("recording", "trace")]
    outcomes = {302: 0, 400: 0}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(way=st.sampled_from(ways), value=ANYTHING)
    def fails_nowhere(way, value):
        Flight.objects.filter(browser=OPENED).delete()
        response = open_file(learner.client, changed(content, way, value))
        outcomes[response.status_code] += 1
        if response.status_code == 302:
            pages_of(learner.client, Flight.objects.get(browser=OPENED), visits[0])

    fails_nowhere()
    assert all(outcomes.values())


# Only your own


@pytest.mark.parametrize("name", ["flight_json", "flights_compared"])
def test_what_is_not_yours_is_404(learner, visits, name):
    stranger = Client()
    stranger.get("/")
    own = opened(stranger, exported(learner.client, visits[0]))
    others = visits[0].pk
    arguments = {"flight_json": [[others], [10**30]], "flights_compared": [[others, own.pk], [own.pk, others], [0, 0]]}
    for each in arguments[name]:
        assert stranger.get(reverse(name, args=each)).status_code == 404


def test_a_stranger_sees_no_flight_in_the_list(learner, visits):
    assert "/lab/visits/" not in listed(Client())
