"""What a row must be like to be an answer. Whatever SQL leaves out beforehand would have failed anyway."""

import base64
import json
import pickle

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models.functions import Length
from hypothesis import given
from hypothesis import strategies as st

from lessons.inspector.conditions import EMPTY, PICKLED, begins_with, conditions_of, holds, user_ids
from lessons.inspector.decoding import look_into
from lessons.inspector.question import Question

from .conftest import store

DATA = {"cart": [{"name": "Apple", "price": 3}], "done": True, "note": None, "Über": "straße"}


def legacy(payload: bytes) -> str:
    return base64.b64encode(b"0" * 40 + b":" + payload).decode()


# In the data


@pytest.mark.parametrize(
    "text",
    ["cart", "CART", "apple", "price", "3", "price=3", "name=APPLE", "done=true", "note=null", "über", "STRASSE"],
)
def test_names_and_values_are_found_at_any_depth(text):
    assert holds(DATA, text)


@pytest.mark.parametrize("text", ["pear", "price=4", "cart=", "=3", "pric=3", "{", "'", "[", "done=false"])
def test_what_is_not_there_is_not_found(text):
    assert not holds(DATA, text)


@pytest.mark.parametrize(
    "text",
    [
        "num_visits=4",
        "'num_visits': 4",
        '"num_visits": 4',
        "num_visits: 4",
        "num_visits:4",
        "{'num_visits': 4}",
        "'num_visits': 4, ",
        "'color': 'Green'",
        '"done": true',
        "'done': True",
        "'note': None",
        "at=12:30",
        "'at': '12:30'",
        "'quoted': \"it's\"",
        "said='yes'",
    ],
)
def test_a_name_and_its_value_are_found_as_a_page_shows_them(text):
    data = {"num_visits": 4, "color": "green", "done": True, "note": None, "at": "12:30", "quoted": "it's"}
    assert holds(data | {"said": "'yes'"}, text)


@pytest.mark.parametrize("text", ["'num_visits': 5", "num_visit: 4", "'num_visits':", ": 4", "'green': 'color'"])
def test_a_name_with_another_value_is_not_found(text):
    assert not holds({"num_visits": 4, "color": "green"}, text)


@given(st.text(max_size=40))
def test_any_text_can_be_looked_for(text):
    assert holds({"found": text}, text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20))
def test_any_value_can_be_looked_into(value):
    assert holds({"found": value}, "found")


def test_what_is_nested_deeply_or_has_thousands_of_digits_can_be_too():
    deep = json.loads("[" * 900 + "]" * 900)
    assert not holds({"a": deep, "b": 10**5000}, "x")


# By key


@pytest.mark.django_db
@pytest.mark.parametrize("beginning", ["a", "ab", "abz", "A", "%", "_", "é", "ab\U0010ffff", "ab\ud7ff"])
def test_a_key_is_found_by_how_it_begins(beginning):
    keys = ["a", "ab", "abc", "abz", "ABC", "b", "%x", "_x", "é", "zz", "ab\U0010ffffx", "ab\ud7ffx"]
    for key in keys:
        store(key)
    found = Session.objects.filter(begins_with(beginning)).values_list("pk", flat=True)
    assert sorted(found) == sorted(key for key in keys if key.startswith(beginning))


# By state


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("condition", "texts"),
    [
        (EMPTY, ["e30:1xVHYy:x", legacy(b"{}")]),
        (
            PICKLED,
            [
                legacy(pickle.dumps({"a": 1}, 0)),
                legacy(pickle.dumps({"a": 1}, 2)),
                legacy(pickle.dumps({})),
                base64.urlsafe_b64encode(pickle.dumps({"a": 1})).decode().rstrip("=") + ":1xVHYy:" + "A" * 43,
            ],
        ),
    ],
    ids=["empty", "pickled"],
)
def test_sql_leaves_no_answer_out(condition, texts):
    for number, text in enumerate(texts):
        store(f"key{number}", text=text)
    store("other", {"num_visits": 3})
    found = set(Session.objects.annotate(size=Length("session_data")).filter(condition).values_list("pk", flat=True))
    assert found == {f"key{number}" for number in range(len(texts))}


def test_these_texts_are_what_they_are_taken_for():
    assert look_into(legacy(b"{}")).data == {}
    assert look_into(legacy(pickle.dumps({"a": 1}, 0))).format == "pickle"


# By user


@pytest.mark.django_db
def test_a_user_is_meant_by_name_and_by_number():
    grace = get_user_model().objects.create_user("grace")
    seven = get_user_model().objects.create_user("7")
    assert user_ids("grace") == {"grace", str(grace.pk)}
    assert user_ids("7") == {"7", str(seven.pk)}
    assert user_ids("nobody") == {"nobody"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "look"),
    [
        ({}, False),
        ({"state": "live"}, False),
        ({"state": "expired"}, False),
        ({"q": "abc", "by": "key"}, False),
        ({"sort": "largest"}, False),
        ({"q": "abc"}, True),
        ({"q": "abc", "by": "user"}, True),
        ({"least": "10"}, True),
        ({"state": "empty"}, True),
        ({"state": "pickled"}, True),
        ({"state": "unreadable"}, True),
    ],
)
def test_only_what_no_index_knows_needs_a_look(typed, look):
    assert conditions_of(Question.of(typed)).need_a_look is look
