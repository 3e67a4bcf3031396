"""What has happened when the view begins, and what has not."""

import pytest
from django.http import HttpResponse
from django.template import engines

from .flight import Browser, line_of

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
NEED_SESSIONS = ("AuthenticationMiddleware", "MessageMiddleware")


def ignore(request):
    return HttpResponse()


def test_c03_the_session_middleware_is_server_code_that_was_switched_on(browser, settings):
    on = browser.fly(ignore)
    assert on.the("session-made").function.file == "django/contrib/sessions/middleware.py"

    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != SESSIONS and not name.endswith(NEED_SESSIONS)
    ]
    off = browser.fly(ignore)
    assert "session-made" not in off.kinds
    assert {hop.state.accessed for hop in off.lines} == {None}  # there is no request.session at all


def test_c03_startproject_writes_it_second_after_the_middleware_that_redirects_to_https(browser, settings):
    assert settings.MIDDLEWARE.index(SESSIONS) - 1 == settings.MIDDLEWARE.index(
        "django.middleware.security.SecurityMiddleware"
    )
    settings.SECURE_SSL_REDIRECT = True
    assert browser.fly(ignore).kinds == ["request", "answered-early", "response"]


def test_c04_a_middleware_in_front_may_answer_and_then_it_catches_nothing(browser, settings):
    assert "session-made" in browser.fly(ignore).kinds

    settings.SECURE_SSL_REDIRECT = True
    flight = browser.fly("/lab/visits/")
    assert flight.kinds == ["request", "answered-early", "response"]
    assert flight.recording["status"] == 301
    assert not any(hop.function and "sessions" in hop.function.file for hop in flight.lines)


@pytest.mark.parametrize(("path", "asked"), [("/lab/visits/", "resolve"), ("/lab/no/such/lab/", "no-match")])
def test_c05_the_session_is_made_before_urls_py_is_asked(browser, path, asked):
    flight = browser.fly(path)
    made, urls = flight.the("session-made"), flight.the(asked)
    assert made.at < urls.at
    assert (made.actor_to, urls.actor_to) == ("session", "urls")
    assert line_of(made) == "request.session = self.SessionStore(session_key)"


def test_c06_when_the_view_begins_nothing_is_loaded(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/visits/")
    begins = flight.the("view")
    assert begins.state.key == browser.key  # empty-handed, but for the key
    assert (begins.state.accessed, begins.state.data, begins.state.row) == (False, None, None)
    assert [hop for hop in flight.calls if hop.sql and hop.at <= begins.at] == []


def test_c06_the_select_runs_inside_the_first_look(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/visits/")
    look, select, found = flight.the("get"), flight.the("select"), flight.the("row-found")
    assert line_of(look) == 'num_visits = request.session.get("num_visits", 0) + 1'
    assert [look.number, select.number, found.number] == [5, 6, 7]

    inside = [hop for hop in flight.lines if look.at < hop.at < found.at]
    assert all(hop.depth >= look.depth for hop in inside)  # the look is not over before the row is there
    assert (flight.before(look).data, look.state.data, found.state.data) == (None, None, {"num_visits": 1})


def test_c06_a_view_that_never_looks_costs_no_query(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/touch/ignore/")
    assert [hop for hop in flight.calls if hop.sql] == []
    assert flight.last.data is None


def test_c34_the_middleware_ties_the_session_to_the_request(browser):
    flight = browser.fly(ignore)
    (line,) = flight.ran("SessionMiddleware.process_request", "request.session = self.SessionStore(session_key)")
    before = [hop.state.accessed for hop in flight.lines if hop.at < line.at]
    assert set(before) == {None}  # no request.session yet
    assert flight.the("view").state.accessed is False


def test_c34_templates_know_it_as_request_session(browser):
    def view(request):
        return engines["django"].from_string("{{ request.session.color }}").render({}, request)

    browser.fly("/lab/dict/add/")
    flight = browser.fly(view)
    assert flight.page == "green"
    assert (flight.the("get").title, flight.the("get").actor_to) == ("['color']", "session")


def test_c47_without_a_cookie_there_is_no_session_at_the_start(browser):
    def view(request):
        return request.session.is_empty()

    flight = browser.fly(view)
    assert flight.the("request").state.jar == {}
    assert flight.the("session-made").title == "SessionStore(None)"
    assert flight.the("view").state.key is None
    assert flight.the("is-empty").result == flight.page == "True"
    assert flight.statements == []


def test_c52_the_middleware_works_before_and_after_our_code(browser):
    flight = browser.fly("/lab/visits/")
    begins, done = flight.the("view"), flight.the("view-returns")
    own = [hop for hop in flight.lines if hop.actor_from == "middleware" and hop.function and hop.kind == "line"]
    before = {hop.function.name for hop in own if hop.at < begins.at}
    between = [hop for hop in own if begins.at < hop.at < done.at]
    after = {hop.function.name for hop in own if hop.at > done.at}
    assert before == {"SessionMiddleware.process_request"}
    assert between == []
    assert after == {"SessionMiddleware.process_response"}
    assert flight.kinds[flight.kinds.index("view-returns") + 1 :] == [
        *("save", "key-free", "insert", "set-cookie", "vary", "response"),
    ]


def test_c65_the_session_is_not_read_unless_somebody_looks_inside(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/touch/ignore/")
    assert flight.statements == []
    assert {hop.state.accessed for hop in flight.lines if hop.at >= flight.the("view").at} == {False}
    assert flight.ran("SessionBase._get_session", "self.accessed = True") == []


def test_c65_a_template_that_names_the_user_looks_inside(browser):
    def view(request):
        return engines["django"].from_string("{{ user.username }}").render({}, request)

    browser.fly("/lab/visits/")
    flight = browser.fly(view)
    look = flight.the("get")
    assert look.title == "['_auth_user_id']"
    assert look.function.name == "_get_user_session_key"
    assert [hop.kind for hop in flight.story[look.number : look.number + 2]] == ["select", "row-found"]


def test_c37_a_view_deals_with_the_session_of_one_browser():
    blue, orange = Browser(), Browser()
    blue.fly("/lab/dict/add/")
    orange.fly("/lab/visits/")
    for browser in (blue, orange):
        flight = browser.fly("/lab/touch/read/")
        assert repr(browser.key) in flight.the("select").sql.params
        assert {hop.state.key for hop in flight.story[1:]} == {browser.key}
    assert blue.fly("/lab/touch/read/").last.data == {"color": "green"}
    assert orange.fly("/lab/touch/read/").last.data == {"num_visits": 1}
