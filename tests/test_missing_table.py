"""Each database says in its own words that a table is missing."""

import pytest
from django.db import DatabaseError, connection

from lessons.missing_table import named_in


@pytest.mark.django_db
def test_the_words_of_this_database_are_known():
    with pytest.raises(DatabaseError) as error, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert named_in(str(error.value)) in ("no such table: nowhere", 'relation "nowhere" does not exist')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no such table: django_session", "no such table: django_session"),
        ('relation "django_session" does not exist\nLINE 1: SELECT', 'relation "django_session" does not exist'),
        ('ProgrammingError: relation "a.b" does not exist', 'relation "a.b" does not exist'),
        ("no such column: a", ""),
        ('database "x" does not exist', ""),
        ("", ""),
    ],
)
def test_only_those_words_are_taken_for_it(text, words):
    assert named_in(text) == words
