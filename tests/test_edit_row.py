"""Writing to a row: never over what somebody else wrote meanwhile."""

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lessons.inspector.versions import (
    STORED_MOST,
    Version,
    date_shown,
    date_typed,
    unsealed,
    version_of,
    why_not_stored,
    write,
)

LATER = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc)
BASE, MINE, THEIRS = (Version(text, LATER) for text in ("base", "mine", "theirs"))


@pytest.fixture
def key(db):
    return Session.objects.create(session_key="k" * 32, session_data="base", expire_date=LATER).pk


def test_a_row_that_is_as_it_was_is_written(key):
    new = Version("mine", LATER + timedelta(days=1))
    assert write(key, BASE, new) == (True, new)
    assert version_of(key) == new


@pytest.mark.parametrize("theirs", [THEIRS, Version("base", LATER + timedelta(microseconds=1))])
def test_a_row_that_changed_is_left_alone_and_what_it_holds_is_told(key, theirs):
    Session.objects.update(session_data=theirs.session_data, expire_date=theirs.expire_date)
    assert write(key, BASE, MINE) == (False, theirs)
    assert version_of(key) == theirs


def test_a_row_that_is_gone_is_not_made_again(key):
    Session.objects.all().delete()
    assert write(key, BASE, MINE) == (False, None)
    assert not Session.objects.exists()


def test_no_other_row_is_touched(key):
    Session.objects.create(session_key="other", session_data="base", expire_date=LATER)
    write(key, BASE, MINE)
    assert version_of("other") == BASE


def test_comparing_and_writing_are_one_statement(key):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        write(key, BASE, MINE)
    (statement,) = [each["sql"] for each in queries if "django_session" in each["sql"]]
    assert statement.startswith("UPDATE")
    for column in ("session_key", "session_data", "expire_date"):
        assert f'"{column}" = ' in statement.partition("WHERE")[2]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps dates as text")
def test_a_date_that_was_spelled_by_hand_does_not_look_like_a_change(key):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_session SET expire_date = '2030-01-02 03:04'")
    base = version_of(key)
    assert write(key, base, MINE) == (True, MINE)


# What a form carries


def test_a_version_comes_back_from_a_form_as_it_was():
    version = Version("a\r\n\0\ud800\N{SNOWMAN}", LATER)
    assert unsealed("handle", version.sealed("handle")) == version


@pytest.mark.parametrize("token", ["", "x", BASE.sealed("another"), BASE.sealed("handle")[:-1], "a:b:c"])
def test_a_version_that_is_not_ours_is_none(token):
    assert unsealed("handle", token) is None


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * (STORED_MOST + 1)])
def test_what_no_database_holds_is_said(text):
    assert why_not_stored(text).endswith(".")


def test_what_a_database_holds_is_fine():
    assert why_not_stored("é\N{SNOWMAN}\n") == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (" 2030-01-02 03:04:05.678901 ", LATER),
        ("2030-01-02T03:04:05.678901+00:00", LATER),
        ("2030-01-02 05:04:05.678901+02:00", LATER),
        ("2030-01-02", LATER.replace(hour=0, minute=0, second=0, microsecond=0)),
        ("", None),
        ("soon", None),
        ("2030-02-30", None),
        ("0001-01-01 00:00:00+01:00", None),
        ("9999-12-31 23:59:59-01:00", None),
    ],
)
def test_a_typed_date_is_a_moment_or_none(text, moment):
    assert date_typed(text) == moment


def test_a_shown_date_comes_back_to_the_microsecond():
    assert date_typed(date_shown(LATER)) == LATER
