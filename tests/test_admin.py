"""The session table in the admin: to read, not to change."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

LIST = "/admin/sessions/session/"


@pytest.fixture
def admin(client, db):
    """A superuser, and beside their own session one of somebody who counted a visit."""
    Client().get(reverse("lab:visits"))
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    return client


def keys():
    return list(Session.objects.values_list("pk", flat=True))


def test_each_row_is_shown_decoded(admin):
    page = admin.get(LIST).text
    assert "{&#x27;num_visits&#x27;: 1}" in page
    assert "_auth_user_id" in page


def test_no_key_is_on_the_page_or_in_a_link(admin):
    page = admin.get(LIST).text
    assert len(keys()) == 2
    assert not [key for key in keys() if key in page]
    assert [f"{key[:4]}…{key[-4:]}" in page for key in keys()] == [True, True]


@pytest.mark.parametrize("action", ["add/", "{key}/change/", "{key}/delete/", "{key}/history/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_added_changed_or_deleted(admin, action, method):
    before = list(Session.objects.order_by("pk").values())
    address = LIST + action.format(key=before[0]["session_key"])
    response = getattr(admin, method)(address, {"post": "yes", "session_data": "", "expire_date_0": "2099-01-01"})
    assert response.status_code in (302, 403, 404)
    assert list(Session.objects.order_by("pk").values()) == before


def test_there_is_no_action_to_delete_what_is_selected(admin):
    before = Session.objects.count()
    admin.post(LIST, {"action": "delete_selected", "_selected_action": keys(), "post": "yes"})
    assert Session.objects.count() == before


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "<script>alert(1)</script>", Session.objects.encode({"a": "<script>" * 9000}), "e30:1xVHYy:x"],
    ids=["empty", "nonsense", "markup", "much markup", "forged"],
)
def test_whatever_is_in_a_row_the_list_is_shown(admin, text):
    Session.objects.create(session_key="k" * 32, session_data=text, expire_date=timezone.now())
    response = admin.get(LIST)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert len(response.content) < 100_000


def deep(levels):
    data = []
    for _ in range(levels):
        data = [data]
    return data


@pytest.mark.parametrize("levels", [100, 900])
def test_as_many_levels_as_python_just_reads_are_shown_too(admin, levels):
    text = Session.objects.encode({"a": deep(levels)})
    Session.objects.create(session_key="k" * 32, session_data=text, expire_date=timezone.now())
    assert admin.get(LIST).status_code == 200


@pytest.mark.django_db
def test_only_staff_sees_it(client):
    assert client.get(LIST).status_code == 302
    client.force_login(User.objects.create(username="grace", is_staff=True))
    assert client.get(LIST).status_code == 403


def test_it_leads_to_the_inspector_only_where_that_would_show_the_row(admin, settings):
    settings.DEBUG = True
    assert "stage by stage" in admin.get(LIST).text
    assert "stage by stage" not in admin.get(LIST, headers={"X-Forwarded-For": "203.0.113.9"}).text
