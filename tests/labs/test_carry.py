"""A name from a form to the next page: POST, redirect, GET, with the session in between (C31, C33)."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def carried(client, name):
    return client.post(reverse("lab:carry"), {"name": name}, follow=True)


def test_a_posted_name_is_on_the_next_page(client):
    response = carried(client, "Ada")
    assert response.redirect_chain == [(reverse("lab:hello"), 302)]
    assert "Hello, Ada" in response.text


def test_nobody_is_greeted_by_the_name_of_another_browser(client):
    carried(client, "Ada")
    assert "whoever you are" in Client().get(reverse("lab:hello")).text


def test_a_name_that_is_markup_is_shown_as_it_was_typed(client):
    page = carried(client, "<script>alert(1)</script>").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_fifty_characters_are_kept(client):
    carried(client, "x" * 5000)
    assert Session.objects.get().get_decoded() == {"name": "x" * 50}


def test_a_form_without_a_name_stores_an_empty_one(client):
    assert client.post(reverse("lab:carry")).status_code == 302
    assert Session.objects.get().get_decoded() == {"name": ""}


def test_showing_the_form_stores_nothing(client):
    assert 'name="csrfmiddlewaretoken"' in client.get(reverse("lab:carry")).text
    assert not Session.objects.exists()


def test_a_forged_post_is_refused():
    assert Client(enforce_csrf_checks=True).post(reverse("lab:carry"), {"name": "Eve"}).status_code == 403
    assert not Session.objects.exists()
