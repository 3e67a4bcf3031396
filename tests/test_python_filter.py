"""A Python value in one line of a list: coloured, cut, and never anything but text."""

import html
import re

import pytest

from lessons.templatetags.lessons import python


def text_of(shown):
    return html.unescape(re.sub("<[^>]*>", "", shown))


@pytest.mark.parametrize("value", [{}, {"num_visits": 3}, {"a": [1, None, True]}, "é", 1.5], ids=repr)
def test_a_short_value_is_whole(value):
    assert text_of(python(value, 120)) == text_of(python(value)) == repr(value)


@pytest.mark.parametrize("length", [5, 20, 119, 120, 121, 200])
def test_a_long_one_is_cut_with_a_sign_that_it_is(length):
    value = {"a": "x" * 50, "b": "y" * 50, "c": "z" * 50}
    shown = text_of(python(value, length))
    whole = text_of(python(value))
    assert shown == (whole if len(whole) <= length else whole[: length - 1] + "…")


@pytest.mark.parametrize("length", [10, 60])
def test_a_visitors_text_stays_text(length):
    shown = python({"<script>": "</code><img src=x onerror=alert(1)>&"}, length)
    assert "<script" not in shown
    assert "<img" not in shown


def test_what_is_cut_is_coloured_as_the_whole_would_be():
    value = {"a": 1, "b": "x" * 59, "c": "y" * 59}
    whole, cut = (html.unescape(each) for each in (python(value), python(value, 60)))
    assert whole.startswith(cut[: cut.index("…")])
