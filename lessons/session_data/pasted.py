"""
What somebody pasted: where in it is the value?

Developers paste what they have: a header, a line of a database shell, a fixture. One value is taken out of it, and a
sentence says which. Everything here takes time in proportion to the text, and no text whatever raises.
"""

import json
import re
from datetime import datetime, timezone
from typing import NamedTuple

from .limits import MAX_OBJECTS, MAX_TEXT, memory_of_json, too_long
from .reading import looks_legacy

SIGNED = re.compile(r"\.?[A-Za-z0-9_-]+={0,2}:[0-9A-Za-z]{1,11}:(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{27})")
LEGACY = re.compile(r"[A-Za-z0-9+/]{55,}={0,2}")  # 40 hex digits and a colon are 41 bytes
KEY = re.compile(r"[a-z0-9]{8,40}")
COOKIE = re.compile(r"(?:[<>*] ?)?(set-cookie|cookie): *(.*)", re.IGNORECASE)
BETWEEN = re.compile(r"[\s\"'`|│┃;,(){}<>\[\]]+")
NAMED = re.compile(r"[\w-]+=(?==*[^\s=])")  # `name=` before something; the padding of base64 has nothing after it
AFTER = re.compile(  # the expire_date that stands behind session_data
    r"[\W_]{0,9000}(?:expire_date[\W_]{0,9000})?"
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(?:([+-]\d\d):?(\d\d)?)?"
)
MOST = 500  # lines, and cookies in one of them, that are looked at


class Found(NamedTuple):
    value: str
    said: str = ""  # a sentence on what was taken, or "" where it was the value alone
    is_row: bool = False  # it stood in a row, beside a session_key or an expire_date
    expires: datetime | None = None  # the expire_date of that row


def found_in(text, cookie_name="sessionid"):
    """
    Return the value in a text that was pasted.

    >>> found_in("Cookie: theme=dark; sessionid=e30:1xVHYy:abc")
    Found(value='e30:1xVHYy:abc', said='Taken: the cookie sessionid of a Cookie header.', is_row=False, expires=None)
    """
    if too_long(text):
        return Found(text[: MAX_TEXT + 1])
    text = text.strip()
    if is_value(text):
        return Found(text)
    for look in (in_header, in_fixture, in_table, in_broken_lines, anywhere):
        if found := look(text, cookie_name):
            return found
    return Found(text)


def is_value(text):
    if ":" in text:  # asked first, because a pattern looks at a long text many times over
        return text.count(":") == 2 and bool(SIGNED.fullmatch(text))
    return looks_legacy(text) and bool(LEGACY.fullmatch(text))


def in_header(text, cookie_name):
    """Look into `Set-Cookie:` and `Cookie:`, also as curl prints them, and into `sessionid=…` alone."""
    for line in first_lines(text):
        header = COOKIE.match(line.strip())
        named = header[2] if header else line.strip()
        for pair in named.split(";", MOST)[:MOST]:
            name, equals, value = pair.strip().partition("=")
            if equals and name == cookie_name:
                place = f" of a {header[1].title()} header" if header else ""
                return Found(value.strip().strip('"'), f"Taken: the cookie {cookie_name}{place}.")
    return None


def first_lines(text):
    return text.split("\n", MOST)[:MOST]


def in_fixture(text, _):
    """Look into JSON: what `dumpdata` writes, or any object with a session_data in it."""
    if text[:1] not in ("{", "[") or "session_data" not in text:
        return None
    if memory_of_json(text.encode("utf-8", "replace")) > MAX_OBJECTS:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = value if isinstance(value, list) else [value]
    held = [fields for entry in entries if (fields := fields_of(entry))]
    if not held:
        return None
    several = f" The first of {len(held):,}." if len(held) > 1 else ""
    date = held[0].get("expire_date")
    expires = date_in(date) if isinstance(date, str) else None
    return Found(held[0]["session_data"], f"Taken: the session_data of a fixture.{several}", True, expires)


def fields_of(entry):
    """Return the fields of a row, or None."""
    fields = entry.get("fields", entry) if isinstance(entry, dict) else None
    return fields if isinstance(fields, dict) and isinstance(fields.get("session_data"), str) else None


def date_in(text):
    """Return the date that a text begins with, or None. It is UTC where nothing else is said."""
    found = AFTER.match(text)
    if not found:
        return None
    date, time, hours, minutes = found.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{time}{hours or '+00'}:{minutes or '00'}")
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):  # a month of 13, or the end of the calendar
        return None


def in_table(text, _):
    """Look into what a database shell prints: columns between bars, or one column a line (`\\x` of psql)."""
    rows = []
    for line in first_lines(text):
        cells = [cell.strip() for cell in re.split("[|│┃]", line, maxsplit=9)]
        if len(cells) == 2 and cells[0] == "session_data":
            return of_row(text, cells[1], "Taken: the column session_data of a row.")
        cells = [cell for cell in cells if cell]
        if len(cells) == 3 and KEY.fullmatch(cells[0]) and cells[2][:4].isdecimal():
            rows.append(cells[1])
    if not rows:
        return None
    several = f" The first of {len(rows):,}." if len(rows) > 1 else ""
    return of_row(text, rows[0], f"Taken: the column session_data of a row of django_session.{several}")


def of_row(text, value, said):
    """Return what was found in a row, with the date that stands behind it."""
    return Found(value, said, True, date_in(text.partition(value)[2]) if value else None)


def in_broken_lines(text, _):
    """Join a value that was broken into lines, as a mail or a terminal does."""
    inside = text.strip("\"'").strip()
    joined = "".join(inside.split())
    if not is_value(joined):
        return None
    what = "The quotes around it were taken off." if joined == inside else "The line breaks inside it were taken out."
    return Found(joined, what)


def anywhere(text, _):
    """Look for the first thing in the text that can be nothing else: in SQL, in a log line, in Python."""
    for piece in BETWEEN.split(text, MOST * 10)[: MOST * 10]:
        value = NAMED.sub("", piece, count=1) if "=" in piece and NAMED.match(piece) else piece
        if is_value(value):
            found = of_row(text, value, "Taken: the one value in it that looks like a session.")
            return found if found.expires else found._replace(is_row=False)
    return None
