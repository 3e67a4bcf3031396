"""
What came from what: every stage's text cut into spans, and each span's place on a line that stages share.

    stored text    eyJu  bV92  …      payload characters, four to a group
    bytes          {"n   um_   …      three to a group
    JSON           {  "num_visits"  :  3  }
    the dict       {  'num_visits'  :  3  }

A link is a place on such a line: `packed` counts the bytes that Base64 stands for, and where they are zlib, `json`
counts the bytes that they become. Two spans belong together when their places overlap. Through zlib no byte comes from
a byte: there, the whole comes from the whole. And each character of the signature comes from all that it signs.
"""

import json
from contextlib import suppress

from .display import printable
from .groups import STANDARD, URL_SAFE, groups_of
from .spans import JSON, MARKER, PACKED, SIGNATURE, TIMESTAMP, Cell, Link, Linked, Span
from .steps import inflate, legacy_unbase64, unbase64
from .tokens import pointer_of, text_of, tokens_of
from .writing import BASE62

LINKED = 1_536  # characters of the payload, and bytes of JSON, that are linked
TOKENS = 500  # tokens of JSON
NAMED = 200  # characters of a pointer that stands in an address
LINE = 72  # characters of a dict that is written in one line

WORDS = {"true": "True", "false": "False", "null": "None", "NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def link(decoded):
    """Cut every stage of a decoded value into spans, as far as it was decoded."""
    made, text = Linked(), decoded.pieces[0]
    if decoded.format == "unknown":
        made.stored = [Span(printable(text), kind="payload")]
        return made
    signed = len(decoded.pieces) == 3
    data = bytes_of(decoded, text, signed)
    if decoded.compressed:
        made.stored.append(Span(".", Link(MARKER, 0, 1), "marker", "marker", 1, 1))
        text = text[1:]
    link_base64(made, text, data, URL_SAFE if signed else STANDARD, readable=not decoded.compressed)
    if signed:
        link_signed(made, *decoded.pieces[1:])
    if decoded.compressed:
        data = link_inflated(made, decoded, data)
    elif data is not None and not signed:
        made.at = data.find(b":") + 1
        data = data[made.at :]
    if data is not None and "json" not in decoded.failures:
        link_json(made, data)
    made.message = message_of(made, signed)
    return made


def message_of(made, signed):
    """Return what the signature covers: all before the last colon; in a legacy row, what follows the hash."""
    covered = made.stored[:-2] if signed else [span._replace(kind="") for span in made.json]
    joined = []
    for span in covered:
        last = joined[-1] if joined else None
        if last and last.link and span.link and (last.link.axis, last.kind) == (span.link.axis, span.kind):
            place = Link(span.link.axis, last.link.start, span.link.end)
            joined[-1] = last._replace(text=last.text + span.text, link=place, last=span.last)
        else:
            joined.append(span)
    return joined


def bytes_of(decoded, text, signed):
    """Return what Base64 stands for, or None where it is none."""
    if "base64" in decoded.failures:
        return None
    return unbase64(text.removeprefix(".")) if signed else legacy_unbase64(text)


def unread_bytes(decoded):
    """Return the bytes that were to be JSON, as far as decoding came."""
    if decoded.format == "unknown" or {"base64", "inflate"} & set(decoded.failures):
        return b""
    signed = len(decoded.pieces) == 3
    data = bytes_of(decoded, decoded.pieces[0], signed)
    if decoded.compressed:
        return inflate(data)
    return data if signed else data.partition(b":")[2]


def link_base64(made, text, data, alphabet, *, readable):
    """Cut the payload into its groups, and put beside each the bytes; where they are readable, as characters too."""
    groups = groups_of(text[:LINKED], alphabet) if data is not None else []
    if not groups:
        made.stored.append(payload(text, 0, len(text), Link(PACKED, 0, max(len(data or b""), 1))))
        return
    made.stops = len(text) > LINKED
    done = 0
    for group in groups:
        if group.start > done:
            made.stored.append(Span(printable(text[done : group.start]), kind="stranger"))
        characters = payload(text, group.start, group.end, Link(PACKED, group.first, group.last))
        made.stored.append(characters)
        made.cells.append(Cell(characters, tuple(a_byte(data, at, readable) for at in range(group.first, group.last))))
        done = group.end
    if done < len(text):
        made.stored.append(Span(printable(text[done:], 40), kind="stranger"))


def payload(text, start, end, place):
    return Span(printable(text[start:end]), place, "payload", "payload character", start + 1, end)


def a_byte(data, at, readable):
    kind = character_of(data[at]) if readable else ""
    return Span(f"{data[at]:02x}", Link(PACKED, at, at + 1), kind, "byte", at + 1, at + 1)


def character_of(byte):
    """Return the character that a byte of ASCII stands for, or "" where it does not print."""
    return chr(byte) if 32 <= byte < 127 else ""


def link_signed(made, timestamp, signature):
    """Cut off the timestamp, digit by digit, and the signature."""
    colon = Span(":", kind="separator")
    digits = [
        Span(printable(digit), Link(TIMESTAMP, at, at + 1), "timestamp", "timestamp digit", at + 1, at + 1)
        for at, digit in enumerate(timestamp[:64])
    ]
    whole = Link(SIGNATURE, 0, max(len(signature), 1))
    made.stored += [colon, *digits, colon]
    made.stored.append(Span(printable(signature, 200), whole, "signature", "signature character", 1, len(signature)))
    values = [BASE62.find(digit) for digit in timestamp]
    if len(digits) <= 11 and min(values, default=-1) >= 0:  # what is no number, or too long for a date, is not added up
        weights = [62**power for power in reversed(range(len(digits)))]
        made.digits = [(*each, each[1] * each[2]) for each in zip(digits, values, weights, strict=True)]


def link_inflated(made, decoded, data):
    """Put beside the zlib data what they became; return it, or None."""
    if data is None or "inflate" in decoded.failures:
        return None
    made.before, made.axis = len(data), JSON
    data = inflate(data)
    made.after = len(data)
    made.inflated = [
        Span(
            printable(chr(byte)),
            Link(JSON, at, at + 1),
            "" if character_of(byte) else "unprintable",
            "inflated byte",
            at + 1,
            at + 1,
        )
        for at, byte in enumerate(data[:LINKED])
    ]
    return data


def link_json(made, data):
    """Cut the JSON into tokens, and say what became of each in Python."""
    text = data[:LINKED].decode("latin-1")
    tokens = tokens_of(text)
    made.tokens = tokens[:TOKENS]
    cut = len(data) > LINKED or len(tokens) > TOKENS
    made.stops = made.stops or cut
    for token in made.tokens:
        place = Link(made.axis, made.at + token.start, made.at + token.end)
        made.json.append(Span(printable(text[token.start : token.end]), place, token.kind))
    parts = [part for part in python_of(made, text) if part.text]
    if cut:
        made.json.append(Span("…", kind="stranger"))
        parts[-1:] = [Span("…")]
    if sum(len(part.text) for part in parts) > LINE:
        parts = [part._replace(text=",\n ") if part.kind == "next" else part for part in parts]
    made.python = parts


def python_of(made, text):
    """Yield for each token what `repr` writes for it."""
    for token in made.tokens:
        if token.lost or token.kind == "space":
            continue
        piece = text[token.start : token.end]
        place = Link(made.axis, made.at + token.start, made.at + token.end)
        if piece in (",", ":"):
            yield Span(piece + " ", kind="next" if piece == "," and token.depth == 1 else "")
        elif token.kind == "punctuation":
            yield Span(piece, place, token.kind)
        else:
            pointer = pointer_of(token.path) if token.kind == "key" else ""
            yield Span(
                as_python(piece, token.kind), place, token.kind, pointer=pointer if len(pointer) <= NAMED else ""
            )


def address_of(token):
    """Return the pointer of a key, if it is short enough to stand in an address."""
    pointer = pointer_of(token.path) if token.kind == "key" else ""
    return pointer if len(pointer) <= NAMED else ""


def as_python(piece, kind):
    """Return a token of JSON as Python's `repr` writes the value."""
    if kind in ("key", "string"):
        return printable(repr(text_of(piece)))
    if kind == "number":
        with suppress(ValueError):  # a number that was cut off
            return printable(repr(json.loads(piece)))
    return WORDS.get(piece, printable(piece))
