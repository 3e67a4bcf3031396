"""Two things done to this browser's own row of django_session."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(client):
    """The row of a browser that has counted one visit."""
    client.get(reverse("lab:visits"))
    return Session.objects.get()


def stored(row, session_data):
    Session.objects.filter(pk=row.pk).update(session_data=session_data)


def test_without_a_row_there_is_nothing_to_decode(client):
    response = client.get(reverse("lab:recipe"))
    assert (response.status_code, response.text) == (404, "There is no row yet.")


def test_the_lecture_recipe_mostly_ends_in_an_error(client, row):
    stored(row, "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0")
    assert client.get(reverse("lab:recipe")).text.startswith("It gives binascii.Error: ")


def test_the_lecture_recipe_reads_a_row_of_its_own_time(client, row):
    stored(row, "MmY0OGRhYjNjZWM5Yzc4YmMzYWVjMjU3M2M2ZDAxYzk5MDZhOTcxYzp7Im51bV92aXNpdHMiOjN9")
    page = client.get(reverse("lab:recipe")).text
    assert page == """It gives b'2f48dab3cec9c78bc3aec2573c6d01c9906a971c:{"num_visits":3}'"""


NUL = pytest.param("\0", marks=pytest.mark.skipif(connection.vendor == "postgresql", reason="no text there holds NUL"))


@pytest.mark.parametrize("nonsense", ["", "é", "<script>", "=" * 9000, NUL])
def test_whatever_stands_in_the_row_is_answered_as_text(client, row, nonsense):
    stored(row, nonsense)
    response = client.get(reverse("lab:recipe"))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain")


def test_an_expired_row_is_over_and_stays(client, row):
    assert client.get(reverse("lab:expire")).text == "rows changed: 1"
    row.refresh_from_db()
    assert row.expire_date < timezone.now()


def test_after_expiry_the_count_begins_again_under_a_new_key(client, row):
    client.get(reverse("lab:expire"))
    assert client.get(reverse("lab:visits")).text == "view count=1"
    assert Session.objects.count() == 2


def test_nobody_expires_the_row_of_another_browser(client, row):
    assert Client().get(reverse("lab:expire")).text == "rows changed: 0"
    row.refresh_from_db()
    assert row.expire_date > timezone.now()
