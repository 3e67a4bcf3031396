"""Looking at values without touching them: no method of a stranger is called, nothing is loaded, nothing grows.

`repr` of a queryset runs it, `str` of a model may ask the database, and any method of a session may load it (C06).
So only plain Python values are spelled out, and everything else is told by its type. Even `isinstance` may wake a lazy
object, by asking for its `__class__`.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase

from .masking import MASK, SECRET_NAME

TEXT_MOST = 160  # characters of one text
ITEMS_MOST = 40  # items of one list or dict
LEVELS_MOST = 5
NAME_MOST = 60  # characters of a name that are looked at for whether it names a secret
PLAIN = (int, float, bool, type(None), date, datetime, time, timedelta, Decimal, UUID)
ATOMS = {str, int, float, bool, type(None)}  # exactly these: nothing inside them can change
KNOWN: dict[type, str] = {}  # types whose objects are all told alike
KEY = "_SessionBase__session_key"  # where a session keeps its key; asking `session_key` would be a call


def said(value: Any, level: int = 0) -> str:
    """Say a value in one line of Python, shortened; what is not a plain value, by its type."""
    kind = type(value)
    if kind in KNOWN:
        return KNOWN[kind]
    if kind in PLAIN:
        return clip(repr(value))
    if issubclass(kind, str):
        return clip(str.__repr__(value[: TEXT_MOST * 2]), len(value))
    if kind is bytes:
        return clip(repr(value[: TEXT_MOST * 2]), len(value))
    if kind in (list, tuple, set, frozenset, dict):
        return _container(value, kind, level)
    return f"<{_label(value)}>"


def _container(value, kind, level: int) -> str:
    if level >= LEVELS_MOST:
        return "…"
    if kind is dict:
        inner = [f"{said(key, level + 1)}: {_item(key, item, level)}" for key, item in _first(value.items())]
        opening, closing = "{", "}"
    else:
        inner = [said(item, level + 1) for item in _first(value)]
        opening, closing = {list: "[]", tuple: "()"}.get(kind, "{}")
    if len(value) > ITEMS_MOST:
        inner.append(f"… {len(value) - ITEMS_MOST} more")
    if kind is tuple and len(value) == 1:
        inner.append("")
    if kind in (set, frozenset) and not value:
        return f"{kind.__name__}()"
    return opening + ", ".join(inner).rstrip(" ") + closing


def _item(key, item, level: int) -> str:
    return repr(MASK) if is_secret(key) else said(item, level + 1)


def is_secret(name) -> bool:
    """Return whether what goes by this name is better not looked at."""
    return type(name) is str and _is_secret(name[:NAME_MOST])


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    return SECRET_NAME.search(name) is not None


def _first(items):
    return [item for item, _ in zip(items, range(ITEMS_MOST), strict=False)]


def _label(value) -> str:
    """Name a value by its type, and add what makes a response known at once.

    Never `isinstance`: it asks a lazy object for its class, and so wakes it.
    """
    kind = type(value)
    name = kind.__name__
    if issubclass(kind, HttpResponseBase):
        return f"{name} {value.status_code}"
    if issubclass(kind, type | FunctionType | MethodType):
        return f"{name} {value.__name__}"
    KNOWN[kind] = f"<{name}>"
    return name


def plain(value: Any, level: int = 0) -> Any:
    """Return a copy of what a session holds that JSON can carry, shortened. A JSON value stays what it is."""
    kind = type(value)
    if kind is str:
        return clip(value)
    if kind is int:
        return value if -(2**53) < value < 2**53 else clip(said(value))
    if kind is bool or value is None:
        return value
    if kind is float:
        return value if value - value == 0 else repr(value)  # neither inf nor NaN is JSON (P5)
    if kind is dict:
        return _plain_dict(value, level)
    if kind in (list, tuple):
        return [plain(item, level + 1) for item in _first(value)] if level < LEVELS_MOST else "…"
    return said(value)


def _plain_dict(value: dict, level: int) -> dict | str:
    if level >= LEVELS_MOST:
        return "…"
    copy = {_name(key): MASK if is_secret(key) else plain(item, level + 1) for key, item in _first(value.items())}
    if len(value) > ITEMS_MOST:
        copy["…"] = f"{len(value) - ITEMS_MOST} more keys"
    return copy


def _name(key) -> str:
    return clip(key) if type(key) is str else said(key)


def clip(text: str, whole: int = 0, most: int = TEXT_MOST) -> str:
    """Shorten a text to what a page can bear. `whole` is its real length, where it has been cut before."""
    return text if len(text) <= most else f"{text[:most]}… ({max(whole, len(text))} characters)"
