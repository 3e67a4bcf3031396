"""A row while somebody watches it: what the page saw last, and what has happened since."""

from dataclasses import dataclass
from datetime import datetime

from .changes import ADDED, REMOVED, Change, KeyChange, between
from .decoding import decode_stored
from .rows import KEPT_MOST, Row

LARGE = "The data is too large to be compared here."
UNREADABLE = "The text is another one; it cannot be compared key by key, because it does not hold a dict."


@dataclass(frozen=True)
class Seen:
    """A row as a page has it: its text and its date as text. Both empty: there was no row.

    It comes back from the page, which may have made it up. Then the difference is made up too, for that page alone.
    """

    text: str = ""
    date: str = ""

    @classmethod
    def of(cls, row: Row | None) -> "Seen":
        if row is None:
            return cls()
        text = f"{row.size} characters" if row.large else row.session_data
        return cls(text, row.expire_date.isoformat())

    @classmethod
    def posted(cls, data) -> "Seen":
        return cls(data.get("text", "")[:KEPT_MOST], data.get("date", "")[:40])

    @property
    def is_there(self) -> bool:
        return bool(self.date)


def change_since(seen: Seen, row: Row | None) -> Change | None:
    """Return what happened to the row since a page saw it, or None when nothing did."""
    if seen == Seen.of(row):
        return None
    if row is None:
        return Change("deleted")
    moved = _moved(seen.date, row.expire_date)
    if row.large:
        return Change("written" if seen.is_there else "made", moved=moved, note=LARGE)
    if not seen.is_there:
        data = row.data if row.decoded.is_object else {}
        return Change("made", tuple(KeyChange(ADDED, key, after=value) for key, value in data.items()))
    return _written(seen, row, moved)


def _written(seen: Seen, row: Row, moved) -> Change:
    before = decode_stored(seen.text)
    if before.is_object and row.decoded.is_object:
        return Change("written", between(before.data, row.data), moved)
    if seen.text == row.session_data:
        return Change("written", moved=moved)
    if before.is_object and not row.decoded.is_object:
        gone = tuple(KeyChange(REMOVED, key, before=value) for key, value in before.data.items())
        return Change("written", gone, moved, note=row.decoded.error or "")
    return Change("written", moved=moved, note=UNREADABLE)


def _moved(before: str, after: datetime) -> tuple[datetime, datetime] | None:
    try:
        date = datetime.fromisoformat(before)
    except ValueError:
        return None
    if not date.tzinfo or date.replace(microsecond=0) == after.replace(microsecond=0):  # a page shows seconds
        return None
    return (date, after)
