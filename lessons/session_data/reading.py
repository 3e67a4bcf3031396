"""From the stored text back to the dict: which form is it, who signed it, what does it hold?"""

import re
from base64 import b64decode

from .decoded import Decoded
from .limits import MAX_JSON, MAX_TEXT, too_long
from .no_session import SESSION_KEY
from .signature import (
    ALGORITHMS,
    COOKIE_SALT,
    LEGACY_SALT,
    SESSION_SALT,
    legacy_signer_of,
    signer_of,
)
from .steps import (
    Broken,
    IsPickle,
    TooMuch,
    check_timestamp,
    count,
    inflate,
    legacy_unbase64,
    parse_json,
    unbase64,
)

PAYLOAD = re.compile(r"\.?[A-Za-z0-9_=-]+")
TIMESTAMP = re.compile(r"-?[0-9A-Za-z]{1,11}")
HASH_AND_COLON = re.compile(rb"[0-9a-f]{40}:")


def decode(text, secret_keys=(), salt=None, *, trim=True, most=MAX_JSON):
    """
    Decode a stored session as far as it goes, and say whose it is. Never raises.

    secret_keys  SECRET_KEY, then the fallbacks. Without any, nothing is verified.
    salt         what it was signed for. None stands for Django's own session engines.
    trim         forgive white space and quotes around the text, because it was pasted. Django
                 does not: give False for a text that comes straight from a row.
    most         bytes of JSON that zlib may give. For a list of rows, give less.

    The data is given even when the signature is wrong, for a learner wants to see what was
    changed. Django would not: look at `verified` before believing any of it.
    """
    keys = (secret_keys,) if isinstance(secret_keys, (str, bytes)) else tuple(secret_keys)
    if isinstance(text, bytes):
        text = text[: MAX_TEXT + 1].decode("utf-8", "replace")
    if too_long(text):
        return unknown("", keys, f"The text is longer than {MAX_TEXT:,} bytes, the limit here.", limited=True)

    stored = trimmed(text) if trim else text
    pasted = len(stored) < len(text)
    pieces = stored.rsplit(":", 2)  # from the right, like Django
    if len(pieces) == 3 and looks_signed(*pieces):
        return decode_signed(*pieces, keys, salt, pasted, most)
    if looks_legacy(stored):
        return decode_legacy(stored, keys, salt, pasted)
    if len(pieces) == 2 and (found_salt := signer_of(*pieces, keys, salt)[0]):
        note = "It is signed, but there is no timestamp, as every session has one; Django would read this row as {}."
        return unknown(stored, keys, note, pasted, salt=found_salt)
    return unknown(stored, keys, what_is_wrong(stored, len(pieces) - 1), pasted)


def trimmed(text):
    """Take off what a paste brings along: white space, and the quotes of a SQL shell."""
    text = text.strip()
    if text[:1] in ("'", '"') and text[0] == text[-1] and len(text) > 1:
        text = text[1:-1].strip()
    return text


def looks_signed(payload, timestamp, signature):
    """Tell whether at least one of three pieces is something that Django could have written."""
    if len(signature) in ALGORITHMS:
        return True
    if payload[:1] in ("{", "["):  # this is JSON, which has colons of its own
        return False
    return bool(PAYLOAD.fullmatch(payload) or TIMESTAMP.fullmatch(timestamp))


def decode_signed(payload, timestamp, signature, keys, salt, pasted, most=MAX_JSON):
    """Decode `payload:timestamp:signature`, as Django 3.1 and later write it (F08)."""
    message = f"{payload}:{timestamp}"
    found_salt, key_index = signer_of(message, signature, keys, salt)
    used_salt = found_salt or salt or SESSION_SALT
    verified = found_salt is not None if keys else None
    format = "signed_cookie" if used_salt == COOKIE_SALT else "signed"
    value, failures, limited = None, {}, False

    if verified is False:
        failures["verify"] = why_no_match(message, signature, keys, salt)
    try:
        check_timestamp(timestamp)
    except Broken as broken:
        failures["timestamp"] = broken.note
    try:
        if payload.startswith("."):
            value = parse_json(inflate(unbase64(payload[1:]), most))
        else:
            value = parse_json(unbase64(payload))
    except Broken as broken:
        failures[broken.stage] = broken.note
        format = "pickle" if isinstance(broken, IsPickle) else format
        limited = isinstance(broken, TooMuch)

    return Decoded.made(
        {
            "format": format,
            "pieces": (payload, timestamp, signature),
            "failures": failures,
            "data": value,
            "verified": verified,
            "verified_with": key_index,
            "salt": used_salt,
            "limited": limited,
            "pasted": pasted,
        }
    )


