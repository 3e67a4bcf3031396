"""The first visit: when there is a key, a row and a cookie, and when not."""

import re

import pytest
from django.http import HttpResponse

from .flight import BEGIN, line_of, sql_of


def write(request):
    request.session["met"] = True
    return HttpResponse()


def test_c07_the_key_is_none_all_through_the_first_view(browser):
    flight = browser.fly("/lab/touch/write/")
    begins, done = flight.the("view"), flight.the("view-returns")
    assert {hop.state.key for hop in flight.lines if hop.at <= done.at} == {None}
    assert {hop.result for hop in flight.all("key")} == {"None"}  # the view asks after it has assigned
    assert begins.at < flight.the("set").at < flight.the("key").at < done.at < flight.the("set-cookie").at


def test_c07_set_cookie_is_added_on_the_way_out(browser):
    flight = browser.fly("/lab/touch/write/")
    with_cookie = [hop for hop in flight.lines if "header:Set-Cookie" in hop.changes]
    assert [hop.kind for hop in with_cookie] == ["set-cookie"]
    assert with_cookie[0].function.name == "SessionMiddleware.process_response"
    assert line_of(with_cookie[0]) == "response.set_cookie("


@pytest.mark.django_db(transaction=True)
def test_c08_the_row_is_made_after_the_view_has_returned(browser):
    flight = browser.fly(write)
    done = flight.the("view-returns")
    assert {hop.state.row for hop in flight.lines if hop.at <= done.at} == {None}
    assert flight.between("view-returns", "set-cookie") == ["save", "key-free", "insert"]

    words = [hop.sql.text.split()[0] for hop in flight.calls if hop.sql]
    assert words == ["SELECT", *BEGIN, "INSERT"]
    assert (
        sql_of(flight.the("key-free"))
        == f"SELECT 1 AS a FROM django_session WHERE session_key = '{browser.key}' LIMIT 1"
    )
    (commit,) = [hop for hop in flight.calls if hop.title.startswith("commit(")]
    assert flight.the("insert").at < commit.at < flight.the("set-cookie").at
    assert flight.the("insert").state.row["data"] == {"met": True}


def test_c08_only_the_python_object_is_there_before_the_view(browser):
    begins = browser.fly(write).the("view").state
    assert (begins.accessed, begins.modified) == (False, False)  # the object
    assert (begins.key, begins.data, begins.row) == (None, None, None)  # and nothing behind it


@pytest.mark.parametrize("path", ["/lab/touch/ignore/", "/lab/touch/read/"])
def test_c13_a_first_visit_that_stores_nothing_makes_neither_row_nor_cookie(browser, path):
    flight = browser.fly(path)
    assert "not-saved" in flight.kinds
    assert flight.statements == []
    assert (flight.set_cookie, flight.last.jar, flight.last.key) == ("", {}, None)


def empty_again(request):
    request.session["met"] = True
    del request.session["met"]
    return HttpResponse()


def fail(request):
    request.session["met"] = True
    raise RuntimeError("the view failed")


@pytest.mark.parametrize(
    ("path_or_view", "note"),
    [
        ("/lab/touch/read/", "modified False, empty True, status 200"),
        (empty_again, "modified True, empty True, status 200"),
        (fail, "modified True, empty False, status 500"),
    ],
)
def test_c13_it_takes_modified_and_not_empty_and_a_status_below_500(browser, path_or_view, note):
    refused = browser.fly(path_or_view)
    assert refused.the("not-saved").note == note
    assert refused.set_cookie == ""

    values = browser.fly(write).the("save").values
    assert (values["modified"], values["empty"], values["response"]) == ("True", "False", "<HttpResponse 200>")


def test_c15_django_starts_no_session_on_meeting_a_new_browser(browser):
    flight = browser.fly("/admin/login/")
    assert flight.recording["status"] == 200
    assert [value.partition("=")[0] for value in flight.recording["set_cookies"]] == ["csrftoken"]
    assert flight.statements == []
    assert flight.last.key is None


def test_c16_create_forces_a_session_inside_the_view(browser):
    def view(request):
        request.session.create()
        return HttpResponse()

    put_off = browser.fly("/lab/touch/read/")
    assert put_off.statements == []

    flight = browser.fly(view)
    assert flight.between("view", "view-returns") == ["create", "key-free", "insert"]
    row = flight.the("insert").state.row
    assert row["data"] == {}
    assert row["session_data"].startswith("e30:")
    assert flight.set_cookie.startswith(f"sessionid={browser.key};")


def test_c18_a_key_is_32_letters_and_digits(browser):
    key = browser.fly(write).last.key
    assert re.fullmatch("[a-z0-9]{32}", key)
    assert key == browser.key


def test_c18_select_1_asks_whether_the_key_is_taken_before_the_insert(browser):
    flight = browser.fly(write)
    asked, insert = flight.the("key-free"), flight.the("insert")
    assert sql_of(asked).startswith("SELECT 1 ")
    assert sql_of(asked).endswith(f"WHERE session_key = '{browser.key}' LIMIT 1")
    assert asked.at < insert.at
    assert repr(browser.key) in insert.sql.params
    assert re.fullmatch(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}(\+00:00)?'", insert.sql.params[-1])
    assert flight.ran("SessionBase._get_new_session_key", "if not self.exists(session_key):") != []


def test_c18_a_key_that_is_taken_is_not_used(browser, monkeypatch):
    first = browser.fly(write).last.key
    keys = iter([first, "b" * 32])
    monkeypatch.setattr("django.contrib.sessions.backends.base.get_random_string", lambda *args: next(keys))
    browser.jar.clear()

    flight = browser.fly(write)
    assert [hop.sql.params[1] for hop in flight.all("key-free")] == [repr(first), repr("b" * 32)]
    assert flight.last.key == "b" * 32


def test_c20_the_cookie_comes_when_something_is_first_stored(browser):
    assert browser.fly("/lab/touch/ignore/").last.jar == {}
    assert browser.fly("/lab/touch/read/").last.jar == {}
    flight = browser.fly("/lab/touch/write/")
    assert flight.the("insert").at < flight.the("set-cookie").at
    assert flight.last.jar == {"sessionid": flight.last.key}


def test_c48_after_the_page_there_is_a_cookie_and_1_is_stored(browser):
    flight = browser.fly("/lab/visits/")
    response = flight.the("response")
    assert flight.before(response).jar == {}
    assert response.state.jar == {"sessionid": response.state.key}
    assert response.changes == ("jar:sessionid",)
    assert response.state.row["data"] == {"num_visits": 1}
    assert re.fullmatch(
        r"sessionid=[a-z0-9]{32}; expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; "
        "HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax",
        flight.set_cookie,
    )


def test_c49_it_lives_for_14_days_and_not_until_the_browser_closes(browser):
    flight = browser.fly("/lab/visits/")
    cookie = flight.the("set-cookie")
    assert cookie.values["max_age"] == "1209600"
    assert cookie.note == "for 14 days"
    assert flight.ran("SessionMiddleware.process_response", "max_age = None") == []
    assert "Max-Age=1209600" in flight.set_cookie


def test_c51_the_view_decides_and_the_middleware_executes(browser):
    reads = browser.fly("/lab/touch/read/")
    assert "save" not in reads.kinds

    flight = browser.fly(write)  # the same, with one assignment
    decides, executes = flight.the("set"), flight.the("save")
    assert (decides.actor_from, "modified" in decides.changes) == ("view", True)
    assert flight.before(executes).row is None  # deciding stored nothing
    assert (executes.actor_from, line_of(executes)) == ("middleware", "request.session.save()")
