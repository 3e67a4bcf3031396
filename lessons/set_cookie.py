"""
What a Set-Cookie header says, read as a browser reads it (RFC 6265, section 5.2).

    sessionid=K; expires=Mon, 07 Dec 2026 00:03:57 GMT; HttpOnly; Max-Age=1209600; Path=/
    └────┬────┘  └───────────────────────────────────┬──────────────────────────────────┘
    name, value         attributes, in any order and any case; unknown ones are ignored

Django deletes a cookie by sending it empty and already expired (F04):

    sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax

http.cookies.SimpleCookie is made for writing cookies: it gives up on the whole header at the first
attribute that it does not know.
"""

import re
import time
from dataclasses import dataclass
from http.cookiejar import http2time

BLANK = " \t"  # what RFC 6265 calls WSP
SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None"}


@dataclass(frozen=True)
class SetCookie:
    """One Set-Cookie header. Attributes that were not sent, or that a browser ignores, are None."""

    name: str  # empty: a browser ignores this header
    value: str  # as it was sent, quotes included: for a browser they are part of the value
    path: str | None = None
    domain: str | None = None
    expires: str | None = None
    max_age: int | None = None
    httponly: bool = False
    secure: bool = False
    samesite: str | None = None
    deleted: bool = False  # already over when it arrived, so the browser drops the cookie


def parse(header, now=None):
    """
    Read the value of one Set-Cookie header. Never raises.

    >>> parse("sessionid=abc; Path=/; Max-Age=1209600; HttpOnly").max_age
    1209600
    """
    pair, *attributes = header.split(";")
    name, equals, value = (text.strip(BLANK) for text in pair.partition("="))
    if not (name and equals):
        return SetCookie("", "")
    found = {}
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        found.update(read(key.strip(BLANK).lower(), text.strip(BLANK)))  # the last one counts
    now = time.time() if now is None else now
    return SetCookie(name, value, **found, deleted=is_over(found, now))


def read(key, text):
    """Return an attribute as {field: value}; {} where RFC 6265 says to ignore it."""
    if key in ("secure", "httponly"):
        return {key: True}
    if key == "path":
        return {key: text if text.startswith("/") else None}
    if key == "domain" and text:
        return {key: text.removeprefix(".").lower()}
    if key == "samesite":
        return {key: SAME_SITE.get(text.lower())}
    if key == "expires" and seconds_of(text) is not None:
        return {key: text}
    if key == "max-age" and re.fullmatch(r"-?[0-9]+", text):
        return {"max_age": int(text[:18])}  # 18 digits are thirty thousand million years
    return {}


def is_over(found, now):
    """Max-Age counts before Expires, whatever their order."""
    if "max_age" in found:
        return found["max_age"] <= 0
    return "expires" in found and seconds_of(found["expires"]) <= now


def seconds_of(date):
    """Return an HTTP date in seconds since 1970, or None."""
    try:
        return http2time(date[:100])
    except (ValueError, OverflowError):
        return None


def parse_all(headers, now=None):
    """Read several, without those that a browser ignores."""
    return [cookie for cookie in (parse(header, now) for header in headers) if cookie.name]
