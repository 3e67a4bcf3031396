"""The tamper buttons, and what Django makes of what they leave."""

import base64
import json
import threading
import zlib

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lessons.handles import handle_for
from lessons.inspector.asking import LOGGER, Heard

from .conftest import LATER, row

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
