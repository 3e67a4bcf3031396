"""Python values in one line: shortened as `reprlib` does, but in the order in which a dict was filled."""

import pytest

from lessons.in_order import InOrder

SHORT = InOrder(levels=2, items=3, characters=20)


def test_the_keys_stand_as_they_were_stored():
    assert SHORT.repr({"num_visits": 1, "cart": [], "a": None}) == "{'num_visits': 1, 'cart': [], 'a': None}"


def test_keys_that_cannot_be_sorted_are_no_trouble():
    assert SHORT.repr({"b": 1, 2: 2, None: 3}) == "{'b': 1, 2: 2, None: 3}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, "{}"),
        ({1: 1, 2: 2, 3: 3, 4: 4}, "{1: 1, 2: 2, 3: 3, …}"),
        ([1, 2, 3, 4], "[1, 2, 3, ...]"),
        ({"a": {"b": {"c": 1}}}, "{'a': {'b': {…}}}"),
        ({"a": {"b": {}}}, "{'a': {'b': {}}}"),
        ("x" * 50, "'xxxxxxx...xxxxxxxx'"),
    ],
)
def test_what_is_long_is_shortened(value, said):
    assert SHORT.repr(value) == said


def test_what_is_deep_has_an_end():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert SHORT.repr(deep) == "{'a': {'a': {…}}}"
