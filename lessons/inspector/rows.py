"""One row of django_session as it is stored, and what is in it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.sessions.models import Session
from django.utils import timezone

from .. import handles, session_data, visibility
from ..models import BROWSERS, YOURS
from ..session_data.display import printable
from ..session_data.limits import MAX_JSON
from .decoding import decode_stored

USER_ID = "_auth_user_id"  # the key under which login() keeps who it is (C02)
KEPT_MOST = 16 * 1024  # characters of a row that a flight keeps
LISTED_MOST = 256 * 1024  # bytes of JSON that a row of a list may become
LEVELS_MOST = 500  # brackets in the data that a flight keeps


@dataclass(frozen=True)
class Row:
    """One row of django_session as it is stored; `owners` are the names of browsers whose cookie names it.

    A list reads only the beginning of a large row; `whole` then is how long session_data is. `names` maps the ids of
    users to their names, where somebody looked them up.
    """

    session_key: str
    session_data: str
    expire_date: datetime
    owners: tuple[str, ...] = ()
    whole: int | None = None
    names: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, stored: Session, owners: Iterable[str] = ()) -> "Row":
        return cls(stored.session_key, stored.session_data, stored.expire_date, tuple(owners))

    @cached_property
    def decoded(self) -> session_data.Decoded:
        return decode_stored(self.session_data, MAX_JSON if self.whole is None else LISTED_MOST)

    @property
    def data(self):
        return self.decoded.data

    @cached_property
    def handle(self) -> str:
        return handles.handle_for(self.session_key)

    @property
    def masked_key(self) -> str:
        return visibility.masked(self.session_key)

    @property
    def size(self) -> int:
        """Characters of session_data."""
        return len(self.session_data) if self.whole is None else self.whole

    @property
    def large(self) -> bool:
        """Whether a list should leave the data out: fifty rows of megabytes are more than a page can bear."""
        return self.size > KEPT_MOST or (self.whole is not None and self.decoded.limited)

    @property
    def expired(self) -> bool:
        return self.expire_date <= timezone.now()

    @cached_property
    def user_id(self) -> str:
        """Return who is logged in, as the row says, or ""."""
        said = None if self.large or not self.decoded.is_object else self.data.get(USER_ID)
        return said if isinstance(said, str) else ""

    @property
    def user(self) -> str:
        named = self.names.get(self.user_id) or (f"user {self.user_id[:40]}" if self.user_id else "")
        return printable(named)

    @property
    def states(self) -> list[str]:
        """Return what is to be known of the row at one glance, in words of the list of states."""
        states = ["expired"] if self.expired else []
        if self.large:
            return states
        if self.decoded.format == "pickle":
            return [*states, "pickled"]
        if self.decoded.error:
            return [*states, "unreadable"]
        return [*states, "empty"] if self.data == {} else states

    @property
    def yours(self) -> bool:
        return BROWSERS[YOURS] in self.owners

    def as_json(self) -> dict:
        """Return what a flight keeps of the row: JSON, and not more of it than a lesson can need."""
        small = self.size <= KEPT_MOST and self.decoded.is_object
        return {
            "session_key": self.session_key,
            "session_data": self.session_data[:KEPT_MOST],
            "expire_date": self.expire_date.isoformat(),
            "data": self.data if small and _is_plain_json(self.data) else {},
        }


def _is_plain_json(data: dict) -> bool:
    """Return whether a JSONField takes this. NaN is JSON for Python only (P5), and SQLite stops at 1000 levels."""
    try:
        text = json.dumps(data, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return text.count("[") + text.count("{") < LEVELS_MOST


def row_of(session_key: str | None) -> Row | None:
    """Return the row with this key, expired or not, or None."""
    can_be_one = session_key and "\0" not in session_key  # which PostgreSQL would not even look for
    stored = Session.objects.filter(pk=session_key).first() if can_be_one else None
    return stored and Row.of(stored)
