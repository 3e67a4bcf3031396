"""The edit page: change, tamper, write, undo, and see what Django makes of it. Without JavaScript."""

import base64
import json
import re
import threading
import zlib
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.handles import handle_for
from lessons.inspector import editing
from lessons.inspector.asking import LOGGER, Heard
from lessons.inspector.edit_form import ORDER, EditForm
from lessons.inspector.versions import date_shown
from lessons.models import Flight
from lessons.session_data.readable import TYPED_MOST

KEY = "k" * 32
MARKUP = "<script>alert(1)</script>"
LATER = timezone.now() + timedelta(days=14)


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True


class Page:
    """The edit page of one row, as a browser without JavaScript has it: fields that are filled in, and buttons."""

    def __init__(self, client, address):
        self.client, self.address = client, address
        self.show(client.get(address))

    def show(self, response):
        assert response.status_code == 200
        self.response, self.text = response, response.text
        self.context = response.context
        self.result, form = self.context["result"], self.context["form"]
        self.fields = {**form.values, "was": form.was, "expires": self.result.expires}
        self.fields |= self.context.get("tokens", {})
        return self

    def press(self, do, **typed):
        """Type into some of the fields, and press a button."""
        self.fields |= typed
        return self.show(self.client.post(self.address, {**self.fields, "do": do}))


@pytest.fixture
def page(client, db):
    Session.objects.create(session_key=KEY, session_data=SessionStore().encode({"num_visits": 3}), expire_date=LATER)
    return Page(client, reverse("inspector_edit", args=[handle_for(KEY)]))


def row():
    return Session.objects.get(pk=KEY)


def write_elsewhere(data, key=KEY):
    Session.objects.filter(pk=key).update(session_data=SessionStore().encode(data))


def test_the_key_of_ones_own_browser_is_shown_whole_and_others_are_not(page, client):
    assert KEY not in page.text
    client.get("/lab/visits/")
    own = client.session.session_key
    assert own in Page(client, reverse("inspector_edit", args=[handle_for(own)])).text


# Following


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


# Writing


def test_what_was_typed_is_written_without_following_first(page):
    page.press("write", data='{"num_visits": 41}')
    assert page.result.done.startswith("Written.")
    assert row().get_decoded() == {"num_visits": 41}
    assert row().expire_date == LATER


def test_the_expiry_is_written_too(page):
    page.press("write", expires="2031-05-06 07:08:09")
    assert row().expire_date.isoformat() == "2031-05-06T07:08:09+00:00"
    assert row().get_decoded() == {"num_visits": 3}


@pytest.mark.parametrize("expires", ["", "soon", "2031-02-30"])
def test_an_expiry_that_is_no_date_is_said_and_nothing_is_written(page, expires):
    page.press("write", data="{}", expires=expires)
    assert "Nothing was written: the expire_date is not a date" in page.result.problem
    assert (page.fields["expires"], page.fields["data"]) == (expires, "{}")
    assert row().get_decoded() == {"num_visits": 3}


def test_a_conflict_shows_both_and_what_they_came_from_and_writes_nothing(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}')
    conflict = page.result.conflict
    assert [each.row.data["num_visits"] for each in (conflict.base, conflict.theirs, conflict.yours)] == [3, 4, 41]
    assert "Another request or tab wrote to it" in page.text
    assert page.fields["data"] == '{"num_visits": 41}'
    assert row().get_decoded() == {"num_visits": 4}


def test_mine_is_written_over_theirs_when_i_say_so(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}').press("overwrite")
    assert row().get_decoded() == {"num_visits": 41}
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 4}


def test_but_not_over_what_came_after_that(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 5})
    page.press("overwrite")
    assert page.result.conflict.theirs.row.data == {"num_visits": 5}
    assert row().get_decoded() == {"num_visits": 5}


def test_the_same_post_again_writes_nothing_again(page):
    fields = {**page.fields, "data": '{"num_visits": 41}', "do": "write"}
    for _ in range(2):
        page.client.post(page.address, fields)
    assert row().get_decoded() == {"num_visits": 41}
    write_elsewhere({"num_visits": 42})
    assert page.client.post(page.address, fields).context["result"].conflict
    assert row().get_decoded() == {"num_visits": 42}


