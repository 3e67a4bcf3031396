"""Who looks: which rows a visitor may see, and which browser holds which."""

from collections.abc import Iterable
from functools import cached_property

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models.functions import Left, Length

from .. import handles, visibility
from ..models import BROWSERS, YOURS, Browser, Flight
from .dates import readable
from .rows import KEPT_MOST, Row

PAGE_SIZE = 50
FEW = 3  # rows on the first page
COUNTED_MOST = 10_000  # rows that are counted before a page says "more than"


class Visitor:
    """Who looks: everything is visible to a learner alone with the server, else only what their browsers hold."""

    def __init__(self, request):
        self.sees_everything = visibility.sees_everything(request)
        self._request = request

    @cached_property
    def holders(self) -> dict[str, list[str]]:
        """Map each session key that a browser of this visitor holds now to the names of those that hold it."""
        holders: dict[str, list[str]] = {}
        if key := visibility.key_sent(self._request):
            holders.setdefault(key, []).append(BROWSERS[YOURS])
        browsers = Browser.objects.filter(notebook_id=self._request.notebook_key)
        for name, jar in browsers.values_list("name", "jar"):
            for key in _session_keys(jar):
                holders.setdefault(key, []).append(BROWSERS[name])
        return holders

    @cached_property
    def own_keys(self) -> list[str]:
        """Return the session keys that a browser of this visitor holds, or has held: those that are held come first."""
        flights = Flight.objects.filter(notebook_id=self._request.notebook_key).exclude(session_key="")
        return list(dict.fromkeys([*self.holders, *flights.values_list("session_key", flat=True).distinct()]))

    def rows(self, limit: int = PAGE_SIZE) -> list[Row]:
        """Return the newest rows this visitor may see, by expire_date: the last written comes first."""
        return self.listed(self.visible().order_by("-expire_date", "session_key"), limit)

    def listed(self, rows, limit: int) -> list[Row]:
        """Return the first of these rows, of a large one only the beginning: fifty may be too much for memory."""
        parts = rows.annotate(beginning=Left("session_data", KEPT_MOST), size=Length("session_data"))
        found = parts.values_list("session_key", "beginning", "expire_date", "size")[:limit]
        return [Row(key, text, date, tuple(self.holders.get(key, ())), size) for key, text, date, size in found]

    def row(self, handle: str) -> Row | None:
        """Return the row that `handle` names, or None when there is none or it is not for this visitor."""
        session_key = handles.key_from(handle)
        stored = self.visible().filter(pk=session_key).first() if session_key else None
        return stored and self._row(stored)

    @cached_property
    def may_change(self) -> bool:
        """Whether this visitor may edit rows, sign with the server's key, and use the SQL console."""
        return visibility.may_change(self._request)

    @property
    def your_key(self) -> str:
        """The key that your browser holds, shortened, or ""."""
        held = [key for key, names in self.holders.items() if BROWSERS[YOURS] in names]
        return visibility.masked(held[0]) if held else ""

    def own_rows(self) -> list[Row]:
        """Return the rows of this visitor's browsers, in the order of the browsers."""
        rows = {session.session_key: self._row(session) for session in self.visible().filter(pk__in=self.own_keys)}
        return [rows[key] for key in self.own_keys if key in rows]

    def count(self) -> int:
        """Return how many rows this visitor may see; one more than COUNTED_MOST stands for any number beyond it."""
        return self.visible()[: COUNTED_MOST + 1].count()

    @property
    def counted(self) -> str:
        """Return the number of rows in words: "7", or "more than 10,000"."""
        count = self.count()
        return f"more than {COUNTED_MOST:,}" if count > COUNTED_MOST else f"{count:,}"

    def holds(self, row: Row) -> bool:
        """Return whether a browser of this visitor holds the key of this row, or has held it."""
        return row.session_key in self.own_keys

    def visible(self):
        """Return the rows that this visitor may see, as a query: those whose date can be read."""
        return readable(self.stored())

    def stored(self):
        """Return all that is stored for this visitor's eyes, as a query. Reading a row of it can raise an error."""
        return Session.objects.all() if self.sees_everything else Session.objects.filter(pk__in=self.own_keys)

    def _row(self, stored: Session) -> Row:
        return Row.of(stored, self.holders.get(stored.session_key, ()))


def _session_keys(jar: Iterable[dict]) -> list[str]:
    return [cookie["value"] for cookie in jar if cookie["name"] == settings.SESSION_COOKIE_NAME]
