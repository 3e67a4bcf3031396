"""Base64, group by group, against what Python decodes."""

import base64
import itertools
from binascii import Error

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data.groups import STANDARD, groups_of
from lessons.session_data.steps import Broken, unbase64

from .values import modest


@modest
@given(st.binary(max_size=60))
def test_four_characters_stand_for_three_bytes(data):
    text = base64.urlsafe_b64encode(data).decode().rstrip("=")
    groups = groups_of(text)
    assert "".join(text[group.start : group.end] for group in groups) == text
    assert [(group.first, group.last) for group in groups] == [
        (at, min(at + 3, len(data))) for at in range(0, len(data), 3)
    ]


@modest
@given(st.text("eyJ90fQ=-_+/ .:\xe9\n", max_size=40))
def test_each_group_decodes_to_just_its_bytes_whatever_stands_between(text):
    try:
        data = unbase64(text)
    except Broken:
        return
    groups = groups_of(text)
    assert b"".join(data[group.first : group.last] for group in groups) == data
    for group, following in itertools.pairwise(groups):
        assert group.end <= following.start
    for group in groups:
        assert unbase64("".join(letters(text[group.start : group.end]))) == data[group.first : group.last]


@modest
@given(st.text("TWFu+/=-_ \n", max_size=30))
def test_the_standard_alphabet_skips_what_belongs_to_the_other(text):
    try:
        data = base64.b64decode(text)
    except Error:
        return
    groups = groups_of(text, STANDARD)
    assert (groups[-1].last if groups else 0) == len(data)


def letters(text):
    return [character for character in text if character.isascii() and (character.isalnum() or character in "+/-_")]


@pytest.mark.parametrize("text", ["", "=", "====", "e", "!"])
def test_what_stands_for_no_byte_is_no_group(text):
    assert groups_of(text) == []
