r"""
JSON cut into tokens: each with its place, and with the path of the value that it belongs to.

    {"cart":[1]}        {  "cart"  :  [  1  ]  }
                        /  /cart   …  …  /cart/0

A path is written as a JSON Pointer (RFC 6901). Nothing here is recursive: whoever can write a row can nest it deeply.
"""

import json
import re
from itertools import pairwise
from typing import NamedTuple

DEEPEST = 20  # names in a path: what lies deeper is told apart no further

TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\r]+)
    | (?P<string>"[^"\\]*(?:\\.[^"\\]*)*"?)
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
    | (?P<word>true|false|null|NaN|-?Infinity)
    | (?P<punctuation>[][{}:,])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    kind: str  # "key", "string", "number", "word", "punctuation", "space" or "other"
    start: int
    end: int
    path: tuple  # names and indexes from the top to the value: ("cart", 0)
    depth: int  # how many containers are open around it
    lost: bool = False  # it belongs to a pair whose key comes again, and Python keeps the last


class _Open:
    """A list or an object that has not been closed yet."""

    def __init__(self, path, is_object):
        self.path, self.is_object = path, is_object
        self.step = None if is_object else 0  # the key or the index that we are at
        self.keys = []  # of an object: each key, and the number of its token

    @property
    def awaits_key(self):
        return self.is_object and self.step is None

    @property
    def inner(self):
        return self.path if self.step is None else (*self.path, self.step)[:DEEPEST]


def tokens_of(text):
    """
    Return the tokens of JSON: every character is in exactly one, also where it is no JSON, or where it was cut off.

    >>> [(token.kind, token.path) for token in tokens_of('{"a":1}')][:3]
    [('punctuation', ()), ('key', ('a',)), ('punctuation', ('a',))]
    """
    tokens, stack, objects = [], [], []
    for match in TOKEN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        top = stack[-1] if stack else None
        path = top.inner if top else ()
        depth = len(stack)
        if kind == "string" and top and top.awaits_key:
            kind = "key"
            top.step = text_of(piece)
            top.keys.append((top.step, len(tokens)))
            path = top.inner
        elif piece in ("{", "["):
            stack.append(_Open(path, piece == "{"))
            objects.append(stack[-1])
        elif piece in ("}", "]") and stack:
            path = stack.pop().path
            depth -= 1
        elif piece == "," and top:
            path = top.path
            top.step = None if top.is_object else top.step + 1
        tokens.append(Token(kind, *match.span(), path, depth))
    return _without_lost(tokens, objects)


def text_of(token):
    """Return what a string token says, or the token itself where it says nothing (it was cut off)."""
    try:
        return json.loads(token, strict=False)
    except ValueError:
        return token


def _without_lost(tokens, objects):
    """Mark the pairs whose key comes again in the same object."""
    for opened in objects:
        later = dict(opened.keys)  # each key with its last token
        for (key, number), (_, following) in pairwise(opened.keys):
            if later[key] != number:
                for index in range(number, following):
                    tokens[index] = tokens[index]._replace(lost=True)
    return tokens


def pointer_of(path):
    """
    >>> pointer_of(("cart", 0)), pointer_of(("a/b",))
    ('/cart/0', '/a~1b')
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def places_of(tokens, pointer):
    """Return from where to where the pair or the value at this pointer stands; twice, if its key comes twice."""
    places, known = [], {}
    for token in tokens:
        if token.path not in known:
            known[token.path] = f"{pointer_of(token.path)}/".startswith(f"{pointer}/")
        if not known[token.path]:
            continue
        if places and places[-1][1] == token.start:
            places[-1] = (places[-1][0], token.end)
        else:
            places.append((token.start, token.end))
    return places
