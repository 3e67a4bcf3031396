"""
What Django 5.2 and 6.1 would do with a value: the reason that decides first, and whether a log line tells of it.

A developer sees `{}` and no more (P9). The signature is checked before anything else: when it does not match, Django
warns "Session data corrupted" (F12). Whatever goes wrong after that is passed over in silence (F13).
"""

import time
from typing import NamedTuple

from .no_session import has_whole_signature, may_be_signed_cookie
from .signature import ALGORITHMS, COOKIE_SALT, SESSION_SALT
from .steps import count, date_of

COOKIE_AGE = 1_209_600  # SESSION_COOKIE_AGE by default: 14 days
WARNING = "Session data corrupted"
LOGGER = "django.security.SuspiciousSession"


class Verdict(NamedTuple):
    reads: str  # "dict", "empty", "error", "never" (nobody asks for it), "key" (it names a row) or "unsure"
    headline: str
    why: str
    warning: str = ""  # the log line, on LOGGER
    remedy: str = ""  # what a developer can do about it


OLDER_KEY = "If SECRET_KEY was changed, put the old one into SECRET_KEY_FALLBACKS, and such rows are read again."
DAMAGED = "No key helps: the text itself is damaged."
EMPTY = "Django reads this {} as an empty session, {{}}."


def as_row(decoded, expired=False):
    """Return what Django's own engines make of the value in django_session (or in a file, or in the cache)."""
    if expired:
        return Verdict(
            "never",
            "Django does not look at this row: it has expired.",
            "The SELECT asks for rows with an expire_date after now, so the session is empty, {}, and the visitor gets "
            "a new key at the next write. The row stays until clearsessions deletes it.",
        )
    if unsure := what_is_unsure(decoded, SESSION_SALT):
        return unsure
    if reason := not_signed_as(SESSION_SALT, decoded):
        return Verdict("empty", EMPTY.format("row"), reason, WARNING, remedy_for(decoded))
    return after_the_signature(decoded, "row")


def as_cookie(decoded, now=None):
    """Return what the engine signed_cookies makes of the value in the cookie sessionid (F15). It never warns."""
    if unsure := what_is_unsure(decoded, COOKIE_SALT):
        return unsure
    if reason := not_signed_as(COOKIE_SALT, decoded):
        return Verdict("empty", EMPTY.format("cookie"), reason)
    age = (time.time() if now is None else now) - (decoded.timestamp or 0)
    if "timestamp" not in decoded.failures and decoded.timestamp is not None and age > COOKIE_AGE:
        reason = f"It was signed {count(int(age // 86_400), 'day')} ago, and a signed cookie is good for 14."
        return Verdict("empty", EMPTY.format("cookie"), reason)
    return after_the_signature(decoded, "cookie")


def as_key():
    """Return what Django makes of a session key in the cookie sessionid, where it belongs."""
    return Verdict(
        "key",
        "This is a session key, not data: it names a row.",
        "Django would look for the row with this key, and read the session from there.",
    )


def what_is_unsure(decoded, salt):
    """Return the verdict where nobody here can know, or None."""
    if decoded.limited and (decoded.format == "unknown" or not not_signed_as(salt, decoded)):
        reason = next(iter(decoded.failures.values()))
        return Verdict("unsure", "Django would try to read this; here that stops.", reason)
    if decoded.verified is None and len(decoded.pieces) == 3:
        reason = "No secret key was given, and what Django does first is to check the signature."
        return Verdict("unsure", "What Django would do depends on its secret key.", reason)
    return None


def not_signed_as(salt, decoded):
    """Return why the signature is not accepted for this salt, or ""."""
    if decoded.format == "unknown":
        return "" if decoded.verified and decoded.salt == salt else decoded.failures["split"]
    if len(decoded.pieces) == 1:
        return "It is in the form of Django before 3.1, which 3.1 and 3.2 still read and 4.0 no longer does."
    if decoded.verified is False:
        return decoded.failures["verify"].partition("; Django would")[0] + "."
    if decoded.salt != salt:
        return f"The key is right, but it was signed with another salt, {decoded.salt}. {whose(decoded.salt)}"
    if ALGORITHMS.get(len(decoded.pieces[2])) == "sha1":
        return "It was signed with HMAC-SHA1, as before Django 3.1; today only HMAC-SHA256 is accepted."
    return ""


