"""The rows of django_session: which of them a visitor may see, whose they are, what is in them."""

import json
import os
import random
from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from lessons.inspector import KEPT_MOST, PAGE_SIZE, Row, Visitor, decode_pasted, row_of
from lessons.models import Browser, Flight, Notebook

pytestmark = pytest.mark.django_db

NOW = datetime.now(timezone.utc)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)
COUNTED = {"num_visits": 3}


def store(key, data=COUNTED, expire_date=TOMORROW, **fields):
    return Session.objects.create(
        **{"session_key": key, "session_data": Session.objects.encode(data), "expire_date": expire_date} | fields
    )


@pytest.fixture
def notebook():
    return Notebook.objects.create()


@pytest.fixture
def see(notebook, settings):
    """Look at the table, alone with the server or not, as the owner of the notebook."""

    def look(alone=True, sessionid=""):
        settings.DEBUG = alone
        request = RequestFactory().get("/inspector/")
        request.COOKIES = {"sessionid": sessionid} if sessionid else {}
        request.notebook_key = notebook.pk
        return Visitor(request)

    return look


def keys(rows):
    return [row.session_key for row in rows]


def jar(*session_keys):
    return [{"name": "sessionid", "value": key} for key in session_keys] + [{"name": "zap", "value": "42"}]


# Whose rows


def test_the_last_written_row_comes_first(see):
    for key, days in [("old", 1), ("new", 3), ("middle", 2)]:
        store(key, expire_date=NOW + timedelta(days=days))
    assert keys(see().rows()) == ["new", "middle", "old"]


def test_a_page_has_fifty_rows(see):
    for number in range(PAGE_SIZE + 5):
        store(f"key{number:02}")
    assert (len(see().rows()), len(see().rows(5)), see().count()) == (50, 5, 55)


def test_your_row_is_marked(see):
    store("mine"), store("other")
    assert {row.session_key: row.yours for row in see(sessionid="mine").rows()} == {"mine": True, "other": False}


def test_the_row_of_a_simulated_browser_is_marked_with_its_name(see, notebook):
    store("held")
    Browser.objects.create(notebook=notebook, name="blue", jar=jar("held"))
    Browser.objects.create(notebook=notebook, name="orange", jar=jar("held"))
    (row,) = see().rows()
    assert (row.owners, row.yours) == (("Blue", "Orange"), False)


@pytest.mark.parametrize("alone", [True, False])
def test_a_browser_of_another_notebook_is_nobody_to_you(see, alone):
    store("held")
    Browser.objects.create(notebook=Notebook.objects.create(), name="blue", jar=jar("held"))
    assert [row.owners for row in see(alone).rows()] == ([()] if alone else [])


def test_with_others_around_you_see_what_your_browsers_hold_and_held(see, notebook):
    for key in ["mine", "blue", "before", "other"]:
        store(key)
    Browser.objects.create(notebook=notebook, name="blue", jar=jar("blue"))
    Flight.objects.create(notebook=notebook, browser="blue", session_key="before", recording={})
    Flight.objects.create(notebook=Notebook.objects.create(), browser="blue", session_key="other", recording={})
    visitor = see(alone=False, sessionid="mine")
    assert set(keys(visitor.rows())) == {"mine", "blue", "before"}
    assert keys(visitor.own_rows()) == ["mine", "blue", "before"]
    assert visitor.count() == 3


@pytest.mark.parametrize("alone", [True, False])
def test_a_handle_leads_to_a_row_that_may_be_seen(see, alone):
    row = Row("other", "", NOW)
    store("other")
    found = see(alone).row(row.handle)
    assert (found and found.session_key) == ("other" if alone else None)


def test_a_handle_of_no_row_leads_nowhere(see):
    assert see().row(Row("gone", "", NOW).handle) is None
    assert see().row("garbage") is None


def test_the_key_of_your_browser_is_shown_shortened(see):
    assert see(sessionid="abcdefghijklmnopqrstuvwxyz012345").your_key == "abcd…2345"
    assert see().your_key == ""


# What is in them


def test_a_row_decodes_to_what_was_stored():
    store("key")
    row = row_of("key")
    assert (row.data, row.decoded.verified, row.size) == (COUNTED, True, len(row.session_data))


@pytest.mark.parametrize("key", [None, "", "nothing"])
def test_without_a_row_there_is_none(key):
    assert row_of(key) is None


@pytest.mark.parametrize(("when", "expired"), [(YESTERDAY, True), (TOMORROW, False)])
def test_an_expired_row_says_so(when, expired):
    assert Row("key", "", when).expired is expired


@pytest.mark.parametrize("changed", [" {}", "{}\n", "'{}'"])
def test_of_a_row_nothing_is_forgiven_and_of_a_paste_white_space_and_quotes(changed):
    text = changed.format(Session.objects.encode(COUNTED))
    assert Session(session_data=text).get_decoded() == {}
    assert Row("key", text, NOW).decoded.verified is not True
    assert decode_pasted(text).verified is True


def test_after_a_change_of_the_secret_key_the_fallback_reads(settings):
    text = Session.objects.encode(COUNTED)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    assert decode_pasted(text).verified_with == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert decode_pasted(text).verified is False


# What a flight keeps of one


def test_a_flight_keeps_the_row_as_json():
    row = Row("key", Session.objects.encode(COUNTED), NOW)
    assert json.loads(json.dumps(row.as_json())) == {
        "session_key": "key",
        "session_data": row.session_data,
        "expire_date": NOW.isoformat(),
        "data": COUNTED,
    }


def test_of_a_huge_row_it_keeps_the_beginning():
    noise = "".join(random.Random(1).choices("abcdefghijklmnop", k=100_000))
    kept = Row("key", Session.objects.encode({"noise": noise}), NOW).as_json()
    assert (len(kept["session_data"]), kept["data"]) == (KEPT_MOST, {})


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c", "\0"])
def test_of_an_unreadable_row_it_keeps_no_data(text):
    assert Row("key", text, NOW).as_json()["data"] == {}


def test_of_what_no_json_field_takes_it_keeps_no_data():
    for data in ({"a": float("nan")}, {"a": float("inf")}, {"a": json.loads("[" * 600 + "]" * 600)}):
        assert Row("key", Session.objects.encode(data), NOW).as_json()["data"] == {}


@pytest.mark.django_db
def test_a_list_leaves_the_data_of_a_large_row_out(client, settings):
    settings.DEBUG = True
    store = SessionStore()
    store["words"] = os.urandom(20_000).hex()
    store.save()
    page = client.get("/_ui/rows/").text
    assert "large: open it to read" in page
    assert store["words"][:40] not in page
