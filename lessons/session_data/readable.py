"""Bytes and values as text that stands in a field, may be changed there, and means the same when it comes back."""

import json

from .steps import Broken, count, loads, parse_json, refused
from .telling import SMALL, surprises_in
from .writing import serialize

#: Characters of one stage that may be typed or changed.
TYPED_MOST = 300_000


def bytes_of(text):
    """Return the bytes that Django would make of typed JSON, or raise Broken with a sentence."""
    try:
        return serialize(loads(text))
    except json.JSONDecodeError as exc:
        raise Broken("data", f"This is not JSON: {exc}.{_about_names(exc)}") from None
    except (RecursionError, ValueError) as exc:
        raise refused("data", exc) from None


def _about_names(error):
    """Return a sentence for a name in a dict that stands in other quotes or in none, or ""."""
    here = error.doc[error.pos : error.pos + 1]
    bare = error.msg.startswith("Expecting property name") and (here.isidentifier() or here == "'")
    return " Names stand in double quotes." if bare else ""


def as_text(raw):
    """Return the bytes as Latin-1 text, and a note; no text, where a field cannot hold it."""
    text = raw.decode("latin-1")
    if len(text) > TYPED_MOST:
        return "", f"{count(len(raw), 'byte')}: too long to be changed here."
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        return "", f"{count(len(raw), 'byte')} that are no text. They begin {raw[:24]!r}."
    return text, ""


def as_json(raw, typed=None):
    """
    Return the value in these bytes as JSON that is made to be read, and a note; no text, where it is no JSON.

    The note tells what is remarkable about `typed`, if the bytes were made of that: of a key that was there twice,
    they know nothing any more.
    """
    try:
        value = parse_json(raw)
        text = _indented(value) or _compact(value)
    except Broken as broken:
        return "", broken.note
    if len(text) > TYPED_MOST:
        return "", f"{count(len(text), 'character')} of JSON: too long to be changed here."
    note = "" if isinstance(value, dict) else "This is not an object, which a session has to be."
    return text, f"{note}{_surprises(typed or raw)}".strip()


def _surprises(raw):
    """Return what Python's JSON parser passes over in silence, as sentences."""
    return surprises_in(raw) if len(raw) <= SMALL else ""


def _indented(value):
    """Return the JSON with a line for each item, or "" where that would be too long or too deep."""
    chunks, length = [], 0
    try:
        for chunk in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value):
            chunks.append(chunk)
            length += len(chunk)
            if length > TYPED_MOST:
                return ""
    except RecursionError:
        return ""
    return _typeable("".join(chunks))


def _compact(value):
    try:
        return _typeable(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        raise Broken("json", "The JSON is nested too deeply for Python to write.") from None


def _typeable(text):
    r"""
    Escape, as JSON does, what does not print: a field would change it, or nobody would see it.

    >>> _typeable('"caf\N{LATIN SMALL LETTER E WITH ACUTE}\u202e\ud800"')
    '"café\\u202e\\ud800"'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)