def test_a_write_that_changes_nothing_says_so_and_leaves_nothing_to_undo(page):
    page.press("write")
    assert page.result.done.startswith("The row holds just this already.")
    assert "Undo the last write" not in page.text


def test_a_row_that_is_gone_is_said_and_what_was_typed_is_kept(page):
    Session.objects.all().delete()
    page.press("write", data='{"num_visits": 41}')
    assert "The row is gone" in page.text
    assert page.fields["data"] == '{"num_visits": 41}'
    assert not Session.objects.exists()
    assert page.client.get(page.address).status_code == 404


def test_a_row_that_goes_at_the_last_moment_is_not_made_again(page, monkeypatch):
    monkeypatch.setattr(editing, "write", lambda *versions: (False, None))
    page.press("write", data="{}")
    assert "The row is gone" in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"seconds": "soon"}, "the number of seconds is not a number of at most"),
        ({"date": "soon"}, "the date is not a date"),
        ({"data": "9" * 5000}, "Python refuses this JSON"),
        ({"data": "{}", "signature": "x"}, "you changed two stages"),
        ({"serialized": "\N{SNOWMAN}"}, "\N{SNOWMAN} is no byte"),
        ({"serialized": "x" * (TYPED_MOST + 1)}, "the text of the bytes is longer than"),
    ],
)
def test_why_nothing_was_written_is_one_sentence_that_names_the_stage(page, typed, sentence):
    page.press("write", **typed)
    assert page.result.problem.startswith(f"Nothing was written: {sentence}")
    assert row().get_decoded() == {"num_visits": 3}


def test_a_payload_that_cannot_be_unpacked_cannot_be_compressed(page):
    page.press("follow payload", payload="x").press("write", compress="always")
    assert page.result.problem.startswith("Nothing was written: the payload is not base64url")


@pytest.mark.parametrize("base", ["", "forged"])
def test_without_the_version_it_was_made_from_nothing_is_written(page, base):
    page.press("write", data="{}", base=base)
    assert "not made by this server" in page.result.problem
    assert row().get_decoded() == {"num_visits": 3}


def test_the_version_of_another_row_is_none(page, client):
    Session.objects.create(session_key="o" * 32, session_data=row().session_data, expire_date=LATER)
    other = Page(client, reverse("inspector_edit", args=[handle_for("o" * 32)]))
    page.press("write", data="{}", base=other.fields["base"])
    assert row().get_decoded() == {"num_visits": 3}


@pytest.mark.parametrize("stored", ["a\0b:c:d", "x:" + "y" * 700_000 + ":z"])
def test_what_cannot_be_stored_is_said_and_kept(page, stored):
    before = row().session_data
    page.press("write", stored=stored)
    assert "Nothing was written: the stored text " in page.result.problem
    assert page.fields["stored"] == stored
    assert row().session_data == before


# Undo


def test_the_last_write_is_undone(page):
    before = row()
    page.press("write", data='{"num_visits": 41}', expires="2031-05-06").press("undo")
    assert (row().session_data, row().expire_date) == (before.session_data, before.expire_date)
    assert json.loads(page.fields["data"]) == {"num_visits": 3}
    assert page.fields["expires"] == date_shown(before.expire_date)
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 41}


def test_undo_is_there_still_after_a_look_and_takes_nothing_typed_away(page):
    page.press("write", data='{"num_visits": 41}').press("look").press("undo", data='{"num_visits": 99}')
    assert row().get_decoded() == {"num_visits": 3}
    assert json.loads(page.fields["data"]) == {"num_visits": 99}


