"""A list inside the session, filled by two views that differ in one line (P1)."""

import inspect

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons.labs import nested

pytestmark = pytest.mark.django_db


def visited(client, url_name, visits):
    """Return what each page said, and beside it how many apples were in the row then."""
    seen = []
    for _ in range(visits):
        page = client.get(reverse(url_name)).text
        seen.append((page, len(Session.objects.get().get_decoded()["cart"])))
    return seen


def pages(*numbers):
    return [f"apples in the cart: {number}" for number in numbers]


def test_p1_what_is_appended_to_a_stored_list_is_lost(client):
    said, kept = zip(*visited(client, "lab:nested", 4), strict=True)
    assert list(said) == pages(1, 2, 2, 2)
    assert kept == (1, 1, 1, 1)


def test_p1_with_modified_it_is_saved(client):
    said, kept = zip(*visited(client, "lab:nested_modified", 4), strict=True)
    assert list(said) == pages(1, 2, 3, 4)
    assert kept == (1, 2, 3, 4)


def test_p1_a_cart_that_was_saved_loses_the_next_apple(client):
    visited(client, "lab:nested_modified", 3)
    assert visited(client, "lab:nested", 2) == [("apples in the cart: 4", 3)] * 2


def test_p1_no_update_is_sent_and_no_cookie(client):
    client.get(reverse("lab:nested"))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse("lab:nested"))
    assert [query["sql"].split()[0] for query in captured] == ["SELECT"]
    assert response.cookies == {}


def test_two_browsers_have_two_carts(client):
    visited(client, "lab:nested_modified", 3)
    assert Client().get(reverse("lab:nested_modified")).text == "apples in the cart: 1"


def test_the_two_views_differ_in_one_line():
    plain, marked = (inspect.getsource(view).splitlines()[2:] for view in (nested.nested, nested.modified))
    marked.remove("    request.session.modified = True")
    assert marked == plain
