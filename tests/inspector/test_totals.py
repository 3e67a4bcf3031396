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


def test_a_row_that_expires_this_moment_has_expired(monkeypatch):
    row = store("now", days=3)
    monkeypatch.setattr(totals.timezone, "now", lambda: row.expire_date)
    told = all_of_them()
    assert (told.live, told.expired, row.expire_date <= told.at) == (0, 1, True)
    assert Session.objects.filter(expire_date__gt=told.at).count() == told.live


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


# Kept while counting takes long


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still unless it is told to go."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(totals, "time", clock)
    return clock


@pytest.fixture
def counting(monkeypatch, clock):
    """Counting takes as many seconds as it is told, and gives how often it was done."""
    counted = []

    def count(rows):
        clock.now += rows
        counted.append(rows)
        return len(counted)

    monkeypatch.setattr(totals, "totals_of", count)


def test_what_is_counted_in_no_time_is_counted_anew(counting, clock):
    kept = totals.Kept()
    first = kept.totals(0.01)
    clock.now += 0.01
    assert (first, kept.totals(0.01)) == (1, 2)


def test_what_took_long_is_kept_for_a_while(counting, clock):
    kept = totals.Kept()
    assert [kept.totals(2), kept.totals(2)] == [1, 1]
    clock.now += 2 * totals.KEPT_TIMES + 1
    assert kept.totals(2) == 2


def test_it_is_counted_again_when_asked(counting, clock):
    kept = totals.Kept()
    kept.totals(2)
    clock.now += 1
    assert kept.totals(2, again=True) == 2
