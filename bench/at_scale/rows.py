"""Rows as they lie in a table of years: counters, logins, carts, some expired, a few that nobody can read."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection

USERS = 100
AT_ONCE = 10_000  # rows in one INSERT or COPY
SQL = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
FRUIT = ("apple", "pear", "quince", "medlar", "sloe")


def prepare() -> None:
    """Make the tables, some users, and one who may see the admin."""
    call_command("migrate", verbosity=0)
    user = get_user_model()
    user.objects.bulk_create(user(username=f"user{number}") for number in range(USERS))
    user.objects.create_superuser("admin", password="admin")


def fill(start: int, stop: int) -> None:
    """Put rows with these numbers into the table, past Django's models: a million of those would take minutes."""
    for first in range(start, stop, AT_ONCE):
        put(list(made(first, min(first + AT_ONCE, stop))))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def put(rows: list[tuple]) -> None:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        columns = "session_key, session_data, expire_date"
        with connection.connection.cursor().copy(f"COPY django_session ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute("BEGIN")
        cursor.executemany(SQL, [(key, data, f"{date:%Y-%m-%d %H:%M:%S.%f}") for key, data, date in rows])
        cursor.execute("COMMIT")


def made(start: int, stop: int) -> Iterator[tuple[str, str, datetime]]:
    """Yield key, data and date of rows. The same numbers give the same keys and dicts; Django encodes each."""
    store, now = SessionStore(), datetime.now(timezone.utc)
    for number in range(start, stop):
        chance = random.Random(number)
        text = store.encode(holds(number, chance))
        if number % 100 == 99:
            text = text[:-1] + ("A" if text[-1] != "A" else "B")  # signed with another key, as after a new one
        age = timedelta(seconds=chance.random() * 13 * 86400)
        expires = now - age if number % 20 == 18 else now + timedelta(days=14) - age
        yield "".join(chance.choices(LETTERS, k=32)), text, expires


def holds(number: int, chance: random.Random) -> dict:
    """Return what is in the session: a counter for ten of twenty, a login for five, a cart for three."""
    kind = number % 20
    if kind < 10 or kind == 18:
        return {"num_visits": number % 50 + 1}
    if kind < 15:  # these Django compresses
        return {
            "_auth_user_id": str(number % USERS + 1),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": f"{chance.getrandbits(256):064x}",
        }
    if kind < 18:
        fruit = chance.sample(FRUIT, 3)
        return {"cart": [{"fruit": name, "pieces": number % 7, "price": "1.20"} for name in fruit], "currency": "EUR"}
    return {"color": "green", "language": "é" if number % 3 else "de"}
