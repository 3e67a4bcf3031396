"""The inspector's pages: the table, one row, and any value that somebody pastes."""

import base64
import json
import time
import zlib
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.handles import handle_for

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script>"
LATER = timezone.now() + timedelta(days=1)


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True


def as_signed(data: bytes) -> str:
    """Return session_data that holds these bytes, with a signature of nobody."""
    payload = base64.urlsafe_b64encode(data).decode().rstrip("=")
    return f"{payload}:1xVHYy:{'A' * 43}"


def paste(client, value):
    return client.post(reverse("inspector_paste"), {"value": value})


def test_an_empty_table_says_so(client):
    assert "There is no row to decode yet" in client.get(reverse("inspector")).text


def test_your_own_row_is_opened_first(client):
    client.get(reverse("lab:visits"))
    Client().get(reverse("lab:visits"))
    page = client.get(reverse("inspector"))
    assert page.context["row"].session_key == client.cookies["sessionid"].value
    assert "Row of your browser" in page.text


def test_without_one_the_newest_is(client):
    Client().get(reverse("lab:visits"))
    assert "Row of another browser" in client.get(reverse("inspector")).text


def test_a_row_opens_by_its_handle_and_shows_no_key_of_another(client):
    Client().get(reverse("lab:visits"))
    key = Session.objects.get().session_key
    page = client.get(reverse("inspector_row", args=[handle_for(key)])).text
    assert "num_visits" in page
    assert key not in page


@pytest.mark.parametrize("handle", ["garbage", "é", "A" * 5000, "%00", "' OR 1=1"])
def test_a_handle_that_leads_nowhere_is_404(client, handle):
    assert client.get(reverse("inspector_row", args=[handle])).status_code == 404


def test_an_unreadable_row_shows_what_is_wrong_with_it(client):
    Session.objects.create(session_key="k" * 32, session_data="nonsense", expire_date=LATER)
    page = client.get(reverse("inspector")).text
    assert '<span class="unreadable">' in page


def test_an_expired_row_shows_that(client):
    Session.objects.create(session_key="k" * 32, session_data="e30", expire_date=timezone.now())
    assert '<li class=" expired"' in client.get(reverse("inspector")).text


@pytest.mark.parametrize("text", [MARKUP, json.dumps({MARKUP: MARKUP})])
def test_markup_in_a_row_is_shown_and_never_run(client, text):
    Session.objects.create(session_key=MARKUP, session_data=text, expire_date=LATER)
    client.cookies["sessionid"] = MARKUP
    assert MARKUP not in client.get(reverse("inspector")).text


def test_markup_in_the_data_is_shown_and_never_run(client):
    data = {MARKUP: [MARKUP]}
    Session.objects.create(session_key="k" * 32, session_data=Session.objects.encode(data), expire_date=LATER)
    page = client.get(reverse("inspector")).text
    assert MARKUP not in page
    assert "&lt;script&gt;" in page


# Pasting


HOSTILE = {
    "markup": MARKUP,
    "signed markup": as_signed(json.dumps({MARKUP: MARKUP}).encode()),
    "markup in the timestamp": f"e30:{MARKUP}:{'A' * 43}",
    "five megabytes of text": "x" * 5_000_000,
    "five megabytes of colons": ":" * 5_000_000,
    "five megabytes of JSON": as_signed(json.dumps(list(range(500_000))).encode()),
    "more than is read": "x" * 7_000_000,
    "a zlib bomb": "." + as_signed(zlib.compress(b"[" + b"0," * 50_000_000 + b"0]")),
    "lone surrogates": as_signed(rb'{"a":"\ud800","\udfff":"\u0000"}'),
    "a hundred thousand levels": as_signed(b"[" * 100_000 + b"]" * 100_000),
    "a number of five thousand digits": as_signed(b"9" * 5000),
    "a number of four thousand digits": as_signed(b"9" * 4000),
    "not a number": as_signed(b"NaN"),
    "control characters": "\0\x1b[31m\r\n\u202e",
    "a pickle": base64.b64encode(b"0" * 40 + b":\x80\x04\x95.").decode(),
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_pasted_is_answered_soon_and_escaped(client, value):
    start = time.perf_counter()
    response = paste(client, value)
    assert time.perf_counter() - start < 2
    assert response.status_code == 200
    assert MARKUP not in response.text
    assert len(response.content) < 300_000


@pytest.mark.parametrize("levels", [850, 900, 930])
def test_as_many_levels_as_python_just_reads_are_answered_too(client, levels):
    assert paste(client, as_signed(b"[" * levels + b"]" * levels)).status_code == 200


def test_a_pasted_row_is_decoded_and_not_kept(client):
    text = Session.objects.encode({"num_visits": 3})
    response = paste(client, f"  '{text}'  ")
    assert "The signature is this server" in response.text
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", ["", None])
def test_nothing_pasted_leads_back_to_the_rows(client, value):
    response = client.post(reverse("inspector_paste"), {"value": value} if value is not None else {})
    assert response.headers["Location"] == reverse("inspector")


def test_an_address_without_a_paste_leads_back_to_the_rows(client):
    assert client.get(reverse("inspector_paste")).headers["Location"] == reverse("inspector")


def test_what_was_pasted_stands_in_the_form_again(client):
    assert ">e30:x:y</textarea>" in paste(client, "e30:x:y").text


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("page", ["/", "/inspector/", "/_ui/rows/", "/lessons/visits/"])
def test_a_key_that_no_text_of_postgresql_can_hold_opens_nothing(client, settings, page, alone):
    """A quoted cookie may spell any letter, NUL among them."""
    settings.DEBUG = alone
    assert client.get(page, headers={"Cookie": r'sessionid="\000abcdefgh"'}).status_code == 200
