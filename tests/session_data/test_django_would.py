"""What is said of a value, against the Django that is installed: the row is really written, and really loaded."""

import logging
import pickle
import time
import zlib
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.utils import timezone
from django.utils.crypto import get_random_string
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import COOKIE_SALT, MAX_TEXT, SESSION_SALT, decode, encode, no_session
from lessons.session_data.django_would import (
    COOKIE_AGE,
    DAMAGED,
    LOGGER,
    OLDER_KEY,
    as_cookie,
    as_key,
    as_row,
    elsewhere,
)

from .values import KEY, NOW, as_json, deflated, json_values, legacy, modest, sign_text, signed

VALUES = {
    "plain": encode({"num_visits": 3}, KEY),
    "compressed": encode({"a": "a" * 100}, KEY),
    "an empty dict": encode({}, KEY),
    "of a fallback key": encode({"a": 1}, "an-old-key"),
    "of another key": encode({"a": 1}, "another"),
    "a cookie": encode({"a": 1}, KEY, COOKIE_SALT),
    "an old cookie": encode({"a": 1}, KEY, COOKIE_SALT, timestamp=NOW - 10**8),
    "a cookie of the future": encode({"a": 1}, KEY, COOKIE_SALT, timestamp=NOW + 10**9),
    "a cookie of before 3.1": signed(b'{"a":1}', salt=COOKIE_SALT, algorithm="sha1"),
    "a row of another class": encode({"a": 1}, KEY, "django.contrib.sessions.OurStore"),
    "legacy": legacy(b'{"a":1}'),
    "legacy of another key": legacy(b'{"a":1}', key="another"),
    "legacy pickle": legacy(pickle.dumps({"a": 1}, 2)),
    "tampered payload": encode({"num_visits": 3}, KEY).replace("Ijoz", "Ijo5"),
    "tampered timestamp": encode({"a": 1}, KEY).replace(":", ":0", 1),
    "cut signature": encode({"a": 1}, KEY)[:-1],
    "empty": "",
    "a session key": "k" * 32,
    "JSON": '{"a":1}',
    "no timestamp": sign_text("e30"),
    "no timestamp, for a cookie": sign_text("e30", salt=COOKIE_SALT),
    "timestamp empty": signed(b"{}", timestamp=""),
    "timestamp no number": signed(b"{}", timestamp="!"),
    "timestamp too large": signed(b'{"a":1}', timestamp="z" * 30),
    "bad base64": sign_text("x:1xVHYy"),
    "bad zlib": sign_text(".eyJudW1fdmlzaXRzIjozfQ:1xVHYy"),
    "zlib cut off": deflated(b"{}").replace(":", "", 0),
    "bad JSON": signed(b"{num_visits: 3}"),
    "a serializer of one's own": signed(b"\x81\xaanum_visits\x03"),
    "100,000 levels": deflated(b"[" * 100_000),
    "5,000 digits": signed(b"1" * 5000),
    **{f"a pickle, protocol {n}": signed(pickle.dumps({"num_visits": 3}, n)) for n in range(6)},
    **{f"signed {text.decode()}": signed(text) for text in (b"[]", b"[1]", b"null", b"3", b'"text"', b"true", b"NaN")},
}


@pytest.fixture(autouse=True)
def our_keys():
    with override_settings(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=["an-old-key"]):
        yield


def read(text):
    return decode(text, [KEY, "an-old-key"], trim=False)


def load(store):
    """Return what a view finds in a session: the dict, or the error that it meets."""
    try:
        store.get("anything")
    except AttributeError as error:
        return str(error)
    return dict(store.items())


def hold(verdict, decoded, found, logged):
    """Hold a verdict against what Django did."""
    if verdict.reads == "dict":
        assert found == decoded.data
    elif verdict.reads == "error":
        assert found in verdict.headline
        assert isinstance(found, str)
    else:
        assert verdict.reads == "empty"
        assert found == {}
    assert logged == ([(LOGGER, logging.WARNING, verdict.warning)] if verdict.warning else [])


