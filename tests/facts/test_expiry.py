"""How long sessions last, and who throws the old ones away."""

import re
from datetime import datetime, timedelta, timezone

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.timezone import now

from .visitor import Visitor, captured_sql

FOURTEEN_DAYS = 1209600


def seconds_left(visitor):
    return (visitor.row.expire_date - now()).total_seconds()


def is_about(seconds, expected):
    return expected - 60 < seconds <= expected


def an_hour_before_expiry(visitor):
    """As if the last write had been almost 14 days ago."""
    Session.objects.filter(session_key=visitor.key).update(expire_date=now() + timedelta(hours=1))


def test_c56_after_that_time_the_session_is_not_found(visitor):
    visitor.get("/lab/visits/")
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert visitor.get("/lab/visits/").text == "view count=1"


def test_c57_a_session_lasts_14_days_from_the_last_write(visitor):
    visitor.get("/lab/visits/")
    assert is_about(seconds_left(visitor), FOURTEEN_DAYS)

    an_hour_before_expiry(visitor)
    visitor.get("/lab/visits/")
    assert is_about(seconds_left(visitor), FOURTEEN_DAYS)


def test_c57_reading_does_not_extend_it(visitor):
    visitor.get("/lab/visits/")
    an_hour_before_expiry(visitor)
    visitor.get("/lab/touch/read/")
    assert is_about(seconds_left(visitor), 3600)


def make_500_expired_rows():
    yesterday = now() - timedelta(days=1)
    data = SessionStore().encode({"num_visits": 1})
    Session.objects.bulk_create(
        Session(session_key=f"expired{number:025}", session_data=data, expire_date=yesterday) for number in range(500)
    )


def test_c58_30_requests_clean_up_none_of_500_expired_rows(visitor):
    make_500_expired_rows()
    for _ in range(10):
        visitor.get("/lab/visits/")  # a visitor who comes back,
        Visitor().get("/lab/visits/")  # new ones,
        Visitor().has_cookie(f"expired{0:025}").get("/lab/visits/")  # and some with an expired cookie
    assert Session.objects.filter(expire_date__lt=now()).count() == 500


def test_c58_a_visitor_with_an_expired_cookie_gets_a_new_key_and_the_old_row_stays(visitor):
    visitor.get("/lab/visits/")
    old = visitor.key
    visitor.get("/lab/row/expire/")
    visitor.get("/lab/visits/")
    assert visitor.key not in ("", old)
    assert Session.objects.filter(session_key=old).exists()


def test_c58_only_clearsessions_deletes_them(visitor):
    make_500_expired_rows()
    visitor.get("/lab/visits/")
    with captured_sql([]) as statements:
        call_command("clearsessions")
    (delete,) = statements
    assert re.fullmatch(r"DELETE FROM django_session WHERE expire_date < '[-+: .\d]+'(::timestamptz)?", delete)
    assert [row.session_key for row in Session.objects.all()] == [visitor.key]


def test_f17_each_write_moves_row_and_cookie_and_reads_move_neither(visitor):
    visitor.get("/lab/visits/")
    an_hour_before_expiry(visitor)

    read = visitor.get("/lab/touch/read/")
    assert is_about(seconds_left(visitor), 3600)
    assert read.set_cookie == ""

    write = visitor.get("/lab/touch/write/")
    assert is_about(seconds_left(visitor), FOURTEEN_DAYS)
    assert write.response.cookies["sessionid"]["max-age"] == FOURTEEN_DAYS


def test_f17_set_expiry_with_seconds_slides_with_writes(visitor):
    first = visitor.get(lambda request: request.session.set_expiry(300))
    assert visitor.stored == {"_session_expiry": 300}
    assert first.response.cookies["sessionid"]["max-age"] == 300
    assert is_about(seconds_left(visitor), 300)

    Session.objects.update(expire_date=now() + timedelta(seconds=100))
    visitor.get("/lab/touch/write/")
    assert is_about(seconds_left(visitor), 300)


def test_f17_set_expiry_with_a_datetime_is_fixed(visitor):
    moment = datetime(2099, 1, 1, tzinfo=timezone.utc)
    visitor.get(lambda request: request.session.set_expiry(moment))
    assert visitor.stored == {"_session_expiry": "2099-01-01T00:00:00+00:00"}
    assert visitor.row.expire_date == moment

    visitor.get("/lab/touch/write/")
    assert visitor.row.expire_date == moment


def test_f17_set_expiry_0_makes_a_cookie_until_the_browser_closes_and_a_row_for_14_days(visitor):
    visit = visitor.get(lambda request: request.session.set_expiry(0))
    assert visit.set_cookie == f"sessionid={visitor.key}; HttpOnly; Path=/; SameSite=Lax"
    assert is_about(seconds_left(visitor), FOURTEEN_DAYS)
    visitor.jar.close()
    assert visitor.key == ""
