"""One statement as it was typed: its first word, and how much work it is to understand."""

import re
from itertools import takewhile
from math import prod

from .answer import STATEMENT_MOST, Refused

TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<name>[^\W\d]\w*|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*')|.""",
    re.DOTALL,
)
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
KINDS = ("table", "index", "view", "trigger")
BETWEEN = ("temp", "temporary", "unique", "virtual", "if", "not", "exists")  # words between a verb and a name
NAME_MOST = 60  # characters of a name in a sentence
COPIES_MOST = 500
TOO_LONG = f"That is longer than {STATEMENT_MOST} characters, and was not run."
NO_TEXT = "There is a character in it that no statement may have, such as NUL."


def tokens(statement: str) -> list[str]:
    """Return the words, names and signs of a statement, without white space and comments."""
    return [found[0] for found in TOKEN.finditer(statement) if found["space"] is None]


def checked(typed: str) -> str:
    """Return what was typed if it may be shown to a database at all."""
    if len(typed) > STATEMENT_MOST:
        raise Refused(TOO_LONG)
    if UNWRITABLE.search(typed):
        raise Refused(NO_TEXT)
    return typed


def first_word(statement: str) -> str:
    """Return the first word in lower case, or "" where there is none."""
    return next(iter(tokens(statement)), "").lower()


def is_plan(statement: str) -> bool:
    return [each.lower() for each in tokens(statement)[:3]] == ["explain", "query", "plan"]


def change_of_schema(statement: str) -> str:
    """Return a sentence on what CREATE, DROP or ALTER would do to what, or "" for any other statement.

    SQLite's guard hears of these only that they write into the list of tables.
    """
    verb, *words = [*takewhile(lambda each: each != "(", tokens(statement)), ""]
    words = [each for each in words if each.lower() not in BETWEEN]
    if verb.lower() not in ("create", "drop", "alter") or len(words) < 3 or words[0].lower() not in KINDS:
        return ""
    name = words[3] if words[2] == "." and len(words) > 4 else words[1]
    return f"This would {verb.lower()} the {words[0].lower()} {name[:NAME_MOST]}."


def copies(statement: str) -> int:
    """Return how often, at most, a table that WITH names is written out when a statement is compiled.

    SQLite puts the query in the place of each mention, before anything can stop it: six tables, each made of eight of
    the one before, are 262,144 queries. The product of the mentions is never too low.
    """
    names = [_plain(each) for each in tokens(statement)]
    if "with" not in names:
        return 1
    defined = {names[at] for at in _definitions(names)}
    return prod(max(1, names.count(name) - 1) for name in defined)


def _definitions(names: list[str]):
    """Yield the places of names that stand before `AS (`; a list of columns may stand between."""
    for at, name in enumerate(names):
        if name != "as":
            continue
        after = [*takewhile(lambda each: each in ("not", "materialized"), names[at + 1 :])]
        if names[at + 1 + len(after) : at + 2 + len(after)] != ["("]:
            continue
        before = at - 1
        if names[before] == ")":
            while before >= 0 and names[before] != "(":
                before -= 1
            before -= 1
        if before >= 0:
            yield before


def _plain(token: str) -> str:
    """Return a name as SQLite compares it, whatever quotes it stands in."""
    if token[0] in "\"`'" and len(token) > 1:
        token = token[1:-1].replace(token[0] * 2, token[0])
    elif token[0] == "[" and len(token) > 1:
        token = token[1:-1]
    return token.lower()


def without_end(statement: str) -> str:
    """Return a statement without the semicolon and the comments that end it: PostgreSQL gets it in brackets."""
    found = [each for each in TOKEN.finditer(statement) if each["space"] is None]
    while found and found[-1][0] == ";":
        found.pop()
    return statement[: found[-1].end()] if found else ""


def explained(statement: str) -> str:
    """Return the query behind EXPLAIN, or EXPLAIN ANALYZE."""
    found = [each for each in TOKEN.finditer(statement) if each["space"] is None]
    skipped = 2 if len(found) > 1 and found[1][0].lower() == "analyze" else 1
    return statement[found[skipped].start() :] if len(found) > skipped else ""
