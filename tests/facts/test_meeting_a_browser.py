"""The first visit: when there is a session, a row and a cookie, and when not."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.template import engines

from .visitor import Visitor, first_words


def test_c06_the_session_is_loaded_when_the_view_first_looks_inside(visitor):
    visitor.get("/lab/visits/")
    moments = []

    def note(request):
        moments.append((request.session.accessed, "_session_cache" in vars(request.session), len(connection.queries)))

    def view(request):
        note(request)
        request.session.get("num_visits")
        note(request)

    visit = visitor.get(view)
    (accessed, loaded, before), (accessed_after, loaded_after, after) = moments
    assert (accessed, loaded) == (False, False)
    assert (accessed_after, loaded_after) == (True, True)
    assert after - before == len(visit.sql) == 1
    assert visit.sql[0].startswith("SELECT session_key, session_data, expire_date")


def test_c06_a_view_that_never_looks_costs_no_query(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/ignore/").statements == []


def test_c07_the_key_is_none_all_through_the_first_view(visitor):
    keys = []

    def view(request):
        keys.append(request.session.session_key)
        request.session["num_visits"] = 1
        keys.append(request.session.session_key)

    visit = visitor.get(view)
    assert keys == [None, None]
    assert visit.session.session_key == visitor.key != ""


@pytest.mark.django_db(transaction=True)
def test_c08_the_row_is_made_after_the_view_has_returned(visitor):
    rows = []

    def view(request):
        request.session["num_visits"] = 1
        rows.append(Session.objects.count())

    visit = visitor.get(view)
    assert rows == [0]
    assert Session.objects.count() == 1

    count, *save = visit.statements
    assert count.startswith("SELECT COUNT(*)")  # our own look at the table, in the view
    assert first_words(save) == ["SELECT", "BEGIN", "INSERT", "COMMIT"]
    assert f"SELECT 1 AS a FROM django_session WHERE session_key = '{visitor.key}' LIMIT 1" in save[0]


def test_c09_an_existing_session_is_looked_up_if_needed(visitor):
    visitor.get("/lab/visits/")
    (select,) = visitor.get("/lab/touch/read/").sql
    where = "WHERE (expire_date > '"
    assert select.startswith(f"SELECT session_key, session_data, expire_date FROM django_session {where}")
    assert re.search(rf"'(::timestamptz)? AND session_key = '{visitor.key}'\) LIMIT 21$", select)


def test_c11_five_requests_without_a_cookie_jar_make_five_rows():
    for _ in range(5):
        Visitor().get("/lab/visits/")
    assert Session.objects.count() == 5


def test_c11_a_visitor_who_stores_nothing_has_none(visitor):
    visitor.get("/lab/touch/ignore/")
    visitor.get("/lab/touch/read/")
    assert Session.objects.count() == 0


def test_c11_a_copied_cookie_makes_two_browsers_share_one_session(visitor):
    visitor.get("/lab/visits/")
    other = visitor.copy()
    assert other.get("/lab/visits/").text == "view count=2"
    assert visitor.get("/lab/visits/").text == "view count=3"
    assert Session.objects.count() == 1


def test_c29_two_browsers_have_two_sessions_with_two_keys():
    blue, orange = Visitor(), Visitor()
    for _ in range(3):
        blue.get("/lab/visits/")
    orange.get("/lab/visits/")
    assert blue.stored == {"num_visits": 3}
    assert orange.stored == {"num_visits": 1}
    assert blue.key != orange.key


def test_c37_a_view_deals_with_the_session_of_one_browser():
    blue, orange = Visitor(), Visitor()
    blue.get("/lab/dict/add/")
    assert blue.found() == {"color": "green"}
    assert orange.found() == {}


@pytest.mark.parametrize("path", ["/lab/touch/ignore/", "/lab/touch/read/"])
def test_c13_without_a_cookie_no_session_is_made_for_a_view_that_stores_nothing(visitor, path):
    visit = visitor.get(path)
    assert visit.response.cookies == {}
    assert Session.objects.count() == 0


def set_a_key(request):
    request.session["met"] = True


def modify_but_leave_it_empty(request):
    request.session["met"] = True
    del request.session["met"]


def set_a_key_and_fail(request):
    request.session["met"] = True
    raise RuntimeError


@pytest.mark.parametrize(("view", "rows"), [(set_a_key, 1), (modify_but_leave_it_empty, 0), (set_a_key_and_fail, 0)])
def test_c13_it_takes_modified_and_not_empty_and_a_status_below_500(visitor, view, rows):
    visit = visitor.get(view)
    assert visit.session.modified
    assert Session.objects.count() == rows
    assert bool(visit.set_cookie) == bool(rows)


def test_c15_django_starts_no_session_on_meeting_a_new_browser(visitor):
    visit = visitor.get("/admin/login/")
    assert visit.status == 200
    assert [cookie.name for cookie in visitor.jar] == ["csrftoken"]
    assert Session.objects.count() == 0


def test_c16_create_forces_a_session_that_django_would_put_off(visitor):
    visitor.get("/lab/touch/read/")
    assert Session.objects.count() == 0

    visit = visitor.get(lambda request: request.session.create())
    assert visit.set_cookie.startswith(f"sessionid={visitor.key};")
    assert visitor.row.session_data.startswith("e30:")
    assert visitor.stored == {}


def test_c20_the_cookie_comes_when_something_is_first_stored(visitor):
    assert visitor.get("/lab/touch/ignore/").set_cookie == ""
    assert visitor.get("/lab/touch/read/").set_cookie == ""
    assert visitor.get("/lab/touch/write/").set_cookie != ""


def test_c47_no_cookie_at_the_start_means_no_session(visitor):
    visit = visitor.get(lambda request: (request.session.session_key, request.session.is_empty()))
    assert visit.answer == (None, True)


def test_c51_the_view_decides_and_the_middleware_executes(visitor):
    reads = visitor.get("/lab/touch/read/")
    assert reads.session.modified is False
    assert Session.objects.count() == 0

    moments = []

    def view(request):
        request.session["met"] = True  # the line that /lab/touch/read/ does not have
        moments.append((request.session.modified, Session.objects.count()))

    visitor.get(view)
    assert moments == [(True, 0)]
    assert Session.objects.count() == 1


def test_c65_the_session_is_not_read_unless_somebody_looks_inside(visitor, user):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/ignore/").sql == []

    template = engines["django"].from_string("{{ user.username }}")
    visit = visitor.get(lambda request: template.render({}, request))
    assert visit.session.accessed  # the template asked who is logged in, and that is in the session
    assert len(visit.sql) == 1
