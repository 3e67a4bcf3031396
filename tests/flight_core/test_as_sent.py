"""Parameters are told as the database is sent them, whichever kind of object stands for them."""

from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum

import pytest

from lessons.flight.words import as_sent, in_words


class Int4(int):
    """As psycopg has one for each column type. It must not be asked."""

    def __repr__(self):
        raise AssertionError("asked")

    __str__ = __int__ = __index__ = __pos__ = __repr__


class Elsewhere(tzinfo):
    def utcoffset(self, moment):
        raise AssertionError("asked")


class Kind(IntEnum):
    A = 7


MOMENT = datetime(2026, 12, 9, 16, 13, 43, 925, timezone.utc)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Int4(1), 1),
        (Int4(10**30), 10**30),
        (Kind.A, 7),
        (MOMENT, "2026-12-09 16:13:43.000925+00:00"),
        (MOMENT.astimezone(timezone(timedelta(hours=2))), "2026-12-09 18:13:43.000925+02:00"),
    ],
    ids=["psycopg's", "a large one", "of an enum", "a moment", "elsewhere"],
)
def test_numbers_and_moments_are_plain(value, sent):
    assert (type(as_sent(value)), as_sent(value)) == (type(sent), sent)


@pytest.mark.parametrize("value", [True, False, None, "text", b"bytes", 1.5, date(2026, 1, 1), object()], ids=repr)
def test_everything_else_stays_what_it_is(value):
    assert as_sent(value) is value


def test_a_moment_in_the_time_zone_of_a_stranger_is_not_asked():
    moment = datetime(2026, 1, 1, tzinfo=Elsewhere())
    assert as_sent(moment) is moment


def test_the_parameters_of_a_statement_are_told_so():
    class Enough:
        def take(self, text):
            return text

    detail = {"text": "SELECT %s", "params": (Int4(1), MOMENT, "key"), "ms": 0.1}
    assert in_words(detail, Enough(), Enough())["params"] == ["1", "'2026-12-09 16:13:43.000925+00:00'", "'key'"]
