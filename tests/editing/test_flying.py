"""A browser that holds the row is sent with it, and a value that is in no row."""

import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse

from lessons.handles import handle_for
from lessons.models import Flight

from .conftest import Page


def test_a_simulated_browser_reads_what_was_written(learner):
    learner.fly("blue", "visits", "lab:slide")
    key = Session.objects.get().pk
    page = Page(learner.client, reverse("inspector_edit", args=[handle_for(key)]))
    page.press("write", data='{"num_visits": 41}')
    assert "as Blue" in page.text
    fly = reverse("edit_fly", args=[handle_for(key)])
    response = learner.client.post(fly, {"browser": "blue", "send": "slide"})
    flight = Flight.objects.last()
    assert (response.headers["Location"], flight.body) == (reverse("flight", args=[flight.pk]), "view count=42")


def test_a_list_in_the_row_breaks_the_view_of_the_next_flight(learner):
    learner.fly("blue", "visits", "lab:slide")
    handle = handle_for(Session.objects.get().pk)
    Page(learner.client, reverse("inspector_edit", args=[handle])).press("tamper list").press("write")
    learner.client.raise_request_exception = False
    learner.client.post(reverse("edit_fly", args=[handle]), {"browser": "blue", "send": "get"})
    flight = Flight.objects.last()
    assert flight.status == 500
    assert "object has no attribute" in flight.body


@pytest.mark.parametrize("posted", [{"browser": "orange", "send": "slide"}, {"browser": "blue", "send": "x"}, {}])
def test_a_browser_that_does_not_hold_it_is_not_sent(learner, posted):
    learner.fly("blue", "visits", "lab:slide")
    fly = reverse("edit_fly", args=[handle_for(Session.objects.get().pk)])
    assert learner.client.post(fly, posted).status_code == 404
    assert Flight.objects.count() == 1


def test_your_own_browser_is_sent_by_yourself_and_leads_to_its_flight(learner):
    learner.client.get(reverse("lab:slide"), headers={"Sec-Fetch-Dest": "iframe"})
    page = Page(learner.client, reverse("inspector_edit", args=[handle_for(Session.objects.get().pk)]))
    assert "Send GET /lab/visits/slide/ as your browser" in page.text
    assert learner.client.get(reverse("edit_flight")).headers["Location"] == reverse(
        "flight", args=[Flight.objects.get().pk]
    )


# A value in no row


def test_an_empty_value_is_an_empty_dict(client, db):
    page = Page(client, reverse("inspector_edit_value"))
    assert SessionStore().decode(page.fields["stored"]) == {}
    assert page.fields["stored"].startswith("e30:")
    assert "Write it to the row" not in page.text


def test_a_pasted_value_is_taken_apart(client, db):
    text = SessionStore().encode({"num_visits": 3})
    page = client.post(reverse("inspector_edit_value"), {"stored": text})
    assert json.loads(page.context["form"].values["data"]) == {"num_visits": 3}


@pytest.mark.parametrize("do", ["write", "overwrite", "undo", "x", ""])
def test_a_value_in_no_row_is_written_nowhere(client, db, do):
    Page(client, reverse("inspector_edit_value")).press(do)
    assert not Session.objects.exists()
