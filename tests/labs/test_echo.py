"""What came in with one request, and nothing else (C33)."""

import json

from django.test import Client
from django.urls import reverse


def test_a_query_comes_in_once(client):
    arrived = [
        json.loads(client.get(address).text)["GET"] for address in (reverse("lab:echo") + "?a=1", reverse("lab:echo"))
    ]
    assert arrived == [{"a": "1"}, {}]


def test_a_post_without_a_token_is_answered_as_curl_sends_it():
    curl = Client(enforce_csrf_checks=True)
    assert json.loads(curl.post(reverse("lab:echo"), {"a": "1"}).text) == {"GET": {}, "POST": {"a": "1"}}


def test_it_is_plain_text_so_markup_in_it_is_text(client):
    response = client.get(reverse("lab:echo"), {"a": "<script>alert(1)</script>"})
    assert response.headers["Content-Type"] == "text/plain"


def test_it_never_looks_at_the_session(client):
    client.cookies["sessionid"] = "k" * 32
    assert not client.get(reverse("lab:echo")).has_header("Vary")  # without the db mark a query would raise
