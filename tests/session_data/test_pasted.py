"""What developers paste: a header, a line of a database shell, a fixture. One value is taken out of it."""

import doctest
import json
import textwrap
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import decode, encode, pasted
from lessons.session_data.limits import MAX_TEXT
from lessons.session_data.pasted import found_in

from .values import KEY, NOW, as_json, legacy, modest, sessions, signed

VALUES = {
    "plain": encode({"num_visits": 3}, KEY, timestamp=NOW),
    "compressed": encode({"a": "a" * 100}, KEY, timestamp=NOW),
    "legacy": legacy(b'{"num_visits":33}'),
    "a cookie of before 3.1": signed(b'{"a":1}', algorithm="sha1"),
}
ROW = "k1abcdefghijklmnopqrstuvwxyz0123"
DATE = "2026-12-07 00:03:57.390059"

AROUND = {
    "alone": ("{}", ""),
    "with white space": ("  {}\n", ""),
    "in quotes": ("'{}'", "quotes"),
    "Set-Cookie": (
        "Set-Cookie: sessionid={}; expires=Mon, 07 Dec 2026 00:03:57 GMT; HttpOnly; Path=/",
        "Set-Cookie header",
    ),
    "Set-Cookie of curl": ("< Date: today\n< set-cookie:  sessionid={}; HttpOnly\n< Vary: Cookie", "Set-Cookie header"),
    "Cookie": ("Cookie: csrftoken=abc; theme=dark; sessionid={}", "Cookie header"),
    "in quotes in a cookie": ('Cookie: sessionid="{}"', "Cookie header"),
    "a cookie alone": ("sessionid={}", "cookie sessionid"),
    "cookies alone": ("a=b; sessionid={}; c=d", "cookie sessionid"),
    "sqlite3": (f"{ROW}|{{}}|{DATE}", "column session_data"),
    "two of sqlite3": (f"{ROW}|{{}}|{DATE}\n{ROW[::-1]}|x:y:z|{DATE}", "The first of 2"),
    "sqlite3 in columns": (
        f"session_key  session_data  expire_date\n----  ----  ----\n{ROW}  {{}}  {DATE}",
        "looks like",
    ),
    "sqlite3 in a box": (f"│ session_key │ session_data │\n│ {ROW} │ {{}} │ {DATE} │", "column session_data"),
    "sqlite3 in lines": (f"session_key = {ROW}\nsession_data = {{}}\n expire_date = {DATE}", "looks like"),
    "psql": (
        f" session_key | session_data | expire_date\n------+------+-----\n {ROW} | {{}} | {DATE}+00\n(1 row)",
        "column session_data",
    ),
    "psql, expanded": (f"-[ RECORD 1 ]\nsession_key  | {ROW}\nsession_data | {{}}\n", "column session_data"),
    "mysql": (f"+----+----+\n| {ROW} | {{}} | {DATE} |\n+----+", "column session_data"),
    "SQL": (f"INSERT INTO django_session VALUES('{ROW}','{{}}','{DATE}');", "looks like"),
    "a log line": ("WARNING session {} could not be read", "looks like"),
    "Python": ("Session(session_data='{}')", "looks like"),
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(("around", "said"), AROUND.values(), ids=AROUND)
def test_the_value_is_found_and_what_was_taken_is_said(around, said, value):
    found = found_in(around.format(value))
    assert found.value == value
    assert said in found.said
    assert bool(found.said) is bool(said)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("width", [20, 44, 76])
def test_line_breaks_inside_are_taken_out(value, width):
    broken = "\n".join(textwrap.wrap(value, width, break_on_hyphens=False))
    assert found_in(broken).value == value
    assert found_in(f'"{broken}"').value == value
    assert ("line breaks" in found_in(broken).said) is ("\n" in broken)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_fixture_gives_its_first_row(value):
    entry = {"model": "sessions.session", "pk": ROW, "fields": {"session_data": value, "expire_date": DATE}}
    assert found_in(json.dumps([{"model": "auth.user", "fields": {}}, entry, entry], indent=2)).value == value
    assert "The first of 2" in found_in(json.dumps([entry, entry])).said
    assert found_in(json.dumps(entry)).value == value
    assert found_in(json.dumps({"session_data": value})).value == value


def test_a_damaged_value_is_found_where_its_place_is_known():
    assert found_in("Cookie: sessionid=damaged").value == "damaged"
    assert found_in(f"{ROW}|damaged|{DATE}").value == "damaged"
    assert found_in(json.dumps({"session_data": "damaged"})).value == "damaged"


def test_a_cookie_may_have_another_name():
    assert found_in(f"Cookie: sid={VALUES['plain']}; sessionid=x", "sid").value == VALUES["plain"]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("around", [name for name, (around, _) in AROUND.items() if DATE in around])
def test_of_a_row_the_date_is_read_too(around, value):
    found = found_in(AROUND[around][0].format(value))
    assert found.is_row
    assert found.expires == datetime(2026, 12, 7, 0, 3, 57, tzinfo=timezone.utc)


def test_of_a_row_in_lines_of_psql_and_of_a_fixture_too():
    lines = f"-[ RECORD 1 ]\nsession_key  | {ROW}\nsession_data | damaged\nexpire_date  | 2020-12-09 01:30:00+01:30\n"
    fixture = {"pk": ROW, "fields": {"expire_date": "2020-12-09T00:00:00Z", "session_data": "damaged"}}
    for text in (lines, json.dumps(fixture)):
        found = found_in(text)
        assert (found.value, found.is_row) == ("damaged", True)
        assert found.expires == datetime(2020, 12, 9, tzinfo=timezone.utc)


def test_a_date_that_is_none_or_of_another_thing_is_no_expiry():
    value = VALUES["plain"]
    assert found_in(f"2020-12-09 12:00:00 WARNING session {value} could not be read").expires is None
    assert found_in(f"{ROW}|{value}|2020-13-09 12:00:00").expires is None
    assert found_in(f"{ROW}|{value}|0001-01-01 00:00:00+14").expires is None
    assert found_in(json.dumps({"session_data": value, "expire_date": 5})).expires is None
    assert not found_in(f"Cookie: sessionid={value}").is_row


@modest
@given(sessions)
def test_any_value_stays_as_it_is(session):
    for value in (encode(session, KEY, timestamp=NOW), legacy(as_json(session))):
        assert found_in(value) == (value, "", False, None)


@modest
@given(st.text(max_size=80) | st.text("sessionid=:;|{}[]'\"\n eyJ", max_size=80))
def test_no_text_whatever_raises(text):
    found = found_in(text)
    assert decode(found.value, [KEY]).error


LARGE = {
    "letters": "A" * 5_000_000,
    "words": "a " * 2_500_000,
    "pairs": "sessionid=;" * 400_000,
    "colons": ":" * 5_000_000,
    "bars": "|" * 5_000_000,
    "lines": "a|b|2\n" * 800_000,
    "newlines": "x\n" * 2_500_000,
    "brackets": "[" * 5_000_000 + "session_data",
    "JSON": "[" + '{"session_data":1},' * 250_000 + "0]",
    "names": "a=" * 2_500_000,
    "dashes": "-" * 5_000_000,
    "hash": "M" * 5_000_000 + "\n",
    "too long": "x" * (MAX_TEXT + 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_of_a_large_text_only_so_much_is_looked_at(text, monkeypatch):
    looked_at = []
    is_value = pasted.is_value
    monkeypatch.setattr(pasted, "is_value", lambda text: looked_at.append(len(text)) or is_value(text))
    found_in(text)
    assert len(looked_at) <= pasted.MOST * 10 + 2
    assert sum(looked_at) <= 4 * MAX_TEXT


@pytest.mark.parametrize(
    "text", ["[" * 100_000 + '"session_data"', '{"session_data":' + "1" * 5000 + "}", "[1]session_data"]
)
def test_json_that_python_cannot_read_is_no_fixture(text):
    assert found_in(text).said == ""


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(pasted).failed == 0
