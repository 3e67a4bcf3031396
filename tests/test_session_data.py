"""lessons.session_data against Django itself, and against rows made by hand from the facts."""

import base64
import doctest
import hashlib
import hmac
import importlib
import json
import pickle
import zlib
from unittest import mock

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore
from django.core import signing
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.session_data import COOKIE_SALT, LEGACY_SALT, SESSION_SALT, decode, encode
from lessons.session_data.display import indented, printable
from lessons.session_data.steps import date_of

KEY = "a-secret-key"
ROW = "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0"
LEGACY_ROW = "MmY0OGRhYjNjZWM5Yzc4YmMzYWVjMjU3M2M2ZDAxYzk5MDZhOTcxYzp7Im51bV92aXNpdHMiOjN9"
NOW = 1_795_392_340  # 1xVHYy

modest = settings(database=None, deadline=None, max_examples=150)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
sessions = st.dictionaries(st.text(), json_values, max_size=5)


@pytest.fixture(autouse=True)
def one_secret_key():
    with override_settings(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=[]):
        yield


def signed_by_hand(payload, key=KEY, salt=SESSION_SALT, algorithm="sha256", timestamp="1xVHYy"):
    """Sign bytes with nothing but hashlib, as F09 says."""
    text = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    return sign_text(f"{text}:{timestamp}", key, salt, algorithm)


def sign_text(message, key=KEY, salt=SESSION_SALT, algorithm="sha256"):
    derived = hashlib.new(algorithm, (salt + "signer" + key).encode()).digest()
    digest = hmac.new(derived, message.encode(), algorithm).digest()
    return message + ":" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def legacy_by_hand(serialized, key=KEY, salt="django.contrib.sessionsSessionStore"):
    """Make a row as Django made it before 3.1, as F14 says."""
    derived = hashlib.sha1((salt + key).encode()).digest()
    digest = hmac.new(derived, serialized, "sha1").hexdigest()
    return base64.b64encode(digest.encode() + b":" + serialized).decode()


def stages(decoded):
    return {stage.name: stage for stage in decoded.stages}


def joined(decoded):
    return "".join(part.text for part in decoded.parts)


def django_reads(text):
    """What Django makes of a row, and whether it believes the signature."""
    try:
        signing.TimestampSigner(salt=SESSION_SALT).unsign(text)
        verified = True
    except signing.BadSignature:
        verified = False
    except ValueError:  # signed, but no timestamp in base62
        verified = True
    return SessionStore().decode(text), verified


# the examples


@pytest.mark.parametrize("module", ["", ".display", ".limits", ".steps", ".writing"])
def test_the_examples_in_the_docstrings_are_true(module):
    results = doctest.testmod(importlib.import_module("lessons.session_data" + module))
    assert results.attempted
    assert not results.failed


def test_the_row_in_the_docstring_is_one_of_django():
    assert SessionStore().decode(ROW) == {"num_visits": 3}
    assert signed_by_hand(b'{"num_visits":3}') == ROW
    assert legacy_by_hand(b'{"num_visits":3}') == LEGACY_ROW


# agreement with Django


@modest
@given(sessions)
def test_what_django_stores_is_read_as_django_reads_it(data):
    row = SessionStore().encode(data)
    decoded = decode(row, [KEY])
    assert decoded.data == SessionStore().decode(row) == data
    assert (decoded.format, decoded.verified, decoded.verified_with) == ("signed", True, 0)
    assert decoded.error is None
    assert joined(decoded) == row
    assert "failed" not in {stage.status for stage in decoded.stages}


@modest
@given(sessions, st.booleans(), st.integers(-(10**6), 10**12))
def test_encode_writes_what_django_writes_byte_for_byte(data, compress, now):
    with mock.patch("time.time", return_value=now + 0.9):
        row = signing.dumps(data, salt=SESSION_SALT, compress=compress)
        assert encode(data, KEY, compress=compress) == row
    assert decode(row).timestamp == int(now + 0.9)
    assert encode(data, KEY, timestamp=int(now + 0.9), compress=compress) == row


