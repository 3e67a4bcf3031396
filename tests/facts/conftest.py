"""What every test of a fact finds: an empty database, and a visitor who has never been here."""

import pytest

from .visitor import Visitor

SECRET_KEY = "a key that is only for the tests of facts, and long enough"


@pytest.fixture(autouse=True)
def django(db, settings):
    """Django with a database, our labs, a known secret key, and a password hasher that loses no time."""
    settings.ROOT_URLCONF = "tests.facts.urls"
    settings.SECRET_KEY = SECRET_KEY
    settings.SECRET_KEY_FALLBACKS = []
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def visitor():
    return Visitor()


@pytest.fixture
def user(django_user_model):
    """The demo user, with a password that takes no time to check."""
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()
    return ada
