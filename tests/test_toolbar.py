"""django-debug-toolbar shows on lab pages opened by themselves, to a learner alone with the server."""

import pytest
from django.test import Client
from django.urls import reverse

import sessiondemo.urls  # noqa: F401  read while DEBUG is still on, or the toolbar has no addresses

pytestmark = pytest.mark.django_db

TOOLBAR = 'id="djDebug"'
PANEL = "/__debug__/render_panel/?request_id=1&panel_id=SQLPanel"
STRANGERS = {"from another machine": {"REMOTE_ADDR": "203.0.113.5"}, "through a proxy": {"HTTP_X_FORWARDED_FOR": "::1"}}


@pytest.fixture(autouse=True)
def local_mode(settings):
    settings.DEBUG = True


def lab_page(client, **headers):
    return client.get(reverse("lab:carry"), headers=headers).text


def test_it_shows_on_a_lab_page(client):
    assert TOOLBAR in lab_page(client)


def test_it_does_not_show_in_the_lab_frame(client):
    assert TOOLBAR not in lab_page(client, **{"Sec-Fetch-Dest": "iframe"})


@pytest.mark.parametrize("name", ["home", "inspector", "admin:login"])
def test_it_does_not_show_on_a_page_of_ours(client, name):
    assert TOOLBAR not in client.get(reverse(name)).text


@pytest.mark.parametrize("meta", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_sees_no_toolbar_and_none_of_its_panels(meta):
    stranger = Client(**meta)
    assert TOOLBAR not in lab_page(stranger)
    assert stranger.get(PANEL).status_code == 404


def test_without_debug_nobody_does(client, settings):
    settings.DEBUG = False
    assert TOOLBAR not in lab_page(client)
    assert client.get(PANEL).status_code == 404


def test_its_panels_answer_the_learner(client):
    assert client.get(PANEL).status_code == 200
