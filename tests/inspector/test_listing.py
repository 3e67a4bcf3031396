"""Pages of rows: forward, back, by every order, by every condition, and never a walk that grows with the table."""

import base64
import os
import pickle
import random
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lessons.inspector import KEPT_MOST, PAGE_SIZE, Question, listing, page_of
from lessons.inspector.bounded import TookTooLong
from lessons.inspector.keyset import ORDERS

from .conftest import store

pytestmark = pytest.mark.django_db

LOGIN = {"_auth_user_backend": "b", "_auth_user_hash": "h" * 64}
PICKLED = base64.b64encode(b"0" * 40 + b":" + pickle.dumps({"a": 1})).decode()


def ask(visitor, limit=PAGE_SIZE, **typed):
    return page_of(visitor, Question.of(typed), limit)


def keys(page):
    return [row.session_key for row in page.rows]


@pytest.fixture
def many():
    """Thirty rows, some of them alike in date or size."""
    chance = random.Random(7)
    for number in range(30):
        store(f"key{number:02}", text="x" * chance.randrange(40, 50), days=chance.randrange(-5, 8))


def sorted_as(name):
    """Return all keys in this order, sorted by Python."""
    field = {"expire_date": lambda row: row.expire_date, "size": lambda row: len(row.session_data)}[ORDERS[name].field]
    rows = sorted(Session.objects.all(), key=lambda row: row.session_key)
    return [row.session_key for row in sorted(rows, key=field, reverse=ORDERS[name].descending)]


# Pages


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 10, 30])
@pytest.mark.parametrize("typed", [{}, {"least": "1"}], ids=["by index", "looked through"])
def test_all_pages_forward_and_back_are_the_list(visitor, many, name, limit, typed):
    pages = [ask(visitor, limit, sort=name, **typed)]
    while pages[-1].next:
        pages.append(page_of(visitor, pages[-1].next, limit))
    assert [key for page in pages for key in keys(page)] == sorted_as(name)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page_of(visitor, back[-1].previous, limit))
    assert keys(back.pop()) == keys(pages[0])  # perhaps more than is left before the next: a first page is whole
    seen = [key for page in reversed(back) for key in keys(page)]
    assert seen == sorted_as(name)[30 - len(seen) :]


def test_the_first_page_has_none_before_it_and_the_last_none_behind(visitor, many):
    first = ask(visitor, 20)
    assert (first.previous, first.at_the_start, len(first.rows)) == (None, True, 20)
    last = page_of(visitor, first.next, 20)
    assert (last.next, last.at_the_start, len(last.rows)) == (None, False, 10)


def test_back_to_a_beginning_that_is_short_gives_a_whole_first_page(visitor, many):
    second = page_of(visitor, ask(visitor, 10).next, 10)
    store("newer", days=30)
    back = page_of(visitor, second.previous, 20)
    assert (keys(back)[0], len(back.rows), back.at_the_start) == ("newer", 20, True)


def test_a_row_that_goes_meanwhile_skips_nothing_and_shows_nothing_twice(visitor, many):
    first = ask(visitor, 10)
    Session.objects.filter(pk__in=keys(first)[-3:]).delete()
    assert keys(page_of(visitor, first.next, 30)) == sorted_as("newest")[7:]


# What is asked of the database


def statements(visitor, **typed):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(visitor, **typed)
    return [query["sql"] for query in captured if "django_session" in query["sql"]]


@pytest.mark.parametrize("typed", [{}, {"sort": "oldest"}, {"state": "live"}, {"q": "cart"}, {"sort": "largest"}])
def test_no_page_counts_or_skips_rows(visitor, many, typed):
    place = ask(visitor, 5, **typed).next
    for sql in [*statements(visitor, **typed), *(statements(visitor, after=place.after, **typed) if place else [])]:
        assert not re.search(r"COUNT\(|OFFSET", sql)
        assert "LIMIT" in sql