@modest
@given(st.data(), sessions)
def test_tampering_is_judged_as_django_judges_it(data, session):
    row = encode(session, KEY, timestamp=NOW)
    start = data.draw(st.integers(0, len(row)))
    end = data.draw(st.integers(start, min(len(row), start + 3)))
    alphabet = "abcXYZ019-_=:.+/ \n{[é"
    text = row[:start] + data.draw(st.text(alphabet, max_size=3)) + row[end:]
    decoded = decode(text, [KEY], trim=False)
    expected, verified = django_reads(text)
    assert decoded.verified is verified
    if decoded.error is None:
        assert decoded.data == expected
    else:
        assert expected == {}
    assert joined(decoded) == text


@modest
@given(st.binary(max_size=60), st.sampled_from(["", "."]), st.sampled_from(["1xVHYy", "", "!", "-1"]))
def test_any_signed_payload_is_read_as_django_reads_it(payload, marker, timestamp):
    text = sign_text(f"{marker}{base64.urlsafe_b64encode(payload).decode()}:{timestamp}")
    decoded = decode(text, [KEY])
    assert decoded.verified is True
    readable = decoded.error is None or "not an object" in decoded.error
    assert SessionStore().decode(text) == (decoded.data if readable else {})


@modest
@given(st.text("eyJ90fQ=-_+/ .:\xe9", max_size=40))
def test_odd_base64_is_read_as_django_reads_it(payload):
    text = sign_text(payload + ":1xVHYy")
    decoded = decode(text, [KEY], trim=False)
    readable = decoded.error is None or "not an object" in decoded.error
    assert decoded.verified is True
    assert SessionStore().decode(text) == (decoded.data if readable else {})


def test_a_payload_may_hold_colons_as_in_django():
    text = sign_text("eyJ:hIjoxfQ==:1xVHYy")
    decoded = decode(text, [KEY])
    assert decoded.data == SessionStore().decode(text) == {"a": 1}
    assert (decoded.verified, decoded.error, joined(decoded)) == (True, None, text)


def test_padding_is_reckoned_with_the_strangers_as_in_django():
    text = sign_text("e!30:1xVHYy")  # Django counts four characters and adds no padding
    assert SessionStore().decode(text) == {}
    assert "Incorrect padding" in decode(text, [KEY]).error


@pytest.mark.parametrize("letters", [0, 10, 11, 12, 13, 40])
def test_compression_begins_where_django_begins_it(letters):
    row = signing.dumps({"a": "a" * letters}, salt=SESSION_SALT, compress=True)
    assert encode({"a": "a" * letters}, KEY, timestamp=decode(row).timestamp) == row
    assert decode(row).compressed is (letters >= 12)


@modest
@given(json_values)
def test_a_value_that_is_no_object_is_named(value):
    decoded = decode(signing.dumps(value, salt=SESSION_SALT), [KEY])
    assert decoded.data == value
    assert decoded.is_object is isinstance(value, dict)
    assert (decoded.error is None) is decoded.is_object
    assert decoded.verified is True


@modest
@given(st.text() | st.binary())
def test_no_text_whatever_raises(text):
    decoded = decode(text, [KEY])
    assert decoded.verified is False
    assert all(stage.output.replace("\n", "").isprintable() for stage in decoded.stages)
    assert decoded.error


# keys and salts


def test_a_tampered_payload_is_read_but_not_verified():
    text = ROW.replace("IjozfQ", "Ijo5fQ")
    decoded = decode(text, [KEY])
    assert decoded.data == {"num_visits": 9}
    assert decoded.verified is False
    assert "does not match any of the keys tried" in decoded.error
    assert "{}" in decoded.error
    assert SessionStore().decode(text) == {}


def test_the_right_signature_for_a_tampered_payload_is_told_to_nobody():
    text = ROW.replace("IjozfQ", "Ijo5fQ")
    right = encode({"num_visits": 9}, KEY, timestamp=NOW).rpartition(":")[2]
    assert right not in repr(decode(text, [KEY]).stages)


def test_without_a_key_nothing_is_verified():
    decoded = decode(ROW)
    assert decoded.data == {"num_visits": 3}
    assert (decoded.verified, decoded.verified_with, decoded.error) == (None, None, None)
    assert stages(decoded)["verify"].status == "skipped"


