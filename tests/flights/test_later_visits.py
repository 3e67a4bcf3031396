"""Later visits: when the row is found, and when it is not."""

from datetime import timedelta

import pytest
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.utils import timezone

from .flight import BEGIN, line_of, sql_of

READ = "/lab/touch/read/"


def test_c09_an_existing_session_is_looked_up_if_needed(browser):
    browser.fly("/lab/visits/")
    assert browser.fly("/lab/touch/ignore/").statements == []

    (select,) = browser.fly(READ).statements
    where = "WHERE (expire_date > '"
    assert sql_of(select).startswith(f"SELECT session_key, session_data, expire_date FROM django_session {where}")
    assert sql_of(select).endswith(f"' AND session_key = '{browser.key}') LIMIT 21")
    assert select.function.name == "SessionStore._get_session_from_db"


def test_c14_every_later_request_finds_the_session(browser):
    browser.fly("/lab/dict/add/")
    for _ in range(3):
        assert browser.fly(READ).the("row-found").state.data == {"color": "green"}


def expire(browser, settings):
    Session.objects.update(expire_date=timezone.now())


def lose_the_row(browser, settings):
    Session.objects.all().delete()


def flush(browser, settings):
    browser.fly("/lab/flush/")


def log_out(browser, settings):
    browser.fly(logout)


def change_the_secret_key(browser, settings):
    settings.SECRET_KEY = "another key, which signed nothing of what is stored"


@pytest.mark.parametrize(
    ("end", "then"),
    [
        (expire, ["get", "select", "row-missing"]),
        (lose_the_row, ["get", "select", "row-missing"]),
        (flush, ["get"]),
        (log_out, ["get"]),
        (change_the_secret_key, ["get", "select", "row-found"]),
    ],
)
def test_c14_until_this_happens(browser, settings, end, then):
    browser.fly("/lab/dict/add/")
    end(browser, settings)
    flight = browser.fly(READ)
    assert flight.between("view", "view-returns") == then
    assert flight.the("view-returns").state.data == {}


def test_c14_or_until_a_login_gives_it_a_new_key(browser, ada):
    browser.fly("/lab/dict/add/")
    old = browser.copy()
    browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    assert browser.fly(READ).the("row-found").state.data["color"] == "green"
    assert old.fly(READ).the("row-missing").state.data == {}


def test_c50_the_key_stays_the_same_over_eleven_visits(browser):
    browser.fly("/lab/visits/")
    key = browser.key
    for _ in range(10):
        flight = browser.fly("/lab/visits/")
        assert {hop.state.key for hop in flight.story[1:]} == {key}
        assert {hop.state.jar["sessionid"] for hop in flight.story} == {key}


def cycle_key(browser, settings):
    def view(request):
        request.session.cycle_key()
        return HttpResponse()

    browser.fly(view)


@pytest.mark.parametrize("end", [cycle_key, flush, expire])
def test_c50_until_there_is_a_new_one(browser, settings, end):
    browser.fly("/lab/visits/")
    before = browser.key
    end(browser, settings)
    flight = browser.fly("/lab/visits/")
    assert flight.last.jar["sessionid"] == flight.last.key == browser.key
    assert browser.key not in ("", before)


def test_c50_or_a_login(browser, ada):
    browser.fly("/lab/visits/")
    before = browser.key
    flight = browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    assert flight.story[0].state.jar == {"sessionid": before}
    assert flight.last.jar == {"sessionid": flight.last.key}
    assert flight.last.key != before