DATES = r"USING INDEX django_session_expire_date"
KEYS = r"USING INDEX sqlite_autoindex_django_session_1 \(session_key>\? AND session_key<\?\)"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's words for a plan")
@pytest.mark.parametrize("side", ["", "after", "before"])
@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ({}, DATES),
        ({"sort": "oldest"}, DATES),
        ({"state": "live"}, DATES),
        ({"state": "expired", "sort": "oldest"}, DATES),
        ({"q": "abc", "by": "key"}, KEYS),
    ],
)
def test_an_index_leads_to_the_page(visitor, many, typed, plan, side):
    place = {side: ask(visitor, 3, sort=typed.get("sort", "")).next.after} if side else {}
    told = plan_of(statements(visitor, **typed, **place)[0])
    assert re.search(plan, told[0])
    assert side == "" or plan == KEYS or re.search(r"SEARCH .*\(expire_date[<>]", told[0])
    assert plan == KEYS or "USE TEMP B-TREE FOR ORDER BY" not in told


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's words for a plan")
def test_a_key_is_found_by_its_index_among_the_live_too(visitor, many):
    assert re.search(KEYS, plan_of(statements(visitor, q="a", by="key", state="live")[0])[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's words for a plan")
@pytest.mark.parametrize(
    ("typed", "index"), [({}, "expire_date"), ({"q": "abc", "by": "key"}, "session_key_[0-9a-f]+_like")]
)
def test_postgresql_uses_its_indexes_too(visitor, many, typed, index):
    (sql,) = [sql for sql in statements(visitor, **typed) if "LIMIT" in sql]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # thirty rows are read faster without an index
        cursor.execute(f"EXPLAIN {sql}")
        told = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(rf"Index Scan.* using django_session_{index}|Bitmap Index Scan on django_session_{index}", told)


def plan_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [line[3] for line in cursor.fetchall()]


def test_of_a_large_row_only_the_beginning_is_read_for_a_list(visitor):
    store("large", {"words": os.urandom(KEPT_MOST).hex()})
    (row,) = ask(visitor).rows
    assert row.large
    assert row.size > len(row.session_data) == KEPT_MOST


# What is looked for


@pytest.fixture
def zoo():
    grace = get_user_model().objects.create_user("grace")
    store("login", {"_auth_user_id": str(grace.pk), **LOGIN}, days=9)
    store("counted", {"num_visits": 3}, days=8)
    store("empty", {}, days=7)
    store("pickled", text=PICKLED, days=6)
    store("nonsense", text="nonsense", days=5)
    store("large", {"cart": os.urandom(KEPT_MOST).hex(), "end": "needle"}, days=4)
    store("expired", {"cart": ["pear"]}, days=-1)
    return grace


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"state": "live"}, ["login", "counted", "empty", "pickled", "nonsense", "large"]),
        ({"state": "expired"}, ["expired"]),
        ({"state": "empty"}, ["empty"]),
        ({"state": "pickled"}, ["pickled"]),
        ({"state": "unreadable"}, ["pickled", "nonsense"]),
        ({"q": "cart"}, ["large", "expired"]),
        ({"q": "cart", "state": "expired"}, ["expired"]),
        ({"q": "cart", "sort": "oldest"}, ["expired", "large"]),
        ({"q": "needle"}, ["large"]),
        ({"q": "num_visits=3"}, ["counted"]),
        ({"q": "num_visits=4"}, []),
        ({"q": "grace", "by": "user"}, ["login"]),
        ({"q": "ada", "by": "user"}, []),
        ({"q": "e", "by": "key"}, ["empty", "expired"]),
        ({"q": "ex…ed", "by": "key"}, ["expired"]),
        ({"q": "…ty", "by": "key"}, ["empty"]),
        ({"q": "E", "by": "key"}, []),
        ({"least": "1000"}, ["large"]),
        ({"most": "60"}, ["empty", "nonsense"]),
        ({"least": "9", "most": "70", "sort": "smallest"}, ["empty"]),
        ({"least": "1000", "q": "pear"}, []),
        ({"sort": "largest", "state": "unreadable"}, ["pickled", "nonsense"]),
    ],
)
def test_a_question_finds_its_rows(visitor, zoo, typed, found):
    page = ask(visitor, **typed)
    assert (keys(page), page.finished, page.problem) == (found, True, "")


