"""Decoding with this server's keys: the secret key, then its fallbacks (F21)."""

from django.conf import settings

from .. import session_data


def decode_stored(text: str) -> session_data.Decoded:
    """Decode what a row holds. Django forgives a row nothing, so nothing is taken off."""
    return session_data.decode(text, _keys(), trim=False)


def decode_pasted(text: str) -> session_data.Decoded:
    """Decode what somebody pasted, white space and quotes around it forgiven."""
    return session_data.decode(text, _keys(), trim=True)


def keys_by_name() -> dict[str, str]:
    """Return the keys that can sign a value here, for those who may, each by its name in a form."""
    fallbacks = {f"fallback{number}": key for number, key in enumerate(settings.SECRET_KEY_FALLBACKS, 1)}
    return {"server": settings.SECRET_KEY, **fallbacks, "wrong": "not the secret key of this server"}


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