def why_no_match(message, signature, keys, salt):
    """Return one sentence on a signature that nobody made, as precise as can be."""
    reason = "the text was changed, or another key or salt signed it"
    if not signature:
        reason = "it is empty"
    elif len(signature) not in ALGORITHMS:
        reason = f"it has {count(len(signature), 'character')} where 43 belong"
    elif salt and (other_salt := signer_of(message, signature, keys)[0]):
        reason = f"it was made with another salt, {other_salt}"
    elif ALGORITHMS[len(signature)] == "sha1":
        reason = "27 characters are an HMAC-SHA1, which Django used before 3.1"
    return f"The signature does not match any of the keys tried: {reason}; Django would read this row as {{}}."


def looks_legacy(text):
    """Tell whether the beginning of the text is 40 hex digits and a colon, in standard base64."""
    beginning = re.sub(r"[^A-Za-z0-9+/]", "", text[:200])[:55]  # Django 1.4 broke the lines
    return len(beginning) == 55 and bool(HASH_AND_COLON.match(b64decode(beginning + "=")))


def decode_legacy(text, keys, salt, pasted):
    """Decode `base64(sha1-hex:JSON)`, as Django wrote it before 3.1 (F14)."""
    salt = LEGACY_SALT if salt in (None, "", SESSION_SALT) else salt
    format, value, key_index, failures, limited = "legacy", None, None, {}, False
    try:
        hash, _, serialized = legacy_unbase64(text).partition(b":")
        found_salt, key_index = legacy_signer_of(serialized, hash, keys, salt)
        salt = found_salt or salt
        if keys and key_index is None:
            failures["verify"] = (
                "The hash does not match any of the keys tried: the text was changed, or another key or "
                "salt made it; Django would read this row as {}."
            )
        value = parse_json(serialized)
    except Broken as broken:
        failures[broken.stage] = broken.note
        format = "pickle" if isinstance(broken, IsPickle) else format
        limited = isinstance(broken, TooMuch)
    return Decoded.made(
        {
            "format": format,
            "pieces": (text,),
            "failures": failures,
            "data": value,
            "verified": key_index is not None if keys else None,
            "verified_with": key_index,
            "salt": salt,
            "limited": limited,
            "pasted": pasted,
        }
    )


def unknown(text, keys, note, pasted=False, *, salt=None, limited=False):
    return Decoded.made(
        {
            "format": "unknown",
            "pieces": (text,),
            "failures": {"split": note},
            "verified": salt is not None if keys else None,
            "salt": salt,
            "limited": limited,
            "pasted": pasted,
        }
    )


def what_is_wrong(text, colons):
    """Return one sentence on a text of neither form: what is it, perhaps?"""
    if not text:
        return "The text is empty."
    if text[0] in "{[":
        return "This looks like JSON itself; a stored session is base64 of JSON, and signed."
    if SESSION_KEY.fullmatch(text):
        return "This looks like a session key, the value of the cookie sessionid; the data is in the row of that key."
    if colons == 0:
        return (
            "No colon, so it is not payload:timestamp:signature as since Django 3.1; nor is it "
            "base64 of 40 hex digits and a colon, as before."
        )
    if colons == 1:
        return "Only one colon: since Django 3.1 there are two, payload:timestamp:signature."
    return "There are colons, but no payload, timestamp or signature as Django writes them."
