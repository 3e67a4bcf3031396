"""Values of a trace as words: how much of them is kept, and which are not said."""

from datetime import datetime, timezone

from .masking import MASK, is_secret
from .peek import clip, is_atom, said

SQL_MOST = 600
PARAMS_MOST = 12
WORD_MOST = 20  # characters of a value that are kept even where there is no room


class Words(str):
    """A value that has been put into words already."""

    __slots__ = ()


class Held(dict):
    """A copy of a session's dict, to be told when the response is on its way: nothing in it can change or is long."""

    __slots__ = ()


class Room:
    """So many characters of values, and no more."""

    def __init__(self, characters: int):
        self.left = characters

    def take(self, text: str) -> str:
        self.left -= len(text)
        return text if self.left > 0 or len(text) <= WORD_MOST else f"{text[:WORD_MOST]}…"

    def fit(self, words: Words | Held) -> Words | Held:
        if type(words) is Held:
            return words
        text = self.take(words)
        return words if text is words else Words(text)

    def keep(self, characters: int) -> None:
        """Have at least this much left."""
        self.left = max(self.left, characters)


def in_words(detail: dict | None, room: Room, statements: Room) -> dict | None:
    """Return the detail of an event with every value as text. What has a secret's name is not said."""
    if not detail:
        return detail
    told = dict(detail)
    if "ms" in told:
        text, params = clip(told["text"], most=SQL_MOST), _params(told["params"])
        told["text"], told["params"] = text, params
        if "django_session" not in text:
            told["text"], told["params"] = statements.take(text), [statements.take(each) for each in params]
    if "values" in told:
        told["values"] = {
            name: MASK if is_secret(name) else room.take(_words(value))
            for name, value in told["values"].items()
            if name != "__class__"  # there for super(), and no variable of the author's
        }
    if "result" in told:
        told["result"] = room.take(_words(told["result"]))
    return told


def _words(value) -> str:
    if type(value) is Words:
        return str(value)
    return said(dict(value) if type(value) is Held else value)


def in_order(params) -> tuple:
    """Return parameters as they are now. What is none of the usual kinds could be used up by being looked at."""
    if type(params) is dict:
        return tuple(params.values())
    return tuple(params) if type(params) is tuple or type(params) is list else ()


def _params(params: tuple) -> list[str]:
    """Return the parameters of a statement as text."""
    return [said(as_sent(value)) for value in params[:PARAMS_MOST]]


def as_sent(value):
    """Return a parameter as the database is sent it. For PostgreSQL, Django leaves numbers and dates to psycopg."""
    kind = type(value)
    if kind is datetime and type(value.tzinfo) is timezone:
        return str(value)
    if kind is not bool and issubclass(kind, int):  # psycopg has a kind of int for each column type
        return int.__pos__(value)
    return value


def message_of(error: BaseException) -> str:
    """Return what an exception says, if it can be known without asking a stranger to say it."""
    args = BaseException.args.__get__(error)
    speaker = next(kind for kind in type(error).__mro__ if "__str__" in vars(kind))
    if speaker.__module__ == "builtins" and all(is_atom(each) or type(each) is bytes for each in args):
        return str(error)
    return ", ".join(said(each) for each in args)