@pytest.mark.django_db
@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_of_a_row_django_does_what_is_said(text, caplog):
    row = Session.objects.create(
        session_key="k" * 32, session_data=text, expire_date=timezone.now() + timedelta(days=1)
    )
    hold(as_row(read(text)), read(text), load(SessionStore(row.pk)), caplog.record_tuples)


@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_of_a_cookie_django_does_what_is_said(text, caplog):
    hold(as_cookie(read(text)), read(text), load(CookieStore(text or None)), caplog.record_tuples)


@pytest.mark.django_db
@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_an_expired_row_is_never_asked_for(text, caplog):
    row = Session.objects.create(session_key="k" * 32, session_data=text, expire_date=timezone.now())
    assert load(SessionStore(row.pk)) == {}
    assert caplog.record_tuples == []
    assert as_row(read(text), expired=True).reads == "never"


def test_each_verdict_is_met():
    assert {as_row(read(text)).reads for text in VALUES.values()} == {"dict", "empty", "error"}
    assert {bool(as_row(read(text)).warning) for text in VALUES.values()} == {True, False}


@modest
@given(st.data(), json_values, st.sampled_from([SESSION_SALT, COOKIE_SALT]))
def test_whatever_was_changed_django_does_what_is_said(data, value, salt):
    text = signing.dumps(value, salt=salt, compress=True)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 2)))
    text = text[:start] + data.draw(st.text("ab019-_=:.+ {é", max_size=2)) + text[end:]
    decoded = read(text)
    for verdict, store, way in [(as_row(decoded), SessionStore, "decode"), (as_cookie(decoded), CookieStore, "load")]:
        with mock.patch.object(logging.getLogger(LOGGER), "warning") as warned:
            try:
                found = getattr(store(text), way)(*([text] if way == "decode" else []))
            except AttributeError as error:
                found = error
        if verdict.reads == "error":
            assert not isinstance(found, dict)
        else:
            assert repr(found) == repr(decoded.data if verdict.reads == "dict" else {})
        assert [call.args[0] for call in warned.call_args_list] == ([verdict.warning] if verdict.warning else [])


@modest
@given(st.binary(max_size=40), st.sampled_from(["", "."]), st.sampled_from(["1xVHYy", "", "!", "-"]))
def test_whatever_is_signed_django_does_what_is_said(payload, marker, timestamp):
    text = sign_text(signed(payload).partition(":")[0].join([marker, f":{timestamp}"]))
    verdict = as_row(read(text))
    found = SessionStore().decode(text)
    assert verdict.warning == ""
    assert (verdict.reads == "error") is not isinstance(found, dict)
    if verdict.reads == "empty":
        assert found == {}


# What nobody can know


def test_without_a_key_nothing_is_promised():
    assert as_row(decode(VALUES["plain"])).reads == "unsure"
    assert as_cookie(decode(VALUES["a cookie"])).reads == "unsure"
    assert as_row(decode("nonsense")).reads == "empty"


@pytest.mark.parametrize(
    "text",
    [deflated(b"[" + b"0," * 4_000_000 + b"0]"), signed(b"[" + b"[]," * 1_500_000 + b"0]"), "x" * (MAX_TEXT + 1)],
)
def test_what_is_too_much_here_django_would_try(text):
    assert as_row(read(text)).reads == "unsure"


def test_but_not_where_the_signature_is_wrong():
    text = "." + deflated(b"[" + b"0," * 4_000_000 + b"0]", key="another")
    assert as_row(read(text)).reads == "empty"
    assert as_row(read(text)).warning


# The reasons


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("of another key", "does not match any of the keys tried"),
        ("legacy", "4.0 no longer does"),
        ("a cookie", "this is a cookie, not a row"),
        ("a cookie of before 3.1", "another salt"),
        ("no timestamp", "no timestamp"),
        ("bad zlib", "this is not zlib"),
        ("a pickle, protocol 4", "is a pickle"),
        ("signed [1]", "takes the list for the session"),
    ],
)
def test_the_reason_that_decides_first_is_given(name, why):
    assert why in as_row(read(VALUES[name])).why


def test_a_class_with_another_name_is_named():
    decoded = decode(VALUES["a row of another class"], [KEY], "OurStore")
    assert decoded.verified
    assert "whose class is called OurStore reads it" in as_row(decoded).why


