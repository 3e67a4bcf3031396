"""The story of each kind of flight: what it tells, in which order, and that no word contradicts what was recorded.

Keys differ from run to run, so tables have KEY, and NEW and OLD where there are two.
"""

import re
from itertools import pairwise

import pytest
from django.core.cache import cache

from lessons.flight.hops import ACTORS, ZOOMS
from lessons.flight.sentences import key_text, span

from .flights import repertoire
from .flights.flight import Browser, Flight, line_of
from .flights.repertoire import FLIGHTS, flown, later, logged_in, raises, server_error, short_key, unknown_key, visits

ENGINES = ["db", "cached_db", "file", "cache", "signed_cookies"]


@pytest.fixture(autouse=True)
def world(db, settings, tmp_path, django_user_model):
    """Two users whose passwords take no time to check, and places for engines that need one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SESSION_FILE_PATH = str(tmp_path)
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()
    django_user_model.objects.create_user("charles", password="babbage")


@pytest.fixture
def browser():
    return Browser()


every_flight = pytest.mark.parametrize("name", FLIGHTS)
each_zoom = pytest.mark.parametrize("zoom", ZOOMS)


# What holds for every flight


@pytest.fixture
def flight(name):
    return flown(name)


@every_flight
@each_zoom
def test_hops_are_numbered_and_never_go_back(flight, zoom):
    hops = getattr(flight, zoom)
    assert [hop.number for hop in hops] == list(range(1, len(hops) + 1))
    places = [hop.at for hop in hops]
    assert places == sorted(places)
    assert len({(hop.at, hop.kind) for hop in hops}) == len(hops)
    assert (hops[0].kind, hops[-1].kind) == ("request", "response")


@every_flight
def test_a_closer_zoom_shows_all_that_a_wider_one_shows_in_the_same_words(flight):
    story, calls, lines = [
        [(hop.at, hop.kind, hop.title, hop.caption, hop.line) for hop in hops]
        for hops in (flight.story, flight.calls, flight.lines)
    ]
    assert [hop for hop in calls if hop in story] == story
    assert [hop for hop in lines if hop in calls] == calls
    assert len(story) < len(calls) < len(lines)


@every_flight
def test_each_zoom_comes_to_the_same_end(flight):
    assert flight.story[-1].state == flight.calls[-1].state == flight.lines[-1].state


@every_flight
@each_zoom
def test_the_changes_are_the_difference_to_the_hop_before(flight, zoom):
    hops = getattr(flight, zoom)
    for before, hop in pairwise(hops):
        for name in ("key", "accessed", "modified", "row"):
            differs = getattr(before.state, name) != getattr(hop.state, name)
            assert (name in hop.changes) is differs, (hop.number, name)
        keys = {change for change in hop.changes if change.startswith("data:")}
        one, other = before.state.data or {}, hop.state.data or {}
        assert keys == {
            f"data:{key}"
            for key in one.keys() | other.keys()
            if (key in one, one.get(key)) != (key in other, other.get(key))
        }
        jars = {change for change in hop.changes if change.startswith("jar:")}
        one, other = before.state.jar, hop.state.jar
        assert jars == {f"jar:{key}" for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


@every_flight
def test_a_line_stands_in_its_function(flight):
    for hop in flight.lines:
        assert (hop.function is None) is (hop.kind in ("request", "response", "answered-early", "view-skipped"))
        if hop.function is None or hop.line is None:
            continue
        assert 0 <= hop.line - hop.function.first < len(hop.function.source.split("\n"))
        assert line_of(hop) != ""
        assert "/" in hop.function.file
        assert not hop.function.file.startswith("/")


@every_flight
def test_every_hop_goes_from_an_actor_to_an_actor_and_says_something(flight):
    for hop in flight.calls:
        assert {hop.actor_from, hop.actor_to} <= ACTORS.keys()
        assert hop.title != ""
        assert re.fullmatch(r"[^\n]*[^.?\s][.?]", hop.caption), hop.caption
        assert "!" not in hop.caption.replace("!=", "")
        assert ".." not in hop.caption
        assert "  " not in hop.caption


@every_flight
def test_the_story_is_short(flight, name):
    assert len(flight.story) <= (66 if name.startswith("everything") else 26)
    for hop in flight.story:
        assert len(hop.title) <= 49, hop.title
        assert len(hop.note) <= 41, hop.note
        assert len(hop.caption) <= 210, hop.caption
        assert len(re.findall(r"[.:] [A-Z]", hop.caption)) <= 2, hop.caption


@every_flight
def test_no_key_is_spelled_out_in_the_story(flight):
    keys = {hop.state.key for hop in flight.lines if hop.state.key} | {flight.last.jar.get("sessionid", "")}
    for hop in flight.story:
        for key in keys:
            assert len(key) < 13 or key not in hop.title + hop.note + hop.caption


# No sentence contradicts what was recorded


def during(flight: Flight, hop) -> list:
    """Return the finest hops from the beginning of a call to its end."""
    rest = [each for each in flight.lines if each.at >= hop.at]
    inside = []
    for each in rest:
        if each.at > hop.at and each.depth < hop.depth:
            break
        inside.append(each)
    return inside


def becomes(flag: str):
    def check(flight, hop, before, inside):
        assert not getattr(before, flag)
        assert any(getattr(each.state, flag) for each in inside)

    return check


def stays(name: str):
    def check(flight, hop, before, inside):
        assert {str(getattr(each.state, name)) for each in inside} == {str(getattr(before, name))}

    return check


def no_statement(flight, hop, before, inside):
    assert [each.title for each in inside if each.sql] == []


def a_statement(verb: str):
    def check(flight, hop, before, inside):
        assert verb in [each.sql.text.split()[0] for each in inside if each.sql]

    return check


def state(flag: str, value):
    def check(flight, hop, before, inside):
        assert getattr(before, flag) == value

    return check


def row(name: str, value):
    def check(flight, hop, before, inside):
        assert before.row[name] == (before.data if value == "data" else value)

    return check


def loaded(flight, hop, before, inside):
    assert before.data is not None


def changes(name: str):
    def check(flight, hop, before, inside):
        assert name in hop.changes

    return check


def told_before(kind: str):
    def check(flight, hop, before, inside):
        assert kind in flight.kinds[: hop.number]

    return check


def key_is_dropped(flight, hop, before, inside):
    assert hop.kind == "row-missing"
    assert (hop.state.key, hop.result) == (None, "{}")


def key_is_kept(flight, hop, before, inside):
    assert hop.state.key is not None
    assert hop.result == "{}"
    assert hop.state.row["exists"] is True


def nothing_was_stored(flight, hop, before, inside):
    assert flight.kinds[hop.number - 2] in ("save", "update")
    assert flight.set_cookie == ""


def is_gone(flight, hop, before, inside):
    row = hop.state.row
    assert row["exists"] is False or repr(row["session_key"]) not in hop.sql.params  # it was another key's


def finds_no_row(flight, hop, before, inside):
    assert before.row["exists"] is False
    assert "row" not in hop.changes


def jar(check_jar):
    def check(flight, hop, before, inside):
        assert check_jar(before.jar, hop.state.jar)

    return check


def status(flight, hop, before, inside):
    answer = hop.result if hop.kind == "exception" else str(flight.recording["status"])
    assert re.search(r"\d{3}", hop.caption)[0] in answer


def leads_on(flight, hop, before, inside):
    assert ["Location", hop.caption.split()[5].rstrip(".")] in flight.recording["headers"]


def changed_inside(flight, hop, before, inside):
    assert any(change.startswith("data:") for change in hop.changes)


def empty_with_a_key(flight, hop, before, inside):
    assert hop.state.data == {}
    assert hop.state.key


RULES = {
    "accessed becomes True": becomes("accessed"),
    "modified becomes True": becomes("modified"),
    "modified become True": becomes("modified"),
    "accessed and modified": becomes("accessed"),
    "modified stays as it was": stays("modified"),
    "does not set accessed": stays("accessed"),
    "Nothing is sent": no_statement,
    "there is nothing to delete": no_statement,
    "nothing is fetched": no_statement,
    "loads nothing": no_statement,
    "must fetch its row now": a_statement("SELECT"),
    "It is the first look": state("data", None),
    "without a key there is nothing": state("key", None),
    "The dict is loaded already": loaded,
    "deletes the row at once": a_statement("DELETE"),
    "There was no key": state("key", None),
    "The key stays as it is": stays("key"),
    "No key came in": state("key", None),
    "there is none": state("key", None),
    "accessed is False and nothing is loaded": state("accessed", False),
    "Nobody has looked into the session": state("data", None),
    "It never looked": state("accessed", False),
    "It looked into the session and changed nothing": state("modified", False),
    "The session has neither a key nor data": state("key", None),
    "modified is True": state("modified", True),
    "modified is False": state("modified", False),
    "the row has gone": row("exists", False),
    "The row holds what the dict holds": row("data", "data"),
    "There is no such row": key_is_dropped,
    "There is a row, but its text": key_is_kept,
    "The row is written anew": changes("row:expire_date"),
    "the row comes into being": changes("row"),
    "That row is deleted.": is_gone,
    "is then changed where it is": changed_inside,
    "the dict is empty but there is a key": empty_with_a_key,
    "This UPDATE does not succeed": finds_no_row,
    "It happened while saving": nothing_was_stored,
    "A session cookie was set": told_before("set-cookie"),
    "The session cookie is being deleted": told_before("delete-cookie"),
    "Somebody looked into the session": state("accessed", True),
    "was not touched": state("accessed", False),
    "looked at but not modified": state("accessed", True),
    "the status is": status,
    "answers with status": status,
    "a response with status": status,
    "Its jar stays as it was": jar(lambda before, after: before == after),
    "throws its sessionid away": jar(lambda before, after: "sessionid" in before and "sessionid" not in after),
    "puts sessionid into its jar": jar(lambda before, after: "sessionid" not in before and "sessionid" in after),
    "It keeps its sessionid": jar(lambda before, after: before["sessionid"] == after["sessionid"]),
    "takes the place of the old one. ": jar(lambda before, after: before["sessionid"] != after["sessionid"]),
    "No sessionid is among them": jar(lambda before, after: before.get("sessionid") == after.get("sessionid")),
    "The browser holds a sessionid": jar(lambda before, after: "sessionid" in after),
    "has no sessionid": jar(lambda before, after: "sessionid" not in after),
    "The browser goes on to": leads_on,
}


@every_flight
def test_no_sentence_contradicts_what_was_recorded(flight):
    for hop in flight.story:
        before = flight.before(hop) if hop.number > 1 else hop.state
        inside = during(flight, hop)
        for words, check in RULES.items():
            if words in f"{hop.note}. {hop.caption} ":
                check(flight, hop, before, inside)


@every_flight
def test_a_save_writes_and_a_refusal_writes_nothing(flight):
    story, kinds = flight.story, flight.kinds
    went_out = flight.set_cookie != "" and "Max-Age=0" not in flight.set_cookie
    assert ("set-cookie" in kinds) is went_out
    assert ("delete-cookie" in kinds and "Max-Age=0" in flight.set_cookie) is ("Max-Age=0" in flight.set_cookie)
    for place, hop in enumerate(story):
        if hop.kind == "save" and hop.actor_from == "middleware":
            assert {"insert", "update"} & set(kinds[place + 1 :]) or "exception" in kinds[place:]
        if hop.kind == "not-saved":
            assert not {"insert", "update", "set-cookie", "delete-cookie"} & set(kinds[place + 1 :])
    assert sum(kind == "not-saved" for kind in kinds) <= 1


def test_every_rule_is_put_to_the_test_by_some_flight():
    said = "\n".join(f"{hop.note}. {hop.caption} " for name in FLIGHTS for hop in flown(name).story)
    assert [words for words in RULES if words not in said] == []


def test_at_zoom_calls_a_change_belongs_to_the_function_whose_line_made_it(browser):
    flight = browser.fly("/lab/visits/")
    (modifies,) = [hop for hop in flight.calls if "modified" in hop.changes and hop.state.modified]
    assert modifies.function.name == "SessionBase.__setitem__"
    (begins,) = [hop for hop in flight.calls if "accessed" in hop.changes and hop.state.accessed is False]
    assert begins.function.name == "SessionMiddleware.process_request"
    assert not [hop for hop in flight.calls if hop.kind == "return" and not hop.changes]


def test_select_1_says_what_it_was_answered(browser):
    flight = browser.fly("/lab/visits/")
    assert flight.the("key-free").result == "no row"
    assert flight.the("key-free").state.row == {"exists": False, "session_key": flight.last.key}


# The stories themselves


def told(flight: Flight) -> list[str]:
    """Return who does what to whom, a line for each hop."""
    before, now = flight.story[0].state.jar.get("sessionid", ""), flight.last.key or ""
    changed = before not in (now, "") and now != ""
    names = {key_text(before): "OLD" if changed else "KEY", key_text(now): "NEW" if changed else "KEY"}
    names.pop("", None)
    text = "\n".join(f"{hop.actor_from} → {hop.actor_to}: {hop.title}" for hop in flight.story)
    for shortened, name in names.items():
        text = text.replace(shortened, name)
    return text.splitlines()


def table(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


STORIES = {
    "first visit": """
        browser → http: GET /lab/visits/
        middleware → session: SessionStore(None)
        middleware → urls: resolve '/lab/visits/'
        urls → view: visits(request)
        view → session: .get('num_visits', 0)
        view → session: ['num_visits'] = 1
        view → middleware: HttpResponse 200
        middleware → session: .save()
        session → table: SELECT 1
        session → table: INSERT
        middleware → http: Set-Cookie: sessionid=KEY
        middleware → http: Vary: Cookie
        http → browser: 200 OK
    """,
    "second visit": """
        browser → http: GET /lab/visits/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/visits/'
        urls → view: visits(request)
        view → session: .get('num_visits', 0)
        session → table: SELECT
        table → session: {'num_visits': 1}
        view → session: ['num_visits'] = 2
        view → middleware: HttpResponse 200
        middleware → session: .save()
        session → table: UPDATE
        middleware → http: Set-Cookie: sessionid=KEY
        middleware → http: Vary: Cookie
        http → browser: 200 OK
    """,
    "fifth visit to the slide": """
        browser → http: GET /lab/visits/slide/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/visits/slide/'
        urls → view: slide(request)
        view → session: .get('num_visits', 0)
        session → table: SELECT
        table → session: {'num_visits': 4}
        view → session: ['num_visits'] = 5
        view → session: del ['num_visits']
        view → middleware: HttpResponse 200
        middleware → session: .save()
        session → table: UPDATE
        middleware → http: Set-Cookie: sessionid=KEY
        middleware → http: Vary: Cookie
        http → browser: 200 OK
    """,
    "untouched": """
        browser → http: GET /lab/touch/ignore/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/touch/ignore/'
        urls → view: ignore(request)
        view → middleware: HttpResponse 200
        middleware → middleware: nothing to save
        http → browser: 200 OK
    """,
    "login": """
        browser → http: POST /lab/login/
        middleware → session: SessionStore('OLD')
        middleware → urls: resolve '/lab/login/'
        urls → view: LoginView.dispatch(request)
        view → view: login(request, user)
        view → session: '_auth_user_id' in …
        session → table: SELECT
        table → session: {'num_visits': 1}
        view → session: .cycle_key()
        session → table: SELECT 1
        session → table: INSERT
        session → table: SELECT
        session → table: DELETE
        view → session: ['_auth_user_id'] = '1'
        view → session: ['_auth_user_backend'] = 'django.contrib.auth.ba…
        view → session: ['_auth_user_hash'] = HASH
        view → middleware: HttpResponseRedirect 302
        middleware → session: .save()
        session → table: UPDATE
        middleware → http: Set-Cookie: sessionid=NEW
        middleware → http: Vary: Cookie
        http → browser: 302 Found
    """,
    "logout": """
        browser → http: POST /lab/logout/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/logout/'
        urls → view: LogoutView.dispatch(request)
        view → view: logout(request)
        view → session: ['_auth_user_id']
        session → table: SELECT
        table → session: {'_auth_user_id': '1', '_auth_user_backend':…
        view → session: ['_auth_user_backend']
        view → session: .get('_auth_user_hash')
        view → session: .flush()
        session → table: SELECT
        session → table: DELETE
        view → middleware: HttpResponseRedirect 302
        middleware → http: Set-Cookie: sessionid=""
        middleware → http: Vary: Cookie
        http → browser: 302 Found
    """,
    "boom": """
        browser → http: GET /lab/boom/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/boom/'
        urls → view: boom(request)
        view → session: .get('score', 0)
        session → table: SELECT
        table → session: {'num_visits': 1}
        view → session: ['score'] = 42
        view → session: .get('games', 0)
        view → middleware: ZeroDivisionError
        middleware → middleware: not saved
        middleware → http: Vary: Cookie
        http → browser: 500 Internal Server Error
    """,
    "unknown key, written": """
        browser → http: GET /lab/touch/write/
        middleware → session: SessionStore('OLD')
        middleware → urls: resolve '/lab/touch/write/'
        urls → view: write(request)
        view → session: ['met'] = True
        session → table: SELECT
        table → session: no such row
        view → session: .session_key
        view → middleware: HttpResponse 200
        middleware → session: .save()
        session → table: SELECT 1
        session → table: INSERT
        middleware → http: Set-Cookie: sessionid=NEW
        middleware → http: Vary: Cookie
        http → browser: 200 OK
    """,
    "refused": """
        browser → http: POST /lab/carry/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/carry/'
        urls → middleware: 403 without the view
        middleware → middleware: nothing to save
        http → browser: 403 Forbidden
    """,
    "404": """
        browser → http: GET /lab/no/such/lab/
        middleware → session: SessionStore('KEY')
        middleware → urls: resolve '/lab/no/such/lab/'
        urls → middleware: Resolver404
        middleware → middleware: nothing to save
        http → browser: 404 Not Found
    """,
}


@pytest.mark.parametrize("name", STORIES)
def test_the_story_of(flight, name):
    hashed = [re.sub(r"(\['_auth_user_hash'\] = ).*", r"\1HASH", line) for line in told(flight)]
    hashed = [line.replace("LogoutView.post(", "LogoutView.dispatch(") for line in hashed]  # 6.1 has no such dispatch
    assert hashed == table(STORIES[name])


BETWEEN = {  # what happens between the view's beginning and its end
    "login again": "login get select row-found get get set set set",
    "login as another": "login get select row-found get flush find-to-delete delete set set set",
    "login that fails": "",
    "login page": "",
    "account": "get select row-found get get",
    "account, password changed": "get select row-found get get flush find-to-delete delete",
    "flush": "flush find-to-delete delete key",
    "flush without a session": "flush key",
    "flush of an unknown key": "flush find-to-delete key",
    "nested": "get select row-found get get",
    "nested, modified": "get select row-found get get",
    "dict get": "get select row-found",
    "dict add": "set select row-found keys get get",
    "dict delete": "get select row-found keys get",
    "dict delete, there": "get select row-found delete-key keys",
    "dict len": "",
    "dict loop": "get select row-found",
    "carry": "set",
    "echo": "",
    "cookie": "cookie cookie",
    "a class": "set select row-found",
    "decorated": "set select row-found cookie delete-cookie",
    "streaming": "set select row-found",
    "row recipe": "key query",
    "row expire": "key update",
    "past the session": "key update query",
    "create": "create key-free insert",
    "save and delete": "set select row-found save update delete find-to-delete delete",
    "user in a template": "get select row-found",
    "page made later": "",
    "message": "",
    "message read": "get select row-found",
}
END = {  # what happens after it
    "login that fails": "not-saved response",
    "login as another": "save key-free insert set-cookie vary response",
    "account": "not-saved vary response",
    "account, password changed": "delete-cookie vary response",
    "nested": "not-saved vary response",
    "nested, modified": "save update set-cookie vary response",
    "unknown key, read": "delete-cookie vary response",
    "unknown key, untouched": "not-saved response",
    "short key": "delete-cookie vary response",
    "expired row": "delete-cookie vary response",
    "tampered row": "not-saved vary response",
    "tampered row, written": "save update set-cookie vary response",
    "carry": "save key-free insert set-cookie vary response",
    "cookie": "not-saved response",
    "echo": "not-saved response",
    "row expire": "not-saved response",
    "deleted meanwhile": "save update exception response",
    "not storable": "save exception response",
    "server error": "not-saved vary response",
    "logout without a session": "not-saved vary response",
    "page made later": "get select row-found not-saved vary response",
    "message": "set select row-found save update set-cookie vary response",
    "message read": "pop save update set-cookie vary response",
}


@pytest.mark.parametrize("name", BETWEEN)
def test_in_the_view(flight, name):
    assert " ".join(flight.between("view", "view-returns")) == BETWEEN[name]


@pytest.mark.parametrize("name", END)
def test_after_the_view(flight, name):
    assert " ".join(flight.kinds[flight.the("view-returns").number :]) == END[name]


# Other settings


@pytest.fixture
def engine(settings, request):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{request.param}"
    cache.clear()
    return request.param


each_engine = pytest.mark.parametrize("engine", ENGINES, indirect=True)
OF_ENGINE = {  # the second visit, from the first look to the response
    "db": "get select row-found set view-returns save update set-cookie vary",
    "cached_db": "get row-found set view-returns save update set-cookie vary",
    "file": "get row-found set view-returns save set-cookie vary",
    "cache": "get row-found set view-returns save set-cookie vary",
    "signed_cookies": "get row-found set view-returns save set-cookie vary",
}
NOUNS = {"db": "row", "cached_db": "row", "file": "file", "cache": "cache entry", "signed_cookies": "cookie"}


@each_engine
def test_the_second_visit_with_another_engine(engine, browser):
    flight = visits(2)(browser)
    assert " ".join(flight.between("view", "response")) == OF_ENGINE[engine]
    assert flight.the("row-found").state.data == {"num_visits": 1}
    assert flight.page == "view count=2"


@each_engine
def test_a_sentence_names_no_row_where_there_is_none(engine, browser):
    captions = " ".join(
        hop.caption for path in ("/lab/visits/", "/lab/visits/", "/lab/flush/") for hop in browser.fly(path).story
    )
    assert NOUNS[engine] in captions
    assert re.findall(r"\brow\b", captions) == [] or NOUNS[engine] == "row"


@each_engine
@pytest.mark.parametrize("prepare", [unknown_key, short_key])
def test_a_bad_cookie_with_another_engine(engine, browser, prepare):
    prepare(browser)
    flight = browser.fly("/lab/touch/read/")
    assert flight.the("view-returns").state.data == {}
    if prepare is unknown_key and engine != "signed_cookies":
        assert flight.the("row-missing").title == f"no such {NOUNS[engine]}"
        assert flight.the("row-missing").state.key is None
    for hop in flight.story:
        for words, check in RULES.items():
            if words in f"{hop.note}. {hop.caption} " and hop.number > 1:
                check(flight, hop, flight.before(hop), during(flight, hop))


def test_a_session_that_came_from_the_cache_is_said_to(settings, browser):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    cache.clear()
    flight = visits(2)(browser)
    assert "from the cache" in flight.the("get").caption
    assert "the table was not asked" in flight.the("row-found").caption

    cache.clear()
    flight = browser.fly("/lab/visits/")
    assert "must fetch its row" in flight.the("get").caption
    assert flight.between("get", "row-found") == ["select"]


def test_save_every_request_is_told_as_the_reason(settings, browser):
    browser.fly("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    flight = browser.fly("/lab/touch/ignore/")
    look, *rest = flight.between("view-returns", "response")
    assert look == "get-expire-at-browser-close"
    assert rest == ["select", "row-found", "save", "update", "set-cookie", "vary"]
    assert flight.the(look).caption.startswith("SessionMiddleware asks how long the session may live.")
    assert "SESSION_SAVE_EVERY_REQUEST is on" in flight.the("save").caption
    assert "A session cookie was set" in flight.the("vary").caption


def test_with_save_every_request_a_server_error_is_still_the_reason_against_it(settings, browser):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    browser.fly("/lab/visits/")
    refused = browser.fly(server_error).the("not-saved")
    assert "the status is 503" in refused.caption
    assert refused.title == "not saved"


def test_the_debug_page_looks_into_the_session_itself_and_the_story_says_so(settings, browser):
    logged_in(browser)
    settings.DEBUG = True
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("debug_toolbar")]
    flight = browser.fly(raises)
    assert flight.between("view", "response") == ["exception", "get", "select", "row-found", "not-saved", "vary"]
    assert flight.the("exception").state.accessed is False
    look = flight.the("get")
    assert look.caption.startswith("Django's page about the error asks for '_auth_user_id'.")
    assert look.state.accessed is True
    assert flight.the("vary").note == "accessed True"


def test_an_exception_after_the_cookie_was_set_is_not_blamed_on_saving(settings, browser):
    settings.MIDDLEWARE = [f"{repertoire.__name__}.fails_last", *settings.MIDDLEWARE]
    flight = browser.fly("/lab/visits/")
    assert flight.kinds[-4:] == ["set-cookie", "vary", "exception", "response"]
    assert flight.the("exception").caption == (
        "RuntimeError: after all others. Nobody caught it, so Django answers with status 500."
    )


def test_without_debug_nobody_looks_after_an_exception(browser):
    logged_in(browser)
    assert browser.fly(raises).between("view", "response") == ["exception", "not-saved"]


def test_another_middleware_that_looks_first_is_told_as_another(settings, browser):
    browser.fly("/lab/visits/")
    place = settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware") + 1
    ours = f"{repertoire.__name__}.looks_first"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], ours, *settings.MIDDLEWARE[place:]]
    flight = browser.fly("/lab/touch/ignore/")
    look = flight.the("get")
    assert (look.actor_from, look.actor_to) == ("http", "session")
    assert look.caption.startswith("Another middleware asks for 'theme'.")
    assert flight.between("session-made", "view") == ["get", "select", "row-found", "resolve"]
    assert "Somebody has looked into the session before it" in flight.the("view").caption


def test_a_template_that_is_rendered_after_the_view_is_told_as_such(browser):
    browser.fly("/lab/visits/")
    look = browser.fly(later).the("get")
    assert look.caption.startswith("A template or a middleware asks for 'num_visits'.")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("second visit", "The view asks"),
        ("user in a template", "Django's get_user() asks"),
        ("message read", "Something the view uses asks"),
        ("login", "Django's login() asks"),
    ],
)
def test_the_one_who_looks_is_named(flight, who):
    assert flight.all("get")[0].caption.startswith(who)


@pytest.mark.parametrize(
    ("max_age", "words"),
    [
        ("1209600", "for 14 days"),
        ("86400", "for 1 day"),
        ("86401", "for about 1 day"),
        ("300", "for 300 seconds"),
        ("None", "until the browser closes"),
    ],
)
def test_how_long_a_cookie_is_kept(max_age, words):
    assert span(max_age) == words
