"""Knowing that the database changed, without asking for its rows.

SQLite keeps a number, `PRAGMA data_version`, that differs as soon as another connection has written. One connection of
our own asks for it twenty times a second, for all watchers together, and only while somebody watches.
"""

import sqlite3
import threading
import time

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Max

POLL = 0.05  # seconds between two looks at data_version
POLL_ROWS = 0.5  # seconds where only the rows themselves can tell
LINGER = 1  # seconds that looking goes on after the last watcher: most are back at once


class Watch:
    """A counter that goes up with each change; `wait` sleeps until it has.

    One thread looks for all who wait. It is started by the first and ends when nobody has waited for a while. What
    happened before its first look it cannot know, so that counts as a change.
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
            self._watchers += 1
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="live rows", daemon=True).start()
            try:
                return self._condition.wait_for(lambda: self._changes > seen, seconds)
            finally:
                self._watchers -= 1
                self._left_at = time.monotonic()

    def _look(self) -> None:
        try:
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
        except BaseException:
            self._looking = False  # whoever waits next starts again
            raise

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
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        return file_looker(connection.settings_dict["NAME"])
    return _newest_rows, POLL_ROWS, connection.close


def file_looker(path):
    """Return what `database_looker` does, for an SQLite file."""
    own = sqlite3.connect(path)
    return lambda: own.execute("PRAGMA data_version").fetchone(), POLL, own.close


def _newest_rows() -> tuple:
    return tuple(Session.objects.aggregate(Count("pk"), Max("expire_date")).values())


watch = Watch(database_looker)
