"""The two counters: as the lecture tells it, and as its slide has it."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def counts(client, url_name, visits):
    return [client.get(reverse(url_name)).text for _ in range(visits)]


def pages(*numbers):
    return [f"view count={number}" for number in numbers]


def test_the_lecture_counts_to_four_and_begins_again(client):
    assert counts(client, "lab:visits", 8) == pages(1, 2, 3, 4, 1, 2, 3, 4)


def test_the_slide_says_five_before_it_begins_again(client):
    assert counts(client, "lab:slide", 6) == pages(1, 2, 3, 4, 5, 1)


def test_the_row_never_holds_the_five_that_the_slide_says(client):
    stored = []
    for _ in range(6):
        client.get(reverse("lab:slide"))
        stored.append(Session.objects.get().get_decoded())
    assert stored == [{"num_visits": n} for n in (1, 2, 3, 4)] + [{}, {"num_visits": 1}]


def test_two_browsers_count_apart(client):
    counts(client, "lab:visits", 3)
    assert counts(Client(), "lab:visits", 1) == pages(1)
