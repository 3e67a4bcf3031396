"""Knowing that the database changed: one thread looks for all who wait, and only while somebody does."""

import logging
import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.db.utils import ConnectionHandler

from lessons import live
from lessons.live import Watch, database_looker, file_looker, snapshot_looker
from lessons.views import live as live_view
from lessons.views.live import BEAT, HOLD, RETRY_SOON, _next_change

from .scratch import named, scratch_database

SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


class File:
    """A database in SQLite, and somebody else who writes into it."""

    def __init__(self, path):
        self.path = path
        self.write("CREATE TABLE django_session (n)")

    def look(self):
        return file_looker(self.path)

    def write(self, statement="INSERT INTO django_session VALUES (1)"):
        with closing(sqlite3.connect(self.path)) as other, other:
            other.execute(statement)

    def read(self):
        with closing(sqlite3.connect(self.path)) as other, other:
            other.execute("SELECT * FROM django_session").fetchall()


class Server:
    """A database in PostgreSQL, and somebody else who writes into it."""

    def __init__(self, url):
        self.url = url
        self.write("CREATE TABLE django_session (n integer, at timestamptz)")

    def look(self):
        from sessiondemo.database_url import read

        return snapshot_looker(ConnectionHandler({"default": read(self.url)})["default"])

    def write(self, statement="INSERT INTO django_session VALUES (1)"):
        import psycopg

        with psycopg.connect(self.url) as other:
            other.execute(statement)

    def read(self):
        self.write("SELECT * FROM django_session")


def there_is_a_server():
    psycopg = pytest.importorskip("psycopg")
    try:
        psycopg.connect(named(SERVER, "postgres"), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request, tmp_path):
    """A database of its own, in one and in the other."""
    if request.param == "SQLite":
        yield File(tmp_path / "db.sqlite3")
        return
    if not there_is_a_server():
        pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
    with scratch_database(SERVER) as environment:
        yield Server(environment["DATABASE_URL"])


class Lookers:
    """Hands out lookers at a database, and counts those that are not closed."""

    def __init__(self, database):
        self.database = database
        self.opened, self.closed = [], []

    def __call__(self):
        look, pause, close = self.database.look()
        self.opened.append(look)
        return look, pause, lambda: self.closed.append(close())

    def __len__(self):
        return len(self.opened) - len(self.closed)


@pytest.fixture
def lookers(database, monkeypatch):
    """Lookers who stop soon after the test."""
    monkeypatch.setattr(live, "LINGER", 0.1)
    lookers = Lookers(database)
    yield lookers
    wait_until(lambda: not lookers)


@pytest.fixture
def watch(lookers):
    """A watch on a real database, which has begun to look."""
    watch = Watch(lookers)
    watch.wait(watch.changes, 5)
    return watch


def wait_until(condition, seconds=3):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def test_a_write_by_another_connection_wakes_who_waits(watch, database):
    with ThreadPoolExecutor(1) as watcher:
        woken = watcher.submit(watch.wait, watch.changes, 3)
        database.write()
        assert woken.result() is True


def test_it_wakes_soon(watch, database):
    seen = watch.changes
    database.write()
    start = time.monotonic()
    assert watch.wait(seen, 3)
    assert time.monotonic() - start < 1


def test_nothing_written_wakes_nobody(watch):
    """Several times, as a server of PostgreSQL has work of its own, and other databases."""
    assert not all(watch.wait(watch.changes, 0.2) for _ in range(20))


def test_reading_wakes_nobody(watch, database):
    def wakes():
        seen = watch.changes
        database.read()
        return watch.wait(seen, 0.2)

    assert not all(wakes() for _ in range(20))


def test_an_update_that_moves_no_date_wakes_too(watch, database):
    database.write()
    watch.wait(watch.changes, 0.3)
    seen = watch.changes
    database.write("UPDATE django_session SET n = n + 1")
    assert watch.wait(seen, 3)


def test_what_was_written_between_two_waits_is_not_missed(watch, database):
    seen = watch.changes
    watch.wait(seen, 0.01)
    database.write()
    assert watch.wait(seen, 3)


def test_what_was_written_while_nobody_looked_is_not_missed_either(watch, lookers, database):
    seen = watch.changes
    wait_until(lambda: not lookers)
    database.write()
    assert watch.wait(seen, 3)


def test_many_watchers_share_one_thread_and_all_wake(watch, lookers, database):
    seen = watch.changes
    with ThreadPoolExecutor(50) as watchers:
        woken = [watchers.submit(watch.wait, seen, 3) for _ in range(50)]
        wait_until(lambda: len(watch._condition._waiters) == 50)
        assert len(lookers) == 1
        database.write()
        assert all(each.result() for each in woken)


def test_a_watcher_that_comes_back_at_once_starts_no_second_thread(watch, lookers):
    for _ in range(20):
        watch.wait(watch.changes, 0.01)
    assert len(lookers) == 1


def test_watchers_that_come_and_go_leave_one_thread_and_then_none(watch, lookers):
    def come_and_go(number):
        for _ in range(5):
            watch.wait(watch.changes, 0.001 * number)
            assert len(lookers) <= 2  # one that begins while one ends

    with ThreadPoolExecutor(8) as watchers:
        list(watchers.map(come_and_go, range(40)))
    wait_until(lambda: not lookers)


def test_the_thread_ends_when_nobody_watches_and_comes_back(watch, lookers):
    wait_until(lambda: not lookers)
    seen = watch.changes
    assert watch.wait(seen, 3)
    assert len(lookers) == 1


# A database that goes away and comes back


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(live, "AGAIN", 0.01)


