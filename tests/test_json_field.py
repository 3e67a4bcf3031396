"""A JSON value with letters that PostgreSQL's jsonb does not know is kept all the same."""

import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lessons.json_field import spelled_out
from lessons.models import Browser, Notebook

HOSTILE = {"nul\0": ["\ud800", "\udfff\0", "\ude00\ud83d", "😀", "\\u0000", "\\\0", 1, None, True]}
SPELLED = {r"nul\u0000": [r"\ud800", r"\udfff\u0000", r"\ude00\ud83d", "😀", "\\u0000", r"\\u0000", 1, None, True]}


def test_nul_and_half_a_pair_are_spelled_out_and_nothing_else_is():
    assert spelled_out(HOSTILE) == SPELLED


def test_what_has_neither_stays_the_very_value():
    value = {"a": ["\\u0000", "😀", "\\ud800"]}
    assert spelled_out(value) is value


@given(st.recursive(st.text(st.characters(exclude_categories=())) | st.integers() | st.none(), st.lists))
def test_whatever_comes_in_postgresql_can_hold_what_comes_out(value):
    text = json.dumps(spelled_out(value), ensure_ascii=False)
    assert "\\u0000" not in text.replace("\\\\", "")
    assert text.encode()


@pytest.mark.django_db
def test_the_database_takes_it():
    Browser.objects.create(notebook=Notebook.objects.create(), name="blue", jar=HOSTILE)
    assert Browser.objects.get().jar == (SPELLED if connection.vendor == "postgresql" else HOSTILE)


@pytest.mark.django_db
def test_a_migration_sees_a_json_field_and_nothing_to_change():
    assert Browser._meta.get_field("jar").deconstruct()[1] == "django.db.models.JSONField"
