"""Rows that Django cannot read: what it makes of them, and what it says."""

import base64
import hashlib
import hmac
import io
import logging
import zlib

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signing import TimestampSigner
from django.utils import timezone

from .by_hand import OLD_ROW, OLD_SECRET_KEY, to_base64url

CORRUPTED = [("django.security.SuspiciousSession", logging.WARNING, "Session data corrupted")]


def sign(payload):
    """Sign any payload as Django signs those it made itself."""
    return TimestampSigner(salt="django.contrib.sessions.SessionStore").sign(payload)


TAMPERED = {
    "payload": lambda data: "x" + data,
    "timestamp": lambda data: data.replace(":", ":0", 1),
    "signature": lambda data: data[:-2] + ("AA" if data[-2:] != "AA" else "BB"),
    "empty text": lambda data: "",
    "no colon": lambda data: data.replace(":", ""),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_f12_a_tampered_row_reads_as_empty_with_a_warning(caplog, tamper):
    data = SessionStore().encode({"num_visits": 3})
    assert SessionStore().decode(data) == {"num_visits": 3}
    assert caplog.record_tuples == []
    assert SessionStore().decode(tamper(data)) == {}
    assert caplog.record_tuples == CORRUPTED


def test_f12_so_does_one_that_was_signed_with_another_key(caplog, settings):
    data = SessionStore().encode({"num_visits": 3})
    settings.SECRET_KEY = "another key"
    assert SessionStore().decode(data) == {}
    assert caplog.record_tuples == CORRUPTED


@pytest.mark.parametrize(("debug", "said"), [(True, "Session data corrupted\n"), (False, "")])
def test_f12_the_warning_is_on_the_console_with_debug_and_nowhere_without(settings, monkeypatch, debug, said):
    settings.DEBUG = debug
    console, mail = logging.getLogger("django").handlers
    monkeypatch.setattr(console, "stream", io.StringIO())
    SessionStore().decode("")
    assert console.stream.getvalue() == said
    assert mail.level == logging.ERROR  # too high for a warning


def test_f12_the_row_is_left_alone_and_the_next_write_overwrites_it_under_the_same_key(visitor):
    visitor.get("/lab/visits/")
    key = visitor.key
    Session.objects.update(session_data="tampered")

    read = visitor.get("/lab/touch/read/")
    assert read.set_cookie == ""
    assert visitor.row.session_data == "tampered"

    assert visitor.get("/lab/visits/").text == "view count=1"
    assert visitor.key == key
    assert visitor.stored == {"num_visits": 1}


UNREADABLE = {
    "bad base64": "x",
    "bad zlib": ".eyJudW1fdmlzaXRzIjozfQ",
    "bad JSON": to_base64url(b"{num_visits: 3}"),
    "100,000 levels": "." + to_base64url(zlib.compress(b"[" * 100_000)),
    "a 5,000-digit integer": to_base64url(b"1" * 5000),
}


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
def test_f13_signed_but_unreadable_reads_as_empty_and_nothing_is_logged(caplog, payload):
    assert SessionStore().decode(sign(payload)) == {}
    assert caplog.record_tuples == []


def test_f13_a_signed_list_comes_back_as_a_list(visitor):
    visitor.get("/lab/visits/")
    Session.objects.update(session_data=sign(to_base64url(b"[1,2]")))
    error = visitor.get("/lab/visits/").error
    assert type(error) is AttributeError
    assert str(error) == "'list' object has no attribute 'get'"


def test_f14_a_row_of_django_3_0_is_refused_as_corrupted(caplog, settings):
    settings.SECRET_KEY = OLD_SECRET_KEY  # the key is right, the format is not
    assert SessionStore().decode(OLD_ROW) == {}
    assert caplog.record_tuples == CORRUPTED


def test_f14_such_a_row_is_padded_base64_of_a_sha1_signature_and_json():
    signature, text = base64.b64decode(OLD_ROW).split(b":", 1)
    key = hashlib.sha1(b"django.contrib.sessions" + b"SessionStore" + OLD_SECRET_KEY.encode()).digest()
    assert signature.decode() == hmac.new(key, text, hashlib.sha1).hexdigest()
    assert text == b'{"num_visits":3}'


def test_f21_with_a_new_secret_key_every_session_reads_as_empty(visitor, settings):
    visitor.get("/lab/dict/add/")
    settings.SECRET_KEY = "another key"
    assert visitor.found() == {}


def test_f21_with_the_old_key_among_the_fallbacks_they_live_on(visitor, settings):
    visitor.get("/lab/dict/add/")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert visitor.found() == {"color": "green"}


def empty(data, settings):
    return SessionStore().encode({})


def signed_with_another_key(data, settings):
    settings.SECRET_KEY = "another key"
    return data


def in_the_old_format(data, settings):
    settings.SECRET_KEY = OLD_SECRET_KEY
    return OLD_ROW


def tampered(data, settings):
    return "x" + data


def broken(data, settings):
    return sign("x")


@pytest.mark.parametrize("make", [empty, signed_with_another_key, in_the_old_format, tampered, broken])
def test_p9_an_empty_dict_tells_you_nothing(visitor, settings, make):
    visitor.get("/lab/dict/add/")
    Session.objects.update(session_data=make(visitor.row.session_data, settings))
    assert visitor.row.get_decoded() == {}
    assert visitor.found() == {}


def test_p9_an_expired_session_is_empty_too_although_its_row_is_not(visitor):
    visitor.get("/lab/dict/add/")
    Session.objects.update(expire_date=timezone.now())
    assert visitor.row.get_decoded() == {"color": "green"}  # get_decoded never looks at the date
    assert visitor.found() == {}