def test_a_fallback_key_is_named():
    decoded = decode(ROW, ["another", KEY])
    assert (decoded.verified, decoded.verified_with) == (True, 1)
    assert "fallback key 1" in stages(decoded)["verify"].note


def test_a_key_may_be_bytes_and_may_come_alone():
    assert decode(ROW, KEY).verified
    assert decode(ROW, KEY.encode()).verified
    assert decode(ROW.encode(), [KEY]).verified


def test_a_cookie_of_the_signed_cookies_engine_is_recognised():
    store = CookieStore()
    store["num_visits"] = 1
    decoded = decode(store._get_session_key(), [KEY])
    assert (decoded.format, decoded.verified, decoded.salt) == ("signed_cookie", True, COOKIE_SALT)
    assert decoded.data == {"num_visits": 1}


def test_a_cookie_signed_before_3_1_is_recognised_by_its_27_characters():
    text = signed_by_hand(b'{"a":1}', salt=COOKIE_SALT, algorithm="sha1")
    for salt in (None, COOKIE_SALT):
        decoded = decode(text, [KEY], salt)
        assert (decoded.format, decoded.verified) == ("signed_cookie", True)
        assert "before 3.1" in stages(decoded)["verify"].note
    assert decode(text, ["wrong"], COOKIE_SALT).format == "signed_cookie"
    assert "HMAC-SHA1" in decode(text, ["wrong"]).error


def test_a_row_was_never_signed_with_sha1():
    text = signed_by_hand(b'{"a":1}', algorithm="sha1")
    assert decode(text, [KEY]).verified is False


def test_a_salt_of_ones_own_is_used_as_it_is():
    text = signing.dumps({"a": 1}, salt="mine", compress=True)
    assert decode(text, [KEY], "mine").verified is True
    assert decode(text, [KEY]).verified is False
    assert encode({"a": 1}, KEY, salt="mine", timestamp=decode(text).timestamp) == text


def test_the_wrong_salt_is_named_when_the_right_one_is_known():
    decoded = decode(ROW, [KEY], COOKIE_SALT)
    assert (decoded.verified, decoded.format) == (False, "signed_cookie")
    assert SESSION_SALT in decoded.error


@pytest.mark.parametrize(("signature", "said"), [("", "it is empty"), ("abc", "it has 3 characters where 43 belong")])
def test_a_damaged_signature_is_described(signature, said):
    assert said in decode(ROW.rpartition(":")[0] + ":" + signature, [KEY]).error


# rows from before 3.1


def test_a_legacy_row_is_read():
    decoded = decode(LEGACY_ROW, [KEY])
    assert (decoded.format, decoded.verified, decoded.error) == ("legacy", True, None)
    assert decoded.data == {"num_visits": 3}
    assert decoded.salt == LEGACY_SALT
    assert [stage.name for stage in decoded.stages] == ["base64", "split", "json", "verify"]
    assert joined(decoded) == LEGACY_ROW
    assert decoded.timestamp is None
    assert "4.0 and later" in stages(decoded)["verify"].note


@modest
@given(sessions)
def test_any_legacy_row_is_read(data):
    decoded = decode(legacy_by_hand(json.dumps(data, separators=(",", ":")).encode()), ["x", KEY])
    assert (decoded.data, decoded.verified_with, decoded.error) == (data, 1, None)


def test_a_legacy_row_may_have_a_salt_of_its_own():
    text = legacy_by_hand(b"{}", salt="django.contrib.sessionsMine")
    assert decode(text, [KEY], "django.contrib.sessionsMine").verified is True
    assert decode(text, [KEY]).verified is False
    assert decode(LEGACY_ROW, [KEY], SESSION_SALT).verified is True


def test_a_tampered_legacy_row_is_read_but_not_verified():
    raw = base64.b64decode(LEGACY_ROW).replace(b"3}", b"9}")
    decoded = decode(base64.b64encode(raw), [KEY])
    assert (decoded.data, decoded.verified) == ({"num_visits": 9}, False)
    assert "does not match" in decoded.error