def test_undo_does_not_write_over_what_came_after(page):
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 42})
    page.press("undo")
    conflict = page.result.conflict
    assert [each.row.data["num_visits"] for each in (conflict.base, conflict.theirs, conflict.yours)] == [41, 42, 3]
    assert "A request has written to the row since your last write" in page.text
    assert "What you typed" not in page.text
    assert row().get_decoded() == {"num_visits": 42}
    page.press("overwrite undo")
    assert page.result.done.startswith("Undone")
    assert json.loads(page.fields["data"]) == row().get_decoded() == {"num_visits": 3}


def test_an_undo_all_the_same_is_not_written_over_what_came_after_that(page):
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 42})
    page.press("undo")
    write_elsewhere({"num_visits": 43})
    page.press("overwrite undo")
    assert "since your last write" in page.text
    assert row().get_decoded() == {"num_visits": 43}


def test_before_a_write_there_is_nothing_to_undo(page):
    assert "Undo the last write" not in page.text
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 3}


# Tampering, and what Django makes of it

MADE_OF_IT = {
    "tamper flip-payload": "warned",
    "tamper flip-timestamp": "warned",
    "tamper flip-signature": "warned",
    "tamper wrong": "warned",
    "tamper list": "breaks",
    "tamper json": "silent",
    "tamper zlib": "silent",
    "follow": "read",
}


@pytest.mark.parametrize(("button", "name"), MADE_OF_IT.items(), ids=MADE_OF_IT)
def test_each_button_says_what_it_did_and_django_says_what_it_makes_of_it(page, button, name):
    page.press(button)
    assert bool(page.result.done) is (button != "follow")
    assert "What Django makes of it" not in page.text
    page.press("look", guess=name)
    answer = page.context["answer"]
    assert answer.name == name
    assert ("Session data corrupted" in page.text) is (name == "warned")
    assert ("&#x27;list&#x27; object has no attribute &#x27;get&#x27;" in page.text) is (name == "breaks")
    assert "As you said" in page.text
    assert "Not what you said" in page.press("look", guess="breaks" if name != "breaks" else "read").text
    page.press("write")
    assert row().get_decoded() == answer.data


@pytest.mark.parametrize("part", ["payload", "timestamp", "signature"])
def test_flipping_changes_one_character_of_one_part(page, part):
    before = dict(page.fields)
    page.press(f"tamper flip-{part}")
    changed = [name for name in ("payload", "timestamp", "signature") if page.fields[name] != before[name]]
    assert changed == [part]
    assert sum(a != b for a, b in zip(page.fields["stored"], before["stored"], strict=True)) == 1


@pytest.mark.parametrize("part", ["payload", "timestamp", "signature"])
@pytest.mark.parametrize("stored", ["", "::", ".::", "x", "é:é:é"])
def test_whatever_stands_there_can_be_flipped(page, part, stored):
    page.press("follow stored", stored=stored).press(f"tamper flip-{part}")
    assert page.result.done


def test_the_dot_is_no_character_to_flip(page):
    page.press("follow stored", stored=".:x:y").press("tamper flip-payload")
    assert page.fields["payload"].startswith(".")


def test_a_flipped_character_is_not_signed_by_the_next_change_of_a_choice(page):
    page.press("tamper flip-payload")
    assert (page.fields["clock"], page.fields["signer"]) == ("keep", "keep")
    page.press("tamper list").press("look")
    assert page.context["answer"].name == "breaks"


def test_django_is_not_asked_about_what_cannot_be_read(page):
    page.press("look", data="{")
    assert page.context["answer"] is None
    assert "The dict is not JSON" in page.text
    assert "What Django makes of it" not in page.text


def test_an_empty_dict_that_was_stored_is_read_and_not_lost(page):
    page.press("look", data="{}")
    assert page.context["answer"].name == "read"


def test_the_data_of_another_row_are_read_as_if_they_were_this_one_s(page):
    text = SessionStore().encode({"num_visits": 7})
    Session.objects.create(session_key="o" * 32, session_data=text, expire_date=LATER)
    page.press("tamper row", other=handle_for("o" * 32)).press("look")
    assert page.context["answer"].data == {"num_visits": 7}
    page.press("write")
    assert row().session_data == text


