"""Decoding with this server's keys: the secret key, then its fallbacks (F21)."""

from functools import lru_cache

from django.conf import settings

from .. import session_data
from ..session_data.limits import MAX_JSON
from ..session_data.signature import hmac_pads

REMEMBERED_MOST = 2_000  # characters of a text that is kept, with what it says


def decode_stored(text: str, most: int = MAX_JSON) -> session_data.Decoded:
    """Decode what a row holds. Django forgives a row nothing, so nothing is taken off."""
    decode = _decoded if len(text) <= REMEMBERED_MOST else _decoded.__wrapped__
    return decode(text, tuple(_keys()), most)


@lru_cache(maxsize=512)  # the live rows: from one look to the next, nearly all are what they were
def _decoded(text: str, secret_keys: tuple[str, ...], most: int) -> session_data.Decoded:
    return session_data.decode(text, secret_keys, trim=False, most=most)


def look_into(text: str) -> session_data.Decoded:
    """Decode what a row holds without asking who signed it: quicker, for looking through many."""
    return session_data.decode(text, (), trim=False)


def decode_pasted(text: str, secret_keys: list[str] | None = None, salt: str = "") -> session_data.Decoded:
    """Decode what somebody pasted, with the keys that came along, or else with this server's."""
    return session_data.decode(text, secret_keys or _keys(), salt or None, trim=True)


def forget_keys() -> None:
    """Let go of what was kept of the keys, so that somebody else's is not in memory longer than one answer takes."""
    hmac_pads.cache_clear()


def keys_by_name() -> dict[str, str]:
    """Return the keys that can sign a value here, for those who may, each by its name in a form."""
    fallbacks = {f"fallback{number}": key for number, key in enumerate(settings.SECRET_KEY_FALLBACKS, 1)}
    return {"server": settings.SECRET_KEY, **fallbacks, "wrong": "not the secret key of this server"}


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
