"""Which span of a stage came from which span of the stage before."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import decode, encode
from lessons.session_data.links import LINKED, link
from lessons.session_data.spans import Link, together
from lessons.session_data.steps import date_of

from .values import KEY, NOW, as_json, deflated, legacy, modest, sign_text, signed
from .values import sessions as any_sessions

FORMS = [signed, deflated, legacy]
sessions = any_sessions.filter(lambda session: len(as_json(session)) < 1_000)  # of which every byte is linked


def texts(spans):
    return "".join(span.text for span in spans)


def lit(spans, places):
    return [span for span in spans if span.link and any(together(span.link, place) == "exact" for place in places)]


@modest
@given(sessions, st.sampled_from(FORMS))
def test_every_stage_is_there_whole(session, make):
    text = make(as_json(session))
    linked = link(decode(text, [KEY]))
    assert texts(linked.stored) == text
    assert texts(linked.json).encode() == as_json(session)
    assert texts(linked.python).replace(",\n ", ", ") == repr(session)
    assert not linked.stops


@modest
@given(sessions, st.sampled_from([signed, legacy]))
def test_characters_bytes_and_tokens_link_there_and_back(session, make):
    text = make(as_json(session))
    linked = link(decode(text, [KEY]))
    data = bytes.fromhex("".join(byte.text for cell in linked.cells for byte in cell.bytes))
    for token in linked.json:
        assert data[token.link.start : token.link.end].decode() == token.text
        for cell in (cell for cell in linked.cells if together(cell.characters.link, token.link)):
            assert token in lit(linked.json, [cell.characters.link])
    for cell in linked.cells:
        assert 0 < len(cell.bytes) <= 3
        for byte in cell.bytes:
            assert together(byte.link, cell.characters.link) == "exact"
            assert len(lit([other.characters for other in linked.cells], [byte.link])) == 1


@modest
@given(sessions)
def test_through_zlib_the_whole_links_with_the_whole(session):
    linked = link(decode(deflated(as_json(session)), [KEY]))
    assert linked.after == len(linked.inflated) == len(as_json(session))
    for at, byte in enumerate(linked.inflated):
        assert byte.link == Link("json", at, at + 1)
        assert len(lit(linked.json, [byte.link])) == 1
        assert {together(byte.link, cell.characters.link) for cell in linked.cells} == {"whole"}


@modest
@given(sessions)
def test_a_key_of_the_dict_came_from_its_token(session):
    linked = link(decode(signed(as_json(session)), [KEY]))
    for span in linked.python:
        if span.kind == "key":
            (token,) = lit(linked.json, [span.link])
            assert repr(json.loads(token.text)) == span.text
            assert token in lit(linked.json, linked.lit_by(span.pointer))


@modest
@given(st.integers(0, 62**11 - 1))
def test_the_digits_of_the_timestamp_add_up(seconds):
    decoded = decode(encode({}, KEY, timestamp=seconds), [KEY])
    digits = link(decoded).digits
    assert sum(product for *_, product in digits) == decoded.timestamp == seconds
    assert "".join(span.text for span, *_ in digits) == decoded.pieces[1]


def test_the_signature_links_with_all_that_it_signs():
    linked = link(decode(encode({"num_visits": 3}, KEY, timestamp=NOW)))
    *signs, signature = [span for span in linked.stored if span.link]
    assert {together(signature.link, span.link) for span in signs} == {"whole"}
    assert together(signs[0].link, signs[-1].link) == ""  # the payload knows nothing of the time
    assert date_of(NOW).startswith("2026")


def test_a_pair_that_is_lost_is_not_in_the_dict():
    linked = link(decode(signed(b'{"a":1,"b":[2,{}],"a":3}'), [KEY]))
    assert texts(linked.python) == "{'b': [2, {}], 'a': 3}"


def test_a_long_dict_begins_a_line_for_each_pair():
    linked = link(decode(signed(as_json({"a": "x" * 50, "b": [1, 2], "c": 3})), [KEY]))
    assert texts(linked.python).splitlines()[1:] == [" 'b': [1, 2],", " 'c': 3}"]


@pytest.mark.parametrize("make", FORMS)
def test_what_is_long_is_linked_at_its_beginning_and_says_so(make):
    linked = link(decode(make(as_json({"text": [str(n) for n in range(100_000)]})), [KEY]))
    assert linked.stops
    assert len(texts(linked.json)) <= LINKED + 1
    assert texts(linked.json).endswith("…")
    assert texts(linked.python).endswith("…")
    assert len(linked.cells) <= LINKED // 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "e30",
        "!:!:!",
        ".e30:1xVHYy:x",
        sign_text("x:1xVHYy"),
        sign_text(".e30:1xVHYy"),
        sign_text("e!3\xe90=:1xVHYy"),
        sign_text("eyJ:hIjoxfQ==:1xVHYy"),
        signed(b"\x80\x04\x95."),
        signed(b"{"),
        signed(b"", timestamp="-1"),
        signed(b"{}", timestamp="z" * 5000),
        "\ud800:\ud800:\ud800",
    ],
)
def test_what_failed_is_cut_as_far_as_it_went(text):
    decoded = decode(text, [KEY])
    linked = link(decoded)
    assert linked.stored
    assert bool(linked.json) is (decoded.data is not None)


@modest
@given(st.text(max_size=80) | st.text("eyJ90fQ=-_+/ .:", max_size=80))
def test_no_text_whatever_raises(text):
    assert link(decode(text, [KEY])).stored
