"""One value in all its stages: whatever is changed, the others follow, and nothing typed is lost."""

import base64
import json
import zlib
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from hypothesis import assume, given
from hypothesis import strategies as st

from lessons.session_data.draft import SALTS, TEXTS, Draft, draft_of, follow
from lessons.session_data.readable import TYPED_MOST
from lessons.session_data.signature import COOKIE_SALT

KEYS = {"server": "a-secret-key", "fallback1": "an older key", "wrong": "a wrong key"}
NOW = 1795392340
ROW = "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0"
OLD_ROW = "MmY0OGRhYjNjZWM5Yzc4YmMzYWVjMjU3M2M2ZDAxYzk5MDZhOTcxYzp7Im51bV92aXNpdHMiOjN9"
LEVELS = "[" * 100_000 + "]" * 100_000

anything = st.text(st.characters(), max_size=20)  # lone surrogates too
scalars = st.none() | st.booleans() | st.integers() | st.floats() | anything
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4), max_leaves=6
)
dicts = st.dictionaries(anything, values, max_size=4)
texts = anything | st.sampled_from(["", ":", "::", ".", ROW, OLD_ROW, "{}", "-", "e30"])


def made_of(data, **choices):
    return follow(Draft(data=data, **choices), "data", KEYS, NOW)


def change(draft, keys=KEYS, now=NOW, **stage):
    ((name, _),) = stage.items()
    return follow(replace(draft, **stage), name, keys, now)


def same(left, right):
    """Return whether two values are one; NaN too, which is not equal to itself."""
    return json.dumps(left) == json.dumps(right)


# Round trips


@given(dicts)
def test_what_django_can_store_is_stored_as_django_stores_it(data):
    draft = made_of(json.dumps(data), signer="server")
    ours = follow(draft, "data", {"server": settings.SECRET_KEY}, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: NOW)
        theirs = SessionStore().encode(json.loads(json.dumps(data)))
    assert ours.stored == theirs
    assert same(SessionStore().decode(ours.stored), json.loads(json.dumps(data)))


@given(dicts)
def test_a_stored_text_taken_apart_shows_what_django_reads(data):
    stored = SessionStore().encode(data)
    draft = draft_of(stored)
    assert same(json.loads(draft.data), SessionStore().decode(stored))
    assert draft.serialized.encode("latin-1") == json.dumps(data, separators=(",", ":")).encode()
    assert f"{draft.payload}:{draft.timestamp}:{draft.signature}" == stored


@given(dicts)
def test_what_is_shown_as_a_dict_can_be_sent_by_a_form_and_gives_the_same_bytes(data):
    draft = draft_of(SessionStore().encode(data))
    assert all(character.isprintable() or character == "\n" for character in draft.data)
    draft.data.encode()  # no lone surrogate in it
    assert change(draft, data=draft.data).payload == draft.payload


@given(st.sampled_from(TEXTS), texts, dicts)
def test_whatever_is_typed_stays_and_nothing_is_raised(stage, typed, data):
    before = made_of(json.dumps(data))
    draft = change(before, **{stage: typed})
    assert getattr(draft, stage) == typed
    if draft.stuck:
        assert draft == replace(before, **{stage: typed}, stuck=stage, notes=draft.notes)
        assert draft.notes[stage].endswith(".")


@given(st.sampled_from(TEXTS), texts, dicts)
def test_after_any_change_the_stages_fit(stage, typed, data):
    draft = change(made_of(json.dumps(data)), **{stage: typed})
    assume(not draft.stuck)
    if stage != "stored":
        assert draft.stored == f"{draft.payload}:{draft.timestamp}:{draft.signature}"
    again = draft_of(draft.stored)
    assume(again.payload == draft.payload)  # a colon that was typed into a part divides elsewhere
    assert (again.timestamp, again.signature) == (draft.timestamp, draft.signature)
    if stage != "serialized":
        assert again.serialized == draft.serialized


# Each stage


def test_the_dict_leads_to_the_stored_text():
    draft = made_of('{"num_visits": 3}')
    assert (draft.serialized, draft.stored) == ('{"num_visits":3}', ROW)


def test_the_bytes_lead_both_ways():
    draft = change(draft_of(ROW), serialized='{"num_visits":4}')
    assert json.loads(draft.data) == {"num_visits": 4}
    assert draft.payload == "eyJudW1fdmlzaXRzIjo0fQ"


def test_the_payload_leads_both_ways():
    draft = change(draft_of(ROW), payload="e30")
    assert (draft.data, draft.serialized) == ("{}", "{}")
    assert draft.stored.startswith("e30:1xVHYy:")
    assert draft.signature != draft_of(ROW).signature