@pytest.mark.django_db(transaction=True)
def test_c53_on_refresh_the_session_is_loaded_and_2_is_stored(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/visits/")
    assert flight.the("request").state.jar == {"sessionid": browser.key}
    assert [hop.sql.text.split()[0] for hop in flight.calls if hop.sql] == ["SELECT", *BEGIN, "UPDATE"]
    (commit,) = [hop for hop in flight.calls if hop.title.startswith("commit(")]
    assert flight.the("row-found").state.data == {"num_visits": 1}
    assert flight.the("view-returns").state.row["data"] == {"num_visits": 1}
    assert flight.the("update").state.row["data"] == {"num_visits": 2}
    assert flight.the("view-returns").at < flight.the("update").at < commit.at


@pytest.mark.parametrize("key", ["gj2233", "3e", "A123", "1234567"])
def test_c53_a_key_under_8_characters_is_dropped_without_a_query(browser, key):
    tomorrow = timezone.now() + timedelta(days=1)
    data = SessionStore().encode({"num_visits": 1})
    Session.objects.create(session_key=key, session_data=data, expire_date=tomorrow)
    browser.hold(key)

    flight = browser.fly(READ)
    (dropped,) = flight.ran("SessionBase._set_session_key", "self.__session_key = None")
    assert flight.the("session-made").at < dropped.at < flight.the("resolve").at
    assert flight.the("session-made").state.key is None
    assert flight.statements == []  # even though there is such a row
    assert flight.the("view-returns").state.data == {}
    assert flight.the("delete-cookie").at > flight.the("view-returns").at
    assert flight.last.jar == {}


def test_c53_8_characters_are_enough(browser):
    tomorrow = timezone.now() + timedelta(days=1)
    data = SessionStore().encode({"num_visits": 1})
    Session.objects.create(session_key="12345678", session_data=data, expire_date=tomorrow)
    flight = browser.hold("12345678").fly("/lab/visits/")
    assert flight.ran("SessionBase._set_session_key", "self.__session_key = value") != []
    assert flight.the("row-found").state.data == {"num_visits": 1}
    assert flight.page == "view count=2"


def test_c66_it_is_written_when_the_data_is_modified(browser):
    browser.fly("/lab/visits/")
    reads, writes = browser.fly(READ), browser.fly("/lab/touch/write/")
    assert (reads.last.modified, reads.verbs) == (False, ["SELECT"])
    assert (writes.last.modified, writes.verbs) == (True, ["SELECT", "UPDATE"])


def answer_503(request):
    request.session["a"] = 1
    return HttpResponse(status=503)


@pytest.mark.parametrize("where", [answer_503, "/lab/boom/"])
def test_c66_except_with_a_status_of_500_or_more_or_when_the_view_raised(browser, where):
    browser.fly("/lab/visits/")
    flight = browser.fly(where)
    assert flight.last.modified is True
    assert flight.verbs == ["SELECT"]
    assert line_of(flight.the("not-saved")) == "if response.status_code < 500:"
    assert flight.last.row["data"] == {"num_visits": 1}


def test_c66_with_save_every_request_it_is_written_without_being_modified(browser, settings):
    browser.fly("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    flight = browser.fly(READ)
    assert flight.last.modified is False
    assert flight.verbs == ["SELECT", "UPDATE"]
    assert flight.the("save").values["modified"] == "False"


def test_c17_login_keeps_the_data_and_changes_the_key(browser, ada):
    browser.fly("/lab/dict/add/")
    before = browser.key
    flight = browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    cycle, insert, delete = flight.the("cycle-key"), flight.the("insert"), flight.the("delete")
    assert flight.the("login").at < cycle.at < insert.at < delete.at < flight.the("view-returns").at

    assert flight.before(cycle).key == before
    assert insert.state.key not in (None, before)
    assert insert.state.data == {"color": "green"}
    assert repr(before) in delete.sql.params
    assert {"color", "_auth_user_id"} <= flight.last.data.keys()


def test_c17_the_same_user_again_keeps_the_key(browser, ada):
    browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    before = browser.key
    flight = browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    assert {"cycle-key", "flush", "insert", "delete"} & set(flight.kinds) == set()
    assert {hop.state.key for hop in flight.story[1:]} == {before}


def test_c17_if_another_user_was_logged_in_everything_is_flushed_first(browser, ada, charles):
    def view(request):
        login(request, charles)
        return HttpResponse()

    browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    browser.fly("/lab/dict/add/")
    before = browser.key
    flight = browser.fly(view)
    flush, delete, first_set = flight.the("flush"), flight.the("delete"), flight.all("set")[0]
    assert flush.at < delete.at < first_set.at
    assert repr(before) in delete.sql.params
    assert (delete.state.key, delete.state.data) == (None, {})
    assert "color" not in flight.last.data
    assert flight.last.data["_auth_user_id"] == str(charles.pk)
