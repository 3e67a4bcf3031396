"""Every snippet is run, in a fresh namespace, and gives what the inspector shows."""

import ast
import contextlib
import io
import json
import pickle
import random
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import COOKIE_SALT, MAX_TEXT, decode, encode
from lessons.session_data.in_python import LONG, snippets
from lessons.session_data.links import link
from lessons.session_data.steps import date_of

from .values import KEY, NOW, as_json, deflated, legacy, modest, sessions, sign_text, signed

KEYS = [KEY, "an-old-key"]
HOSTILE = {
    "quotes": "\"'`'''\"\"\"",
    "backslashes": "\\\\n\\",
    "surrogates": "\udfff\ud800",
    "code": "');import os#{0}",
    "bidi": "\u202e\x1b[31m\0",
}


@pytest.fixture(autouse=True)
def our_keys():
    with override_settings(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=KEYS[1:]):
        yield


def run(code):
    """Run a snippet as a shell does, in a fresh namespace; return what its last line gives."""
    *lines, last = ast.parse(code).body
    namespace = {"__name__": "__main__"}
    exec(compile(ast.Module(lines, []), "<snippet>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<snippet>", "eval"), namespace)


def hold(decoded, key_ends=None):
    """Run every snippet, and hold what it gives against what the inspector shows."""
    seen = {stage.name: stage for stage in decoded.stages}
    made = snippets(decoded, key_ends)
    for stage, code in made:
        if stage == "django":
            continue
        if seen[stage].status == "failed" and stage != "verify":
            if decoded.format == "pickle":
                with contextlib.redirect_stdout(io.StringIO()) as said:
                    assert run(code) is None
                assert "STOP" in said.getvalue()
            else:
                with pytest.raises((ValueError, IndexError, zlib.error)):  # most are a ValueError
                    run(code)
            continue
        check(decoded, stage, run(code))
    return [stage for stage, _ in made]


def check(decoded, stage, given):
    linked = link(decoded)
    if stage == "json":
        assert repr(given) == repr(decoded.data)
    elif stage == "verify":
        assert given is bool(decoded.verified)
    elif stage == "timestamp":
        as_shown = isinstance(given, datetime) and given.isoformat() == date_of(decoded.timestamp)
        assert as_shown or decoded.timestamp in (given, None)
    elif stage == "split" and len(decoded.pieces) == 3:
        assert given == decoded.pieces
    elif stage == "split":
        assert b":".join(given).startswith(bytes_of(linked))
    elif stage == "base64":
        assert given.startswith(bytes_of(linked))
    elif stage == "inflate":
        assert (len(given), given[: len(linked.inflated)].hex()) == (
            linked.after,
            "".join(f"{ord(character):02x}" for character in given[: len(linked.inflated)].decode("latin-1")),
        )


def bytes_of(linked):
    return bytes.fromhex("".join(byte.text for cell in linked.cells for byte in cell.bytes))


ALL = ["split", "base64", "json", "timestamp", "verify", "django"]
COMPRESSED = ["split", "base64", "inflate", "json", "timestamp", "verify", "django"]
LEGACY = ["base64", "split", "json", "verify", "django"]


@contextlib.contextmanager
def saved(decoded):
    """As if the value had been saved in session_data.txt, as a snippet asks for when it is long."""
    with mock.patch.object(Path, "read_text", return_value=":".join(decoded.pieces)):
        yield


@modest
@given(sessions, st.booleans())
def test_the_snippets_of_a_row_give_what_is_shown(session, compress):
    decoded = decode(signing.dumps(session, salt="django.contrib.sessions.SessionStore", compress=compress), KEYS)
    with saved(decoded):
        assert hold(decoded) == (COMPRESSED if decoded.compressed else ALL)
        assert repr(run(snippets(decoded)[-1].code)) == repr(decoded.data)


@modest
@given(sessions, st.sampled_from(KEYS))
def test_so_do_those_of_a_legacy_row(session, key):
    decoded = decode(legacy(as_json(session), key=key), KEYS)
    with saved(decoded):
        assert hold(decoded) == LEGACY
        with pytest.raises(signing.BadSignature):  # Django 4.0 and later
            run(snippets(decoded)[-1].code)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", [signed, deflated, legacy])
def test_hostile_values_stay_values(make, text):
    decoded = decode(make(as_json({text: [text]})), KEYS)
    assert decoded.data == {text: [text]}
    hold(decoded)
    assert all(code.isascii() for _, code in snippets(decoded))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_so_do_hostile_texts(text):
    for pasted in (text, f"{text}:{text}:{text}", f"e30:1xVHYy:{text}", f"{text}:1xVHYy:{'A' * 43}"):
        made = snippets(decode(pasted, KEYS))
        for _, code in made:
            ast.parse(code)
        with pytest.raises((signing.BadSignature, UnicodeEncodeError)):
            run(made[-1].code)