def test_the_stored_text_leads_back():
    draft = change(made_of("{}"), stored=ROW)
    assert json.loads(draft.data) == {"num_visits": 3}
    assert (draft.date, draft.seconds, draft.timestamp) == ("2026-11-23 00:05:40", str(NOW), "1xVHYy")


@pytest.mark.parametrize("typed", [{"date": "1970-01-01 00:01:00"}, {"seconds": "60"}, {"timestamp": "y"}])
def test_three_spellings_of_the_time_are_one(typed):
    draft = change(draft_of(ROW), **typed)
    assert (draft.date, draft.seconds, draft.timestamp) == ("1970-01-01 00:01:00", "60", "y")
    assert draft.clock == "keep"
    assert draft.payload == draft_of(ROW).payload
    assert change(draft, data="{}").timestamp == "y"


def test_a_date_before_1970_has_a_minus():
    assert change(draft_of(ROW), date="1969-12-31 23:59:59").timestamp == "-1"


def test_by_default_a_change_is_signed_now():
    assert change(draft_of(ROW), now=NOW + 1, data="{}").timestamp == "1xVHYz"


def test_a_typed_signature_is_kept_from_then_on():
    draft = change(draft_of(ROW), signature="x")
    assert (draft.stored, draft.signer) == ("eyJudW1fdmlzaXRzIjozfQ:1xVHYy:x", "keep")
    assert change(draft, data="{}").signature == "x"


def test_to_choose_another_key_moves_no_time():
    draft = change(draft_of(ROW), now=NOW + 9, signer="wrong")
    assert (draft.timestamp, draft.stored == ROW) == ("1xVHYy", False)
    assert change(draft, now=NOW + 9, signer="server").stored == ROW


@pytest.mark.parametrize("signer", KEYS)
@pytest.mark.parametrize("salt", SALTS)
def test_each_key_and_each_salt_sign_as_django_does(signer, salt):
    draft = made_of('{"a": 1}', signer=signer, salt=salt)
    assert signing.loads(draft.stored, key=KEYS[signer], salt=salt) == {"a": 1}
    with pytest.raises(signing.BadSignature):
        signing.loads(draft.stored, key="another", salt=salt)


def test_nobody_signs():
    assert change(draft_of(ROW), signer="none").stored == "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:"


def test_a_key_that_is_not_there_is_said():
    draft = change(draft_of(ROW), signer="fallback7")
    assert (draft.stuck, draft.stored) == ("signer", ROW)


@pytest.mark.parametrize(("length", "dotted"), [(11, False), (12, True)])
def test_compression_is_django_s_unless_one_chooses_otherwise(length, dotted):
    data = json.dumps({"a": "a" * length})
    assert made_of(data).payload.startswith(".") is dotted
    assert made_of(data, compress="always").payload.startswith(".")
    assert not made_of(data, compress="never").payload.startswith(".")


def test_to_choose_compression_keeps_the_bytes():
    draft = change(draft_of(ROW), compress="always")
    assert draft.payload.startswith(".")
    assert (draft.serialized, draft.data) == (draft_of(ROW).serialized, draft_of(ROW).data)
    assert "16 bytes, and 24 with zlib: Django leaves it as it is. Here it is compressed." in draft.notes["compress"]


def test_a_row_from_before_3_1_is_read_and_becomes_one_of_today_when_it_is_changed():
    draft = draft_of(OLD_ROW)
    assert json.loads(draft.data) == {"num_visits": 3}
    assert "Before Django 3.1" in draft.notes["stored"]
    assert change(draft, data=draft.data).stored == ROW


# What cannot be read


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This is not JSON: Expecting value"),
        ("{", "This is not JSON: Expecting property name"),
        ("{'a': 1}", "This is not JSON"),
        (LEVELS, "nested too deeply"),
        ("9" * 5000, "Python refuses this JSON"),
        (" " * (TYPED_MOST + 1), "too long to be changed here"),
    ],
    ids=["nothing", "half", "Python", "levels", "digits", "length"],
)
def test_a_dict_that_is_no_json_says_why_and_nothing_follows(typed, sentence):
    draft = change(draft_of(ROW), data=typed)
    assert sentence in draft.notes["data"]
    assert (draft.stuck, draft.data, draft.stored) == ("data", typed, ROW)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("{num_visits: 41}", True),
        ("{'num_visits': 41}", True),
        ('{"a": 1, b: 2}', True),
        ("{", False),
        ("{1: 2}", False),
        ('{"a": b}', False),
    ],
)
def test_a_name_without_double_quotes_is_told_of_them(typed, told):
    note = change(draft_of(ROW), data=typed).notes["data"]
    assert note.endswith(" Names stand in double quotes.") is told


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('{"a": NaN}', "NaN is not JSON, but Python reads and writes it."),
        ('{"a": 1, "a": 2}', "A key occurs twice: the last one wins."),
        ("[1]", "This is not an object, which a session has to be."),
        ("null", "This is not an object"),
    ],
)
def test_what_python_passes_over_is_said_and_followed(typed, sentence):
    draft = change(draft_of(ROW), data=typed)
    assert sentence in draft.notes["data"]
    assert (draft.stuck, draft.data) == ("", typed)
    assert same(json.loads(draft.serialized), json.loads(typed))


