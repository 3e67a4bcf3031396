"""What a visitor asks: read from what was typed, refused in a sentence, and written into an address again."""

from datetime import datetime
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.inspector import Question
from lessons.inspector.keyset import Place
from lessons.inspector.question import BY, STATES

NAMES = ["q", "by", "state", "least", "most", "sort", "after", "before"]
KEY = "abcdefghijklmnopqrstuvwxyz012345"


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=300)))
def test_whatever_is_typed_gives_a_question_that_is_answered_or_has_a_problem(typed):
    question = Question.of(typed)
    assert isinstance(question.problem, str)
    assert question.order
    if not question.problem:
        assert question.size_range
        assert (question.place is None) == (not (question.after or question.before))


@given(
    st.text("abc=é …", max_size=20), st.sampled_from(list(BY)), st.sampled_from(["", *STATES]), st.integers(0, 10**6)
)
def test_an_address_asks_the_same_question_again(q, by, state, least):
    question = Question.of({"q": q, "by": by, "state": state, "least": str(least)})
    again = Question.of(dict(parse_qsl(question.address.removeprefix("?"))))
    assert again.address == question.address
    assert (again.q, again.state, again.least) == (question.q, state, str(least))


def test_nothing_asked_has_no_address():
    question = Question.of({"q": " ", "by": "key"})
    assert (question.address, question.narrows, question.problem) == ("", False, "")


def test_of_a_whole_key_only_the_beginning_is_kept():
    question = Question.of({"q": KEY, "by": "key"})
    assert question.q == "abcdefgh"
    assert parse_qs(question.address[1:])["q"] == ["abcdefgh"]


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("abc", ("abc", "")),
        ("abcd…2345", ("abcd", "2345")),
        (f"{KEY}…{KEY}", ("abcdefgh", "2345")),
        ("…2345", ("", "2345")),
    ],
)
def test_a_key_is_looked_for_by_its_ends(typed, ends):
    assert Question.of({"q": typed, "by": "key"}).key_ends == ends


@pytest.mark.parametrize(("typed", "looked_for"), [("46x4", "46x4"), ("46x4…9abc", "46x4…9abc"), ("cart", "cart")])
def test_what_could_be_the_beginning_of_a_key_can_be_looked_for_as_one(typed, looked_for):
    as_key = Question.of({"q": typed, "state": "expired", "after": Place(datetime.now(), "a").sealed}).as_key
    assert (as_key.by, as_key.q, as_key.state, as_key.after) == ("key", looked_for, "expired", "")


@pytest.mark.parametrize(
    "typed",
    [{}, {"q": "num_visits=4"}, {"q": "Cart"}, {"q": KEY + "6"}, {"q": "46x4", "by": "key"}, {"q": "7", "by": "user"}],
)
def test_what_is_no_key_or_was_looked_for_as_one_is_not_offered(typed):
    assert Question.of(typed).as_key is None


def test_white_space_where_a_key_was_cut_is_taken_off_too():
    assert Question.of({"q": "abcdefg hijk", "by": "key"}).q == "abcdefg"


def test_dots_in_a_value_are_just_a_value():
    question = Question.of({"q": "and so on … to the end of it"})
    assert (question.q, question.key_ends) == ("and so on … to the end of it", ("", ""))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"by": "colour"}, "There is no choice “colour” here."),
        ({"state": "sleepy"}, "There is no choice “sleepy” here."),
        ({"sort": "sideways"}, "There is no choice “sideways” here."),
        ({"q": "x" * 201}, "That is a long search: 200 characters are the most."),
        ({"q": "a\0b"}, "The search contains a NUL character"),
        ({"least": "banana"}, "“banana” is no size. Give a number of characters, such as 500."),
        ({"most": "-1"}, "“-1” is no size."),
        ({"most": "٣"}, "“٣” is no size."),
        ({"least": "9" * 10}, "is no size."),
        ({"least": "9", "most": "5"}, "No row has at least 9 and at most 5 characters."),
        ({"after": "garbage"}, "This address names no place in the list."),
        ({"before": Place(3, "abc").sealed}, "This address names no place in the list."),
    ],
)
def test_a_bad_question_says_what_is_wrong_and_keeps_what_was_typed(typed, sentence):
    question = Question.of(typed)
    assert sentence in question.problem
    assert {name: getattr(question, name) for name in typed} == typed


def test_the_start_of_a_question_is_the_question_without_a_place():
    place = Place(3, "abc")
    question = Question.of({"sort": "largest", "q": "cart"})
    later = question.beginning_after(place)
    assert (later.place, later.backwards) == (place, False)
    assert later.ending_before(place).backwards is True
    assert later.from_the_start() == question


@pytest.mark.parametrize("by", ["", "data", "user", "KEY", "key"])
def test_a_whole_key_is_looked_for_as_one_and_stands_in_no_address(by):
    question = Question.of({"q": KEY, "by": by})
    assert question.by == "key"
    assert KEY[:8] in question.address
    assert KEY not in question.address
    assert KEY[:12] not in question.address


@pytest.mark.parametrize("typed", [f"sessionid={KEY}", f"{KEY} {KEY}", f"'{KEY}'", f"user={KEY};"])
@pytest.mark.parametrize("by", ["data", "user", "nonsense"])
def test_a_key_among_other_words_is_shortened(typed, by):
    assert KEY not in Question.of({"q": typed, "by": by}).address


def test_of_each_part_only_so_much_is_read():
    question = Question.of(dict.fromkeys(("q", "by", "state", "sort", "least", "after"), "é" * 10000000))
    assert len(question.address) < 20_000
