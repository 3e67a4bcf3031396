"""What a row held at one moment; and writing to it, never over what somebody else wrote meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timezone

from django.contrib.sessions.models import Session
from django.core import signing

from .rows import Row

SALT = "lessons.inspector.version"
STORED_MOST = 600_000  # characters of session_data that are written from here


@dataclass(frozen=True)
class Version:
    """What one row holds, but for its key."""

    session_data: str
    expire_date: datetime

    @classmethod
    def of(cls, row: Row) -> "Version":
        return cls(row.session_data, row.expire_date)

    @property
    def row(self) -> Row:
        """The same as a row of no key, to be decoded and shown."""
        return Row("", self.session_data, self.expire_date)

    def sealed(self, handle: str) -> str:
        """Return this version of the row that `handle` names, signed, so that a form may carry it to the next page."""
        content = [handle, self.session_data, self.expire_date.isoformat()]
        return signing.dumps(content, salt=SALT, compress=True)


def unsealed(handle: str, token: str) -> Version | None:
    """Return the version that `token` carries, or None if it is not ours, or is of another row."""
    try:
        row, text, moment = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Version(text, datetime.fromisoformat(moment)) if row == handle else None


def version_of(session_key: str) -> Version | None:
    """Return what the row holds now, or None when it is gone."""
    stored = Session.objects.filter(pk=session_key).first()
    return stored and Version(stored.session_data, stored.expire_date)


def write(session_key: str, base: Version, new: Version) -> tuple[bool, Version | None]:
    """Write `new` if the row still holds `base`. Return whether it was written, and what the row holds now.

    Comparing and writing are one UPDATE: between the two there is no moment for anybody else to write in.
    """
    row = Session.objects.filter(pk=session_key, session_data=base.session_data)
    as_django_spells_it = row.filter(expire_date=base.expire_date)
    if _update(as_django_spells_it, new):
        return True, new
    found = version_of(session_key)
    # SQLite keeps a date as text, and who writes with SQL may spell it in another way: then no WHERE finds it again.
    if found == base and _update(row, new):
        return True, new
    return False, found


def _update(row, new: Version) -> bool:
    return row.update(session_data=new.session_data, expire_date=new.expire_date) == 1


def why_not_stored(text: str) -> str:
    """Return a sentence on a text that a database cannot hold, or ""."""
    if len(text) > STORED_MOST:
        return f"The stored text is longer than {STORED_MOST:,} characters."
    if "\0" in text:
        return "The stored text has a NUL in it, which PostgreSQL cannot hold."
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "The stored text has half of a character in it, a lone surrogate, which is no UTF-8."
    return ""


def date_typed(text: str) -> datetime | None:
    """Return the moment that was typed, in UTC unless it says otherwise; None if it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def date_shown(moment: datetime) -> str:
    """Return a moment as it stands in the table, to the microsecond: it has to come back as it was."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(" ")
