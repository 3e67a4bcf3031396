"""A flight as text: numbered, with its lines of source, and no wider than a slide."""

import pytest
from django.http import HttpResponse

from lessons.flight.export import flight_as_json
from lessons.flight.plain_text import WIDTH, told

from .flight import Flight, line_of


def lines(flight: Flight, zoom: str = "story") -> list[str]:
    return [line.text for line in told(flight_as_json(flight.recording, flight.trace, zoom))]


def hop(flight: Flight, words: str, zoom: str = "story") -> list[str]:
    """Return the lines of the first hop whose heading has these words."""
    found: list[str] = []
    for line in told(flight_as_json(flight.recording, flight.trace, zoom)):
        if line.role == "hop" and line.text[:4].strip():
            if found:
                return found
            found = [line.text] if words in line.text else []
        elif found:
            found.append(line.text.strip())
    return found


def test_it_begins_with_the_request_and_how_it_ended(browser):
    assert lines(browser.fly("/lab/visits/"))[0] == "Flight 1: GET /lab/visits/ -> 200 OK"
    assert lines(browser.fly("/lab/nowhere/"))[0] == "Flight 1: GET /lab/nowhere/ -> 404 Not Found"


def test_a_hop_tells_who_what_why_and_where(browser):
    heading, *rest = hop(browser.fly("/lab/visits/"), ".get(")
    assert heading.startswith("  5  view -> request.session   .get('num_visits', 0) gives 0")
    assert rest[0].startswith("The view asks for 'num_visits'.")
    assert 'lessons/labs/visits.py:8  num_visits = request.session.get("num_visits", 0) + 1' in rest


def test_what_a_title_says_is_not_said_again(browser):
    browser.fly("/lab/visits/")
    assert hop(browser.fly("/lab/visits/"), "(decoded)")[0].endswith("   {'num_visits': 1}   (decoded)")


def test_a_line_of_source_is_broken_off_from_its_place_rather_than_cut(browser):
    flight = browser.fly("/lab/visits/")
    (free,) = [hop for hop in flight.story if hop.kind == "key-free"]
    place, source = hop(flight, "SELECT 1")[3:5]
    assert place == f"django/contrib/sessions/backends/db.py:{free.line}"
    assert source == line_of(free)


def test_a_statement_stands_there_with_its_parameters_and_its_time(browser):
    flight = browser.fly("/lab/visits/")
    text = " ".join(hop(flight, "INSERT"))
    assert 'SQL INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES (%s, %s, %s)' in text
    assert f"with '{browser.key[:4]}…{browser.key[-4:]}', 'eyJudW1fdmlzaXRzIjoxfQ:" in text
    (insert,) = [hop for hop in flight.story if hop.kind == "insert"]
    assert f"{insert.sql.ms:.2f} ms" in text


def test_what_changed_is_told(browser):
    first, second = browser.fly("/lab/visits/"), browser.fly("/lab/visits/")
    key = f"{browser.key[:4]}…{browser.key[-4:]}"
    assert hop(first, "SessionStore(None)")[-2:] == ["* accessed: False", "* modified: False"]
    assert hop(first, ".get(")[-2:] == ["* accessed: False -> True", "* dict: {}"]
    assert hop(first, "['num_visits'] = 1")[-2:] == ["* modified: False -> True", "* dict: + 'num_visits': 1"]
    assert hop(first, "SELECT 1")[-2:] == [f"* key: None -> {key}", f"* row: none, key {key}"]
    assert "* row: decoded {'num_visits': 1}" in hop(first, "INSERT")
    assert f"* jar: + sessionid={key}" in hop(first, "200 OK")
    assert hop(second, "(decoded)")[-1] == "* dict: {'num_visits': 1}"
    assert hop(second, "['num_visits'] = 2")[-1] == "* dict: 'num_visits': 1 -> 2"
    assert f"* row: session_key {key}" not in hop(second, "UPDATE")
    assert "* row: decoded {'num_visits': 2}" in hop(second, "UPDATE")


def test_what_goes_is_told(browser):
    browser.fly("/lab/visits/")
    key = f"{browser.key[:4]}…{browser.key[-4:]}"
    flight = browser.fly("/lab/flush/")
    assert f"* row: gone, key {key}" in lines_without_indent(flight)
    assert f"* jar: - sessionid={key}" in hop(flight, "200 OK")
    browser.fly("/lab/visits/")
    assert "* dict: - 'num_visits': 1" in lines_without_indent(browser.fly(deleting))


def test_a_row_that_is_not_there_is_told(browser):
    flight = browser.hold("z" * 32).fly("/lab/touch/read/")
    assert "* row: none, key zzzz…zzzz" in lines_without_indent(flight)


def lines_without_indent(flight: Flight) -> list[str]:
    return [line.strip() for line in lines(flight)]


def deleting(request):
    if "num_visits" in request.session:
        del request.session["num_visits"]
    return HttpResponse()


def test_the_answer_is_told(browser):
    answer = " ".join(hop(browser.fly("/lab/visits/"), "200 OK"))
    assert "HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax Vary: Cookie The page says: view count=1" in answer
    assert "The page says" not in " ".join(lines(browser.fly("/lab/carry/")))


def test_calls_are_nested_and_lines_too(browser):
    flight = browser.fly("/lab/visits/")
    for zoom in ("calls", "lines"):
        (inner,) = [line for line in lines(flight, zoom) if ".__init__(" in line and "request.session" in line]
        (outer,) = [line for line in lines(flight, zoom) if "SessionStore(None)" in line]
        assert inner[4:].index("r") > outer[4:].index("S") > 2


def test_a_line_is_one_line_with_what_it_changed(browser):
    told = lines(browser.fly("/lab/visits/"), "lines")
    (at,) = [at for at, line in enumerate(told) if line.endswith("visits.py:8  back here: get() gives 0")]
    assert told[at + 1].strip() == "num_visits = 1"
    assert told[at + 2].endswith("visits.py:9  if num_visits > 4:")


@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
def test_no_line_is_too_wide(browser, zoom):
    def view(request):
        request.session["x" * 90] = {"long": ["y" * 150] * 20}
        request.session["deep " + "word " * 40] = "z" * 500
        return HttpResponse("w" * 199, headers={"Vary": "Cookie, " * 30})

    for flight in (browser.fly(view), browser.fly(view), browser.fly("/lab/echo/?" + "a=1&" * 100)):
        assert max(map(len, lines(flight, zoom))) <= WIDTH


def test_what_was_too_much_is_said(browser):
    flight = browser.fly("/lab/visits/")
    assert "recorded" not in lines(flight)[-1]
    flight.trace["missed"] = 7
    assert lines(flight)[-1] == "7 more events were too many to be recorded."
