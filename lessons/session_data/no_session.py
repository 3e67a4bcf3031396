"""What is pasted in place of a session: the key of one, or a cookie that was signed for something else."""

import re

from .signature import ALGORITHMS
from .steps import Broken, check_timestamp, unbase64

SESSION_KEY = re.compile(r"[a-z0-9]{32}")


def is_session_key(decoded):
    """Return whether a value is written like a key that Django makes (C18)."""
    return decoded.format == "unknown" and bool(SESSION_KEY.fullmatch(decoded.pieces[0]))


def may_be_signed_cookie(decoded):
    """
    Return whether a value is signed in Django's way, but by nobody known, and its payload does not begin as JSON does.

    So is what `response.set_signed_cookie()` writes: its payload is the text itself, and its key is made of SECRET_KEY
    and the name of the cookie, which the value does not tell.
    """
    if decoded.format not in ("signed", "signed_cookie") or decoded.verified or not has_whole_signature(decoded):
        return False
    if not {"base64", "inflate", "json"} & set(decoded.failures):
        return False
    payload, timestamp, _ = decoded.pieces
    try:
        check_timestamp(timestamp)
        return not payload.startswith(".") and not unbase64(payload[:4]).startswith((b"{", b"["))
    except Broken as broken:
        return broken.stage == "base64"


def has_whole_signature(decoded):
    return len(decoded.pieces) == 3 and len(decoded.pieces[2]) in ALGORITHMS