def test_a_lone_surrogate_goes_through_as_an_escape():
    draft = change(draft_of(ROW), data=r'{"a": "\ud800"}')
    assert draft.serialized == r'{"a":"\ud800"}'
    assert r"\ud800" in draft_of(draft.stored).data


def test_a_character_that_is_no_byte_is_said():
    draft = change(draft_of(ROW), serialized='{"a":"\N{SNOWMAN}"}')
    assert r"Django writes such a character as an escape, \u2603." in draft.notes["serialized"]


@pytest.mark.parametrize(
    ("payload", "stage", "sentence"),
    [
        ("x", "payload", "The payload is not base64url"),
        (".e30", "payload", "this is not zlib"),
        ("e3", "data", "This is not JSON"),
        ("gASV", "serialized", "3 bytes that are no text. They begin b'\\x80\\x04\\x95'."),
    ],
)
def test_a_damaged_payload_says_why_and_is_signed_all_the_same(payload, stage, sentence):
    draft = change(draft_of(ROW), payload=payload)
    assert sentence in draft.notes[stage]
    assert (draft.stuck, draft.data) == ("", "")
    assert draft.stored.startswith(f"{payload}:")


@pytest.mark.parametrize("timestamp", ["", "é", "1x VHYy", "-"])
def test_a_timestamp_that_is_no_number_says_so(timestamp):
    draft = change(draft_of(ROW), timestamp=timestamp)
    assert (draft.date, draft.seconds) == ("", "") or timestamp == "-"
    assert draft.stored.split(":")[1] == timestamp


def test_a_timestamp_beyond_the_calendar_says_so():
    draft = change(draft_of(ROW), timestamp="z" * 9)
    assert "beyond the calendar" in draft.notes["timestamp"]


@pytest.mark.parametrize("typed", [{"seconds": "1e9"}, {"seconds": "9" * 19}, {"date": "yesterday"}, {"date": ""}])
def test_a_time_that_is_none_is_said_and_nothing_follows(typed):
    draft = change(draft_of(ROW), **typed)
    assert draft.stuck in typed
    assert draft.stored == ROW


@pytest.mark.parametrize("offset", ["0001-01-01 00:00:00+23:59", "9999-12-31 23:59:59-23:59"])
def test_the_ends_of_the_calendar_are_no_trap(offset):
    assert change(draft_of(ROW), date=offset).stuck == ""


def test_without_two_colons_there_are_no_three_parts():
    draft = draft_of("e30")
    assert (draft.payload, draft.timestamp, draft.signature) == ("e30", "", "")
    assert "two colons" in draft.notes["stored"]


# Bounds


def test_a_zlib_bomb_is_not_unpacked():
    payload = "." + base64.urlsafe_b64encode(zlib.compress(b"[" + b"0," * 20_000_000 + b"0]", 9)).decode().rstrip("=")
    draft = change(draft_of(ROW), payload=payload)
    assert "zlib bomb" in draft.notes["payload"]
    assert (draft.data, draft.serialized) == ("", "")


def test_json_that_grows_when_it_is_indented_is_shown_in_one_line():
    deep = "[" * 400 + "0," * 2000 + "0" + "]" * 400
    draft = draft_of(made_of(deep).stored)
    assert "\n" not in draft.data
    assert json.loads(draft.data) == json.loads(deep)


def test_data_that_is_too_long_to_be_changed_is_left_out_and_said():
    stored = SessionStore().encode({"a": "a" * (TYPED_MOST + 1)})
    draft = draft_of(stored)
    assert (draft.data, draft.serialized, draft.stuck) == ("", "", "")
    assert "too long to be changed here" in draft.notes["data"]
    assert "too long to be changed here" in draft.notes["serialized"]


def test_a_cookie_of_the_signed_cookies_engine_is_taken_apart_too():
    text = signing.dumps({"a": 1}, salt=COOKIE_SALT)
    assert json.loads(draft_of(text).data) == {"a": 1}