def test_who_is_logged_in_is_told_by_name(visitor, zoo):
    users = {row.session_key: row.user for row in ask(visitor).rows}
    assert users["login"] == "grace"
    assert users["counted"] == ""


def test_a_user_who_is_gone_is_told_by_number(visitor):
    store("login", {"_auth_user_id": "123456", **LOGIN})
    store("odd", {"_auth_user_id": ["x"], **LOGIN})
    assert {row.user for row in ask(visitor).rows} == {"user 123456", ""}


def test_the_states_of_a_row_are_told_at_a_glance(visitor, zoo):
    assert {row.session_key: row.states for row in ask(visitor).rows} == {
        "login": [],
        "counted": [],
        "empty": ["empty"],
        "pickled": ["pickled"],
        "nonsense": ["unreadable"],
        "large": [],
        "expired": ["expired"],
    }


@pytest.mark.parametrize(
    "typed", [{}, {"q": "cart"}, {"q": "e", "by": "key"}, {"state": "expired"}, {"sort": "oldest"}]
)
def test_with_others_around_one_looks_through_ones_own_rows_only(see, zoo, typed):
    assert keys(ask(see(alone=False, sessionid="expired"), **typed)) == ["expired"]
    assert keys(ask(see(alone=False), **typed)) == []


# When the time is over


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a tenth of a second at each look."""
    times = iter(number / 10 for number in range(10**6))
    monkeypatch.setattr(listing.time, "monotonic", lambda: next(times))


def test_a_look_that_takes_too_long_says_how_far_it_came_and_goes_on_from_there(visitor, many, clock, monkeypatch):
    monkeypatch.setattr(listing, "bounded", lambda seconds: pytest.MonkeyPatch.context())
    store("needle", {"needle": 1}, days=-30)
    page, looked, pages = ask(visitor, q="needle"), 0, 0
    while not page.rows:
        assert not page.finished
        assert 0 < page.looked < 30
        assert page.down_to == Session.objects.get(pk=page.next.place.session_key).expire_date
        looked, pages = looked + page.looked, pages + 1
        page = page_of(visitor, page.next)
    assert (keys(page), pages > 2) == (["needle"], True)
    assert looked + page.looked == 31


def test_a_look_back_that_takes_too_long_goes_on_back_and_not_to_the_start(visitor, many, clock, monkeypatch):
    monkeypatch.setattr(listing, "bounded", lambda seconds: pytest.MonkeyPatch.context())
    last = listing.place_of(ask(visitor).rows[-1], Question())
    page = page_of(visitor, Question.of({"q": "nothing"}).ending_before(last))
    assert (page.finished, page.at_the_start, page.question.before) == (False, False, last.sealed)
    assert page.previous.before not in ("", last.sealed)


def test_a_page_that_is_full_need_not_go_on_looking(visitor):
    for number in range(200):
        store(f"key{number:03}", {"cart": number})
    page = ask(visitor, 10, q="cart")
    assert (len(page.rows), page.finished, page.looked) == (10, True, 10)
    assert page.next


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"sort": "largest"}, "Sorting by size reads every row, and these are too many for that in 4 seconds."),
        ({"q": "cart", "sort": "smallest"}, "Sorting by size reads every row"),
        ({"q": "a", "by": "key"}, "did not find these rows within 1 s"),
    ],
)
def test_a_database_that_was_stopped_is_told_in_a_sentence(visitor, many, typed, sentence, monkeypatch):
    def stopped(seconds):
        raise TookTooLong

    monkeypatch.setattr(listing, "bounded", stopped)
    page = ask(visitor, **typed)
    assert sentence in page.problem
    assert page.rows == []


def test_a_question_with_a_problem_asks_the_database_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask(visitor, least="banana").problem


def test_a_small_row_that_becomes_large_is_opened_only_by_itself(visitor):
    store("bomb", {"words": "x" * 400_000})
    (row,) = page_of(visitor, Question()).rows
    assert row.size < 1_000
    assert (row.large, row.data, row.states) == (True, None, [])
    whole = visitor.row(row.handle)
    assert (whole.large, len(whole.data["words"])) == (False, 400_000)
