"""`session_data`, taken apart and put together by hand. Django says whether we did it right."""

import base64
import binascii
import json
import re
import zlib

import pytest
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from .by_hand import (
    OLD_ROW,
    OLD_ROW_WITH_SIGNS,
    base62_to_seconds,
    from_base64url,
    payload_to_json,
    signed,
    to_base64url,
)
from .visitor import Visitor


@pytest.fixture
def clock(monkeypatch):
    """A function that stops the clock which dates the rows."""

    def stop(seconds):
        monkeypatch.setattr("time.time", lambda: seconds)

    return stop


def encode(data):
    return SessionStore().encode(data)


def test_c59_the_data_has_three_parts(visitor):
    for _ in range(3):
        visitor.get("/lab/visits/")
    payload, timestamp, signature = visitor.row.session_data.split(":")
    assert payload == "eyJudW1fdmlzaXRzIjozfQ"
    assert len(timestamp) == 6
    assert len(signature) == 43


def test_c60_base64_has_two_more_characters_and_they_changed():
    old, new = OLD_ROW_WITH_SIGNS, encode({"a": "???>>>~~~"})
    assert set(re.sub("[A-Za-z0-9]", "", old)) == {"+", "/", "="}
    assert set(re.sub("[A-Za-z0-9]", "", new.split(":")[0])) == {"-", "_"}
    assert base64.b64decode(old)[41:] == payload_to_json(new.split(":")[0]) == b'{"a":"???>>>~~~"}'


def test_c61_base64_makes_4_characters_of_3_bytes():
    assert len(base64.b64encode(b"x" * 300)) == 400


def test_c61_but_django_compresses_first_when_that_saves_at_least_two_bytes(visitor, user):
    visitor.get(lambda request: login(request, user))
    payload = visitor.row.session_data.split(":")[0]
    text = payload_to_json(payload)
    assert payload.startswith(".")
    assert len(text) == 170 + len(str(user.pk))
    assert 120 < len(zlib.compress(text)) < 140


def test_c62_it_has_no_characters_that_make_trouble(visitor, user):
    visitor.get("/lab/visits/")
    Visitor().get(lambda request: login(request, user))
    Visitor().get(lambda request: request.session.update({"text": "'; DROP TABLE é \" % \0"}))
    assert Session.objects.count() == 3
    for row in Session.objects.all():
        assert re.fullmatch("[A-Za-z0-9_.:-]+", row.session_data)


def test_c63_base64_decode_fails_on_nine_rows_in_ten_and_adds_rubbish_to_the_others(clock):
    failed, worked = 0, []
    for second in range(5000):
        clock(1_800_000_000 + second)  # another time gives another signature
        try:
            worked.append(base64.b64decode(encode({"num_visits": 3})))
        except binascii.Error:
            failed += 1
    assert 4350 < failed < 4650
    for data in worked:
        assert data.startswith(b'{"num_visits":3}')
        with pytest.raises(ValueError):  # noqa: PT011  (what follows is rubbish: no JSON, and mostly no text)
            json.loads(data)


def test_c63_it_worked_on_old_rows():
    assert base64.b64decode(OLD_ROW).endswith(b':{"num_visits":3}')


def test_c64_json_is_the_first_part_only_after_base64url_and_perhaps_zlib(visitor):
    visitor.get("/lab/visits/")
    payload, _, _ = visitor.row.session_data.split(":")
    assert json.loads(payload_to_json(payload)) == {"num_visits": 1}

    visitor.get(lambda request: request.session.update({"text": "a" * 100}))
    payload, _, _ = visitor.row.session_data.split(":")
    assert payload.startswith(".")
    assert json.loads(payload_to_json(payload)) == {"num_visits": 1, "text": "a" * 100}


def test_c64_even_an_old_row_has_41_characters_before_the_json():
    text = base64.b64decode(OLD_ROW)
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(text)
    assert json.loads(text[41:]) == {"num_visits": 3}


def test_f08_the_payload_has_no_padding():
    for length in range(4):
        payload = encode({"a": "x" * length}).split(":")[0]
        assert payload == to_base64url(json.dumps({"a": "x" * length}, separators=(",", ":")).encode())
    assert encode({}).split(":")[0] == "e30"


def test_f08_json_is_compact_and_pure_ascii():
    payload = encode({"é": "ü", "n": 1}).split(":")[0]
    assert payload_to_json(payload) == rb'{"\u00e9":"\u00fc","n":1}'


def test_f08_the_timestamp_is_seconds_in_base_62(clock):
    clock(1_795_000_000.9)
    timestamp = encode({}).split(":")[1]
    assert base62_to_seconds(timestamp) == 1_795_000_000
    assert len(timestamp) == 6


def test_f08_the_signature_is_43_characters_for_32_bytes():
    signature = encode({}).split(":")[2]
    assert len(signature) == 43
    assert len(from_base64url(signature)) == 32


def test_f09_the_signature_can_be_made_by_hand(settings):
    data = encode({"num_visits": 1})
    payload_and_timestamp, _ = data.rsplit(":", 1)
    assert signed(payload_and_timestamp, settings.SECRET_KEY) == data


def test_f09_a_row_made_by_hand_is_read_by_django(settings):
    data = signed("eyJudW1fdmlzaXRzIjozfQ:1xVHYy", settings.SECRET_KEY)
    assert SessionStore().decode(data) == {"num_visits": 3}


def test_f09_a_subclass_with_another_name_cannot_read_the_row():
    class OurStore(SessionStore):
        pass

    data = encode({"num_visits": 1})
    assert SessionStore().decode(data) == {"num_visits": 1}
    assert OurStore().decode(data) == {}


def test_f10_compressed_when_zlib_is_at_least_two_bytes_shorter():
    for length in range(60):
        text = json.dumps({"a": "a" * length}, separators=(",", ":")).encode()
        is_compressed = encode({"a": "a" * length}).startswith(".")
        assert is_compressed == (len(zlib.compress(text)) < len(text) - 1)


@pytest.mark.parametrize(
    ("data", "plain", "zipped", "start"),
    [
        ({"a": "a" * 11}, 19, 18, "eyJ"),
        ({"a": "a" * 12}, 20, 18, ".eJ"),
        ({"num_visits": 1}, 16, 24, "eyJ"),
    ],
)
def test_f10_these_sizes_decide(data, plain, zipped, start):
    text = json.dumps(data, separators=(",", ":")).encode()
    assert (len(text), len(zlib.compress(text))) == (plain, zipped)
    assert encode(data).startswith(start)


def test_f10_any_login_row_is_compressed(visitor, user):
    visitor.get(lambda request: login(request, user))
    assert visitor.row.session_data.startswith(".eJ")


def test_f11_the_same_dict_in_the_same_second_is_the_same_text_in_every_row(clock):
    clock(1_795_000_000)
    for _ in range(3):
        Visitor().get("/lab/visits/")
    assert len(Session.objects.values_list("session_key").distinct()) == 3
    assert len(Session.objects.values_list("session_data").distinct()) == 1


def test_f11_data_copied_to_another_row_works_there(visitor):
    for _ in range(3):
        visitor.get("/lab/visits/")
    other = Visitor()
    other.get("/lab/visits/")
    Session.objects.filter(session_key=other.key).update(session_data=visitor.row.session_data)
    assert other.get("/lab/visits/").text == "view count=4"


def test_f11_a_row_has_no_maximum_age(settings):
    data = signed("eyJudW1fdmlzaXRzIjozfQ:000001", settings.SECRET_KEY)  # one second after the beginning of 1970
    assert SessionStore().decode(data) == {"num_visits": 3}
