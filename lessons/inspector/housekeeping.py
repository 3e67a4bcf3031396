"""Deleting rows: one, those of your own browsers, or all that have expired.

Rows of django_session are deleted as any rows are. What has expired is left to Django: `clearsessions` calls
`clear_expired()` of the session engine, and so does this (C58).
"""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from .bounded import bounded
from .rows import Row
from .visitor import COUNTED_MOST, Visitor

SECONDS = 30.0  # for a DELETE; one that is stopped deletes nothing
STATEMENT_EXPIRED = "DELETE FROM django_session WHERE expire_date < '{now}';"
STATEMENT_ONE = "DELETE FROM django_session WHERE session_key = '{key}';"
STATEMENT_MINE = "DELETE FROM django_session WHERE session_key IN ({keys});"


def may_delete(visitor: Visitor, row: Row) -> bool:
    """Return whether this visitor may delete this row: their own, or any when they may change things."""
    return visitor.holds(row) or visitor.may_change


def delete_one(row: Row) -> int:
    """Delete this row. Returns how many rows are gone: 0 when it was already."""
    return Session.objects.filter(pk=row.session_key).delete()[0]


def delete_mine(visitor: Visitor) -> int:
    """Delete the rows of this visitor's browsers. The cookies stay in the jars, and find nothing."""
    return Session.objects.filter(pk__in=visitor.own_keys).delete()[0]


def expired():
    """Return the rows that clearsessions would delete now, as a query; it compares with <, as Django does."""
    return Session.objects.filter(expire_date__lt=timezone.now())


def count_expired() -> tuple[int, bool]:
    """Return how many rows have expired, and whether that is all of them: counting ends after COUNTED_MOST."""
    count = expired()[: COUNTED_MOST + 1].count()
    return min(count, COUNTED_MOST), count <= COUNTED_MOST


def clear_expired() -> None:
    """Do what `manage.py clearsessions` does. Raises TookTooLong, and then nothing is deleted."""
    with bounded(SECONDS):
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def statement_for_expired() -> str:
    return STATEMENT_EXPIRED.format(now=timezone.now().replace(tzinfo=None).isoformat(" ", "seconds"))


def statement_for(rows: list[Row]) -> str:
    """Return the DELETE of these rows as one would type it, their keys shortened."""
    keys = ", ".join(f"'{row.masked_key}'" for row in rows)
    return STATEMENT_ONE.format(key=rows[0].masked_key) if len(rows) == 1 else STATEMENT_MINE.format(keys=keys)