def test_a_fallback_key_is_named_by_its_place():
    decoded = decode(encode({"a": 1}, "an-old-key"), KEYS)
    hold(decoded)
    assert "settings.SECRET_KEY_FALLBACKS[0]" in dict(snippets(decoded))["verify"]


def test_no_snippet_shows_a_key():
    for text in (encode({"a": 1}, KEY), legacy(b"{}"), "x"):
        assert KEY not in str(snippets(decode(text, KEYS)))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_signed_cookie_has_its_own_salt(algorithm):
    decoded = decode(signed(b'{"a":1}', salt=COOKIE_SALT, algorithm=algorithm), KEYS)
    assert hold(decoded) == ALL
    if algorithm == "sha256":
        assert run(snippets(decoded)[-1].code) == {"a": 1}


def test_so_has_a_store_of_another_name():
    decoded = decode(encode({"a": 1}, KEY, "django.contrib.sessions.OurStore"), KEYS, "OurStore")
    assert hold(decoded) == ALL
    assert run(snippets(decoded)[-1].code) == {"a": 1}


TAMPERED = {
    "payload": encode({"num_visits": 3}, KEY).replace("Ijoz", "Ijo5"),
    "signature": encode({"a": 1}, KEY)[:-1],
    "base64": sign_text("x:1xVHYy"),
    "zlib": sign_text(".eyJudW1fdmlzaXRzIjozfQ:1xVHYy"),
    "JSON": signed(b"{num_visits: 3}"),
    "timestamp": signed(b"{}", timestamp="!"),
    "a date beyond the calendar": signed(b"{}", timestamp="z" * 11),
    "a number beyond any date": signed(b"{}", timestamp="z" * 50),
    "no timestamp": signed(b"{}", timestamp=""),
    "before 1970": signed(b"{}", timestamp="-1"),
    "strangers": sign_text("e!3\xe90=:1xVHYy"),
    "legacy base64": legacy(b'{"num_visits":33}').rstrip("="),
    "legacy hash": legacy(b"{}", key="another"),
    "legacy JSON": legacy(b"nothing"),
}


@pytest.mark.parametrize("text", TAMPERED.values(), ids=TAMPERED)
def test_what_fails_in_the_inspector_fails_in_the_shell(text):
    hold(decode(text, KEYS, trim=False))


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("make", [signed, deflated, legacy])
def test_a_pickle_is_told_and_never_loaded(make, protocol):
    decoded = decode(make(pickle.dumps({"a": 1}, protocol)), KEYS)
    assert "json" in hold(decoded)
    assert "loads" not in dict(snippets(decoded))["json"]


# What is long


def long_row(make=encode):
    return make({"text": random.Random(1).randbytes(2000).hex()}, KEY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [long_row(), encode({"a": "a" * 100_000}, KEY), legacy(as_json({"a": ["b"] * 1000}))],
    ids=["long", "long once it is inflated", "legacy"],
)
def test_a_long_value_is_read_from_its_row_by_the_ends_of_its_key(text):
    Session.objects.create(
        session_key="abcd" + "k" * 24 + "wxyz", session_data=text, expire_date=timezone.now() + timedelta(days=1)
    )
    decoded = decode(text, KEYS)
    hold(decoded, ("abcd", "wxyz"))
    made = snippets(decoded, ("abcd", "wxyz"))
    assert all(len(code) < LONG + 900 for _, code in made)
    assert "k" * 24 not in str(made)
    assert ("startswith='abcd', session_key__endswith='wxyz'" in made[0].code) is (len(text) > LONG)


def test_one_that_was_pasted_is_read_from_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("session_data.txt").write_text(long_row() + "\n")
    decoded = decode(long_row(), KEYS)
    hold(decoded)
    assert "session_data.txt" in snippets(decoded)[0].code


@pytest.mark.parametrize(
    "text",
    [deflated(b"[" + b"0," * 4_000_000 + b"0]"), "e30:" + "z" * 100_000 + ":x", "x" * (MAX_TEXT + 1), ":" * 1_000_000],
    ids=["a bomb", "a long timestamp", "more than is read", "colons"],
)
def test_what_is_too_much_here_is_asked_of_no_shell(text):
    made = snippets(decode(text, KEYS))
    assert sum(len(code) for _, code in made) < 5_000
    assert not {"inflate", "json"} & {stage for stage, _ in made if text[0] != "e"}


def test_the_date_is_the_one_that_is_shown():
    decoded = decode(encode({}, KEY, timestamp=NOW), KEYS)
    assert run(dict(snippets(decoded))["timestamp"]) == datetime.fromisoformat(date_of(NOW))
    assert json.loads(link(decoded).python[0].text + "}") == {}
