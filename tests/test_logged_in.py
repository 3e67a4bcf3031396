"""Who is logged in, found without touching the session: the answer is Django's, and the rows stay what they were."""

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from lessons.logged_in import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace():
    return User.objects.create_user("grace", password="secret")


@pytest.fixture
def key(client, grace):
    client.force_login(grace)
    return client.cookies["sessionid"].value


def written(key, **changes):
    """Change what the row says, signed as Django signs."""
    store = SessionStore(key)
    store.update(changes)
    store.save()


def django_says(key):
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    return user if user.is_authenticated else None


def test_it_is_the_one_who_has_logged_in(key, grace):
    assert user_with(key) == grace == django_says(key)


SPOILED = {
    "another id": {"_auth_user_id": "77"},
    "no id": {"_auth_user_id": "abc"},
    "a list for an id": {"_auth_user_id": []},
    "another backend": {"_auth_user_backend": "somebody.Else"},
    "another hash": {"_auth_user_hash": "f" * 64},
    "no hash": {"_auth_user_hash": None},
}


@pytest.mark.parametrize("changes", SPOILED.values(), ids=SPOILED.keys())
def test_who_is_not_known_is_nobody_and_the_row_stays(key, changes):
    written(key, **changes)
    before = list(Session.objects.values_list())
    assert user_with(key) is None
    assert list(Session.objects.values_list()) == before


def test_a_changed_password_makes_nobody_of_the_visitor_and_deletes_nothing(key, grace):
    grace.set_password("another")
    grace.save()
    assert user_with(key) is None
    assert Session.objects.filter(pk=key).exists()
    assert django_says(key) is None  # and Django would have flushed it
    assert not Session.objects.filter(pk=key).exists()


def test_an_older_secret_key_still_counts_and_the_key_stays(key, grace, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert user_with(key) == grace
    assert Session.objects.filter(pk=key).exists()


def test_who_is_not_active_is_nobody(key, grace):
    grace.is_active = False
    grace.save()
    assert user_with(key) is None is django_says(key)


@pytest.mark.parametrize("text", ["", "nonsense", "W10:1xVHYy:x"])
def test_a_row_that_cannot_be_read_has_nobody(key, text):
    Session.objects.filter(pk=key).update(session_data=text)
    assert user_with(key) is None


def test_a_list_in_a_row_has_nobody(key):
    Session.objects.filter(pk=key).update(session_data=Session.objects.encode([1]))
    assert user_with(key) is None


def test_a_key_of_no_row_has_nobody(db):
    assert user_with("z" * 32) is None
