"""Knowing that the database changed, without asking for its rows.

SQLite keeps a number, `PRAGMA data_version`, that differs as soon as another connection has written. PostgreSQL says
with `pg_current_snapshot()` which transactions have ended; one that only reads is never among them. One connection of
our own asks for it many times a second, for all watchers together, and only while somebody watches.
"""

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Max

POLL = 0.02  # seconds between two looks: with the fetch that follows, a change shows within 50 ms
POLL_SERVER = 0.03  # the same on PostgreSQL, where a look costs five times as much
POLL_ROWS = 0.5  # seconds where only the rows themselves can tell
LINGER = 1  # seconds that looking goes on after the last watcher: most are back at once
AGAIN = 1  # seconds until we look for a database that has gone away

logger = logging.getLogger(__name__)


class Watch:
    """A counter that goes up with each change; `wait` sleeps until it has.

    One thread looks for all who wait. It is started by the first and ends when nobody has waited for a while. What
    happened before its first look it cannot know, so that counts as a change; the same when the database went away
    and came back.
    """

    def __init__(self, looker):
        """Look with what `looker` returns: see `database_looker`."""
        self._looker = looker
        self._condition = threading.Condition()
        self._changes = 0
        self._looking = False
        self._watchers = 0
        self._left_at = 0.0

    @property
    def changes(self) -> int:
        return self._changes

    def wait(self, seen: int, seconds: float) -> bool:
        """Sleep until there was a change after `seen`, or for `seconds`. Returns whether there was one."""
        with self._condition:
            if not self._looking:
                threading.Thread(target=self._look, name="live rows", daemon=True).start()
                self._looking = True
            self._watchers += 1
            try:
                return self._condition.wait_for(lambda: self._changes > seen, seconds)
            finally:
                self._watchers -= 1
                self._left_at = time.monotonic()

    def _look(self) -> None:
        said = False
        while self._is_wanted():
            try:
                self._look_on()
                said = False
            except Exception as error:  # the server was stopped, the file is gone: it may come back
                if not said:
                    logger.warning("Live rows: the database does not answer (%s). Asking again.", error)
                said = True
                time.sleep(AGAIN)

    def _look_on(self) -> None:
        """Look until nobody watches. Raises whatever the database raises."""
        look, pause, close = self._looker()
        try:
            before = object()
            while self._is_wanted():
                now = look()
                if now != before:
                    before = now
                    self._tell()
                time.sleep(pause)
        finally:
            close()

    def _is_wanted(self) -> bool:
        """Return whether to look once more. Saying no and ending is one step, or a watcher could slip in between."""
        with self._condition:
            self._looking = self._watchers > 0 or time.monotonic() < self._left_at + LINGER
            return self._looking

    def _tell(self) -> None:
        with self._condition:
            self._changes += 1
            self._condition.notify_all()


def database_looker():
    """Return a function that gives something else after a change, the pause between two calls, and how to close."""
    if connection.vendor == "postgresql":
        return snapshot_looker(connection)
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        return file_looker(connection.settings_dict["NAME"])
    return _newest_rows, POLL_ROWS, connection.close


def snapshot_looker(connection):
    """Return what `database_looker` does, for PostgreSQL. A write to another database of the server counts, too."""
    own = connection.get_new_connection(connection.get_connection_params())  # Django keeps no list of what it is asked
    own.autocommit = True  # each look is a transaction of its own
    cursor = own.cursor()
    return lambda: cursor.execute("SELECT pg_current_snapshot()::text").fetchone(), POLL_SERVER, own.close


def file_looker(path):
    """Return what `database_looker` does, for an SQLite file. Raises when the file is gone, or is another one now."""
    opened = os.stat(path).st_ino
    own = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=rw", uri=True)  # rw: it makes no file

    def look():
        if os.stat(path).st_ino != opened:
            raise FileNotFoundError(f"{path} is another file now")
        return own.execute("PRAGMA data_version").fetchone()

    return look, POLL, own.close


def _newest_rows() -> tuple:
    return tuple(Session.objects.aggregate(Count("pk"), Max("expire_date")).values())


watch = Watch(database_looker)
