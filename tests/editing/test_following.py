"""Change one stage, and the others follow."""

import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from .conftest import row


def test_the_page_shows_the_row_in_all_its_stages(page):
    assert json.loads(page.fields["data"]) == {"num_visits": 3}
    assert page.fields["stored"] == row().session_data
    for value in ("num_visits", page.fields["payload"], page.fields["seconds"], page.fields["signature"]):
        assert value in page.text


def test_a_button_makes_the_others_follow(page):
    page.press("follow data", data='{"num_visits": 41}')
    assert SessionStore().decode(page.fields["stored"]) == {"num_visits": 41}
    assert row().get_decoded() == {"num_visits": 3}


def test_enter_follows_what_was_changed(page):
    page.press("follow", payload="e30")
    assert (page.fields["data"], SessionStore().decode(page.fields["stored"])) == ("{}", {})


def test_what_was_typed_is_kept_when_it_cannot_be_read(page):
    page.press("follow data", data='{"num_visits": 41')
    assert page.fields["data"] == '{"num_visits": 41'
    assert page.fields["stored"] == row().session_data
    assert "This is not JSON" in page.text
    page.press("write")
    assert page.result.problem.startswith("Nothing was written: the dict is not JSON: Expecting ',' delimiter")
    assert page.result.problem.count("othing") == 1
    assert row().get_decoded() == {"num_visits": 3}
    page.press("write", data='{"num_visits": 41}')
    assert row().get_decoded() == {"num_visits": 41}


def test_two_changes_at_once_lose_neither(page):
    page.press("follow data", data='{"num_visits": 41}', signature="mine")
    assert page.fields["signature"] == "mine"
    assert "You changed this too" in page.text
    page.press("write")
    assert "follow from the one that you mean" in page.result.problem
    assert row().get_decoded() == {"num_visits": 3}
    page.press("follow sign")
    assert page.fields["stored"].endswith(":mine")
    assert json.loads(page.fields["data"]) == {"num_visits": 41}


def test_a_change_beside_one_that_is_stuck_is_not_lost(page):
    page.press("follow data", data="{", stored="e30:x:y")
    page.press("follow data", data="{}")
    assert page.fields["stored"] == "e30:x:y"
    assert page.result.form.beside == {"stored": "e30:x:y"}


@pytest.mark.parametrize("field", ["date", "seconds", "timestamp"])
def test_the_time_follows_the_spelling_that_was_changed(page, field):
    page.press("follow time", **{field: {"date": "1970-01-01 00:01:00", "seconds": "60", "timestamp": "y"}[field]})
    assert (page.fields["date"], page.fields["seconds"], page.fields["timestamp"]) == ("1970-01-01 00:01:00", "60", "y")


def test_the_lines_of_a_form_end_as_they_did_before(page):
    data = '{\r\n  "num_visits": 41\r\n}'
    page.press("follow data", data=data)
    assert page.fields["data"] == data.replace("\r\n", "\n")
    assert page.result.form.beside == {}


def test_the_fragment_for_javascript_follows_and_writes_nothing(page):
    fields = {**page.fields, "data": '{"num_visits": 41}', "stage": "data", "do": "write"}
    response = page.client.post(reverse("edit_follow"), fields)
    assert SessionStore().decode(response.context["form"].values["stored"]) == {"num_visits": 41}
    assert row().get_decoded() == {"num_visits": 3}