def test_a_cookie_says_how_old_it_is():
    decoded = read(encode({}, KEY, COOKIE_SALT, timestamp=NOW))
    assert as_cookie(decoded, NOW + COOKIE_AGE).reads == "dict"
    assert "14 days ago" in as_cookie(decoded, NOW + COOKIE_AGE + 1).why
    assert "this is a row" in as_cookie(read(VALUES["plain"])).why


def test_a_changed_key_has_a_remedy():
    assert "SECRET_KEY_FALLBACKS" in as_row(read(VALUES["of another key"])).remedy
    assert "SESSION_SERIALIZER" in as_row(read(VALUES["a serializer of one's own"])).remedy
    assert "any code" in as_row(read(VALUES["a pickle, protocol 2"])).remedy
    assert "3.2" in as_row(read(VALUES["legacy"])).remedy
    assert as_row(read(VALUES["plain"])).remedy == ""


def test_no_key_is_offered_for_what_is_damaged():
    whole = VALUES["of another key"]
    for text in (whole[:-5], VALUES["cut signature"]):
        assert as_row(read(text)).remedy == DAMAGED
    for text in (signed(b'{"a":1', key="another"), signed(b'{"a":1}', key="another").replace("eyJ", "ey", 1)):
        assert as_row(read(text)).remedy == DAMAGED
    assert as_row(read(sign_text(".eyJhIjoxfQ:1xVHYy", key="another"))).remedy == DAMAGED
    assert as_row(read(VALUES["tampered payload"])).remedy == OLDER_KEY
    assert as_row(read(signed(b'{"a":1}', key="another", algorithm="sha1"))).remedy == ""


@pytest.mark.parametrize("value", ["dark", "x", "", "de-DE", "42", "a b", "ünïcode"])
def test_a_cookie_of_set_signed_cookie_may_be_one(value):
    response = HttpResponse()
    response.set_signed_cookie("theme", value)
    text = response.cookies["theme"].value
    request = HttpRequest()
    request.COOKIES["theme"] = text
    assert request.get_signed_cookie("theme") == value
    decoded = read(text)
    is_json = decoded.error and "json" not in decoded.failures and "base64" not in decoded.failures
    assert no_session.may_be_signed_cookie(decoded) is not is_json
    assert as_row(decoded).remedy == (OLDER_KEY if is_json else "")


@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_what_may_be_a_session_is_no_cookie_of_set_signed_cookie(text):
    assert not no_session.may_be_signed_cookie(read(text))


def test_a_session_key_is_told_from_data():
    assert no_session.is_session_key(read(get_random_string(32, VALID_KEY_CHARS)))
    assert not any(map(no_session.is_session_key, map(read, set(VALUES.values()) - {"k" * 32})))
    assert as_key().warning == ""


def test_where_another_release_differs_that_is_said():
    assert dict(elsewhere(read(VALUES["legacy"]))) == {"Django 3.1 and 3.2": "read it", "Django 1.4 to 3.0": "reads it"}
    assert "binascii.Error" in dict(elsewhere(read(VALUES["plain"])))["Django 1.4 to 3.0"]
    assert "PickleSerializer" in dict(elsewhere(read(VALUES["a pickle, protocol 2"])))["Django 3.1 to 4.2"]
    assert dict(elsewhere(read(VALUES["a cookie of before 3.1"]))) == {"Django 1.4 to 3.0": "reads it"}
    assert elsewhere(read(VALUES["of another key"])) == ()


def test_now_is_now():
    assert as_cookie(read(encode({"a": 1}, KEY, COOKIE_SALT, timestamp=time.time()))).reads == "dict"


def test_zlib_that_ends_too_early_is_empty_without_a_word(caplog):
    text = sign_text("." + signed(zlib.compress(b'{"a":1}')[:-1]).rsplit(":", 1)[0])
    hold(as_row(read(text)), read(text), SessionStore().decode(text), caplog.record_tuples)


def test_json_as_django_writes_it_is_what_the_tests_sign():
    assert signed(as_json({"num_visits": 3})) == encode({"num_visits": 3}, KEY, timestamp=NOW)
