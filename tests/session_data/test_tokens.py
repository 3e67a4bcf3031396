"""JSON in tokens, against Python's own parser."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data.tokens import DEEPEST, places_of, pointer_of, tokens_of

from .values import as_json, json_values, modest, sessions


def resolve(value, path):
    for step in path:
        value = value[step]
    return value


@modest
@given(json_values)
def test_every_byte_lies_in_exactly_one_token(value):
    text = as_json(value).decode()
    tokens = tokens_of(text)
    assert "".join(text[token.start : token.end] for token in tokens) == text
    assert all(token.kind != "other" for token in tokens)


@modest
@given(st.text('{}[]:,"\\tru nul-1.e', max_size=60))
def test_so_it_does_where_the_text_is_no_json(text):
    tokens = tokens_of(text)
    assert "".join(text[token.start : token.end] for token in tokens) == text
    assert all(token.start < token.end for token in tokens)


@modest
@given(json_values, st.integers(0, 200))
def test_json_that_was_cut_off_is_still_cut_into_tokens(value, end):
    text = as_json(value).decode()[:end]
    assert "".join(text[token.start : token.end] for token in tokens_of(text)) == text


@modest
@given(json_values, st.sampled_from([None, 1]))
def test_the_path_of_a_value_leads_to_it(value, indent):
    text = json.dumps(value, indent=indent)
    value = json.loads(text)
    for token in tokens_of(text):
        if token.kind in ("string", "number", "word"):
            assert repr(resolve(value, token.path)) == repr(json.loads(text[token.start : token.end]))
        elif token.kind == "key":
            assert json.loads(text[token.start : token.end]) == token.path[-1]
            assert token.path[-1] in resolve(value, token.path[:-1])


@modest
@given(sessions)
def test_the_place_of_a_pair_holds_the_pair(session):
    text = as_json(session).decode()
    tokens = tokens_of(text)
    for key, value in session.items():
        ((start, end),) = places_of(tokens, pointer_of((key,)))
        assert json.dumps(json.loads("{" + text[start:end] + "}")) == json.dumps({key: value})


def test_the_top_is_the_whole():
    assert places_of(tokens_of('{"a":[1]}'), "") == [(0, 9)]


@pytest.mark.parametrize("pointer", ["/b", "/a/1", "/a/0/x", "a", "/A", "/"])
def test_a_path_to_nothing_has_no_place(pointer):
    assert places_of(tokens_of('{"a":[1],"ab":2}'), pointer) == []


def test_a_pair_whose_key_comes_again_is_lost():
    text = '{"a":[1,2],"b":3,"a":{"a":4}}'
    lost = "".join(text[token.start : token.end] for token in tokens_of(text) if token.lost)
    assert lost == '"a":[1,2],'
    assert places_of(tokens_of(text), "/a") == [(1, 10), (17, 28)]


def test_however_deep_the_paths_stay_short():
    tokens = tokens_of('{"":' * 1000)
    assert max(len(token.path) for token in tokens) == DEEPEST
    assert len(tokens) == 3000
