"""
Base64, group by group: four characters stand for three bytes.

    e y J u    b V 9 2    …
    { " n      u m _      …
"""

from string import ascii_letters, digits
from typing import NamedTuple

STANDARD = frozenset(ascii_letters + digits + "+/")
URL_SAFE = STANDARD | {"-", "_"}  # Python reads either


class Group(NamedTuple):
    """Up to four characters, from `start` to `end`, and the bytes from `first` to `last` that they stand for."""

    start: int
    end: int
    first: int
    last: int


def groups_of(text, alphabet=URL_SAFE):
    """
    Return the groups of a text that Python can decode.

    What is not in the alphabet counts for nothing, and where the padding is complete Python stops reading: so
    both stand in no group, or between the characters of one.

    >>> groups_of("e30")
    [Group(start=0, end=3, first=0, last=2)]
    """
    groups, held, pads, first = [], [], 0, 0
    for at, character in enumerate(text):
        if character in alphabet:
            held.append(at)
            pads = 0
        elif character == "=" and len(held) >= 2:
            pads += 1
        if len(held) + pads >= 4:
            first = _close(groups, held, first)
            if pads:
                return groups
    if len(held) > 1:  # Django took the padding off
        _close(groups, held, first)
    return groups


def _close(groups, held, first):
    last = first + len(held) * 6 // 8
    groups.append(Group(held[0], held[-1] + 1, first, last))
    held.clear()
    return last
