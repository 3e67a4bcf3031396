"""Where in a statement an error is: the line that the shell draws below it, with ^--- under the place.

Python's sqlite3 does not hand on the offset that SQLite knows. It can be found again: a syntax error is at the first
token up to which the same statement already fails in the same way.
"""

import re
from collections.abc import Callable

NEAR = re.compile(r'near "(.*)": syntax error', re.DOTALL)
UNRECOGNIZED = re.compile(r'unrecognized token: "(.*)"', re.DOTALL)
NAMED = re.compile(
    r"(?:no such column|no such function|ambiguous column name|wrong number of arguments to function"
    r"|misuse of aggregate|misuse of aggregate function|misuse of window function): ?([^()]+)"
    r"|wrong number of arguments to function ([^()]+)",
)
SKIPPED = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
ROOM, BEFORE, LEFT = 78, 50, 25  # characters of a line; before the place; from where on the words stand left of it


def pointed_at(statement: str, message: str, failing: Callable[[str], str]) -> str:
    """Return `message`, and the line with the caret if the place is known. `failing` says how a text fails."""
    place = _place(statement, message, failing)
    return message if place is None else f"{message}\n{_drawn(statement, place)}"


def _place(statement: str, message: str, failing) -> int | None:
    if found := NEAR.fullmatch(message):
        ends = _places(statement, found[1])
        return next((at for at in ends if failing(statement[: at + len(found[1])]) == message), None)
    if found := UNRECOGNIZED.fullmatch(message):
        return next(iter(_places(statement, found[1])), None)
    if found := NAMED.match(message):
        name = (found[1] or found[2]).split(".")[0].strip()
        bare = SKIPPED.sub(lambda each: " " * len(each[0]), statement)
        words = list(re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w)", bare, re.IGNORECASE))
        if "misuse" in message:
            words = words[-1:]
        return words[0].start() if words else None
    return None


def _places(statement: str, token: str):
    at = statement.find(token)
    while token and at >= 0:
        yield at
        at = statement.find(token, at + 1)


def _drawn(statement: str, place: int) -> str:
    cut = max(0, place - BEFORE)
    line = re.sub(r"\s", " ", statement[cut : cut + ROOM])
    place -= cut
    arrow = " " * place + "^--- error here" if place < LEFT else " " * (place - 14) + "error here ---^"
    return f"  {line}\n  {arrow}"
