"""Where a page begins, and how an address names it."""

from datetime import datetime, timezone

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Length
from hypothesis import given
from hypothesis import strategies as st

from lessons.inspector.keyset import ORDERS, Place

from .conftest import store

WHEN = datetime(2026, 12, 7, 0, 3, 57, 390059, tzinfo=timezone.utc)
SIZES = {"a": 3, "b": 1, "c": 3, "d": 2}


@given(st.datetimes(timezones=st.just(timezone.utc)), st.text(max_size=40))
def test_a_place_comes_back_from_an_address(date, key):
    assert Place.unsealed(Place(date, key).sealed, ORDERS["newest"]) == Place(date, key)


def test_a_size_comes_back_too():
    assert Place.unsealed(Place(73, "abc").sealed, ORDERS["largest"]) == Place(73, "abc")


def test_an_address_does_not_give_the_key_away():
    sealed = Place(WHEN, "abcdefgh12345678abcdefgh12345678").sealed
    assert "abcdefgh" not in sealed
    assert sealed.isascii()


@pytest.mark.parametrize("text", ["", "garbage", "é", "A" * 5000])
def test_what_this_server_did_not_make_is_no_place(text):
    assert Place.unsealed(text, ORDERS["newest"]) is None


def test_a_place_in_another_order_is_no_place():
    assert Place.unsealed(Place(WHEN, "abc").sealed, ORDERS["largest"]) is None
    assert Place.unsealed(Place(73, "abc").sealed, ORDERS["newest"]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_beyond_a_row_is_what_follows_it_in_the_list(name, backwards):
    for key, value in SIZES.items():
        store(key, text="x" * value, days=value)
    order = ORDERS[name]
    rows = Session.objects.annotate(size=Length("session_data"))
    listed = list(rows.order_by(*order.fields(backwards)))
    for number, row in enumerate(listed):
        place = Place(getattr(row, order.field), row.session_key)
        beyond = rows.filter(order.beyond(place, backwards)).order_by(*order.fields(backwards))
        assert list(beyond) == listed[number + 1 :]


def test_backwards_is_the_same_list_from_its_end():
    assert ORDERS["newest"].fields() == ("-expire_date", "session_key")
    assert ORDERS["newest"].fields(backwards=True) == ("expire_date", "-session_key")
