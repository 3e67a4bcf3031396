"""`request.session` treated like a dict: where it is one, and where it is not (C35, C36)."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

pytestmark = pytest.mark.django_db


def said(client, url_name):
    return client.get(reverse(url_name)).text


def test_a_missing_key_gives_the_default_and_stores_nothing(client):
    assert said(client, "lab:dict_get") == "get('color', 'none') gives 'none'"
    assert not Session.objects.exists()


def test_a_key_is_added_and_found_again(client):
    assert said(client, "lab:dict_add") == "Now it holds {'color': 'green'}"
    assert said(client, "lab:dict_get") == "get('color', 'none') gives 'green'"


def test_a_deleted_key_leaves_the_row(client):
    said(client, "lab:dict_add")
    assert said(client, "lab:dict_delete") == "Now it holds {}"
    assert Session.objects.get().get_decoded() == {}


def test_deleting_what_is_not_there_stores_nothing(client):
    assert said(client, "lab:dict_delete") == "Now it holds {}"
    assert not Session.objects.exists()


def test_len_is_a_type_error(client):
    assert said(client, "lab:dict_len").startswith("len gives TypeError: object of type 'SessionStore' has no len")


@pytest.mark.parametrize("first", ["lab:dict_get", "lab:dict_add"])
def test_a_loop_is_a_key_error_however_full_it_is(client, first):
    said(client, first)
    assert said(client, "lab:dict_loop") == "The loop gives KeyError: 0"


@pytest.mark.parametrize("name", ["get", "add", "delete", "len", "loop"])
def test_what_a_visitor_may_have_stored_is_shown_as_text(client, name):
    assert client.get(reverse(f"lab:dict_{name}")).headers["Content-Type"].startswith("text/plain")
