"""
What somebody pasted: where in it is the value?

Developers paste what they have: a header, a line of a database shell, a fixture. One value is taken out of it, and a
sentence says which. Everything here takes time in proportion to the text, and no text whatever raises.
"""

import json
import re
from typing import NamedTuple

from .limits import MAX_OBJECTS, MAX_TEXT, memory_of_json, too_long
from .reading import looks_legacy

SIGNED = re.compile(r"\.?[A-Za-z0-9_-]+={0,2}:[0-9A-Za-z]{1,11}:(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{27})")
LEGACY = re.compile(r"[A-Za-z0-9+/]{55,}={0,2}")  # 40 hex digits and a colon are 41 bytes
KEY = re.compile(r"[a-z0-9]{8,40}")
COOKIE = re.compile(r"(?:[<>*] ?)?(set-cookie|cookie): *(.*)", re.IGNORECASE)
BETWEEN = re.compile(r"[\s\"'`|│┃;,(){}<>\[\]]+")
NAMED = re.compile(r"[\w-]+=(?==*[^\s=])")  # `name=` before something; the padding of base64 has nothing after it
MOST = 500  # lines, and cookies in one of them, that are looked at


class Found(NamedTuple):
    value: str
    said: str = ""  # a sentence on what was taken, or "" where it was the value alone


def found_in(text, cookie_name="sessionid"):
    """
    Return the value in a text that was pasted.

    >>> found_in("Cookie: theme=dark; sessionid=e30:1xVHYy:abc")
    Found(value='e30:1xVHYy:abc', said='Taken: the cookie sessionid of a Cookie header.')
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
    held = [held for entry in entries if (held := session_data_of(entry)) is not None]
    if not held:
        return None
    several = f" The first of {len(held):,}." if len(held) > 1 else ""
    return Found(held[0], f"Taken: the session_data of a fixture.{several}")


def session_data_of(entry):
    if not isinstance(entry, dict):
        return None
    fields = entry.get("fields", entry)
    held = fields.get("session_data") if isinstance(fields, dict) else None
    return held if isinstance(held, str) else None


def in_table(text, _):
    """Look into what a database shell prints: columns between bars, or one column a line (`\\x` of psql)."""
    rows = []
    for line in first_lines(text):
        cells = [cell.strip() for cell in re.split("[|│┃]", line, maxsplit=9)]
        if len(cells) == 2 and cells[0] == "session_data":
            return Found(cells[1], "Taken: the column session_data of a row.")
        cells = [cell for cell in cells if cell]
        if len(cells) == 3 and KEY.fullmatch(cells[0]) and cells[2][:4].isdecimal():
            rows.append(cells[1])
    if not rows:
        return None
    several = f" The first of {len(rows):,}." if len(rows) > 1 else ""
    return Found(rows[0], f"Taken: the column session_data of a row of django_session.{several}")


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
            return Found(value, "Taken: the one value in it that looks like a session.")
    return None
