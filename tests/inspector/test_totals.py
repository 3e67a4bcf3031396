"""The table in numbers."""

import pytest
from django.contrib.sessions.models import Session

from lessons.inspector import totals
from lessons.inspector.bounded import TookTooLong
from lessons.inspector.totals import totals_of

from .conftest import NOW, store

pytestmark = pytest.mark.django_db


def all_of_them():
    return totals_of(Session.objects.all())


@pytest.fixture
def some():
    for number, (days, size) in enumerate(
        [(-20, 50), (-3, 99), (-0.5, 100), (0.5, 199), (3, 4000), (13, 50_000), (40, 50)]
    ):
        store(f"key{number}", text="x" * size, days=days)


def test_live_expired_bytes_and_the_oldest(some):
    told = all_of_them()
    assert (told.live, told.expired, told.size) == (4, 3, 50 + 99 + 100 + 199 + 4000 + 50_000 + 50)
    assert (told.oldest - NOW).days == -20
    assert (told.newest - NOW).days == 40
    assert told.largest == 50_000
    assert told.complete


def test_each_row_is_in_one_bar_of_each_picture(some):
    told = all_of_them()
    assert [bar.count for bar in told.expiry] == [1] * 7
    assert [bar.past for bar in told.expiry] == [True] * 3 + [False] * 4
    assert {bar.label: bar.count for bar in told.sizes} == {
        "under 100": 3,
        "100 to 199": 2,
        "200 to 499": 0,
        "500 to 999": 0,
        "1,000 to 3,999": 0,
        "4,000 to 15,999": 1,
        "16,000 and more": 1,
    }


def test_the_longest_bar_is_a_hundred_and_what_is_there_is_seen():
    for number in range(300):
        store(f"key{number}", text="x", days=3)
    store("one", text="x" * 300, days=3)
    told = all_of_them()
    assert [bar.of_most for bar in told.sizes] == [100, 0, 1, 0, 0, 0, 0]


def test_of_an_empty_table_all_is_nothing():
    told = all_of_them()
    assert (told.live, told.expired, told.size, told.oldest, told.nothing) == (0, 0, 0, None, True)
    assert {bar.of_most for bar in told.expiry} == {0}


def test_what_takes_too_long_is_left_out_and_said(monkeypatch, some):
    def stopped(rows, now):
        raise TookTooLong

    monkeypatch.setattr(totals, "_sizes", stopped)
    told = all_of_them()
    assert (told.live, told.size, told.complete) == (4, None, False)
    assert told.size_words == "too many to count in time"
