"""What one flight did with its session, on half a page."""

import json

import pytest
from django.http import HttpResponse
from django.views.decorators.vary import vary_on_cookie

from lessons.flight.export import flight_as_json
from lessons.session_story import SESSION_MIDDLEWARE, session_story

from .flight import Flight


def story(flight: Flight) -> dict:
    told = session_story(flight_as_json(flight.recording, flight.trace, "lines"))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    return told


def sources(places: list[dict]) -> list[str]:
    return [place["source"].replace('"', "'") for place in places]


GET = "num_visits = request.session.get('num_visits', 0) + 1"
SET = "request.session['num_visits'] = num_visits"


def test_a_first_visit(browser):
    told = story(browser.fly("/lab/visits/"))
    key = f"{browser.key[:4]}…{browser.key[-4:]}"
    assert (told["request"], told["answer"], told["summary"]) == ("GET /lab/visits/", "200 OK", "1 read, 1 write")
    assert (told["key_in"], told["key_out"]) == ("", key)
    assert sources([told["first"]]) == sources(told["reads"]) == [GET]
    assert sources(told["writes"]) == [SET]
    assert told["first"]["file"] == "lessons/labs/visits.py"
    assert (told["dict_before"], told["dict_after"]) == ("{}", "{'num_visits': 1}")
    assert told["row_before"] is None
    assert told["row_after"]["columns"]["decoded"] == "{'num_visits': 1}"
    assert told["row_after"]["columns"]["session_key"] == key
    assert told["verdict"]["place"]["file"] == SESSION_MIDDLEWARE
    assert told["set_cookie"].startswith(f"sessionid={key};")
    assert told["cookie"]["place"]["source"] == "response.set_cookie("
    assert told["vary_header"] == "Cookie"
    assert told["error"] is None


def test_a_later_visit(browser):
    browser.fly("/lab/visits/")
    told = story(browser.fly("/lab/visits/"))
    assert told["summary"] == "1 read, 1 write"
    assert told["key_in"] == told["key_out"] != ""
    assert (told["dict_before"], told["dict_after"]) == ("{'num_visits': 1}", "{'num_visits': 2}")
    assert told["row_before"]["columns"]["decoded"] == "{'num_visits': 1}"
    assert told["row_after"]["columns"]["decoded"] == "{'num_visits': 2}"


def test_a_view_that_leaves_it_alone(browser):
    browser.fly("/lab/visits/")
    told = story(browser.fly("/lab/touch/ignore/"))
    assert told["summary"] == "untouched"
    assert told["reached"]
    assert told["key_in"] == told["key_out"] != ""
    assert (told["first"], told["reads"], told["writes"]) == (None, [], [])
    assert (told["dict_before"], told["dict_after"]) == ("", "")
    assert (told["row_before"], told["row_after"]) == (None, None)
    assert (told["cookie"], told["set_cookie"], told["vary"], told["vary_header"]) == (None, "", None, "")
    assert "not touched" in told["verdict"]["caption"]


def test_a_view_that_only_reads(browser):
    told = story(browser.fly("/lab/touch/read/"))
    assert told["summary"] == "1 read"
    assert told["cookie"] is None
    assert told["vary"]["place"]["file"] == SESSION_MIDDLEWARE


def test_a_view_that_only_writes(browser):
    told = story(browser.fly("/lab/touch/write/"))
    assert told["summary"] == "1 write"
    assert told["first"] == told["writes"][0]


def test_a_key_that_opens_nothing(browser):
    told = story(browser.hold("z" * 32).fly("/lab/touch/read/"))
    assert (told["key_in"], told["key_out"]) == ("zzzz…zzzz", "")
    assert told["row_before"] == {"exists": False, "columns": {"session_key": "zzzz…zzzz"}}
    assert told["cookie"]["place"]["source"] == "response.delete_cookie("


def test_a_login(browser, ada):
    browser.fly("/lab/visits/")
    old = browser.key
    told = story(browser.fly("/lab/login/", "POST", username="ada", password="lovelace"))
    assert told["key_in"] == f"{old[:4]}…{old[-4:]}"
    assert told["key_out"] == f"{browser.key[:4]}…{browser.key[-4:]}"
    assert told["summary"] == "1 read, 4 writes"
    assert {place["function"] for place in told["writes"]} == {"login"}
    assert told["row_before"]["columns"]["session_key"] == told["key_in"]
    assert told["row_after"]["columns"]["session_key"] == told["key_out"]
    assert told["dict_before"] == "{'num_visits': 1}"
    assert "'_auth_user_id': '1'" in told["dict_after"]


