"""A flight as JSON: what it holds, and that no session key travels with it."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse

from lessons.flight.export import flight_as_json, shortener

from .flight import Flight, line_of

ZOOMS = ["story", "calls", "lines"]
HOP = {
    *("number", "at", "level", "depth", "kind", "actor_from", "actor_to", "title", "note", "caption"),
    *("file", "function", "line", "source", "values", "fresh", "sql", "result", "state", "changes"),
}


def exported(flight: Flight, zoom: str = "story", **options) -> dict:
    return flight_as_json(flight.recording, flight.trace, zoom, **options)


def text_of(flight: Flight, zoom: str = "lines", **options) -> str:
    return json.dumps(exported(flight, zoom, **options), allow_nan=False, ensure_ascii=False)


def short(key: str) -> str:
    return f"{key[:4]}…{key[-4:]}"


# What it holds


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_hop_is_there_with_all_that_a_hop_has(browser, zoom):
    flight = browser.fly("/lab/visits/")
    told, hops = exported(flight, zoom, keys=True), getattr(flight, zoom)
    assert told["zoom"] == zoom
    assert len(told["hops"]) == len(hops)
    for each, hop in zip(told["hops"], hops, strict=True):
        assert each.keys() == HOP
        assert (each["number"], each["at"], each["kind"]) == (hop.number, hop.at, hop.kind)
        assert (each["title"], each["caption"]) == (hop.title, hop.caption)
        assert (each["actor_from"], each["actor_to"]) == (hop.actor_from, hop.actor_to)
        assert each["values"] == hop.values
        assert each["fresh"] == sorted(hop.fresh)
        assert each["changes"] == list(hop.changes)
        assert each["state"] == vars(hop.state)


def test_a_hop_has_the_line_that_ran(browser):
    flight = browser.fly("/lab/visits/")
    told = [hop for hop in exported(flight, "lines")["hops"] if hop["kind"] == "line"]
    assert "request.session['num_visits'] = num_visits" in [hop["source"].replace('"', "'") for hop in told]
    assert [hop["source"] for hop in told] == [line_of(hop) for hop in flight.lines if hop.kind == "line"]


def test_a_hop_names_the_function_and_its_file(browser):
    view = next(hop for hop in exported(browser.fly("/lab/visits/"))["hops"] if hop["kind"] == "view")
    assert (view["file"], view["function"]) == ("lessons/labs/visits.py", "visits")
    assert view["source"] == "def visits(request):"


def test_a_statement_has_its_parameters_and_its_time(browser):
    flight = browser.fly("/lab/visits/")
    (insert,) = [hop for hop in exported(flight, keys=True)["hops"] if hop["kind"] == "insert"]
    assert insert["sql"]["text"].startswith('INSERT INTO "django_session"')
    assert f"'{browser.key}'" in insert["sql"]["params"]
    assert insert["sql"]["ms"] > 0


def test_what_came_in_and_what_went_out_stands_around_it(browser):
    browser.fly("/lab/visits/")
    told = exported(browser.fly("/lab/visits/?a=1"), keys=True)
    assert told["request"]["method"] == "GET"
    assert told["request"]["path"] == "/lab/visits/?a=1"
    assert told["request"]["cookies"] == {"sessionid": browser.key}
    assert told["request"]["url_name"] == "lab:visits"
    assert told["response"]["status"] == 200
    assert told["response"]["body"] == "view count=2"
    assert ["Vary", "Cookie"] in told["response"]["headers"]
    assert told["response"]["set_cookies"][0].startswith(f"sessionid={browser.key};")


@pytest.mark.parametrize("path", ["/lab/visits/", "/lab/nowhere/", "/lab/flush/", "/lab/dict/loop/"])
@pytest.mark.parametrize("zoom", ZOOMS)
def test_it_comes_through_json_unchanged(browser, path, zoom):
    told = exported(browser.fly(path), zoom)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_flight_from_before_there_were_hops_has_none(browser):
    recording = browser.fly("/lab/visits/").recording
    told = flight_as_json(recording, {}, "story")
    assert told["hops"] == []
    assert told["response"]["body"] == "view count=1"
    assert browser.key not in json.dumps(told)


# Keys


def test_the_key_is_nowhere(browser):
    for _ in range(2):
        text = text_of(browser.fly("/lab/visits/"))
        assert browser.key not in text
        assert browser.key[:12] not in text
        assert short(browser.key) in text


def test_with_keys_it_is_whole_and_nothing_else_differs(browser):
    flight = browser.fly("/lab/visits/")
    whole, shortened = text_of(flight, keys=True), text_of(flight)
    assert browser.key in whole
    assert whole.replace(browser.key, short(browser.key)) == shortened


def test_equal_keys_stay_equal(browser):
    browser.fly("/lab/visits/")
    last = exported(browser.fly("/lab/visits/"))["hops"][-1]["state"]
    assert last["key"] == last["row"]["session_key"] == last["jar"]["sessionid"] == short(browser.key)


def test_at_login_both_keys_are_shortened_and_can_be_told_apart(browser, ada):
    browser.fly("/lab/visits/")
    old = browser.key
    flight = browser.fly("/lab/login/", "POST", username="ada", password="lovelace")
    text = text_of(flight)
    assert old != browser.key
    assert old not in text
    assert browser.key not in text
    assert exported(flight)["hops"][0]["state"]["jar"] == {"sessionid": short(old)}
    assert exported(flight)["hops"][-1]["state"]["jar"] == {"sessionid": short(browser.key)}


def test_a_key_that_opens_nothing_is_shortened_too(browser):
    key = "z" * 32
    assert key not in text_of(browser.hold(key).fly("/lab/touch/write/"))


def test_a_key_on_the_page_or_in_the_session_is_shortened(browser):
    def view(request):
        key = request.session.session_key
        request.session["copy"] = f"key={key}"
        request.session[key] = 1
        return HttpResponse(f"{key},{key}")

    browser.fly("/lab/visits/")
    flight = browser.fly(view)
    assert browser.key not in text_of(flight)
    assert exported(flight)["response"]["body"] == f"{short(browser.key)},{short(browser.key)}"
    assert exported(flight)["hops"][-1]["state"]["data"] == {
        "num_visits": 1,
        "copy": f"key={short(browser.key)}",
        short(browser.key): 1,
    }


def test_the_key_of_another_row_is_shortened_where_the_table_is_asked_for_it(browser):
    other = "0123456789abcdefghijklmnopqrstuv"

    def view(request):
        return Session.objects.filter(pk=other).count()

    assert other not in text_of(browser.fly(view))


def test_a_key_that_was_there_only_for_a_while_is_shortened(browser, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # no statement tells it
    seen = []

    def view(request):
        request.session.create()
        seen.append(request.session.session_key)
        request.session.flush()
        return "gone"

    text = text_of(browser.fly(view))
    assert short(seen[0]) in text
    assert seen[0] not in text


def test_what_a_row_holds_stays_as_it_is(browser):
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/visits/")
    stored = Session.objects.get().session_data
    last = exported(flight)["hops"][-1]["state"]["row"]
    assert (last["session_data"], last["data"]) == (stored, {"num_visits": 2})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abcdefghijklmnopqrstuvwxyz012345", "abcd…2345"),
        ("sessionid=abcdefghijklmnopqrstuvwxyz012345; Path=/", "sessionid=abcd…2345; Path=/"),
        ("'abcdefghijklmnopqrstu…", "'abcd…2345…"),  # cut off by the recorder
        ("abcdefghijkl", "abcd…2345"),
        ("abcdefghij", "abcdefghij"),
        ("sessions.cacheabcdefghijklmnopqrstuvwxyz012345", "sessions.cacheabcd…2345"),
        ("abcdefghijklmnopqrstuvwxyz012345abcdefghijklmnopqrstuvwxyz012345", "abcd…2345abcd…2345"),
    ],
)
def test_a_key_is_known_wherever_it_begins(text, told):
    recording = {"cookies": {"sessionid": "abcdefghijklmnopqrstuvwxyz012345"}, "session_key": None}
    assert shortener(recording, {})(text) == told


@pytest.mark.parametrize("value", ["", "abc", "a.*+", "sessions", "(" * 40, "ü" * 20, '"\\' * 20])
def test_any_cookie_may_come(browser, value):
    recording = browser.fly("/lab/visits/").recording
    recording["cookies"]["sessionid"] = value
    json.dumps(flight_as_json(recording, {}, "story"))
    assert shortener(recording, {})("no key in the sessions here") == "no key in the sessions here"
