"""A real server and real connections: how soon a change elsewhere shows, and what two hundred who wait cost."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

ROOT = Path(__file__).resolve().parents[2]
WATCHERS = 200
IDLE = 10  # seconds for which they are watched doing nothing


def measured(rounds: int, datasette: bool) -> dict[str, float | None]:
    """Return the milliseconds of pages over HTTP and of a live update, and the CPU of those who wait in percent."""
    told = {}
    with running([sys.executable, "manage.py", "runserver", "{address}", "--noreload"]) as (port, process):
        told["http"] = over_http(port, "/_ui/rows/", rounds)
        told |= live(port, rounds)
        told["idle"] = idle(port, process)
    if datasette and connection.vendor == "sqlite":
        program = [sys.executable, "-m", "datasette", connection.settings_dict["NAME"], "--port", "{port}"]
        with running(program) as (port, _):
            table = f"/{Path(connection.settings_dict['NAME']).stem}/django_session"
            newest = "?_size=50&_sort_desc=expire_date"
            told["datasette"] = over_http(port, table + newest, rounds)
            told["datasette json"] = over_http(port, f"{table}.json{newest}", rounds)
    return told


@contextmanager
def running(command: list[str]):
    """Give the port and the process of a server, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [word.format(address=f"127.0.0.1:{port}", port=port) for word in command]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("A server did not come up.")


def over_http(port: int, address: str, rounds: int) -> float:
    """Return the median of one page, asked for on one connection that is kept."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    times = [_asked(client, address) for _ in range(rounds + 1)]
    client.close()
    return statistics.median(times[1:]) * 1000


def _asked(client: http.client.HTTPConnection, address: str) -> float:
    began = time.perf_counter()
    client.request("GET", address, headers={"Accept": "*/*"})
    response = client.getresponse()
    response.read()
    assert response.status in (200, 204), (address, response.status)
    return time.perf_counter() - began


def live(port: int, rounds: int) -> dict[str, float]:
    """Return how long after a change elsewhere the event comes, and how long until the rows are there."""
    stream, client = _stream(port), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    _asked(client, "/_ui/rows/")
    newest = Session.objects.order_by("-expire_date")[0]
    events, shown = [], []
    time.sleep(1)
    arrived = _Events(stream)
    for _ in range(rounds):
        time.sleep(0.137)  # no multiple of the time between two looks
        arrived.happened.clear()
        began = time.perf_counter()
        Session.objects.filter(pk=newest.pk).update(expire_date=timezone.now() + timedelta(days=15))
        arrived.happened.wait(10)
        events.append(time.perf_counter() - began)
        _asked(client, "/_ui/rows/")
        shown.append(time.perf_counter() - began)
    stream.close()
    return {
        "event": statistics.median(events) * 1000,
        "shown": statistics.median(shown) * 1000,
        "worst": max(shown) * 1000,
    }


class _Events(threading.Thread):
    """Listens to a stream, and says when an event has come."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.happened, self._stream = threading.Event(), stream
        self.start()

    def run(self) -> None:
        try:
            while text := self._stream.recv(1000):
                if b"data:" in text:
                    self.happened.set()
        except OSError:
            pass  # closed


def _stream(port: int) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), 30)
    stream.settimeout(60)
    stream.sendall(b"GET /_ui/rows/stream/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
    while b"data: look" not in stream.recv(4000):
        pass
    return stream


def idle(port: int, process) -> float | None:
    """Return what percentage of a core the server needs while so many wait and nothing happens."""
    if not os.path.exists(f"/proc/{process.pid}/stat"):
        return None
    streams = [_stream(port) for _ in range(WATCHERS)]
    time.sleep(2)
    pids = [process.pid, *_backends()]
    before, began = [_cpu(pid) for pid in pids], time.perf_counter()
    time.sleep(IDLE)
    used = sum(_cpu(pid) for pid in pids) - sum(before)
    percent = used / (time.perf_counter() - began) * 100
    for stream in streams:
        stream.close()
    return percent


def _backends() -> list[int]:
    """Return the processes of the PostgreSQL server that work for ours, where they can be seen."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall() if os.path.exists(f"/proc/{pid}/stat")]


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has used, its own threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
