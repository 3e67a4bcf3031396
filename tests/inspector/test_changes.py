"""What changed between two looks at a row, and how a page's look is remembered."""

import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st

from lessons.inspector import KEPT_MOST, Row
from lessons.inspector.changes import ADDED, CHANGED, REMOVED, KeyChange, between
from lessons.inspector.history import LARGE, UNREADABLE, Seen, change_since

from .conftest import NOW

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers())
DATA = st.dictionaries(st.text(max_size=5), VALUES)


def row(data=None, text=None, minutes=0):
    text = Session.objects.encode(data) if text is None else text
    return Row("k" * 32, text, NOW + timedelta(minutes=minutes))


def test_keys_are_added_removed_and_changed():
    assert between({"a": 1, "b": 2, "c": 3}, {"b": 5, "c": 3, "d": 4}) == (
        KeyChange(REMOVED, "a", before=1),
        KeyChange(CHANGED, "b", before=2, after=5),
        KeyChange(ADDED, "d", after=4),
    )


@pytest.mark.parametrize(("before", "after"), [(1, True), (1, 1.0), (0, False), ("1", 1), ([1], [True])])
def test_what_python_calls_equal_is_not_the_same_to_a_reader(before, after):
    assert between({"a": before}, {"a": after})


@given(DATA, DATA)
def test_the_changes_lead_from_one_to_the_other(before, after):
    led = dict(before)
    for change in between(before, after):
        if change.sign == REMOVED:
            del led[change.key]
        else:
            led[change.key] = change.after
    assert repr(sorted(led.items(), key=repr)) == repr(sorted(after.items(), key=repr))


@given(DATA)
def test_nothing_changed_is_no_change(data):
    assert between(data, data) == ()


def test_a_row_that_is_as_it_was_has_no_change():
    assert change_since(Seen.of(row({"a": 1})), row({"a": 1})) is None
    assert change_since(Seen(), None) is None


def test_a_write_says_keys_and_the_date_that_moved():
    change = change_since(Seen.of(row({"n": 1})), row({"n": 2}, minutes=5))
    assert (change.kind, change.keys) == ("written", (KeyChange(CHANGED, "n", 1, 2),))
    assert change.moved == (NOW, NOW + timedelta(minutes=5))


def test_a_date_alone_moves_with_the_same_data():
    change = change_since(Seen.of(row({"n": 1})), row({"n": 1}, minutes=5))
    assert change.same_data
    assert change.moved


def test_a_date_that_reads_as_before_did_not_move():
    seen = Seen.of(row({"n": 1}))
    later = NOW.replace(microsecond=0) + timedelta(microseconds=1)
    moved = [
        change_since(seen, Row("k" * 32, row({"n": 2}).session_data, later + timedelta(seconds=s))) for s in (0, 1)
    ]
    assert [bool(change.moved) for change in moved] == [False, True]


def test_a_row_goes_and_comes_again():
    assert change_since(Seen.of(row({"n": 1})), None).kind == "deleted"
    again = change_since(Seen(), row({"n": 1}))
    assert (again.kind, again.keys) == ("made", (KeyChange(ADDED, "n", after=1),))


def test_what_cannot_be_read_is_told_in_a_sentence():
    broken = change_since(Seen.of(row({"n": 1})), row(text="nonsense"))
    assert broken.keys == (KeyChange(REMOVED, "n", before=1),)
    assert "No colon" in broken.note
    assert change_since(Seen.of(row(text="nonsense")), row(text="another")).note == UNREADABLE
    assert not change_since(Seen.of(row(text="nonsense")), row(text="nonsense", minutes=1)).note


def test_a_large_row_is_not_carried_around():
    large = row({"words": os.urandom(KEPT_MOST).hex()})
    seen = Seen.of(large)
    assert len(seen.text) < 40
    assert change_since(seen, large) is None
    assert change_since(Seen.of(row({"n": 1})), large).note == LARGE


@given(st.text(), st.text())
def test_whatever_a_page_says_it_saw_is_borne(text, date):
    change = change_since(Seen.posted({"text": text, "date": date}), row({"n": 1}))
    assert change.kind in ("written", "made")
