"""The inspector's pages: the table, one row, and any value that somebody pastes."""

import base64
import json
import pickle
import re
import zlib
from datetime import timedelta

import pytest
from django.conf import settings as settings_of_django
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons import session_data
from lessons.handles import handle_for
from lessons.session_data.signature import hmac_pads

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
    assert '<li class="expired"' in client.get(reverse("inspector")).text


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
def test_whatever_is_pasted_is_answered_briefly_and_escaped(client, value):
    response = paste(client, value)
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


# The verdict


def a_row(text, key="k" * 32, expire_date=LATER):
    return Session.objects.create(session_key=key, session_data=text, expire_date=expire_date)


def look(client, row, **query):
    return client.get(reverse("inspector_row", args=[handle_for(row.pk)]), query)


def test_the_page_says_first_what_django_would_do_and_why(client):
    page = look(client, a_row(Session.objects.encode({"num_visits": 3}) + "x")).text
    assert "Django reads this row as an empty session, {}." in page
    assert page.index("as an empty session") < page.index("44 characters where 43 belong") < page.index("Stored text")
    assert "WARNING django.security.SuspiciousSession: Session data corrupted" in page


def test_an_expired_row_is_never_asked_for(client):
    page = look(client, a_row(Session.objects.encode({"a": 1}), expire_date=timezone.now())).text
    assert "it has expired" in page
    assert "What it holds; Django would give {}" in page


def logged_in(client, user):
    client.force_login(user)
    return Session.objects.get(pk=client.cookies["sessionid"].value)


@pytest.fixture
def ada():
    return User.objects.create_user("<b>lovelace</b>", password="a")


def test_a_row_says_whose_it_is(client, ada):
    page = look(client, logged_in(Client(), ada)).text
    assert f"&lt;b&gt;lovelace&lt;/b&gt; (user id {ada.pk}), logged in." in page


def test_it_says_so_too_when_the_password_was_changed_since(client, ada):
    row = logged_in(Client(), ada)
    ada.set_password("b")
    ada.save()
    assert "the password was changed since" in look(client, row).text


@pytest.mark.parametrize("user_id", ["77", "9" * 400, "x", ["1"], {"a": 1}, "", 1.5])
def test_a_user_who_is_not_there_is_told(client, user_id):
    assert (
        "this project has no such user" in look(client, a_row(Session.objects.encode({"_auth_user_id": user_id}))).text
    )


def test_a_user_whose_account_is_not_active_is_told(client, ada):
    row = logged_in(Client(), ada)
    User.objects.update(is_active=False)
    assert "not active" in look(client, row).text


def test_what_a_tampered_row_says_of_its_user_is_doubted(client, ada):
    row = logged_in(Client(), ada)
    page = look(client, a_row(row.session_data[:-2] + "AA", "t" * 32)).text
    assert "nobody vouches for it" in page


def test_a_pasted_value_never_names_a_user_of_this_project(client, ada):
    row = logged_in(Client(), ada)
    page = paste(client, row.session_data).text
    assert f"User id {ada.pk} of this server." in page
    assert "lovelace" not in page
    for key, text in [("", row.session_data + "A"), (settings_of_django.SECRET_KEY, row.session_data)]:
        page = with_key(client, text, secret_key=key).text
        assert f"User id {ada.pk} of the project that signed it." in page
        assert "lovelace" not in page


def test_with_others_around_your_own_row_says_whose_it_is(client, ada, settings):
    settings.DEBUG = False
    row = logged_in(client, ada)
    assert "logged in." in look(client, row).text
    assert look(Client(), row).status_code == 404


# What was pasted is not always data


@pytest.mark.parametrize("line", ["{key}|{data}|2020-12-09 10:11:12.131415", "{key} | {data} | 2020-12-09 10:11:12+00"])
def test_a_pasted_row_that_has_expired_is_judged_as_one(client, line):
    data = Session.objects.encode({"num_visits": 3})
    page = paste(client, line.format(key="k" * 32, data=data)).text
    assert "Django does not look at this row: it has expired." in page
    assert "Its expire_date is 2020-12-09 10:11:12 UTC." in page
    assert "Django reads this row" not in page
    assert "a dict with 1 key" in paste(client, line.format(key="k" * 32, data=data).replace("2020", "9020")).text


