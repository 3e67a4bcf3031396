"""Looking at values without touching them: no method of a stranger is called, nothing is loaded, nothing grows.

`repr` of a queryset runs it, `str` of a model may ask the database, and any method of a session may load it (C06).
So only plain Python values are spelled out, and everything else is told by its type. Even `isinstance` may wake a lazy
object, by asking for its `__class__`, and to look a type up in a set calls its metaclass: types are compared by `is`.
"""

import sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import islice
from types import FunctionType, MethodType, ModuleType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.base import SessionBase
from django.http.response import HttpResponseBase

from .masking import MASK, is_secret

TEXT_MOST = 160  # characters of one text
ITEMS_MOST = 40  # items of one list or dict
LEVELS_MOST = 5
PARTS_MOST = 200  # items of one value, on all its levels
BITS_MOST = 2000  # of a number; Python spells no number of more than some thousand digits
KNOWN: dict[int, str] = {}  # id of a type whose objects are all told alike -> how
LASTING: dict[int, type] = {}  # the types whose ids are in KNOWN and SAY; held here, they keep their ids
KEY = "_SessionBase__session_key"  # where a session keeps its key; asking `session_key` would be a call

# What a class itself says of its objects, whatever a subclass or a metaclass of a stranger would answer.
_name_of = vars(type)["__name__"].__get__
_module_of = vars(type)["__module__"].__get__
names_in = vars(type)["__dict__"].__get__
_bases_of = vars(type)["__mro__"].__get__
_held_by_session = vars(SessionBase)["__dict__"].__get__
_held_by_response = vars(HttpResponseBase)["__dict__"].__get__


def said(value: Any, level: int = 0, room: list[int] | None = None) -> str:
    """Say a value in one line of Python, shortened; what is not a plain value, by its type.

    `room` holds how many more items may be said, on all levels together.
    """
    kind = type(value)
    if (known := KNOWN.get(id(kind))) is not None:
        return known
    if (say := SAY.get(id(kind))) is not None:
        return say(value)
    if id(kind) in BRACKETS:
        return _container(value, kind, level, room or [PARTS_MOST])
    if issubclass(kind, str):
        return _text(value)
    return f"<{_label(value, kind)}>"


def _text(value: str) -> str:
    return clip(str.__repr__(str.__getitem__(value, slice(TEXT_MOST * 2))), str.__len__(value))


def _bytes(value: bytes) -> str:
    return clip(repr(value[: TEXT_MOST * 2]), len(value))


def _number(value: int) -> str:
    bits = value.bit_length()
    return clip(repr(value)) if bits <= BITS_MOST else f"<int of {bits} bits>"


def _moment(value: datetime | time) -> str:
    """Say a moment; one in a time zone of a stranger's make would ask the stranger."""
    zone = type(value.tzinfo)
    known = value.tzinfo is None or zone is timezone or zone is ZoneInfo
    return clip(repr(value)) if known else f"<{type(value).__name__}>"


def _short(value) -> str:
    return clip(repr(value))


SAY = {id(kind): _short for kind in (float, bool, type(None), date, timedelta, Decimal, UUID)}
SAY |= {id(str): _text, id(bytes): _bytes, id(int): _number, id(datetime): _moment, id(time): _moment}
BRACKETS = {id(list): "[]", id(tuple): "()", id(dict): "{}", id(set): "{}", id(frozenset): "{}"}


def _container(value, kind, level: int, room: list[int]) -> str:
    if level >= LEVELS_MOST:
        return "…"
    if kind is dict:
        shown = _first(value.items(), room)
        inner = [f"{said(key, level + 1, room)}: {_item(key, item, level, room)}" for key, item in shown]
    else:
        shown = _first(value, room)
        inner = [said(item, level + 1, room) for item in shown]
    if len(value) > len(shown):
        inner.append(f"… {len(value) - len(shown)} more")
    if kind is tuple and len(value) == 1:
        inner.append("")
    if (kind is set or kind is frozenset) and not value:
        return f"{kind.__name__}()"
    opening, closing = BRACKETS[id(kind)]
    return opening + ", ".join(inner).rstrip(" ") + closing


