"""What the session and its row are at each moment of a flight, without asking either of them."""

import re
from typing import Any

from django.http import HttpRequest

from .peek import ITEMS_MOST, KEY, TEXT_MOST, held_by, is_atom, plain
from .words import Held

VALUES_MOST = 100_000  # characters of session data that one flight keeps, over all its states
ROW_MOST = 1000  # characters of session_data that are kept
REMEMBERED = 20  # rows, and texts that were encoded or decoded, that one flight remembers
END_VALUES = 20_000  # characters of values that are kept of the end of a flight, whatever came before it

INSERT = re.compile(r'INSERT INTO [`"]django_session[`"] \(([^)]*)\)')
ASSIGNED = re.compile(r'[`"](\w+)[`"] (?:=|IN) \(?%s')
NAMES_OF_STATE = ("key", "accessed", "modified", "data", "row")
NAMES = re.compile(r"\w+")

NOTHING = object()


class States:
    """The states of one flight, each kept once: {"key", "accessed", "modified", "data", "row"}.

    The session is looked at through its `__dict__`. Its row is known from what Django reads and writes: no query is
    made for it, so it is None until somebody has looked.
    """

    def __init__(self, request: HttpRequest):
        self.kept: list[dict] = [{"key": None, "accessed": None, "modified": None, "data": None, "row": None}]
        self.last = 0  # the place of the last state
        self._session_now = vars(request).get
        self._session: Any = None
        self._held: dict | None = None  # the session's own __dict__
        self._frozen = False
        # What was there when last looked at: the flags, the row, the session's dict and what was in it.
        self._key = self._accessed = self._modified = self._row = self._cache = None
        self._values: dict = {}
        self._simple = True  # nothing among the values could change inside
        self._data: Any = None
        self._room_made: list[int] = []  # the states from which on there is room again
        self._asked = ""  # the last key that the session had
        self._rows: dict[str, dict] = {}
        self._row_key = ""
        self.fresh_row = False  # more is known of the row than the last state says
        self._texts: dict[str, dict] = {}  # session_data -> what encode or decode said it is

    def now(self) -> int:
        """Return the place in `kept` of the state as it is now. It is asked at each event, so it makes haste."""
        session = self._session_now("session")
        if session is not self._session and not self._frozen:
            self._session, self._held = session, held_by(session)
        held = self._held
        if held is None:
            return self.last
        look = held.get
        if (
            look("accessed") is self._accessed
            and look("modified") is self._modified
            and look(KEY) is self._key
            and look("_session_cache") is self._cache
            and not self.fresh_row
            and (self._cache is None or self._same(self._cache))
        ):
            return self.last
        return self._new(held)

    def held(self, value) -> Held | None:
        """Return what to keep of this value if it is the session's own dict, and simple, as it was last looked at."""
        return self._data if value is self._cache and type(self._data) is Held else None

    def freeze(self) -> None:
        """Take the state for the last time. Who looks at the session from here on is not of this flight."""
        self.now()
        self._session = self._held = None
        self._frozen = True

    def make_room(self) -> None:
        """Keep what is to come now, even if there was too much before it."""
        self._room_made.append(len(self.kept))

    def _same(self, cache: dict) -> bool:
        """Return whether the dict holds what it held. A stranger is never compared: that could run its `__eq__`."""
        values = self._values
        if not self._simple or len(cache) != len(values):
            return False
        for name, value in cache.items():
            if type(name) is not str or values.get(name, NOTHING) is not value:
                return False
        return True

    def _new(self, held: dict) -> int:
        """Look closely, and keep a new state if there is anything new to see."""
        before = (self._key, self._accessed, self._modified, self._data, self._row)
        self._key, self._accessed, self._modified = held.get(KEY), held.get("accessed"), held.get("modified")
        self._cache = cache = held.get("_session_cache")
        self._simple = cache is None or _is_simple(cache)
        self._data = None if cache is None else _kept(cache)
        self._values = dict(cache) if cache and self._simple else {}
        self._asked = self._key or self._asked
        self._row, self.fresh_row = self._rows.get(self._key or self._row_key), False
        now = (self._key, self._accessed, self._modified, self._data, self._row)
        if now != before:
            self.kept.append(dict(zip(NAMES_OF_STATE, now, strict=True)))
            self.last += 1
        return self.last

    def told(self) -> list[dict]:
        """Return the states as plain data, and not more of it than a flight may hold."""
        room, rows, told = VALUES_MOST, {}, []
        for at, state in enumerate(self.kept):
            if at in self._room_made:
                room = max(room, END_VALUES)
            data, row = _told(state["data"]), state["row"]
            room -= len(str(data)) if data else 0
            if data and room <= 0:
                data = {"…": "not kept: too many values in this flight"}
            if row is not None and "data" in row:
                row = rows.setdefault(id(row), {**row, "data": _told(row["data"])})
            told.append({**state, "data": data, "row": row})
        return told

    # The row

    def encoded(self, data: dict, text: str) -> None:
        """Django has encoded this dict: now it is known what this session_data says."""
        _remember(self._texts, text, _kept(data))

    def decoded(self, text: str, data: dict) -> None:
        """Django has decoded this session_data."""
        _remember(self._texts, text, _kept(data))
        row = self._rows.get(self._row_key, {})
        if row.get("exists") and text.startswith(row["session_data"][:ROW_MOST]):
            self._rows[self._row_key] = {**row, "data": self._texts[text]}
            self.fresh_row = True

    def found(self, stored) -> None:
        """Django has loaded this row (a `Session`), or None: there is none, or none that has not expired."""
        if stored is None:
            self.missed(self._asked)
        else:
            row = vars(stored)
            told = {name: _text(row[name]) for name in ("session_key", "session_data", "expire_date")}
            self._keep({"exists": True, **told})

    def missed(self, key: str) -> None:
        """Django has asked for a row with this key, and there is none."""
        self._keep({"exists": False, "session_key": key})

    def wrote(self, sql: str, params: list, rows: int) -> None:
        """Django has run this statement on django_session, and it touched so many rows."""
        if insert := INSERT.match(sql):
            self._put(dict(zip(NAMES.findall(insert[1]), params, strict=False)))
        elif sql.startswith("UPDATE") and rows:
            self._put(dict(zip(ASSIGNED.findall(sql), params, strict=False)))
        elif sql.startswith("DELETE"):
            for key in params:
                self.missed(str(key))

    def _put(self, row: dict) -> None:
        key = row.get("session_key")
        if isinstance(key, str):
            told = {name: _text(value) for name, value in row.items() if name in ("session_data", "expire_date")}
            self._keep({**self._rows.get(key, {}), **told, "exists": True, "session_key": key})

    def _keep(self, row: dict) -> None:
        text = row.get("session_data")
        if text is not None:
            row["data"] = self._texts.get(text, row.get("data") if len(text) > ROW_MOST else None)
            if len(text) > ROW_MOST:
                row["session_data"] = f"{text[:ROW_MOST]}… ({len(text)} characters)"
        _remember(self._rows, row["session_key"], row)
        self._row_key = row["session_key"]
        self.fresh_row = True


def _text(value) -> str:
    """Say what is in a column. Django reads dates with their offset and writes them without; they are UTC (C56)."""
    return str(value).removesuffix("+00:00")


def _is_simple(cache) -> bool:
    """Whether nothing in this dict could change without the dict itself doing so."""
    return (
        type(cache) is dict
        and len(cache) <= ITEMS_MOST
        and all(type(name) is str and is_atom(value) for name, value in cache.items())
    )


def _kept(data) -> Any:
    """Return a copy of what a session holds: as it is, if nothing in it can change or is long; else told at once."""
    small = _is_simple(data) and all(type(value) is not str or len(value) <= TEXT_MOST for value in data.values())
    return Held(data) if small else plain(data)


def _told(data: Any) -> Any:
    return plain(dict(data)) if type(data) is Held else data


def _remember(known: dict, name: str, value) -> None:
    """Put this last, and forget what has been there the longest."""
    known.pop(name, None)
    known[name] = value
    if len(known) > REMEMBERED:
        del known[next(iter(known))]