def test_a_pasted_row_is_judged_as_a_row_whoever_signed_it(client):
    cookie = session_data.encode({"a": 1}, settings_of_django.SECRET_KEY, session_data.COOKIE_SALT)
    assert "as an empty session" in paste(client, f"{'k' * 32}|{cookie}|9020-12-09 10:11:12").text


@pytest.mark.parametrize("around", ["{}", "Set-Cookie: sessionid={}; HttpOnly; Path=/", "Cookie: a=b; sessionid={}"])
def test_a_pasted_session_key_leads_to_its_row(client, around):
    row = a_row(Session.objects.encode({"a": 1}), "k1" * 16)
    page = paste(client, around.format(row.pk)).text
    assert "This is a session key, not data: it names a row." in page
    assert f'href="{reverse("inspector_row", args=[handle_for(row.pk)])}"' in page
    assert "WARNING" not in page
    assert "No format" not in page
    assert "as an empty session" not in page


def test_a_key_whose_row_is_not_there_or_not_yours_leads_nowhere(client, settings):
    row = a_row(Session.objects.encode({"a": 1}), "k1" * 16)
    assert "paste that row&#8217;s session_data" in paste(client, "n0" * 16).text
    settings.DEBUG = False
    page = paste(client, row.pk).text
    assert "paste that row&#8217;s session_data" in page
    assert handle_for(row.pk) not in page


def test_a_key_in_the_place_of_data_is_damaged_data(client):
    page = paste(client, f"{'k' * 32}|{'d' * 32}|9020-12-09 10:11:12").text
    assert "as an empty session" in page
    assert "as an empty session" in look(client, a_row("d" * 32)).text


def test_a_cookie_of_set_signed_cookie_is_not_called_a_row(client):
    response = HttpResponse()
    response.set_signed_cookie("theme", "dark")
    page = paste(client, response.cookies["theme"].value).text
    assert "a cookie of set_signed_cookie()" in page
    assert "A row of Django" not in page
    assert "A row of Django" in look(client, a_row(response.cookies["theme"].value)).text


def test_older_versions_are_folded_and_beside_the_point_of_an_expired_row(client):
    text = Session.objects.encode({"a": 1})
    page = look(client, a_row(text)).text
    folded = page[page.index("In other versions of Django") :]
    assert "binascii.Error" in folded[: folded.index("</details>")]
    expired = a_row(text, "e" * 32, timezone.now())
    assert "binascii.Error" not in look(client, expired).text


def test_the_key_is_spoken_of_only_where_it_is_used(client):
    page = look(client, a_row(Session.objects.encode({"a": 1}))).text
    assert page.count("stands for the key, which is never shown") == 1
    assert page.count("Signed, not encrypted") == 1
    assert paste(client, Session.objects.encode({"a": 1})).text.count("Signed, not encrypted") == 1


# What came from what, without a script


def test_each_key_of_the_dict_is_a_link_that_lights_it(client):
    row = a_row(Session.objects.encode({"num_visits": 3, "a/b <": [1]}))
    page = look(client, row).text
    assert 'class="key lit"' not in page
    links = re.findall(r'href="(/inspector/[^"]*\?part=[^"#]*)', page)
    assert len(links) == 2
    lit = [re.findall(r'class="[^"]*lit"[^>]*>([^<]+)<', client.get(link.replace("&amp;", "&")).text) for link in links]
    assert "&quot;num_visits&quot;" in lit[0]
    assert "&quot;a/b &lt;&quot;" in lit[1]
    assert not set(lit[0]) & {"&quot;a/b &lt;&quot;"}


@pytest.mark.parametrize("part", ["/gone", MARKUP, "/" * 5000, "\0", "\ud800"])
def test_a_part_that_is_not_there_is_said(client, part):
    page = look(client, a_row(Session.objects.encode({"a": 1})), part=part.encode("utf-8", "surrogatepass"))
    assert "in this row now" in page.text
    assert MARKUP not in page.text


def test_on_a_pasted_value_a_key_leads_to_its_place_in_the_json(client):
    page = paste(client, as_signed(b'{"a":1,"a":2}')).text
    (target,) = re.findall(r'href="#(json-\d+)"', page)
    assert page.count(f'id="{target}"') == 1


