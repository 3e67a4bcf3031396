"""A handle names a session row in an address without giving its key away."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.handles import handle_for, key_from

KEY = "k3y0fabrowser0fada0000000000000x"
KEYS = st.text(max_size=40)


@given(KEYS)
def test_a_handle_leads_back_to_its_key(key):
    assert key_from(handle_for(key)) == key


@given(KEYS, KEYS)
def test_two_keys_have_two_handles(one, other):
    assert (handle_for(one) == handle_for(other)) == (one == other)


@given(KEYS)
def test_a_handle_stands_in_an_address_as_it_is(key):
    assert handle_for(key).replace("-", "").replace("_", "").isalnum()


def test_the_key_is_not_in_the_handle():
    handle = handle_for(KEY)
    assert KEY not in handle
    assert KEY.encode() not in base64.urlsafe_b64decode(handle + "==")


@given(KEYS, st.data())
def test_a_handle_with_one_character_changed_leads_nowhere(key, data):
    handle = handle_for(key)
    place = data.draw(st.integers(0, len(handle) - 1))
    other = data.draw(st.characters(exclude_characters=handle[place]))
    assert key_from(handle[:place] + other + handle[place + 1 :]) is None


@given(KEYS, st.data())
def test_a_handle_cut_short_leads_nowhere(key, data):
    handle = handle_for(key)
    assert key_from(handle[: data.draw(st.integers(0, len(handle) - 1))]) is None


@given(KEYS, st.text(min_size=1, max_size=5))
def test_a_handle_with_something_added_leads_nowhere(key, more):
    assert key_from(handle_for(key) + more) is None


@given(st.text())
def test_what_nobody_made_leads_nowhere(text):
    assert key_from(text) is None


@pytest.mark.parametrize("text", ["", "=", "\ud800", "é" * 50, "A" * 10_000_000, KEY])
def test_neither_does_what_is_no_handle_at_all(text):
    assert key_from(text) is None


def test_a_handle_of_another_server_leads_nowhere(settings):
    handle = handle_for(KEY)
    settings.SECRET_KEY = "the key of another server"
    assert key_from(handle) is None