def test_a_legacy_row_without_its_padding_fails_as_it_did_in_django():
    text = legacy_by_hand(b'{"num_visits":33}')
    assert text.endswith("=")
    decoded = decode(text.rstrip("="), [KEY])
    assert (decoded.format, decoded.verified) == ("legacy", False)
    assert "padding" in decoded.error
    assert [stage.status for stage in decoded.stages] == ["failed", "skipped", "skipped", "skipped"]


# pickles


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("make", [signed_by_hand, legacy_by_hand])
@pytest.mark.parametrize("data", [{}, {"num_visits": 3}])
def test_a_pickle_is_recognised_and_never_loaded(protocol, make, data):
    decoded = decode(make(pickle.dumps(data, protocol)), [KEY])
    assert (decoded.format, decoded.verified, decoded.data) == ("pickle", True, None)
    assert "pickle" in decoded.error
    assert stages(decoded)["json"].status == "failed"


def test_a_compressed_pickle_is_recognised_and_its_signature_judged():
    payload = base64.urlsafe_b64encode(zlib.compress(pickle.dumps({"a": 1}))).decode().rstrip("=")
    text = sign_text("." + payload + ":1xVHYy")
    assert (decode(text, [KEY]).format, decode(text, [KEY]).verified) == ("pickle", True)
    assert (decode(text, ["x"]).format, decode(text, ["x"]).verified) == ("pickle", False)


def test_a_pickle_in_broken_lines_as_django_1_4_wrote_it_is_recognised():
    raw = base64.b64decode(legacy_by_hand(pickle.dumps({"name": "x" * 200}, 2)))
    assert decode(base64.encodebytes(raw), [KEY]).verified is True


@pytest.mark.parametrize("payload", [b"1.", b"(dummy.", b"(dp1", b"\x80\x04", b"\x80\x09.", b"}", b"["])
def test_what_is_neither_json_nor_pickle_is_not_called_a_pickle(payload):
    assert decode(signed_by_hand(payload), [KEY]).format == "signed"


def test_the_decoder_knows_no_pickle_module():
    for name in ("reading", "steps", "telling", "signature"):
        assert "pickle" not in vars(importlib.import_module(f"lessons.session_data.{name}"))


# what is told


def test_the_stages_of_a_plain_row_tell_what_happened():
    told = {stage.name: (stage.status, stage.note) for stage in decode(ROW, [KEY]).stages}
    assert list(told) == ["split", "base64", "inflate", "json", "timestamp", "verify"]
    assert told["base64"] == ("ok", "22 characters of base64url became 16 bytes.")
    assert told["inflate"][0] == "skipped"
    assert told["json"][1] == "16 bytes of JSON became an object: in Python a dict with 1 key."
    assert "HMAC-SHA256 with the current secret key" in told["verify"][1]


def test_the_outputs_of_the_stages_can_be_shown():
    shown = {stage.name: stage.output for stage in decode(ROW, [KEY]).stages}
    assert shown["split"].splitlines() == ROW.split(":")
    assert shown["base64"] == '{"num_visits":3}'
    assert shown["json"] == '{\n  "num_visits": 3\n}'
    assert shown["timestamp"] == date_of(NOW) == "2026-11-23T00:05:40+00:00"


def test_a_compressed_row_has_a_marker_and_an_inflate_stage():
    row = encode({"a": "a" * 100}, KEY, timestamp=NOW)
    decoded = decode(row, [KEY])
    assert row.startswith(".")
    assert decoded.compressed
    assert [part.name for part in decoded.parts] == [
        "marker",
        "payload",
        "separator",
        "timestamp",
        "separator",
        "signature",
    ]
    inflate = stages(decoded)["inflate"]
    assert (inflate.status, inflate.size_out) == ("ok", 108)
    assert joined(decoded) == row


def test_characters_outside_the_alphabet_are_counted():
    note = stages(decode(sign_text("e!3\u00e90=:1xVHYy"), [KEY]))["base64"].note
    assert "3 bytes outside that alphabet" in note


def test_a_duplicate_key_is_noted_and_the_last_one_wins():
    decoded = decode(signed_by_hand(b'{"1":"a","1":"b"}'), [KEY])
    assert decoded.data == {"1": "b"}
    assert "twice" in stages(decoded)["json"].note


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_is_not_json_is_noted(constant):
    decoded = decode(signed_by_hand(f'{{"a":{constant}}}'.encode()), [KEY])
    assert repr(decoded.data["a"]) == repr(float(constant))
    assert f"{constant} is not JSON" in stages(decoded)["json"].note