# Every format, and the keys of others


def with_key(client, value, **fields):
    return client.post(reverse("inspector_paste"), {"value": value, **fields})


def test_the_row_of_another_project_is_verified_with_its_key(client):
    text = session_data.encode({"num_visits": 3}, "their-secret")
    assert "Unverified" in paste(client, text).text
    page = with_key(client, text, secret_key="their-secret").text
    assert "a dict with 1 key" in page
    assert "The key that you gave" in page
    assert "this server&#8217;s" not in page
    page = with_key(client, text, secret_key="new", older_key="their-secret").text
    assert "SECRET_KEY_FALLBACKS" in page


def test_with_a_wrong_key_it_is_still_read(client):
    page = with_key(client, session_data.encode({"num_visits": 3}, "theirs"), secret_key="wrong").text
    assert "num_visits" in page
    assert "Unverified" in page
    assert "as an empty session" in page


def test_a_key_is_shown_nowhere_and_kept_nowhere(client, caplog):
    text = session_data.encode({"a": 1}, "xyzzy-plugh")
    page = with_key(client, text, secret_key="xyzzy-plugh", older_key="plover-xyzzy", salt="<salt>")
    assert "xyzzy" not in page.text + caplog.text
    assert "&lt;salt&gt;" in page.text
    assert hmac_pads.cache_info().currsize == 0


def test_a_store_of_another_name_is_verified_by_that_name(client):
    text = session_data.encode({"a": 1}, settings_of_django.SECRET_KEY, "django.contrib.sessions.OurStore")
    assert "Unverified" in paste(client, text).text
    page = with_key(client, text, salt="OurStore").text
    assert "A SessionStore whose class is called OurStore reads it." in page


def test_a_cookie_of_signed_cookies_is_judged_as_one(client):
    text = session_data.encode({"a": 1}, settings_of_django.SECRET_KEY, session_data.COOKIE_SALT)
    page = paste(client, f"Set-Cookie: sessionid={text}; HttpOnly").text
    assert "Taken: the cookie sessionid of a Set-Cookie header." in page
    assert "Django reads this cookie: a dict with 1 key." in page


def test_a_pickle_is_told_by_its_opcodes(client):
    page = paste(client, as_signed(pickle.dumps({"a": print}, 4))).text
    assert "STACK_GLOBAL" in page
    assert "pickle.loads" not in page


def test_what_no_serializer_of_django_wrote_is_shown_as_bytes(client):
    page = paste(client, as_signed(b"\x81\xaanum_visits\x03<b>")).text
    assert "81 aa 6e 75 6d" in page
    assert "num_visits.&lt;b&gt;" in page


@pytest.mark.parametrize("stage", ["split", "base64", "json", "timestamp", "verify", "dict"])
def test_each_stage_can_be_done_in_python(client, stage):
    page = look(client, a_row(Session.objects.encode({"a": 1}))).text
    part = page[page.index(f"stage-{stage}") :]
    assert "<copy-code>" in part[: part.index("</li>\n")]


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-16", "latin-1", "no-such"])
@pytest.mark.parametrize(
    "page", ["/inspector/?q=%5Cud800", "/inspector/?by=%5Cud800", "/inspector/?q=%5Cud800&by=user"]
)
def test_what_is_asked_is_read_as_utf_8_whatever_the_request_calls_it(client, page, charset):
    response = client.get(page, headers={"Content-Type": f"text/plain; charset={charset}"})
    assert response.status_code in (200, 400)
    assert "\\ud800" in response.text


def test_a_posted_value_is_read_as_utf_8_too(client):
    kind = "application/x-www-form-urlencoded; charset=unicode_escape"
    response = client.post(reverse("inspector_paste"), b"value=%5Cud800", content_type=kind)
    assert response.status_code == 200


@pytest.mark.parametrize("page", ["/inspector/", "/_ui/rows/", "/_ui/rows/?few", "/inspector/download/csv/"])
def test_half_a_letter_for_a_user_stops_no_page(client, page):
    a_row(Session.objects.encode({"_auth_user_id": "\udfff"}))
    response = client.get(page)
    assert response.status_code == 200
    assert b"\\udfff" in response.getvalue()
