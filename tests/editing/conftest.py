"""A row to be edited, and its edit page as a browser without JavaScript has it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.handles import handle_for

KEY = "k" * 32
MARKUP = "<script>alert(1)</script>"
LATER = timezone.now() + timedelta(days=14)


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True


class Page:
    """The edit page of one row, as a browser without JavaScript has it: fields that are filled in, and buttons."""

    def __init__(self, client, address):
        self.client, self.address = client, address
        self.show(client.get(address))

    def show(self, response):
        assert response.status_code == 200
        self.response, self.text = response, response.text
        self.context = response.context
        self.result, form = self.context["result"], self.context["form"]
        self.fields = {**form.values, "was": form.was, "expires": self.result.expires}
        self.fields |= self.context.get("tokens", {})
        return self

    def press(self, do, **typed):
        """Type into some of the fields, and press a button."""
        self.fields |= typed
        return self.show(self.client.post(self.address, {**self.fields, "do": do}))


@pytest.fixture
def page(client, db):
    Session.objects.create(session_key=KEY, session_data=SessionStore().encode({"num_visits": 3}), expire_date=LATER)
    return Page(client, reverse("inspector_edit", args=[handle_for(KEY)]))


def row():
    return Session.objects.get(pk=KEY)


def write_elsewhere(data, key=KEY):
    Session.objects.filter(pk=key).update(session_data=SessionStore().encode(data))


@pytest.fixture
def stranger(page, settings):
    settings.DEBUG = False
    return Client()
