"""The lab frame: send a request as one of the browsers, look at its jar, forget it."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from lessons import course
from lessons.models import Browser, Flight, Notebook
from lessons.views.lab import FIELD_MOST

HTMX = {"HX-Request": "true"}
ECHO_GET = "send-get-lab-echo1"
ECHO_POST = "send-post-lab-echo1"
VISITS = "send-get-lab-visits0"


def press(client, lesson="visits", send=VISITS, browser="blue", headers=None, **fields):
    return client.post(reverse("fly", args=[lesson]), {"browser": browser, "send": send, **fields}, headers=headers)


def frame(client, lesson="visits", **query):
    return client.get(reverse("lab_frame", args=[lesson]), query, headers=HTMX)


# Sending


def test_a_press_flies_and_leads_back_to_the_lab_of_that_browser(learner):
    response = press(learner.client)
    assert response.headers["Location"] == "/lessons/visits/?browser=blue#lab"
    assert Flight.objects.get().body == "view count=1"


def test_with_htmx_the_frame_comes_back_at_once(learner):
    text = press(learner.client, headers=HTMX).text
    assert text.lstrip().startswith("<lab-frame")
    assert "200 OK" in text
    assert 'hx-swap-oob="true"' in text


@pytest.mark.parametrize(
    "asked",
    [
        {"send": "send-get-admin0"},
        {"send": ""},
        {"send": "/lab/visits/"},
        {"send": ECHO_GET},  # of another lesson
        {"browser": "yours"},
        {"browser": "green"},
        {"browser": ""},
    ],
    ids=str,
)
def test_what_the_lesson_does_not_offer_is_not_sent(learner, asked):
    assert "Nothing was sent." in press(learner.client, headers=HTMX, **asked).text
    assert press(learner.client, **asked).status_code == 302
    assert not Flight.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("send", [ECHO_GET, ECHO_POST])
def test_a_field_may_be_edited_and_is_clipped(learner, send):
    press(learner.client, "http", send, a="ü" * 5000, b="not offered")
    body = Flight.objects.get().body
    assert body.count("\\u00fc") == FIELD_MOST
    assert "not offered" not in body


@pytest.mark.parametrize("send", [ECHO_GET, ECHO_POST])
def test_a_field_left_alone_has_the_value_of_the_lesson(learner, send):
    press(learner.client, "http", send)
    assert '"a": "1"' in Flight.objects.get().body


@pytest.mark.parametrize("value", ["a&b=c#d?e", "<script>", "\x00", "../../admin/", "é😀"])
def test_a_field_stays_one_field_whatever_is_in_it(learner, value):
    press(learner.client, "http", ECHO_GET, a=value)
    assert course.evidence.arrived(Flight.objects.get())["GET"] == {"a": value}


def test_a_redirect_is_two_flights(learner):
    press(learner.client, "browsers", "send-get-lab-carry0")
    press(learner.client, "browsers", "send-post-lab-carry1", name="Ada")
    assert [(flight.method, flight.status) for flight in Flight.objects.all()][1:] == [("POST", 302), ("GET", 200)]
    assert "Hello, Ada" in Flight.objects.last().body


def test_each_browser_has_a_jar_of_its_own(learner):
    for browser in ("blue", "blue", "orange"):
        press(learner.client, browser=browser)
    assert [flight.body[-1] for flight in Flight.objects.all()] == ["1", "2", "1"]


def test_a_press_leaves_the_real_browser_alone(learner):
    assert list(press(learner.client).cookies) == []


@pytest.mark.django_db
def test_a_press_of_somebody_without_a_notebook_brings_the_cookie_along(client):
    response = press(client)
    assert response.cookies["notebook"].value.startswith(str(Notebook.objects.get().pk))


def test_a_page_with_a_token_may_press(learner):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/lessons/visits/?browser=blue").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert press(browser, csrfmiddlewaretoken=token).status_code == 302
    assert press(browser).status_code == 403
    assert Flight.objects.count() == 1


# The frame


def test_without_htmx_the_frame_leads_to_its_lesson(learner):
    response = learner.client.get(reverse("lab_frame", args=["visits"]), {"browser": "orange"})
    assert response.headers["Location"] == "/lessons/visits/?browser=orange#lab"


def test_the_state_comes_without_the_page(learner):
    assert "<iframe" in frame(learner.client, browser="yours").text
    assert "<iframe" not in frame(learner.client, browser="yours", state="").text


@pytest.mark.parametrize("name", ["green", "", "<script>"])
def test_an_unknown_browser_is_yours(learner, name):
    assert frame(learner.client, browser=name).context["frame"].browser == "yours"


# Forgetting


def forget(client, browser="blue", what="forget", headers=None):
    return client.post(reverse("forget", args=["http"]), {"browser": browser, "what": what}, headers=headers)


def names_in_the_jar(browser="blue"):
    return [cookie["name"] for cookie in Browser.objects.get(name=browser).jar]


def test_a_forgotten_browser_holds_nothing_and_its_row_stays(learner):
    press(learner.client)
    forget(learner.client)
    assert names_in_the_jar() == []
    assert Session.objects.exists()


def test_a_closed_browser_keeps_what_has_an_expiry(learner):
    press(learner.client, "http", "send-get-lab-cookie0")
    forget(learner.client, what="close")
    assert names_in_the_jar() == ["sakaicar"]


def test_a_closed_private_window_keeps_nothing(learner):
    press(learner.client, "http", "send-get-lab-cookie0", browser="private")
    forget(learner.client, browser="private", what="close")
    assert names_in_the_jar("private") == []


def test_forgetting_one_browser_leaves_the_others(learner):
    press(learner.client, browser="orange")
    forget(learner.client)
    assert names_in_the_jar("orange") == ["sessionid"]


def test_forgetting_your_browser_takes_the_cookies_of_the_labs_only(learner):
    learner.client.get(reverse("lab:visits"))
    learner.client.get(reverse("lab:cookie"))
    response = forget(learner.client, browser="yours")
    assert {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0} == {
        "sessionid",
        "zap",
        "sakaicar",
    }
    assert response.headers["Location"] == "/lessons/http/?browser=yours#lab"


def test_with_htmx_your_forgotten_browser_shows_the_jar_as_it_will_be(learner):
    learner.client.get("/lab/cookie/")
    response = forget(learner.client, "yours", headers=HTMX)
    assert "No cookie of the lab." in response.text
    assert {name for name, morsel in response.cookies.items() if morsel["max-age"] == 0} == {"zap", "sakaicar"}


def test_with_htmx_the_frame_of_a_forgotten_browser_comes_back(learner):
    assert forget(learner.client, headers=HTMX).text.lstrip().startswith("<lab-frame")


# The page a simulated browser got


def page_of(learner, body, content_type="text/html; charset=utf-8"):
    """Show the page of a flight as if a view had answered this."""
    flight = learner.fly("blue", "visits", "lab:visits")
    flight.recording |= {"body": body, "headers": [["Content-Type", content_type]]}
    flight.save()
    return learner.client.get(reverse("flight_page", args=[flight.pk]))


def test_the_page_of_a_flight_is_shown_as_it_came(learner):
    flight = learner.fly("blue", "visits", "lab:visits")
    assert learner.client.get(reverse("flight_page", args=[flight.pk])).text == "view count=1"


def test_it_can_run_nothing_send_nothing_and_stand_nowhere_else(learner):
    headers = page_of(learner, "<script>alert(1)</script>").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "allow-" not in policy
    assert "script-src" not in policy
    assert "font-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("content_type", "shown_as"),
    [
        ("text/html; charset=iso-8859-1", "text/html; charset=utf-8"),
        ("text/html; charset=nonsense", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("application/json", "text/plain; charset=utf-8"),
        ("image/svg+xml", "text/plain; charset=utf-8"),
        ("text/javascript", "text/plain; charset=utf-8"),
        ("", "text/plain; charset=utf-8"),
    ],
)
def test_it_is_shown_as_markup_or_as_text(learner, content_type, shown_as):
    response = page_of(learner, "Ω…", content_type)
    assert (response.headers["Content-Type"], response.text) == (shown_as, "Ω…")


def test_nobody_else_sees_it(learner):
    flight = learner.fly("blue", "visits", "lab:visits")
    assert Client().get(reverse("flight_page", args=[flight.pk])).status_code == 404
