"""Knowing that the database changed, without asking for its rows.

SQLite keeps a number, `PRAGMA data_version`, that differs as soon as another connection has written. One connection of
our own asks for it twenty times a second, for all watchers together, and only while somebody watches.
"""

import sqlite3
import threading
import time

from django.db import connection
from django.db.models import Count, Max

POLL = 0.05  # seconds between two looks at data_version
POLL_ROWS = 0.5  # seconds where only the rows themselves can tell


class Watch:
    """A counter that goes up with each change; `wait` sleeps until it has."""

    def __init__(self):
        self._condition = threading.Condition()
        self._changes = 0
        self._watchers = 0

    @property
    def changes(self) -> int:
        return self._changes

    def wait(self, seen: int, seconds: float) -> bool:
        """Sleep until there was a change after `seen`, or for `seconds`. Returns whether there was one."""
        with self._condition:
            self._watchers += 1
            if self._watchers == 1:
                threading.Thread(target=self._look, name="live rows", daemon=True).start()
            try:
                return self._condition.wait_for(lambda: self._changes > seen, seconds)
            finally:
                self._watchers -= 1

    def _look(self) -> None:
        look, pause, close = _looker()
        try:
            before = look()
            while self._watchers:
                time.sleep(pause)
                now = look()
                if now != before:
                    before = now
                    with self._condition:
                        self._changes += 1
                        self._condition.notify_all()
        finally:
            close()


def _looker():
    """Return a function that gives something else after a change, the pause between two calls, and how to close."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and connection.is_in_memory_db() is False:
        own = sqlite3.connect(name, check_same_thread=False)
        return lambda: own.execute("PRAGMA data_version").fetchone(), POLL, own.close
    return _rows_look, POLL_ROWS, connection.close


def _rows_look():
    from django.contrib.sessions.models import Session

    return tuple(Session.objects.aggregate(Count("pk"), Max("expire_date")).values())


watch = Watch()
