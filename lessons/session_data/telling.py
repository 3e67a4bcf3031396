"""
The stages of decoding, told to a learner: what went in, what came out, what is remarkable.

Told after the fact, from what decode() found; so whoever only wants the data does not pay for it.
"""

import json
from contextlib import suppress
from typing import NamedTuple

from .display import CLIP, indented, printable
from .signature import ALGORITHMS, as_bytes
from .steps import count, date_of, inflate, legacy_unbase64, seconds_of, unbase64

TITLES = {
    "split": "Split at the colons",
    "base64": "Base64 to bytes",
    "inflate": "Inflate with zlib",
    "json": "JSON to Python",
    "timestamp": "Timestamp to a date",
    "verify": "Check the signature",
}

# The alphabets of RFC 4648 and of its URL-safe variant, of which Python reads either.
STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
URL_SAFE = STANDARD + b"-_"

SMALL = 100_000  # bytes of JSON that are parsed again, and indented, to be shown


class Stage(NamedTuple):
    """
    One step from the stored text to the dict.

    The sizes count characters or bytes, and for what JSON became, keys or items.
    """

    name: str
    status: str  # "ok", "failed" or "skipped"
    note: str  # what happened, in a sentence or two for a beginner
    size_in: int = 0
    size_out: int = 0
    output: str = ""  # what it made: its beginning, printable, never a control code

    @property
    def title(self):
        return TITLES[self.name]


def stages_of(decoded):
    """Return the stages in the order in which a learner reads them: the signature last."""
    if decoded.format == "unknown":
        text, note = decoded.pieces[0], decoded.failures["split"]
        stages = [Stage("split", "failed", note, len(text), 0, printable(text))]
    elif len(decoded.pieces) == 3:
        stages = [*stages_of_signed(decoded)]
    else:
        stages = [*stages_of_legacy(decoded)]
    if decoded.pasted:
        note = f"White space or quotes around the text were taken off. {stages[0].note}"
        stages[0] = stages[0]._replace(note=note)
    return tuple(stages)


def stages_of_signed(decoded):
    payload, timestamp, signature = decoded.pieces
    yield Stage(
        "split",
        "ok",
        f"Split at the last two colons: a payload of {count(len(payload), 'character')}, "
        f"a timestamp of {len(timestamp):,}, a signature of {len(signature):,}.",
        len(payload) + len(timestamp) + len(signature) + 2,
        len(payload),
        "\n".join(printable(piece) for piece in decoded.pieces),
    )
    encoded = payload[1:] if decoded.compressed else payload
    data = None if "base64" in decoded.failures else unbase64(encoded)
    yield tell_base64(decoded, encoded, data, "base64url", URL_SAFE)

    if decoded.compressed:
        deflated, data = data, None
        if deflated is not None and "inflate" not in decoded.failures:
            data = inflate(deflated)
        yield tell_inflate(decoded, deflated, data)
    else:
        yield Stage("inflate", "skipped", "No dot in front, so it is not compressed.")

    yield tell_json(decoded, data)
    yield tell_timestamp(decoded, timestamp)
    yield tell_signature(decoded, signature)


def stages_of_legacy(decoded):
    (text,) = decoded.pieces
    data = None if "base64" in decoded.failures else legacy_unbase64(text)
    yield tell_base64(decoded, text, data, "base64", STANDARD)
    if data is None:
        yield from (not_reached(name) for name in ("split", "json", "verify"))
        return
    hash, _, serialized = data.partition(b":")
    yield Stage(
        "split",
        "ok",
        f"Split at the first colon: a hash of 40 hex digits, and {count(len(serialized), 'byte')} of serialized data.",
        len(data),
        len(serialized),
        printable(hash) + "\n" + printable(serialized),
    )
    yield tell_json(decoded, serialized)
    yield tell_signature(decoded, hash)


def tell_base64(decoded, text, data, variant, alphabet):
    if data is None:
        return failed(decoded, "base64", text)
    note = f"{count(len(text), 'character')} of {variant} became {count(len(data), 'byte')}."
    strangers = len(as_bytes(text).translate(None, alphabet))
    if strangers:
        note += f" {count(strangers, 'byte')} outside that alphabet did not count: Python skips them."
    return Stage("base64", "ok", note, len(text), len(data), printable(data))


def tell_inflate(decoded, deflated, data):
    if deflated is None:
        return not_reached("inflate")
    if data is None:
        return failed(decoded, "inflate", deflated)
    note = f"{count(len(deflated), 'byte')} of zlib became {count(len(data), 'byte')}."
    return Stage("inflate", "ok", note, len(deflated), len(data), printable(data))


def tell_json(decoded, data):
    if data is None:
        return not_reached("json")
    if "json" in decoded.failures:
        return failed(decoded, "json", data)
    value = decoded.data
    what, size = "a single value", 1
    if isinstance(value, dict):
        what, size = f"an object: in Python a dict with {count(len(value), 'key')}", len(value)
    elif isinstance(value, list):
        what, size = f"a list with {count(len(value), 'item')}", len(value)
    note = f"{count(len(data), 'byte')} of JSON became {what}."
    if not data.isascii():
        note += " Not all are ASCII, as Django writes them: each is read as one Latin-1 character."
    if len(data) > SMALL:
        return Stage("json", "ok", note, len(data), size, printable(data))
    return Stage("json", "ok", note + surprises_in(data), len(data), size, indented(value))


def surprises_in(data):
    """Return what Python's JSON parser passes over in silence."""
    surprises = {}

    def build(pairs):
        if len(dict(pairs)) < len(pairs):
            surprises[" A key occurs twice: the last one wins."] = True
        return {}

    def constant(name):
        surprises[f" {name} is not JSON, but Python reads and writes it."] = True

    with suppress(RecursionError):  # it was read once, but higher up in the stack: then nothing is told
        json.loads(data.decode("latin-1"), object_pairs_hook=build, parse_constant=constant)
    return "".join(surprises)


def tell_timestamp(decoded, timestamp):
    if "timestamp" in decoded.failures:
        return failed(decoded, "timestamp", timestamp)
    seconds = seconds_of(timestamp)
    if seconds is None:
        note = f"{len(timestamp):,} base62 digits are too many for a date; Django does not mind."
        return Stage("timestamp", "ok", note, len(timestamp), 0, printable(timestamp))
    date = date_of(seconds) or "beyond the calendar"
    note = f"{timestamp} in base62 is {seconds:,} seconds since 1970, the moment of signing."
    return Stage("timestamp", "ok", note, len(timestamp), len(date), date)


def tell_signature(decoded, signature):
    if "verify" in decoded.failures:
        # The signature that should stand here is not shown: it would make the change a valid one.
        return failed(decoded, "verify", signature)
    if decoded.verified is None:
        note = "No secret key was given, so nobody can tell who wrote this."
        return Stage("verify", "skipped", note, len(signature))
    index = decoded.verified_with
    key = f"fallback key {index}" if index else "the current secret key"
    algorithm = ALGORITHMS.get(len(signature), "sha1")
    note = f"HMAC-{algorithm.upper()} with {key} gives this very signature."
    if len(decoded.pieces) == 1:
        note += " Django 3.1 and 3.2 still read this old form; 4.0 and later read it as {}."
    elif algorithm == "sha1":
        note += " This is how Django signed before 3.1; 4.0 and later do not accept it."
    return Stage("verify", "ok", note, len(signature), len(signature), printable(signature))


def failed(decoded, name, given):
    return Stage(name, "failed", decoded.failures[name], len(given), 0, printable(given[:CLIP]))


def not_reached(name):
    return Stage(name, "skipped", "Not reached: an earlier stage failed.")
