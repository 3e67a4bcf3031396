"""Django's error page with DEBUG: it tells a learner what went wrong, and nobody a key."""

import pytest
from django.conf import settings as django_settings
from django.test import Client

from lessons.inspector import decoding
from lessons.session_data import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    settings.DEBUG = True
    return Client(raise_request_exception=False)


@pytest.fixture
def stumble(monkeypatch):
    """Let a function of ours fail, deep inside."""

    def fail(*args, **kwargs):
        held = [args, kwargs]
        raise RuntimeError(f"stumbled over {len(held)}")

    return lambda module, name: monkeypatch.setattr(module, name, fail)


def test_a_given_key_is_in_no_error_page(client, stumble):
    stumble(decoding.session_data, "decode")
    data = {"value": "e30:x:y", "secret_key": "the-key-of-another", "older_key": "an-older-key"}
    page = client.post("/inspector/paste/", data).text
    assert "stumbled over" in page
    assert "the-key-of-another" not in page
    assert "an-older-key" not in page


def test_this_servers_key_is_in_no_error_page(client, stumble):
    stumble(draft, "sign")
    page = client.post("/inspector/edit/", {"data": '{"a": 1}', "do": "follow data"}).text
    assert django_settings.SECRET_KEY not in page


def test_a_lab_that_fails_still_shows_its_line(client):
    page = client.get("/lab/boom/").text
    assert "Traceback" in page
    assert "lessons/labs/boom.py" in page