def test_a_flush(browser):
    browser.fly("/lab/visits/")
    told = story(browser.fly("/lab/flush/"))
    assert told["summary"] == "1 write"
    assert told["key_out"] == ""
    assert (told["dict_before"], told["dict_after"]) == ("", "{}")
    assert not told["row_after"]["exists"]
    assert told["set_cookie"].startswith('sessionid="";')


def test_an_exception(browser):
    told = story(browser.fly("/lab/boom/"))
    assert (told["answer"], told["summary"]) == ("500 Internal Server Error", "2 reads, 1 write")
    assert told["error"]["place"]["file"] == "lessons/labs/boom.py"
    assert "ZeroDivisionError" in told["error"]["caption"]
    assert told["verdict"]["place"]["source"] == "if response.status_code < 500:"
    assert told["cookie"] is None


def test_a_change_inside_a_value_is_none_that_the_session_noticed(browser):
    browser.fly("/lab/nested/")
    told = story(browser.fly("/lab/nested/"))
    assert told["summary"] == "3 reads, 1 in place"
    assert sources(told["in_place"]) == ["request.session['cart'].append('apple')"]
    assert told["writes"] == []
    assert told["row_after"] == told["row_before"]


def test_saying_so_is_a_write(browser):
    browser.fly("/lab/nested/")
    told = story(browser.fly("/lab/nested/modified/"))
    assert told["summary"] == "3 reads, 1 write, 1 in place"
    assert sources(told["writes"]) == ["request.session.modified = True"]


def test_what_a_view_does_of_its_own_is_not_taken_for_the_verdict(browser):
    def view(request):
        request.session["a"] = 1
        request.session.save()
        response = HttpResponse(status=500)
        response.delete_cookie("zap")
        return response

    told = story(browser.fly(view))
    assert told["verdict"]["place"]["source"] == "if response.status_code < 500:"
    assert told["cookie"] is None
    assert told["row_after"]["columns"]["decoded"] == "{'a': 1}"


def test_writing_what_is_there_already_is_a_write(browser):
    def view(request):
        request.session["a"] = 1
        request.session["a"] = 1
        request.session["b"] = 2

    told = story(browser.fly(view))
    assert told["summary"] == "3 writes"


def test_a_loop_is_one_place(browser):
    def view(request):
        for number in range(5):
            request.session.get(str(number))

    assert story(browser.fly(view))["summary"] == "1 read"


def test_not_every_place_is_shown(browser, monkeypatch):
    def view(request):
        request.session.get("a")
        request.session.get("b")
        request.session.get("c")

    monkeypatch.setattr("lessons.session_story.PLACES_MOST", 2)
    told = story(browser.fly(view))
    assert told["summary"] == "3 reads"
    assert sources(told["reads"]) == ["request.session.get('a')", "request.session.get('b')"]


@vary_on_cookie
def varying(request):
    return HttpResponse()


def test_vary_may_come_from_somebody_else(browser):
    told = story(browser.fly(varying))
    assert told["summary"] == "untouched"
    assert told["vary_header"] == "Cookie"
    assert told["vary"] == {"caption": "Not SessionMiddleware: something else asked for it.", "place": None}


def test_a_csrf_token_asks_for_vary(browser):
    told = story(browser.fly("/lab/login/"))
    assert told["summary"] == "untouched"
    assert told["vary"]["caption"] == "Not SessionMiddleware: this page holds a CSRF token."


@vary_on_cookie
def varying_and_looking(request):
    return HttpResponse(request.session.get("a"))


def test_if_the_session_asks_for_vary_that_is_what_is_told(browser):
    told = story(browser.fly(varying_and_looking))
    assert told["vary"]["place"]["file"] == SESSION_MIDDLEWARE


def test_somebody_in_front_may_answer(browser, settings):
    settings.SECURE_SSL_REDIRECT = True
    told = story(browser.fly("/lab/visits/"))
    assert (told["reached"], told["summary"], told["verdict"]) == (False, "never reached", None)


@pytest.mark.parametrize("path", ["/lab/nowhere/", "/lab/dict/loop/", "/lab/carry/", "/lab/echo/", "/lab/cookie/"])
def test_every_flight_has_one(browser, path):
    assert story(browser.fly(path))["request"] == f"GET {path}"
