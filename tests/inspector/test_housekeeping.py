"""Deleting rows, and who may."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lessons.inspector import Row
from lessons.inspector import housekeeping as keeping

from .conftest import NOW, store

pytestmark = pytest.mark.django_db


def left():
    return set(Session.objects.values_list("pk", flat=True))


def test_one_row_goes_and_no_other():
    store("one"), store("other")
    row = Row("one", "", NOW)
    assert (keeping.delete_one(row), left()) == (1, {"other"})
    assert keeping.delete_one(row) == 0


def test_mine_are_the_rows_of_my_browsers(see):
    store("mine"), store("other")
    assert (keeping.delete_mine(see(sessionid="mine")), left()) == (1, {"other"})


def test_what_has_expired_is_left_to_django(monkeypatch):
    called = []
    monkeypatch.setattr(SessionStore, "clear_expired", lambda: called.append("yes"))
    store("old", days=-1)
    keeping.clear_expired()
    assert (called, left()) == (["yes"], {"old"})


def test_clearing_takes_what_was_counted():
    for number in range(3):
        store(f"old{number}", days=-1)
    store("live")
    assert keeping.count_expired() == (3, True)
    keeping.clear_expired()
    assert left() == {"live"}
    assert keeping.count_expired() == (0, True)


def test_counting_ends_somewhere(monkeypatch):
    monkeypatch.setattr(keeping, "COUNTED_MOST", 2)
    for number in range(3):
        store(f"old{number}", days=-1)
    assert keeping.count_expired() == (2, False)


@pytest.mark.parametrize(
    ("alone", "key", "may"),
    [(True, "mine", True), (True, "other", True), (False, "mine", True), (False, "other", False)],
)
def test_others_rows_are_for_those_who_may_change_things(see, alone, key, may):
    assert keeping.may_delete(see(alone, sessionid="mine"), Row(key, "", NOW)) is may


def test_a_statement_shows_no_key():
    rows = [Row("abcdefghijklmnopqrstuvwxyz01234" + each, "", NOW) for each in "56"]
    assert keeping.statement_for(rows[:1]) == "DELETE FROM django_session WHERE session_key = 'abcd…2345';"
    assert keeping.statement_for(rows).endswith("session_key IN ('abcd…2345', 'abcd…2346');")
