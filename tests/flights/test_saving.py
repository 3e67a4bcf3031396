"""Saving: which lines of SessionMiddleware.process_response ran, and which did not."""

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseNotFound

from .flight import line_of

RESPONSE = "SessionMiddleware.process_response"
WANTED = "if (modified or settings.SESSION_SAVE_EVERY_REQUEST) and not empty:"
NO_ERROR = "if response.status_code < 500:"
SAVE = "request.session.save()"


def middleware_ran(flight, *texts) -> list[bool]:
    """Say of each of these lines of process_response whether it ran."""
    return [bool(flight.ran(RESPONSE, text)) for text in texts]


def assign(request):
    request.session["a"] = 3
    return HttpResponse()


def clear(request):
    request.session.clear()
    return HttpResponse()


def set_then_delete(request):
    request.session["a"] = 1
    del request.session["a"]
    return HttpResponse()


def not_found(request):
    request.session["a"] = 1
    return HttpResponseNotFound()


def deleted_meanwhile(request):
    request.session["a"] = 1
    Session.objects.filter(session_key=request.session.session_key).delete()  # somebody else does this
    return HttpResponse()


def test_c19_the_view_edits_a_dict_and_the_middleware_saves_the_whole_of_it(browser):
    browser.fly("/lab/dict/add/")
    flight = browser.fly(assign)
    edited, stored = flight.the("set"), flight.the("update")
    assert flight.the("view-returns").state.data == {"color": "green", "a": 3}
    assert flight.the("view-returns").state.row["data"] == {"color": "green"}
    assert stored.state.row["data"] == {"color": "green", "a": 3}
    assert (edited.actor_from, edited.actor_to, edited.sql) == ("view", "session", None)
    assert flight.the("save").at < stored.at


def test_c19_the_middleware_loads_nothing_by_itself(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/touch/ignore/")
    assert middleware_ran(flight, "accessed = request.session.accessed", WANTED, SAVE) == [True, True, False]
    assert flight.last.data is None
    assert flight.statements == []


def test_c19_rows_are_deleted_by_flush_and_not_by_the_middleware(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/flush/")
    assert flight.the("flush").at < flight.the("delete").at < flight.the("view-returns").at

    browser.fly("/lab/visits/")
    assert browser.fly(clear).verbs == ["UPDATE"]  # emptying is no reason for the middleware to delete


@pytest.mark.parametrize(
    ("modified", "every_request", "status", "lines"),
    [
        (True, False, 200, [True, True, True]),
        (False, True, 200, [True, True, True]),
        (False, False, 200, [True, False, False]),
        (True, False, 499, [True, True, True]),
        (True, False, 500, [True, True, False]),
        (False, True, 500, [True, True, False]),
    ],
)
def test_f02_saved_if_modified_or_every_request_and_below_500(
    browser, settings, modified, every_request, status, lines
):
    def view(request):
        request.session.get("num_visits")
        request.session.modified = modified
        return HttpResponse(status=status)

    browser.fly("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = every_request
    flight = browser.fly(view)
    assert middleware_ran(flight, WANTED, NO_ERROR, SAVE) == lines
    assert ("UPDATE" in flight.verbs) is lines[-1]
    assert (flight.set_cookie != "") is lines[-1]
    assert ("not-saved" in flight.kinds) is not lines[-1]


def test_f02_an_emptied_session_that_has_a_key_is_still_saved(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly(clear)
    assert flight.the("save").values["empty"] == "False"
    assert flight.the("update").state.row["data"] == {}


def test_f03_set_then_delete_on_a_first_visit_leaves_nothing(browser):
    flight = browser.fly(set_then_delete)
    refused = flight.the("not-saved")
    assert (refused.values["modified"], refused.values["empty"]) == ("True", "True")
    assert line_of(refused) == WANTED
    assert (flight.statements, flight.set_cookie, flight.last.key) == ([], "", None)


def test_f03_on_a_later_visit_it_leaves_an_empty_row_and_sends_the_cookie_again(browser):
    browser.fly("/lab/dict/add/")
    browser.fly("/lab/dict/delete/")
    flight = browser.fly(set_then_delete)
    assert flight.last.row["data"] == {}
    assert flight.the("update").at < flight.the("set-cookie").at
    assert flight.set_cookie.startswith(f"sessionid={browser.key};")


def answer_500(request):
    request.session["a"] = 1
    return HttpResponse(status=500)


@pytest.mark.parametrize("where", [answer_500, "/lab/boom/"])
def test_f20_after_status_500_or_an_exception_nothing_is_saved_and_no_cookie_sent(browser, where):
    first = browser.fly(where)
    assert (first.recording["status"], first.statements, first.set_cookie) == (500, [], "")
    assert line_of(first.the("not-saved")) == NO_ERROR

    browser.fly("/lab/visits/")
    later = browser.fly(where)
    found = later.the("row-found").state.row
    assert later.last.data != found["data"]  # what the view wrote
    assert later.last.row == found  # and what became of it
    assert "not-saved" in later.kinds
    assert later.set_cookie == ""


def test_f20_the_exception_is_told_with_its_line(browser):
    flight = browser.fly("/lab/boom/")
    raised = flight.the("exception")
    assert line_of(raised) == 'return HttpResponse(f"average={score / games}")'
    assert (raised.title, raised.note) == ("ZeroDivisionError", "division by zero")
    assert (raised.values["score"], raised.values["games"]) == ("42", "0")
    assert flight.the("set").at < raised.at < flight.the("not-saved").at


def test_f20_with_404_the_session_is_saved(browser):
    flight = browser.fly(not_found)
    assert flight.recording["status"] == 404
    assert middleware_ran(flight, NO_ERROR, SAVE) == [True, True]
    assert flight.the("insert").state.row["data"] == {"a": 1}
    assert flight.set_cookie != ""


def test_f20_a_row_deleted_during_the_request_interrupts_it_with_400(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly(deleted_meanwhile)
    delete, update, raised = flight.the("delete"), flight.the("update"), flight.the("exception")
    assert delete.at < flight.the("view-returns").at < update.at < raised.at
    assert delete.state.row["exists"] is False
    assert update.state.row["exists"] is False  # the UPDATE finds no row
    assert raised.title == "SessionInterrupted"
    assert line_of(raised) == "raise SessionInterrupted("
    assert flight.recording["status"] == 400
    assert flight.set_cookie == ""