def _item(key, item, level: int, room: list[int]) -> str:
    return repr(MASK) if is_secret(key) else said(item, level + 1, room)


def _first(items, room: list[int]) -> list:
    """Return the first of these items, in one step, in which no other thread can change them."""
    found = list(islice(items, min(ITEMS_MOST, room[0])))
    room[0] -= len(found)
    return found


def _label(value, kind: type) -> str:
    """Name a value by its type, and add what makes a response, a function or a class known at once."""
    name = _name_of(kind)
    if issubclass(kind, HttpResponseBase):
        return _response(value, kind, name)
    if issubclass(kind, type):
        return f"{name} {_name_of(value)}"
    if kind is MethodType:
        return f"{name} {value.__func__.__name__}" if type(value.__func__) is FunctionType else name
    if kind is FunctionType:
        return f"{name} {value.__name__}"
    if _is_in_its_module(kind, name):
        KNOWN[id(kind)], LASTING[id(kind)] = f"<{name}>", kind
    return name


def _response(value: HttpResponseBase, kind: type, name: str) -> str:
    """Name a response with its status: its own, or that of its class."""
    homes = (names_in(base) for base in _bases_of(kind))
    default = next((home["status_code"] for home in homes if "status_code" in home), None)

    def label(value) -> str:
        status = _held_by_response(value).get("status_code", default)
        return f"<{name} {status}>" if type(status) is int else f"<{name}>"

    if _is_in_its_module(kind, name):
        SAY[id(kind)], LASTING[id(kind)] = label, kind
    return label(value)[1:-1]


def _is_in_its_module(kind: type, name: str) -> bool:
    """Whether a class is there for good. One that a view has made must not be kept alive by being remembered."""
    place = _module_of(kind)
    home = sys.modules.get(place) if type(place) is str else None
    return type(home) is ModuleType and vars(home).get(name) is kind


def held_by(session) -> dict | None:
    """Return a session's own `__dict__`, in which its key, its flags and its data are; None if it is no session."""
    return _held_by_session(session) if issubclass(type(session), SessionBase) else None


def is_atom(value) -> bool:
    """Return whether a value is of a kind inside which nothing can change, and which is never long to tell."""
    kind = type(value)
    return kind is str or kind is int or kind is bool or value is None or kind is float


def plain(value: Any, level: int = 0, room: list[int] | None = None) -> Any:
    """Return a copy of what a session holds that JSON can carry, shortened. A JSON value stays what it is."""
    kind = type(value)
    if kind is str:
        return _whole_letters(clip(value))
    if kind is int:
        return value if -(2**53) < value < 2**53 else clip(said(value))
    if kind is bool or value is None:
        return value
    if kind is float:
        return value if value - value == 0 else repr(value)  # neither inf nor NaN is JSON (P5)
    room = room or [PARTS_MOST]
    if kind is dict:
        return _plain_dict(value, level, room)
    if kind is list or kind is tuple:
        return _plain_list(value, level, room)
    return said(value, level, room)


def _plain_dict(value: dict, level: int, room: list[int]) -> dict | str:
    if level >= LEVELS_MOST:
        return "…"
    shown = _first(value.items(), room)
    copy = {_name(key): MASK if is_secret(key) else plain(item, level + 1, room) for key, item in shown}
    if len(value) > len(shown):
        copy["…"] = f"{len(value) - len(shown)} more keys"
    return copy


def _plain_list(value: list | tuple, level: int, room: list[int]) -> list | str:
    if level >= LEVELS_MOST:
        return "…"
    shown = _first(value, room)
    more = [f"… {len(value) - len(shown)} more"] if len(value) > len(shown) else []
    return [plain(item, level + 1, room) for item in shown] + more


def _name(key) -> str:
    return _whole_letters(clip(key)) if type(key) is str else said(key)


def _whole_letters(text: str) -> str:
    """Spell out half of a surrogate pair, which JSON can bring and no page can show."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def clip(text: str, whole: int = 0, most: int = TEXT_MOST) -> str:
    """Shorten a text to what a page can bear. `whole` is its real length, where it has been cut before."""
    return text if len(text) <= most else f"{text[:most]}… ({max(whole, len(text))} characters)"
