"""The rows of django_session: which of them a visitor may see, whose they are, and what is in them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import handles, session_data, visibility
from .models import BROWSERS, YOURS, Browser, Flight

PAGE_SIZE = 50
FEW = 3  # rows on the first page
KEPT_MOST = 16 * 1024  # characters of a row that a flight keeps
LEVELS_MOST = 500  # brackets in the data that a flight keeps


@dataclass(frozen=True)
class Row:
    """One row of django_session as it is stored; `owners` are the names of browsers whose cookie names it."""

    session_key: str
    session_data: str
    expire_date: datetime
    owners: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Session, owners: Iterable[str] = ()) -> "Row":
        return cls(stored.session_key, stored.session_data, stored.expire_date, tuple(owners))

    @cached_property
    def decoded(self) -> session_data.Decoded:
        return _decode(self.session_data, trim=False)  # Django forgives a row nothing

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
        return len(self.session_data)

    @property
    def large(self) -> bool:
        """Whether a list should leave the data out: fifty rows of megabytes are more than a page can bear."""
        return self.size > KEPT_MOST

    @property
    def expired(self) -> bool:
        return self.expire_date <= timezone.now()

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


def decode_pasted(text: str) -> session_data.Decoded:
    """Decode what somebody pasted, white space and quotes around it forgiven."""
    return _decode(text, trim=True)


def _decode(text: str, *, trim: bool) -> session_data.Decoded:
    """Decode with this server's keys: the secret key, then its fallbacks (F21)."""
    return session_data.decode(text, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], trim=trim)


def _is_plain_json(data: dict) -> bool:
    """Return whether a JSONField takes this. NaN is JSON for Python only (P5), and SQLite stops at 1000 levels."""
    try:
        text = json.dumps(data, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return text.count("[") + text.count("{") < LEVELS_MOST


def row_of(session_key: str | None) -> Row | None:
    """Return the row with this key, expired or not, or None."""
    stored = Session.objects.filter(pk=session_key).first() if session_key else None
    return stored and Row.of(stored)


class Visitor:
    """Who looks: everything is visible to a learner alone with the server, else only what their browsers hold."""

    def __init__(self, request):
        self.sees_everything = visibility.sees_everything(request)
        self.owners = _owners(request)

    def rows(self, limit: int = PAGE_SIZE) -> list[Row]:
        """Return the newest rows this visitor may see, by expire_date: the last written comes first."""
        stored = self._visible().order_by("-expire_date", "session_key")[:limit]
        return [self._row(session) for session in stored]

    def row(self, handle: str) -> Row | None:
        """Return the row that `handle` names, or None when there is none or it is not for this visitor."""
        session_key = handles.key_from(handle)
        stored = self._visible().filter(pk=session_key).first() if session_key else None
        return stored and self._row(stored)

    @property
    def your_key(self) -> str:
        """The key that your browser holds, shortened, or ""."""
        held = [key for key, owners in self.owners.items() if BROWSERS[YOURS] in owners]
        return visibility.masked(held[0]) if held else ""

    def own_rows(self) -> list[Row]:
        """Return the rows of this visitor's browsers, in the order of the browsers."""
        rows = {session.session_key: self._row(session) for session in Session.objects.filter(pk__in=self.owners)}
        return [rows[key] for key in self.owners if key in rows]

    def count(self) -> int:
        return self._visible().count()

    def _visible(self):
        return Session.objects.all() if self.sees_everything else Session.objects.filter(pk__in=self.owners)

    def _row(self, stored: Session) -> Row:
        return Row.of(stored, self.owners.get(stored.session_key, ()))


def _owners(request) -> dict[str, list[str]]:
    """Map each session key that a browser of this visitor holds, or has held, to the browsers that hold it now."""
    owners: dict[str, list[str]] = {}
    if key := request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        owners.setdefault(key, []).append(BROWSERS[YOURS])
    for browser in Browser.objects.filter(notebook_id=request.notebook_key):
        for key in _session_keys(browser.jar):
            owners.setdefault(key, []).append(BROWSERS[browser.name])
    held_before = Flight.objects.filter(notebook_id=request.notebook_key).exclude(session_key="")
    for key in held_before.values_list("session_key", flat=True).distinct():
        owners.setdefault(key, [])
    return owners


def _session_keys(jar: Iterable[dict]) -> list[str]:
    return [cookie["value"] for cookie in jar if cookie["name"] == settings.SESSION_COOKIE_NAME]
