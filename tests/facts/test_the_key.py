"""The value of the cookie `sessionid`."""

import math
import re
from datetime import timedelta

import pytest
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from .visitor import Visitor, first_words, query_plan


def test_c12_the_value_of_the_cookie_finds_the_row_by_an_index(visitor):
    visitor.get("/lab/visits/")
    (select,) = visitor.get("/lab/touch/read/").sql
    assert visitor.key in select
    if connection.vendor == "postgresql":
        plan = " ".join(query_plan(select))
        assert re.search("Index Scan using django_session_(pkey|session_key_c0390e0f_like) on django_session", plan)
        return
    (step,) = query_plan(select)
    assert step.startswith("SEARCH")
    assert step.endswith("USING INDEX sqlite_autoindex_django_session_1 (session_key=?)")


def test_c28_the_middleware_itself_looks_among_no_sessions(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/ignore/").sql == []


def test_c28_only_a_row_that_has_not_expired_is_found(visitor):
    visitor.get("/lab/visits/")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    visit = visitor.get(lambda request: dict(request.session))
    assert visit.answer == {}
    assert Session.objects.count() == 1


def expire(visitor, settings):
    Session.objects.update(expire_date=timezone.now())


def flush(visitor, settings):
    visitor.get(lambda request: request.session.flush())


def log_out(visitor, settings):
    visitor.get(logout)


def lose_the_row(visitor, settings):
    Session.objects.all().delete()


def change_the_secret_key(visitor, settings):
    settings.SECRET_KEY = "another key"


def test_c14_every_later_request_finds_the_session(visitor):
    visitor.get("/lab/dict/add/")
    for _ in range(3):
        assert visitor.found() == {"color": "green"}


@pytest.mark.parametrize("end", [expire, flush, log_out, lose_the_row, change_the_secret_key])
def test_c14_until_this_happens(visitor, end, settings):
    visitor.get("/lab/dict/add/")
    end(visitor, settings)
    assert visitor.found() == {}


def test_c14_or_until_a_login_gives_it_a_new_key(visitor, user):
    visitor.get("/lab/dict/add/")
    old = visitor.copy()
    visitor.get(lambda request: login(request, user))
    assert visitor.get(lambda request: request.session["color"]).answer == "green"
    assert old.found() == {}


def test_c17_login_keeps_the_data_and_changes_the_key(visitor, user):
    visitor.get("/lab/dict/add/")
    before = visitor.key
    visitor.get(lambda request: login(request, user))
    assert visitor.key != before
    assert visitor.stored["color"] == "green"
    assert [row.session_key for row in Session.objects.all()] == [visitor.key]  # the old row was deleted


def test_c17_the_same_user_again_keeps_the_key(visitor, user):
    visitor.get(lambda request: login(request, user))
    before = visitor.key
    visitor.get(lambda request: login(request, user))
    assert visitor.key == before


def test_c17_another_user_finds_nothing_of_the_first(visitor, user, django_user_model):
    visitor.get(lambda request: login(request, user))
    visitor.get("/lab/dict/add/")
    charles = django_user_model.objects.create_user("charles")
    visitor.get(lambda request: login(request, charles))
    assert "color" not in visitor.stored
    assert visitor.stored["_auth_user_id"] == str(charles.pk)


def test_c18_a_key_is_32_letters_and_digits(visitor):
    visitor.get("/lab/visits/")
    assert re.fullmatch("[a-z0-9]{32}", visitor.key)
    assert 165 < math.log2(36**32) < 166

    seen = {character for _ in range(100) for character in SessionStore()._get_new_session_key()}
    assert len(seen) == 36


def test_c18_a_select_and_the_primary_key_keep_it_unique(visitor):
    first = visitor.get("/lab/visits/").sql[0]
    assert first.startswith("SELECT 1 ")
    assert first.endswith(f"WHERE session_key = '{visitor.key}' LIMIT 1")
    assert Session._meta.pk.name == "session_key"


def test_c21_the_value_of_the_cookie_is_the_key_of_the_row_in_clear(visitor):
    visitor.get("/lab/dict/add/")
    assert Session.objects.get().session_key == visitor.key


def test_c21_whoever_reads_the_table_can_take_over_a_session(visitor):
    visitor.get("/lab/dict/add/")
    thief = Visitor().has_cookie(Session.objects.get().session_key)
    assert thief.found() == {"color": "green"}


def test_c27_the_cookie_is_named_sessionid_unless_a_setting_says_otherwise(visitor, settings):
    assert list(visitor.get("/lab/visits/").response.cookies) == ["sessionid"]
    settings.SESSION_COOKIE_NAME = "sessid"
    assert list(visitor.get("/lab/visits/").response.cookies) == ["sessid"]


def test_c50_the_key_stays_the_same_over_eleven_visits(visitor):
    keys = set()
    for _ in range(11):
        visitor.get("/lab/visits/slide/")
        keys.add(visitor.key)
    assert len(keys) == 1


def cycle_key(visitor, settings):
    visitor.get(lambda request: request.session.cycle_key())


@pytest.mark.parametrize("end", [cycle_key, flush, expire])
def test_c50_until_there_is_a_new_one(visitor, end, settings):
    visitor.get("/lab/visits/")
    before = visitor.key
    end(visitor, settings)
    visitor.get("/lab/visits/")
    assert visitor.key not in ("", before)


def test_c50_or_a_login(visitor, user):
    visitor.get("/lab/visits/")
    before = visitor.key
    visitor.get(lambda request: login(request, user))
    assert visitor.key not in ("", before)


def test_c53_on_refresh_the_session_is_loaded_and_2_is_stored(visitor):
    visitor.get("/lab/visits/")
    visit = visitor.get("/lab/visits/")
    assert visit.request.COOKIES["sessionid"] == visitor.key
    assert visit.verbs == ["SELECT", "UPDATE"]
    assert visitor.stored == {"num_visits": 2}


@pytest.mark.django_db(transaction=True)
def test_c53_the_update_stands_in_a_transaction_and_the_select_before_it(visitor):
    visitor.get("/lab/visits/")
    assert first_words(visitor.get("/lab/visits/").statements) == ["SELECT", "BEGIN", "UPDATE", "COMMIT"]


@pytest.mark.parametrize("key", ["gj2233", "3e", "A123", "1234567"])
def test_c53_a_key_under_8_characters_cannot_work_even_with_such_a_row(visitor, key):
    tomorrow = timezone.now() + timedelta(days=1)
    data = SessionStore().encode({"num_visits": 1})
    Session.objects.create(session_key=key, session_data=data, expire_date=tomorrow)
    visitor.has_cookie(key)

    visit = visitor.get(lambda request: dict(request.session))
    assert visit.answer == {}
    assert visit.sql == []
    assert "Max-Age=0" in visit.set_cookie
    assert visitor.key == ""


def test_c53_8_characters_are_enough():
    tomorrow = timezone.now() + timedelta(days=1)
    data = SessionStore().encode({"num_visits": 1})
    Session.objects.create(session_key="12345678", session_data=data, expire_date=tomorrow)
    assert Visitor().has_cookie("12345678").get("/lab/visits/").text == "view count=2"


def test_f05_a_key_sent_by_the_client_is_never_adopted(visitor):
    visitor.has_cookie("z" * 32)
    visitor.get("/lab/visits/")
    assert visitor.key not in ("", "z" * 32)
    assert [row.session_key for row in Session.objects.all()] == [visitor.key]
