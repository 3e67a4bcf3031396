"""One question to the database, bounded in time."""

import pytest
from django.db import DatabaseError, OperationalError, connection

from lessons.inspector.bounded import TookTooLong, bounded

pytestmark = pytest.mark.django_db

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_what_takes_too_long_is_stopped():
    with pytest.raises(TookTooLong), bounded(0.05):
        ask(ENDLESS)


def test_what_is_quick_is_answered():
    with bounded(5):
        assert ask("SELECT 1") == [(1,)]


def test_afterwards_nothing_is_bounded():
    with pytest.raises(TookTooLong), bounded(0.01):
        ask(ENDLESS)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n"
    assert ask(many) == [(200_000,)]


@pytest.mark.django_db(transaction=True)
def test_the_connection_goes_on_and_a_transaction_too():
    for _ in range(2):
        with pytest.raises(TookTooLong), bounded(0.01):
            ask(ENDLESS)
        with bounded(5):
            assert ask("SELECT 1") == [(1,)]


def test_another_mistake_stays_what_it_is():
    with pytest.raises(DatabaseError), bounded(5):
        ask("SELECT nonsense FROM nothing")


def test_an_error_of_ours_inside_gets_through():
    with pytest.raises(OperationalError, match="locked"), bounded(5):
        raise OperationalError("database is locked")
