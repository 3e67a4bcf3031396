"""
What decoding does, one small function a stage. Each returns what it made, or raises Broken.

Whatever Django makes of a damaged value, these make of it too: they call the same functions of
the standard library.
"""

import json
import re
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from binascii import a2b_base64
from contextlib import suppress
from datetime import datetime, timedelta, timezone

from .limits import MAX_JSON, MAX_OBJECTS, MAX_TIMESTAMP, memory_of_json
from .signature import as_bytes
from .writing import BASE62

# How a pickle begins: in protocol 2 to 5; a dict or list in 0, in 1; a call, as attacks have it.
# No JSON begins like that.
PICKLE = re.compile(rb"\x80[\x02-\x05]|\([dl](p\d|[.IVSULFNX(])|[}\]][qr.(XU]|\(?[ci][\w.]+\n[\w.]+\n")

FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
PADDING = (b"", b"===", b"==", b"=")  # by what is left over of the length, divided by four

EXPANSION_MOST = 1032  # bytes that zlib can make of one

JSON = json.JSONDecoder()
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Broken(Exception):
    """A stage could not do its work; the note says why, in a sentence for a beginner."""

    def __init__(self, stage, note):
        super().__init__(note)
        self.stage, self.note = stage, note


class TooMuch(Broken):
    """More than is read here, though Django would try."""


class IsPickle(Broken):
    """The bytes are a pickle, where JSON was expected."""


def unbase64(text):
    """Like django.core.signing.b64_decode(), which adds the padding that Django took off.

    What `urlsafe_b64decode` does, without its detours: a table of rows takes them once a row.
    """
    encoded = as_bytes(text)
    try:
        return a2b_base64(encoded.translate(FROM_URL_SAFE) + PADDING[len(encoded) % 4])
    except Base64Error as exc:
        raise Broken("base64", f"The payload is not base64url: {exc}.") from None


def legacy_unbase64(text):
    """Like Django before 3.1, where the padding had to be there."""
    try:
        return b64decode(as_bytes(text))
    except Base64Error as exc:
        raise Broken("base64", f"The text is not base64: {exc}.") from None


def inflate(data, most=MAX_JSON):
    """Like zlib.decompress(), but not for ever: until there are more than so many bytes."""
    if len(data) * EXPANSION_MOST <= most:
        with suppress(zlib.error):  # what is wrong is told below
            return zlib.decompress(data)
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(data, most + 1)
    except zlib.error as exc:
        raise Broken("inflate", f"The dot says zlib, but this is not zlib: {exc}.") from None
    if len(inflated) > most:
        raise TooMuch(
            "inflate",
            f"{count(len(data), 'byte')} of zlib become more than {most:,}: is it a zlib bomb? "
            "Reading stops here; Django has no limit.",
        )
    if not inflater.eof:
        raise Broken("inflate", "The dot says zlib, but the zlib data end too early.")
    return inflated


def parse_json(data):
    """Like django.core.signing.JSONSerializer.loads()."""
    if len(data) > 100_000 and memory_of_json(data) > MAX_OBJECTS:
        raise TooMuch(
            "json",
            f"{count(len(data), 'byte')} of JSON would become too many Python objects to be read "
            "here; Django has no limit.",
        )
    try:
        return loads(data.decode("latin-1"))
    except json.JSONDecodeError as exc:
        if data.endswith(b".") and PICKLE.match(data):
            raise IsPickle(
                "json",
                "The payload is a pickle, not JSON: PickleSerializer wrote it, which Django 5.0 "
                "removed; it is not loaded, because loading a pickle can run any code.",
            ) from None
        raise Broken("json", f"This is not JSON: {exc}.") from None
    except (RecursionError, ValueError) as exc:
        raise refused("json", exc) from None


def refused(stage, error):
    """Return what is to be raised where Python's parser gives up on JSON that is well-formed."""
    if isinstance(error, RecursionError):
        return Broken(stage, "The JSON is nested too deeply for Python to read.")
    reason = str(error).partition(";")[0]  # an integer of thousands of digits
    return Broken(stage, f"Python refuses this JSON: {reason}.")


def loads(text):
    """Like json.loads(), which takes longer because it looks for white space at both ends."""
    try:
        value, end = JSON.scan_once(text, 0)
    except (StopIteration, json.JSONDecodeError):
        end = None
    return value if end == len(text) else json.loads(text)


def check_timestamp(text):
    """Raise Broken where django.core.signing.b62_decode() would raise."""
    if not text:
        raise Broken("timestamp", "The timestamp is empty, so Django would read this row as {}.")
    if text.removeprefix("-").strip(BASE62):
        raise Broken(
            "timestamp",
            "The timestamp contains something that is not a base62 digit, so Django would read this row as {}.",
        )


def seconds_of(timestamp):
    """Like django.core.signing.b62_decode(), but None for what cannot be a date."""
    digits = timestamp.removeprefix("-")
    if not timestamp or digits.strip(BASE62) or len(digits) > MAX_TIMESTAMP:
        return None
    seconds = 0
    for digit in digits:
        seconds = seconds * 62 + BASE62.index(digit)
    return -seconds if timestamp.startswith("-") else seconds


def date_of(seconds):
    """Return the moment in ISO 8601, in UTC, or None where the calendar ends."""
    try:
        return (EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return None


def count(number, noun):
    """
    >>> count(1, "byte"), count(1024, "byte")
    ('1 byte', '1,024 bytes')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