@pytest.mark.usefixtures("no_pause")
def test_a_look_that_fails_is_begun_again_for_who_still_waits(lookers, caplog):
    to_come = [lambda: 1 / 0] * 3 + [lookers]
    watch = Watch(lambda: to_come.pop(0)())
    with caplog.at_level(logging.WARNING, "lessons.live"):
        assert watch.wait(0, 3) is True
    assert to_come == []
    assert caplog.text.count("does not answer (division by zero)") == 1  # said once, not once a second


@pytest.mark.usefixtures("no_pause")
def test_who_waits_is_told_when_the_database_is_there_again(watch, lookers, database, caplog):
    """The file was deleted and made anew, or the server ended our connection: whatever happened meanwhile, look."""
    seen = watch.changes
    with ThreadPoolExecutor(1) as watcher:
        woken = watcher.submit(watch.wait, seen, 5)
        if isinstance(database, File):
            os.remove(database.path)
            wait_until(lambda: "does not answer" in caplog.text)
            assert not database.path.exists()  # looking for it makes no file
            database.write("CREATE TABLE django_session (n)")
        else:
            database.write(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert woken.result() is True
    wait_until(lambda: len(lookers.opened) >= 2)
    seen = watch.changes
    database.write()
    assert watch.wait(seen, 3)


def test_no_thread_to_be_had_is_no_reason_never_to_look_again(lookers, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("can't start new thread")

    watch = Watch(lookers)
    with monkeypatch.context() as patched:
        patched.setattr(live.threading, "Thread", refuse)
        with pytest.raises(RuntimeError):
            watch.wait(0, 0.1)
    assert watch.wait(0, 3) is True


def test_the_connection_is_closed_when_nobody_watches(monkeypatch):
    monkeypatch.setattr(live, "LINGER", 0)
    closed = threading.Event()
    watch = Watch(lambda: (lambda: 1, 0.01, closed.set))
    watch.wait(watch.changes, 0.05)
    assert closed.wait(3)


# The stream that says so to a browser


def test_the_stream_begins_with_an_event_and_when_to_come_back(watch, monkeypatch):
    monkeypatch.setattr(live_view, "watch", watch)
    assert next(_next_change()) == f"retry: {RETRY_SOON}\ndata: look\n\n"


def test_the_stream_tells_of_a_change(watch, database, monkeypatch):
    monkeypatch.setattr(live_view, "watch", watch)
    stream = _next_change()
    next(stream)
    threading.Timer(0.1, database.write).start()
    assert next(stream) == "data: look\n\n"


def stream_of(monkeypatch, watch, seconds_a_look):
    """The stream over a watch that is not real, on a clock that goes on by so much whenever it is read."""
    clock = iter(range(0, 10**6, seconds_a_look))
    monkeypatch.setattr(live_view, "watch", watch)
    monkeypatch.setattr(live_view, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    return _next_change()


def test_the_stream_gives_a_sign_of_life_and_ends_after_a_while(monkeypatch):
    class NeverChanging:
        changes = 0
        asked = []

        def wait(self, seen, seconds):
            self.asked.append(seconds)
            return False

    told = list(stream_of(monkeypatch, NeverChanging(), BEAT))[1:]
    assert set(told) == {": still here\n\n"}
    assert NeverChanging.asked == [BEAT] * (HOLD // BEAT - 1)


def test_many_changes_do_not_end_it(monkeypatch):
    class AlwaysChanging:
        changes = 0

        def wait(self, seen, seconds):
            assert seen == self.changes
            self.changes += 1
            return True

    told = list(stream_of(monkeypatch, AlwaysChanging(), 1))
    assert told[1:] == ["data: look\n\n"] * (HOLD - 1)


def test_what_changes_while_the_browser_asks_is_told_to_it(monkeypatch):
    class Watched:
        changes = 5
        seen = []

        def wait(self, seen, seconds):
            self.seen.append(seen)
            return self.changes > seen

    stream = stream_of(monkeypatch, Watched(), 1)
    next(stream)
    Watched.changes = 6  # after the event went out, before the stream waits
    assert next(stream) == "data: look\n\n"
    Watched.changes = 7
    assert next(stream) == "data: look\n\n"
    assert next(stream) == ": still here\n\n"
    assert Watched.seen == [5, 6, 7]


# Which looker it is


@pytest.mark.django_db
def test_each_database_has_its_looker(settings, monkeypatch):
    chosen = []
    monkeypatch.setattr(live, "snapshot_looker", lambda connection: chosen.append("snapshot"))
    monkeypatch.setattr(live, "file_looker", lambda path: chosen.append(path))
    for vendor, in_memory in (("postgresql", False), ("sqlite", False), ("sqlite", True), ("mysql", False)):
        database = SimpleNamespace(
            vendor=vendor, is_in_memory_db=lambda is_in=in_memory: is_in, settings_dict={"NAME": "x"}, close=None
        )
        monkeypatch.setattr(live, "connection", database)
        if (found := database_looker()) is not None:
            chosen.append(found[0]())
    assert chosen == ["snapshot", "x", (0, None), (0, None)]


def test_a_stream_holds_no_connection_while_it_waits(monkeypatch):
    closed = []
    monkeypatch.setattr(live_view, "watch", SimpleNamespace(changes=0, wait=lambda seen, seconds: closed == [True]))
    database = SimpleNamespace(in_atomic_block=False, close=lambda: closed.append(True))
    monkeypatch.setattr(live_view, "connection", database)
    stream = _next_change()
    next(stream)
    assert closed == []
    assert next(stream) == "data: look\n\n"
