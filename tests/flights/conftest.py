"""What every test of a flight finds: an empty table, and a browser that has never been here."""

import pytest

from .flight import Browser


@pytest.fixture(autouse=True)
def django(db, settings):
    """Django with a database, and a password hasher that loses no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def ada(django_user_model):
    """The demo user, with a password that takes no time to check."""
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()
    return ada


@pytest.fixture
def charles(django_user_model):
    return django_user_model.objects.create_user("charles", password="babbage")
