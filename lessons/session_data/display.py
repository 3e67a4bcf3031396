"""Data from a stranger as text that a terminal, a page and a patient reader can bear."""

import json

CLIP = 2_000  # characters


def printable(text, limit=CLIP):
    r"""
    Return the beginning of a text (or of bytes), with whatever does not print escaped.

    >>> print(printable("visits\x1b[31m\ud800"))
    visits\x1b[31m\ud800
    """
    shown = text[: limit + 1]
    if isinstance(shown, bytes):
        shown = shown.decode("latin-1")
    if not shown.isprintable():
        shown = "".join(map(escaped, shown))
    return shown if len(shown) <= limit else shown[:limit] + "…"


def escaped(character):
    if character.isprintable() or character == "\n":
        return character
    return character.encode("unicode_escape").decode("ascii")


def indented(value, limit=CLIP):
    """Return the beginning of a JSON value, indented, without walking further than is shown."""
    chunks, length = [], 0
    try:
        for chunk in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value):
            chunks.append(chunk)
            length += len(chunk)
            if length > limit:
                break
    except RecursionError:  # deeper than Python goes: show as far as it came
        chunks.append("…")
    return printable("".join(chunks), limit)
