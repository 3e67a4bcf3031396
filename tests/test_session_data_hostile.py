"""
Values that somebody wrote to hurt: every one is answered, in 64 MiB.

Whoever can write a row, or has the secret key, or may paste into the inspector, can send these.
"""

import base64
import json
import tracemalloc
import zlib
from functools import cache

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings

from lessons.session_data import MAX_TEXT, SESSION_SALT, decode, encode
from lessons.session_data.display import indented
from lessons.session_data.limits import MAX_JSON, MAX_OBJECTS, memory_of_json
from lessons.session_data.signature import legacy_hash, sign

KEY = "a-secret-key"
SIZE = 5_000_000
JSON_SIZE = SIZE * 3 // 4 - 100
EMOJI = "\N{GRINNING FACE}"


def signed(payload, marker=""):
    message = f"{marker}{base64.urlsafe_b64encode(payload).decode().rstrip('=')}:1xVHYy"
    return f"{message}:{sign(message.encode(), KEY, SESSION_SALT).decode()}"


def deflated(payload):
    return signed(zlib.compress(payload, 9), ".")


@cache
def bomb():
    return zlib.compress(b"x" * 200_000_000, 9)


def listed(unit, size=JSON_SIZE):
    return b'{"a":[' + unit * ((size - 10) // len(unit)) + b"0]}"


def string(unit):
    return b'{"a":"' + unit * ((JSON_SIZE - 10) // len(unit)) + b'"}'


def pairs(size):
    count = size // 16
    return json.dumps({f"k{n}": n for n in range(count)}, separators=(",", ":")).encode()


def largest(make):
    """Return the largest JSON of this kind that is still read."""
    low, high = 1_000, JSON_SIZE
    while high - low > 1_000:
        middle = (low + high) // 2
        low, high = (middle, high) if memory_of_json(make(middle)) <= MAX_OBJECTS else (low, middle)
    return make(low)


def legacy(payload):
    return base64.b64encode(legacy_hash(payload, KEY) + b":" + payload).decode()


def measured(text):
    """Decode and tell everything that can be told; return it and the peak in MiB."""
    decoded = decode(text, [KEY])
    shown = [(stage.title, stage.note, stage.output) for stage in decoded.stages]
    assert all(len(output) < 10_000 for _, _, output in shown)
    assert all(output.replace("\n", "").isprintable() for _, _, output in shown)
    del decoded, shown
    tracemalloc.start()
    try:
        decoded = decode(text, [KEY])
        assert decoded.stages
        assert decoded.parts
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    return decoded, peak


NOT_A_SESSION = {
    "all colons": lambda: ":" * SIZE,
    "all dots": lambda: "." * SIZE,
    "all white space": lambda: " " * SIZE,
    "all quotes": lambda: "'" * SIZE,
    "all letters": lambda: "A" * SIZE,
    "all zero bytes": lambda: "\x00" * SIZE,
    "all surrogates": lambda: "\ud800" * SIZE,
    "not UTF-8": lambda: b"\xff" * SIZE,
    "a long payload, not signed": lambda: "A" * SIZE + "::",
    "a long timestamp": lambda: ":" + "A" * SIZE + ":",
    "a long signature": lambda: "e30:1xVHYy:" + "A" * SIZE,
    "dots and a signature": lambda: "." * SIZE + ":1xVHYy:" + "A" * 43,
    "5 MB of emoji": lambda: EMOJI * (SIZE // 4),
    "5 million emoji": lambda: EMOJI * SIZE,
    "emoji and a signature": lambda: EMOJI * (SIZE // 4) + ":1xVHYy:" + "A" * 43,
}

READ = {
    "one long string": lambda: signed(string(b"x")),
    "one long string, as cookie text": lambda: " '" + signed(string(b"x")) + "' ",
    "one long string, compressed": lambda: deflated(string(b"x")),
    "one long string, legacy": lambda: legacy(string(b"x")),
    "a string of escapes": lambda: signed(string(b"\\u00e9")),
    "a string of emoji": lambda: signed(string(b"\\ud83d\\ude00")),
    "a string of lone surrogates": lambda: signed(string(b"\\ud83d")),
    "a string of control codes": lambda: signed(string(b"\\u001b")),
    "2 MB of Latin-1": lambda: signed(b'{"a":"' + b"\xe9" * 2_000_000 + b'"}'),
    "a string with one emoji": lambda: signed(string(b"x").replace(b"xx", b"\\ud83d\\ude00", 1)),
    "a float of millions of digits": lambda: signed(b'{"a":0.' + b"1" * (JSON_SIZE - 10) + b"}"),
    "3 MB in a few strings": lambda: encode({f"k{n}": "text, " * 100_000 for n in range(5)}, KEY),
    "3 MB of JSON in a string": lambda: encode({"a": json.dumps([{"n": 1}] * 250_000)}, KEY),
    "200 KB of numbers": lambda: encode({"a": list(range(34_000))}, KEY),
    "200 KB of empty dicts": lambda: signed(listed(b"{},", 200_000)),
    "200 KB of small dicts": lambda: signed(listed(b'{"a":1},', 200_000)),
    "many lists": lambda: signed(largest(lambda size: listed(b"[],", size))),
    "many dicts": lambda: signed(largest(lambda size: listed(b'{"":0},', size))),
    "many pairs": lambda: signed(largest(pairs)),
    "many numbers": lambda: signed(largest(lambda size: listed(b"1234567,", size))),
    "many short strings": lambda: signed(largest(lambda size: listed(b'"ab",', size))),
    "many emoji": lambda: signed(largest(lambda size: listed(b'"\\ud83d\\ude00",', size))),
    "many strings in lists": lambda: signed(largest(lambda size: listed(b'["ab"],', size))),
}

SIGNED_BUT_REFUSED = {
    "5 MB of open braces, legacy": lambda: legacy(b"{" * JSON_SIZE),
    "5 MB of Latin-1": lambda: signed(string(b"\xe9")),
    "5 MB of lists": lambda: signed(listed(b"[],")),
    "5 MB of dicts": lambda: signed(listed(b"{},")),
    "5 MB of numbers": lambda: signed(listed(b"1,")),
    "5 MB of pairs": lambda: signed(pairs(JSON_SIZE)),
    "5 MB of open brackets": lambda: signed(b"[" * JSON_SIZE),
    "5 MB of open braces": lambda: signed(b'{"":' * (JSON_SIZE // 4)),
    "a bomb of 200 MB": lambda: signed(bomb(), "."),
    "a bomb of lists": lambda: deflated(b"[" + b"[]," * 2_000_000 + b"[]]"),
    "a bomb in a bomb": lambda: deflated(bomb() + bomb()),
    "100,000 levels": lambda: signed(b"[" * 100_000 + b"]" * 100_000),
    "100,000 levels of dicts": lambda: signed(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "an integer of 5,000 digits": lambda: signed(b'{"a":' + b"1" * 5_000 + b"}"),
    "an integer of millions of digits": lambda: signed(string(b"1").replace(b'"1', b"1").replace(b'1"', b"1")),
}


@pytest.mark.slow
@pytest.mark.parametrize("make", NOT_A_SESSION.values(), ids=NOT_A_SESSION)
def test_a_hostile_text_is_refused_in_bounds(make):
    decoded, peak = measured(make())
    assert decoded.verified is False
    assert decoded.error
    assert peak < 64


@pytest.mark.slow
@pytest.mark.parametrize("make", READ.values(), ids=READ)
def test_a_large_session_is_read_in_bounds(make):
    decoded, peak = measured(make())
    assert decoded.verified is True
    assert decoded.error is None
    assert decoded.is_object
    assert peak < 64


@pytest.mark.slow
@pytest.mark.parametrize("make", SIGNED_BUT_REFUSED.values(), ids=SIGNED_BUT_REFUSED)
def test_a_hostile_session_is_refused_in_bounds_though_it_is_signed(make):
    decoded, peak = measured(make())
    assert decoded.verified is True
    assert decoded.data is None
    assert decoded.error
    assert peak < 64


def test_the_limit_on_the_text_is_said():
    for text in ("A" * (MAX_TEXT + 1), b"A" * (MAX_TEXT + 1), EMOJI * (MAX_TEXT // 4 + 1)):
        decoded = decode(text, [KEY])
        assert decoded.format == "unknown"
        assert f"{MAX_TEXT:,}" in decoded.error
    assert "longer" not in decode("A" * MAX_TEXT, [KEY]).error


def test_json_up_to_the_limit_is_inflated_and_not_a_byte_more():
    text = b'{"a":"' + b"x" * (MAX_JSON - 8) + b'"}'
    assert decode(deflated(text), [KEY]).error is None
    assert "zlib bomb" in decode(deflated(text + b" "), [KEY]).error


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(b'{"a":1}') + b"garbage",
        zlib.compress(b'{"a":1}') + zlib.compress(b'{"a":2}'),
        zlib.compress(b'{"a":1}')[:-1],
        zlib.compress(b'{"a":1}')[:5],
        zlib.compress(b'{"a":1}')[:-1] + b"\x00",
        zlib.compress(zlib.compress(b'{"a":1}')),
        b"",
        b"garbage",
        zlib.compress(b""),
    ],
    ids=range(9),
)
def test_broken_zlib_is_read_as_django_reads_it(data):
    text = signed(data, ".")
    decoded = decode(text, [KEY])
    with override_settings(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=[]):
        assert SessionStore().decode(text) == (decoded.data or {})
    assert decoded.verified is True
    assert (decoded.error is None) is (decoded.data == {"a": 1})
    assert decoded.stages


def test_what_stands_after_the_zlib_data_is_noted():
    note = decode(signed(zlib.compress(b'{"a":1}') + b"garbage", "."), [KEY]).stages[2].note
    assert "7 bytes" in note


@pytest.mark.parametrize("levels", [100, 500, 900, 2_000, 5_000, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_is_read_or_refused_but_never_fatal(levels, opening, closing):
    decoded = decode(signed(b'{"a":' + opening * levels + b"1" + closing * levels + b"}"), [KEY])
    assert decoded.verified is True
    assert decoded.is_object or "nested too deeply" in decoded.error
    assert decoded.stages[3].output
    assert indented(decoded.data, 10**6)
    assert repr(decoded)


def test_deep_data_is_shown_as_far_as_python_goes():
    data = []
    for _ in range(5_000):
        data = [data]
    assert indented(data, 10**9).endswith("…")


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\ud800:\ud800:\ud800",
        "é:é:é",
        "a:b:" + "é" * 43,
        "\ud800" * 43 + ":x:" + "A" * 43,
        "\ufeff",
    ],
)
def test_odd_characters_are_answered(text):
    decoded = decode(text, [KEY, "\ud800", b"\xff", ""], "\ud800")
    assert decoded.verified is False
    assert decoded.stages
    assert decoded.error


def test_keys_of_many_megabytes_are_not_kept():
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for n in range(10):
            decode("e30:1xVHYy:" + "A" * 43, [f"{n}" * 2_000_000])
        assert tracemalloc.get_traced_memory()[0] - before < 2**20
    finally:
        tracemalloc.stop()