def whose(salt):
    """Say who signs with a salt."""
    if salt == COOKIE_SALT:
        return "That is the one of the engine signed_cookies: this is a cookie, not a row."
    if salt == SESSION_SALT:
        return "That is the one of a row of django_session: this is a row, not a cookie."
    name = salt.removeprefix("django.contrib.sessions.")
    return f"A SessionStore whose class is called {name} reads it." if name != salt else ""


def after_the_signature(decoded, what):
    """Return what becomes of a value whose signature is accepted. Nothing from here on is logged (F13)."""
    for name in ("split", "timestamp", "base64", "inflate", "json"):
        if name in decoded.failures:
            reason = "The signature is right. " + decoded.failures[name]
            return Verdict("empty", EMPTY.format(what), reason, remedy=remedy_for(decoded))
    if not decoded.is_object:
        kind = type(decoded.data).__name__
        return Verdict(
            "error",
            f"Django breaks on this {what}: AttributeError: '{kind}' object has no attribute 'get'.",
            f"The signature is right and the JSON too, but it is no object: Django takes the {kind} for the session.",
        )
    if not decoded.data:
        headline = f"Django reads this {what}: an empty session, {{}}."
        return Verdict("dict", headline, "The signature is right, and {} is what was stored.")
    headline = f"Django reads this {what}: a dict with {count(len(decoded.data), 'key')}."
    return Verdict("dict", headline, "The signature is right, and so is the JSON.")


def remedy_for(decoded):
    """Return what a developer can do about a row that reads as empty, or ""."""
    if decoded.format == "pickle":
        return "Loading a pickle can run any code. Let such rows expire; the next write of a visitor replaces theirs."
    if "verify" in decoded.failures and decoded.format == "signed":
        return remedy_for_the_signature(decoded)
    if len(decoded.pieces) == 1 and decoded.format == "legacy":
        return "Coming from 3.0, stop at 3.2 until every row has been written anew, or let everybody log in again."
    if "json" in decoded.failures:
        return "If the project has a SESSION_SERIALIZER of its own, Django reads the row with that one."
    return ""


def remedy_for_the_signature(decoded):
    """Return what helps. An older key does where it may have signed this: signature and JSON are whole."""
    if has_whole_signature(decoded) and set(decoded.failures) == {"verify"}:
        signed_now = ALGORITHMS[len(decoded.pieces[2])] == "sha256"
        return OLDER_KEY if signed_now else ""
    return "" if decoded.limited or may_be_signed_cookie(decoded) else DAMAGED


def elsewhere(decoded):
    """Return pairs of releases and what they do, where it differs from today (F14)."""
    signed_now = len(decoded.pieces) == 3 and ALGORITHMS.get(len(decoded.pieces[2])) == "sha256"
    if decoded.format == "unknown" or decoded.verified is not True:
        return ()
    pickled = " if SESSION_SERIALIZER is the PickleSerializer" if decoded.format == "pickle" else ""
    if len(decoded.pieces) == 1:
        return (("Django 3.1 and 3.2", f"read it{pickled}"), ("Django 1.4 to 3.0", f"reads it{pickled}"))
    if not signed_now:
        return (("Django 1.4 to 3.0", f"reads it{pickled}"),)
    before = ("Django 1.4 to 3.0", "mostly fails with binascii.Error, which nothing catches")
    if pickled:
        return (("Django 3.1 to 4.2", f"reads it{pickled}"), before)
    return (before,) if decoded.salt == SESSION_SALT else ()


def signed_at(decoded):
    """Return when it was signed, in words, or ""."""
    date = date_of(decoded.timestamp) if decoded.timestamp is not None else None
    return date.replace("T", " ").replace("+00:00", " UTC") if date else ""
