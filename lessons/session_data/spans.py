"""Pieces of a stage's text, and their places on the lines that stages share (see links.py)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .steps import count
from .tokens import places_of

PACKED, JSON, TIMESTAMP, SIGNATURE, MARKER = "packed", "json", "timestamp", "signature", "marker"


class Link(NamedTuple):
    axis: str
    start: int
    end: int


class Span(NamedTuple):
    """A piece of a stage's text. Without a link it came from nothing, such as a colon."""

    text: str
    link: Link | None = None
    kind: str = ""
    unit: str = ""  # what `first` to `last` count, in words: "payload character"; "" where the text says it
    first: int = 0
    last: int = 0
    pointer: str = ""  # of a key in the dict: the address that lights it


def together(one, other):
    """
    Return "exact" when the places overlap, "whole" when all of one comes from all of the other, or "".

    >>> together(Link("packed", 0, 3), Link("packed", 2, 5)), together(Link("packed", 0, 3), Link("json", 9, 10))
    ('exact', 'whole')
    """
    if one.axis == other.axis:
        return "exact" if one.start < other.end and other.start < one.end else ""
    axes = {one.axis, other.axis}
    return "whole" if axes == {PACKED, JSON} or SIGNATURE in axes else ""


class Cell(NamedTuple):
    """One group of Base64: its characters, and the bytes that they stand for."""

    characters: Span
    bytes: tuple[Span, ...]


@dataclass
class Linked:
    """The spans of each stage of one value, in the order of the text."""

    stored: list[Span] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    inflated: list[Span] = field(default_factory=list)
    json: list[Span] = field(default_factory=list)
    python: list[Span] = field(default_factory=list)
    digits: list[tuple] = field(default_factory=list)  # of the timestamp: a span, its value, its weight, their product
    message: list[Span] = field(default_factory=list)  # what the signature covers
    before: int = 0  # bytes of zlib
    after: int = 0  # bytes that they became
    stops: bool = False  # there is more than is linked
    tokens: list = field(default_factory=list, repr=False)
    axis: str = PACKED  # the line on which the JSON lies, and where on it it begins
    at: int = 0

    @property
    def most(self):
        return max(self.before, self.after)

    @property
    def said_before(self):
        return f"{count(self.before, 'byte')} of zlib"

    @property
    def said_after(self):
        return f"{count(self.after, 'byte')} of JSON"

    def lit_by(self, pointer):
        """Return the links of the pair, or of the value, at a path in the JSON."""
        places = places_of(self.tokens, pointer) if pointer else []
        return [Link(self.axis, self.at + start, self.at + end) for start, end in places]
