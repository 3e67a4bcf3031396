"""Secrets stay secret, markup stays text, and whatever is typed is answered and kept."""

import json
import re

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.inspector.edit_form import ORDER, EditForm
from lessons.session_data.readable import TYPED_MOST

from .conftest import KEY, MARKUP, row
from .test_tampering import MADE_OF_IT


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
