"""One question to the database, and a limit in seconds on it.

SQLite calls a progress handler every few thousand steps of a statement, and stops when that says so. PostgreSQL has
`statement_timeout`, which `SET LOCAL` (here: `set_config`) sets for one transaction. Other databases have no bound.
"""

import time
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS = 5_000  # of SQLite's virtual machine between two looks at the clock: some tenths of a millisecond
CANCELED = "57014"  # PostgreSQL: query_canceled


class TookTooLong(Exception):
    """The database was stopped: the question would have taken longer than it may."""


@contextmanager
def bounded(seconds: float):
    """Stop whatever this thread asks the database within, once `seconds` are over. Raises TookTooLong.

    A statement that is stopped changes nothing. Bounds do not nest.
    """
    bound = {"sqlite": _bounded_sqlite, "postgresql": _bounded_postgresql}.get(connection.vendor)
    if bound is None:
        yield
        return
    with bound(seconds):
        yield


@contextmanager
def _bounded_sqlite(seconds: float):
    connection.ensure_connection()
    end = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise TookTooLong from error
        raise
    finally:
        if connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)


@contextmanager
def _bounded_postgresql(seconds: float):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            (before,) = cursor.fetchone()
            _set_timeout(cursor, str(max(1, round(seconds * 1000))))
            yield
            _set_timeout(cursor, before)  # an outer transaction goes on with its own
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == CANCELED:
            raise TookTooLong from error
        raise


def _set_timeout(cursor, value: str) -> None:
    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])
