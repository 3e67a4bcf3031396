"""Who may edit, and what nobody gets to see."""

import re

import pytest
from django.urls import reverse

from lessons.handles import handle_for

from .conftest import KEY, Page, row


def test_the_key_of_ones_own_browser_is_shown_whole_and_others_are_not(page, client):
    assert KEY not in page.text
    client.get("/lab/visits/")
    own = client.session.session_key
    assert own in Page(client, reverse("inspector_edit", args=[handle_for(own)])).text


ADDRESSES = {
    "inspector_edit": [handle_for(KEY)],
    "inspector_edit_value": [],
    "edit_follow": [],
    "edit_fly": [handle_for(KEY)],
    "edit_flight": [],
}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_a_sentence_and_nothing_is_signed_or_written(stranger, page, name, method):
    before = row().session_data
    for do in ("write", "look", "tamper list", "follow", "overwrite", "undo"):
        fields = {**page.fields, "data": '{"_auth_user_id": "1"}', "do": do, "browser": "blue", "send": "slide"}
        response = getattr(stranger, method)(reverse(name, args=ADDRESSES[name]), fields)
        assert response.status_code in (403, 405)
        if response.status_code == 403:
            assert "Editing is not for everybody" in response.text
            assert not re.search(r":[\w-]{43}", response.text)
    assert row().session_data == before


def test_a_stranger_does_not_learn_whether_there_is_a_row(stranger):
    texts = {stranger.get(reverse("inspector_edit", args=[handle_for(key)])).text for key in (KEY, "n" * 32)}
    assert len(texts) == 1


def test_even_the_owner_of_a_row_may_not_edit_it_where_others_are(stranger):
    stranger.cookies["sessionid"] = KEY
    assert stranger.get(reverse("inspector_edit", args=[handle_for(KEY)])).status_code == 403


def test_the_staff_may_edit_what_they_see_and_no_more(page, stranger, django_user_model):
    stranger.force_login(django_user_model.objects.create_superuser("grace"))
    own = stranger.cookies["sessionid"].value
    assert stranger.get(reverse("inspector_edit", args=[handle_for(own)])).status_code == 200
    assert stranger.get(reverse("inspector_edit", args=[handle_for(KEY)])).status_code == 404
