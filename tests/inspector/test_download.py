"""The rows as a file: what the list shows, bounded, no key in it, and no formula."""

import csv
import io
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.inspector import KEPT_MOST, Question, download, page_of
from lessons.inspector.download import COLUMNS, _cell

from .conftest import store

pytestmark = pytest.mark.django_db

KEY = "abcdefghijklmnopqrstuvwxyz012345"


def as_json(visitor, **typed):
    return json.loads("".join(download.as_json(visitor, Question.of(typed))), parse_constant=pytest.fail)


def as_csv(visitor, **typed):
    return list(csv.DictReader(io.StringIO("".join(download.as_csv(visitor, Question.of(typed))), newline="")))


def test_a_row_is_told_with_its_key_shortened(visitor):
    store(KEY, {"num_visits": 3})
    (row,) = as_json(visitor)["rows"]
    assert row["session_key"] == "abcd…2345"
    assert (row["data"], row["characters"], row["states"], row["note"]) == ({"num_visits": 3}, 73, [], "")
    assert KEY not in "".join(download.as_csv(visitor, Question()))


def test_what_cannot_be_told_says_why(visitor):
    store("a" * 32, text="nonsense")
    store("b" * 32, {"a": float("nan")}, days=2)
    store("c" * 32, {"a": os.urandom(KEPT_MOST).hex()}, days=3)
    store("d" * 32, {"a": json.loads("[" * 800 + "]" * 800)}, days=4)
    rows = as_json(visitor)["rows"]
    assert [row["data"] for row in rows][1:] == [None] * 3
    assert ["large" in rows[1]["note"], "NaN" in rows[2]["note"], "colon" in rows[3]["note"]] == [True] * 3


@pytest.mark.parametrize("tell", [as_json, as_csv])
def test_a_file_answers_the_same_question_over_all_its_pages(visitor, monkeypatch, tell):
    monkeypatch.setattr(download, "AT_ONCE", 2)
    for number in range(7):
        store(f"{number}" * 32, {"cart": number} if number % 2 else {}, days=number + 1)
    told = tell(visitor, q="cart")
    rows = told["rows"] if isinstance(told, dict) else told
    assert [row["session_key"] for row in rows] == ["5555…5555", "3333…3333", "1111…1111"]


def test_a_file_begins_at_the_start_of_the_list(visitor):
    store("a" * 32), store("b" * 32)
    later = page_of(visitor, Question(), limit=1).next
    assert len(as_json(visitor, after=later.after)["rows"]) == 2


def test_a_file_that_is_cut_says_so(visitor, monkeypatch):
    monkeypatch.setattr(download, "ROWS_MOST", 3)
    monkeypatch.setattr(download, "AT_ONCE", 2)
    for number in range(5):
        store(f"{number}" * 32)
    told = as_json(visitor)
    assert (len(told["rows"]), told["complete"]) == (3, False)
    assert "More rows match" in told["note"]
    assert "More rows match" in as_csv(visitor)[-1]["note"]


def test_a_file_that_is_not_cut_is_complete(visitor, monkeypatch):
    monkeypatch.setattr(download, "ROWS_MOST", 3)
    for number in range(3):
        store(f"{number}" * 32)
    assert as_json(visitor)["complete"] is True
    assert len(as_csv(visitor)) == 3


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(beginning):
    assert _cell(f"{beginning}cmd|' /C calc'!A0").startswith("'")


@given(st.text())
def test_any_text_is_a_cell_that_a_reader_gets_back(text):
    line = csv.writer(download._Echo()).writerow([_cell(text), "x"])
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert cells[0].removeprefix("'") in (text, text.removeprefix("'"))
    assert not cells[0].startswith(("=", "+", "-", "@"))


def test_a_key_that_begins_like_a_formula_is_harmless(visitor):
    store("=1+1" + "x" * 28)
    assert as_csv(visitor)[0]["session_key"] == "'=1+1…xxxx"
    assert set(as_csv(visitor)[0]) == set(COLUMNS)


def test_half_of_a_surrogate_pair_is_written_out(visitor):
    store("one", {"a": "\ud800"})
    assert as_csv(visitor)[0]["data"].encode() == rb'{"a": "\ud800"}'
