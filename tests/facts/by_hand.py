"""`session_data` by hand, with nothing of Django: the standard library, and two rows of another time."""

import base64
import hashlib
import hmac
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Made by Django 3.0.14, before there was the format of today: {"num_visits": 3} and {"a": "???>>>~~~"}.
OLD_SECRET_KEY = "the-key-of-the-tests"
OLD_ROW = "ZTQ1YzE5YzA1ODkzY2Q2YmEyODI5OWY0ODI4Y2M5ZTFhZGUzN2ZhMzp7Im51bV92aXNpdHMiOjN9"
OLD_ROW_WITH_SIGNS = "ODRlMzU0MmM4OWJhMzU3NTUxMjIzNjJjYjcyYmY5MTc2YmFjMmJiZTp7ImEiOiI/Pz8+Pj5+fn4ifQ=="


def to_base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def payload_to_json(payload: str) -> bytes:
    """Return the JSON that the first part of a row stands for."""
    data = from_base64url(payload.removeprefix("."))
    return zlib.decompress(data) if payload.startswith(".") else data


def base62_to_seconds(text: str) -> int:
    seconds = 0
    for character in text:
        seconds = seconds * 62 + BASE62.index(character)
    return seconds


def signed(payload_and_timestamp: str, secret_key: str) -> str:
    """Return the whole of a row, with the third part made here."""
    key = hashlib.sha256(b"django.contrib.sessions.SessionStore" + b"signer" + secret_key.encode()).digest()
    signature = hmac.new(key, payload_and_timestamp.encode(), hashlib.sha256).digest()
    return f"{payload_and_timestamp}:{to_base64url(signature)}"
