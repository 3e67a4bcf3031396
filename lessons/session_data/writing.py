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
    payload, marker = json.dumps(data, separators=(",", ":")).encode("ascii"), ""
    if compress:
        deflated = zlib.compress(payload)
        if len(deflated) < len(payload) - 1:  # the dot has to be paid for (F10)
            payload, marker = deflated, "."
    seconds = int(time.time() if timestamp is None else timestamp)
    base64url = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    message = f"{marker}{base64url}:{base62(seconds)}"
    return f"{message}:{sign(message.encode(), secret_key, salt).decode()}"


def base62(number):
    """Return a number in Django's base62: digits, then capital, then small letters."""
    sign, number, digits = "-" if number < 0 else "", abs(number), ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return sign + (digits or "0")