@pytest.mark.parametrize("other", ["", "garbage", handle_for("n" * 32)])
def test_the_data_of_no_row_are_not_to_be_had(page, other):
    page.press("tamper row", other=other)
    assert "Choose one of the rows" in page.result.problem


def test_a_fallback_key_signs_and_django_reads_it(page, settings):
    settings.SECRET_KEY_FALLBACKS = ["an older key"]
    page.press("tamper fallback1").press("look")
    assert page.context["answer"].data == {"num_visits": 3}
    settings.SECRET_KEY_FALLBACKS = []
    assert page.press("look").context["answer"].name == "warned"


def test_without_a_fallback_key_that_is_said(page):
    assert "There is no fallback key" in page.text


def test_what_is_stuck_is_not_tampered_with(page):
    page.press("tamper list", data="{")
    assert (page.fields["data"], page.result.done) == ("{", "")
    assert page.result.problem.startswith("The dict is not JSON")


def test_a_row_is_not_offered_to_itself(page):
    Session.objects.create(session_key="o" * 32, session_data="e30", expire_date=LATER)
    assert [each.handle for each in page.press("follow").context["others"]] == [handle_for("o" * 32)]


def test_as_much_as_may_be_typed_is_read_by_django(page):
    page.press("look", data=json.dumps({"a": [0] * 90_000}), compress="always")
    assert page.context["answer"].data == {"a": [0] * 90_000}


@pytest.mark.parametrize(("signer", "asked"), [("server", False), ("wrong", True)])
def test_a_bomb_is_not_given_to_django_unless_it_would_not_open_it(page, signer, asked):
    bomb = zlib.compress(b"[" + b"0," * 20_000_000 + b"0]", 9)
    payload = "." + base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    page.press("follow sign", signer=signer).press("look", payload=payload)
    assert (page.context["answer"] is not None) is asked
    assert ("Django has no limit, so it is not asked" in page.text) is not asked


def test_only_what_this_request_logged_is_shown():
    with Heard() as heard:
        other = threading.Thread(target=SessionStore().decode, args=["x"])
        other.start()
        other.join()
        assert heard.lines == []
        SessionStore().decode("x")
    assert heard.lines == ["WARNING django.security.SuspiciousSession: Session data corrupted"]
    assert heard not in LOGGER.handlers


# A browser that holds the row


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


# Strangers


@pytest.fixture
def stranger(page, settings):
    settings.DEBUG = False
    return Client()


ADDRESSES = {
    "inspector_edit": [handle_for(KEY)],
    "inspector_edit_value": [],
    "edit_follow": [],
    "edit_fly": [handle_for(KEY)],
    "edit_flight": [],
}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_a_sentence_and_nothing_is_signed_or_written(stranger, page, name, method):
    before = row().session_data
    for do in ("write", "look", "tamper list", "follow", "overwrite", "undo"):
        fields = {**page.fields, "data": '{"_auth_user_id": "1"}', "do": do, "browser": "blue", "send": "slide"}
        response = getattr(stranger, method)(reverse(name, args=ADDRESSES[name]), fields)
        assert response.status_code in (403, 405)
        if response.status_code == 403:
            assert "Editing is not for everybody" in response.text
            assert not re.search(r":[\w-]{43}", response.text)
    assert row().session_data == before


def test_a_stranger_does_not_learn_whether_there_is_a_row(stranger):
    texts = {stranger.get(reverse("inspector_edit", args=[handle_for(key)])).text for key in (KEY, "n" * 32)}
    assert len(texts) == 1


def test_even_the_owner_of_a_row_may_not_edit_it_where_others_are(stranger):
    stranger.cookies["sessionid"] = KEY
    assert stranger.get(reverse("inspector_edit", args=[handle_for(KEY)])).status_code == 403


def test_the_staff_may_edit_what_they_see_and_no_more(page, stranger, django_user_model):
    stranger.force_login(django_user_model.objects.create_superuser("grace"))
    own = stranger.cookies["sessionid"].value
    assert stranger.get(reverse("inspector_edit", args=[handle_for(own)])).status_code == 200
    assert stranger.get(reverse("inspector_edit", args=[handle_for(KEY)])).status_code == 404


