"""Knowing that the database changed: one thread looks for all who wait, and only while somebody does."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from lessons import live
from lessons.live import Watch, file_looker
from lessons.views.live import BEAT, RETRY_SOON, _next_change


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "db.sqlite3"
    write(path, "CREATE TABLE django_session (n)")
    return path


class Lookers:
    """Hands out lookers at a file, and counts those that are not closed."""

    def __init__(self, path):
        self.path = path
        self.opened, self.closed = [], []

    def __call__(self):
        look, pause, close = file_looker(self.path)
        self.opened.append(look)
        return look, pause, lambda: self.closed.append(close())

    def __len__(self):
        return len(self.opened) - len(self.closed)


@pytest.fixture
def lookers(path, monkeypatch):
    """Lookers who stop soon after the test."""
    monkeypatch.setattr(live, "LINGER", 0.1)
    lookers = Lookers(path)
    yield lookers
    wait_until(lambda: not lookers)


@pytest.fixture
def watch(lookers):
    """A watch on a real file, which has begun to look."""
    watch = Watch(lookers)
    watch.wait(watch.changes, 5)
    return watch


def write(path, statement="INSERT INTO django_session VALUES (1)"):
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(statement)


def wait_until(condition, seconds=3):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def test_a_write_by_another_connection_wakes_who_waits(watch, path):
    with ThreadPoolExecutor(1) as watcher:
        woken = watcher.submit(watch.wait, watch.changes, 3)
        write(path)
        assert woken.result() is True


def test_it_wakes_soon(watch, path):
    seen = watch.changes
    write(path)
    start = time.monotonic()
    assert watch.wait(seen, 3)
    assert time.monotonic() - start < 1


def test_nothing_written_wakes_nobody(watch):
    assert watch.wait(watch.changes, 0.2) is False


def test_what_was_written_between_two_waits_is_not_missed(watch, path):
    seen = watch.changes
    watch.wait(seen, 0.01)
    write(path)
    assert watch.wait(seen, 3)


def test_what_was_written_while_nobody_looked_is_not_missed_either(watch, lookers, path):
    seen = watch.changes
    wait_until(lambda: not lookers)
    write(path)
    assert watch.wait(seen, 3)


def test_many_watchers_share_one_thread_and_all_wake(watch, lookers, path):
    seen = watch.changes
    with ThreadPoolExecutor(50) as watchers:
        woken = [watchers.submit(watch.wait, seen, 3) for _ in range(50)]
        wait_until(lambda: len(watch._condition._waiters) == 50)
        assert len(lookers) == 1
        write(path)
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


def test_a_look_that_fails_is_begun_again_by_the_next_who_waits(lookers, monkeypatch):
    failures = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    to_come = [lambda: 1 / 0, lookers]
    watch = Watch(lambda: to_come.pop(0)())
    assert watch.wait(0, 0.1) is False
    wait_until(lambda: failures)
    assert watch.wait(0, 3) is True


def test_the_connection_is_closed_when_nobody_watches(path, monkeypatch):
    monkeypatch.setattr(live, "LINGER", 0)
    closed = threading.Event()
    watch = Watch(lambda: (lambda: 1, 0.01, closed.set))
    watch.wait(watch.changes, 0.05)
    assert closed.wait(3)


# The stream that says so to a browser


def test_the_stream_begins_with_an_event_and_when_to_come_back(watch, monkeypatch):
    monkeypatch.setattr("lessons.views.live.watch", watch)
    assert next(_next_change()) == f"retry: {RETRY_SOON}\ndata: look\n\n"


def test_the_stream_tells_of_a_change(watch, path, monkeypatch):
    monkeypatch.setattr("lessons.views.live.watch", watch)
    stream = _next_change()
    next(stream)
    threading.Timer(0.1, write, [path]).start()
    assert next(stream) == "data: look\n\n"


def test_the_stream_gives_a_sign_of_life_and_ends_after_a_while(monkeypatch):
    class NeverChanging:
        changes = 0
        asked = []

        def wait(self, seen, seconds):
            self.asked.append(seconds)
            return False

    monkeypatch.setattr("lessons.views.live.watch", NeverChanging())
    assert list(_next_change())[1:] == [": still here\n\n"] * 4
    assert NeverChanging.asked == [BEAT] * 4
