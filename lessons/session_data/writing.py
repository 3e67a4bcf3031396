"""From a dict to the text that Django 3.1 and later would store."""

import base64
import json
import time
import zlib

from .signature import SESSION_SALT, sign

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def encode(data, secret_key, salt=SESSION_SALT, timestamp=None, compress=True):
    """
    Return the session_data for this data, signed now or at the given seconds since 1970.

    >>> encode({"num_visits": 3}, "a-secret-key", timestamp=1795392340)
    'eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0'

    What JSON cannot hold raises TypeError, as it does in Django (P5).
    """
    seconds = int(time.time() if timestamp is None else timestamp)
    payload = pack(serialize(data), "django" if compress else "never")
    message = f"{payload}:{base62(seconds)}"
    return f"{message}:{sign(message.encode(), secret_key, salt).decode()}"


def serialize(data):
    """Return the JSON that Django makes of it: bytes, compact, pure ASCII."""
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def pack(serialized, compress="django"):
    """
    Return the payload for these bytes: base64url, and where zlib helps, a dot and base64url of zlib.

    compress  "django" where it saves at least two bytes, as Django does; "always"; or "never".
    """
    marker = ""
    if compress != "never":
        deflated = zlib.compress(serialized)
        if compress == "always" or len(deflated) < len(serialized) - 1:  # the dot has to be paid for (F10)
            serialized, marker = deflated, "."
    return marker + base64.urlsafe_b64encode(serialized).rstrip(b"=").decode()


def base62(number):
    """Return a number in Django's base62: digits, then capital, then small letters."""
    sign, number, digits = "-" if number < 0 else "", abs(number), ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return sign + (digits or "0")