# Whatever is typed


def test_the_secret_key_is_on_no_page(page, settings):
    settings.SECRET_KEY_FALLBACKS = ["an-older-key-that-is-secret"]
    for do in ("follow", "look", "tamper list", "tamper fallback1", "write", "undo"):
        text = page.press(do).text
        assert django_settings.SECRET_KEY not in text
        assert "an-older-key" not in text


def test_no_session_key_is_on_the_page(page):
    assert KEY not in page.press("write", data="{}").text


@pytest.mark.parametrize("field", [*ORDER, "expires", "other", "guess", "was", "base", "undo", "mine", "theirs", "do"])
def test_markup_in_any_field_is_text(page, field):
    for do in ("follow", "look", "write", "tamper row", "overwrite"):
        fields = {**page.fields, "do": do} | {field: json.dumps({MARKUP: MARKUP}) if field == "data" else MARKUP}
        assert MARKUP not in page.client.post(page.address, fields).text


def test_a_text_that_begins_with_a_new_line_keeps_it(page):
    page.press("follow stored", stored="\n\ne30:x:y")
    assert re.search(r'name="stored"[^>]*>\n\n\ne30:x:y</textarea>', page.text)


LONG = {
    "a hundred thousand levels": "[" * 100_000 + "]" * 100_000,
    "five thousand digits": "9" * 5000,
    "as much as may be typed": json.dumps([{}] * (TYPED_MOST // 5)),
    "more than may be typed": '"' + "x" * TYPED_MOST + '"',
    "a megabyte of colons": ":" * 1_000_000,
    "surrogates": r'{"\ud800": "\udfff"}',
}


@pytest.mark.parametrize("typed", LONG.values(), ids=LONG)
@pytest.mark.parametrize("field", ["data", "serialized", "payload", "timestamp", "stored"])
def test_whatever_is_typed_is_answered_and_kept(page, field, typed):
    page.press("look", **{field: typed})
    assert page.fields[field] == typed


def test_a_row_too_large_for_a_form_is_said(page):
    Session.objects.update(session_data="x" * (TYPED_MOST + 1))
    response = page.client.get(page.address)
    assert "This row is too large to be edited here" in response.text
    assert len(response.content) < 20_000


def test_a_form_of_many_megabytes_is_refused_with_a_sentence(page):
    response = page.client.post(page.address, {**page.fields, "data": "x" * 9_000_000, "do": "write"})
    assert response.status_code == 413
    assert "Nothing was read, and nothing was written." in response.text


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, str(9 * 2**20)])
def test_a_length_that_is_none_is_too_much(page, length):
    assert page.client.post(page.address, {}, CONTENT_LENGTH=length).status_code == 413


TYPED = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["{}", "[1]", "e30:x:y", ".", ":", "\0", "NaN"]
)
BUTTONS = st.sampled_from(
    ["follow", "look", "", "x", "tamper", "tamper row", "tamper x", *MADE_OF_IT]
    + [f"follow {name}" for name in (*ORDER, "time", "sign", "x")]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*ORDER, "was", "expires", "other", "base", "undo", "guess"]), TYPED), BUTTONS)
def test_whatever_is_posted_is_answered_and_nothing_is_written_unless_asked(page, typed, do):
    before = row().session_data
    response = page.client.post(page.address, {**page.fields, **typed, "do": do})
    assert response.status_code == 200
    response.content.decode()
    assert row().session_data == before


@given(st.dictionaries(st.sampled_from(ORDER), TYPED), st.sampled_from(["", *ORDER, "time", "sign"]))
def test_what_was_typed_is_in_the_form_again_whatever_follows(typed, stage):
    begun = EditForm.made_of('{"num_visits": 3}')
    posted = QueryDict(mutable=True)
    posted.update({**begun.values, "was": begun.was, **typed})
    values = EditForm.read(posted, stage).values
    for name in set(typed) - {"compress", "clock", "signer", "salt"}:
        assert values[name] == typed[name].replace("\r\n", "\n")
