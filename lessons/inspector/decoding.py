"""Decoding with this server's keys: the secret key, then its fallbacks (F21)."""

from django.conf import settings

from .. import session_data


def decode_stored(text: str) -> session_data.Decoded:
    """Decode what a row holds. Django forgives a row nothing, so nothing is taken off."""
    return session_data.decode(text, _keys(), trim=False)


def look_into(text: str) -> session_data.Decoded:
    """Decode what a row holds without asking who signed it: quicker, for looking through many."""
    return session_data.decode(text, (), trim=False)


def decode_pasted(text: str) -> session_data.Decoded:
    """Decode what somebody pasted, white space and quotes around it forgiven."""
    return session_data.decode(text, _keys(), trim=True)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
