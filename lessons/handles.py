"""Naming a session row in an address without giving its key away.

A session key is a password and may stand in no URL. A handle is the key, encrypted with the server's secret: the
same key has the same handle, and only this server can turn one back.

    handle = base64url(nonce + (key XOR stream(nonce)))      nonce = HMAC(secret, key), first 16 bytes

The nonce is made from the key itself, so a handle that was forged or damaged is noticed: made again, it is another.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

NONCE_LENGTH = 16


def handle_for(session_key: str) -> str:
    """Return the handle that names this session key in an address."""
    return _handle(session_key, settings.SECRET_KEY)


@lru_cache(maxsize=2048)  # a page has fifty, and asks for them at each look
def _handle(session_key: str, secret_key: str) -> str:
    plain = session_key.encode()
    nonce = _nonce(plain)
    return base64.urlsafe_b64encode(nonce + _xor(plain, nonce)).decode().rstrip("=")


def key_from(handle: str) -> str | None:
    """Return the session key that `handle` names, or None when this server did not make it."""
    try:
        sealed = base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4))
        key = _xor(sealed[NONCE_LENGTH:], sealed[:NONCE_LENGTH]).decode()
        return key if hmac.compare_digest(handle, handle_for(key)) else None
    except ValueError:  # not Base64, or not text
        return None


def _nonce(plain: bytes) -> bytes:
    return hmac.digest(_secret(b"nonce"), plain, "sha256")[:NONCE_LENGTH]


def _xor(text: bytes, nonce: bytes) -> bytes:
    stream = hashlib.shake_256(_secret(b"stream") + nonce).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def _secret(purpose: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"lessons.handles." + purpose, "sha256")