def test_bytes_that_are_not_ascii_are_read_as_latin_1_like_in_django():
    text = signed_by_hand('{"a":"é"}'.encode())
    assert decode(text, [KEY]).data == SessionStore().decode(text) == {"a": "Ã©"}
    assert "Latin-1" in stages(decode(text, [KEY]))["json"].note


@pytest.mark.parametrize("timestamp", ["", "!", "1x VHYy"])
def test_a_bad_timestamp_is_an_error_even_when_signed(timestamp):
    text = signed_by_hand(b"{}", timestamp=timestamp)
    decoded = decode(text, [KEY])
    assert (decoded.verified, decoded.timestamp, decoded.data) == (True, None, {})
    assert "timestamp" in decoded.error


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [("0", 0), ("000001", 1), ("-1", -1), ("-", 0), ("z" * 11, 62**11 - 1)],
)
def test_any_base62_number_is_a_timestamp(timestamp, seconds):
    decoded = decode(signed_by_hand(b'{"a":1}', timestamp=timestamp), [KEY])
    assert (decoded.timestamp, decoded.error) == (seconds, None)
    assert decoded.stages[4].status == "ok"


def test_a_timestamp_beyond_any_date_is_read_as_django_reads_it():
    text = signed_by_hand(b'{"a":1}', timestamp="z" * 50)
    decoded = decode(text, [KEY])
    assert (decoded.timestamp, decoded.error) == (None, None)
    assert SessionStore().decode(text) == decoded.data == {"a": 1}


# what is neither


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("eyJudW1fdmlzaXRzIjozfQ", "No colon"),
        ("eyJudW1fdmlzaXRzIjozfQ:1xVHYy", "Only one colon"),
        ('{"num_visits": 3}', "JSON itself"),
        ('{"a":"x:y","b":1}', "JSON itself"),
        ("0123456789abcdefghijklmnopqrstuv", "session key"),
        (":::::", "There are colons"),
    ],
)
def test_what_is_wrong_is_said_precisely(text, said):
    decoded = decode(text, [KEY])
    assert decoded.format == "unknown"
    assert said in decoded.error
    assert decoded.verified is False
    assert decode(text).verified is None
    assert [stage.status for stage in decoded.stages] == ["failed"]


@pytest.mark.parametrize("around", [" {} ", "{}\n", "'{}'", '  "{}"\r\n', "' {} '"])
def test_what_a_paste_brings_along_is_taken_off_and_noted(around):
    decoded = decode(around.format(ROW), [KEY])
    assert decoded.verified is True
    assert decoded.stages[0].note.startswith("White space or quotes")
    assert joined(decoded) == ROW


def test_a_row_is_not_forgiven_its_white_space():
    decoded = decode(ROW + "\n", [KEY], trim=False)
    assert decoded.verified is False
    assert "44 characters where 43 belong" in decoded.error
    assert SessionStore().decode(ROW + "\n") == {}


# display


def test_control_codes_bidi_marks_and_surrogates_are_escaped():
    assert printable("\x1b[31m\x00\x9b\u202e\ud800é\t\n") == "\\x1b[31m\\x00\\x9b\\u202e\\ud800é\\t\n"


def test_long_text_is_clipped():
    assert printable("x" * 11, 10) == "x" * 10 + "…"
    assert printable("\x00" * 10, 10) == "\\x00\\x00\\x" + "…"
    assert len(indented(["x"] * 10_000)) == 2_001


def test_a_decoded_value_cannot_be_changed():
    with pytest.raises(AttributeError):
        decode(ROW).data = {}


def test_a_pickle_that_calls_a_function_is_a_pickle():
    for protocol in (b"cposix\nsystem\n(S'true'\ntR.", b"(cposix\nsystem\nS'true'\no.", b"(iposix\nsystem\n."):
        text = base64.urlsafe_b64encode(protocol).decode().rstrip("=") + ":1xVHYy:" + "x" * 43
        assert decode(text, ["key"]).format == "pickle"
