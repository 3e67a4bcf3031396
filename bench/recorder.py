"""What recording costs: the counter view answered plainly, recorded, and under other tools, in one run.

    python -m pip install -r bench/requirements.txt
    python bench/recorder.py

Each way of answering has a process and a database of its own. They take turns, so that whatever else the machine does
falls on all of them; what is compared are medians. The second table records ever longer flights: time and size should
grow as the number of events does.
"""

import argparse
import os
import platform
import statistics
import tempfile
from pathlib import Path

from workers import Worker

ROOT = Path(__file__).resolve().parent.parent

WAYS = {
    "plain": "the seven middlewares of a new project",
    "not recording": "the recorder installed, the request not recorded",
    "story": "recorded, zoom story",
    "calls": "recorded, zoom calls",
    "lines": "recorded, zoom lines",
    "toolbar": "django-debug-toolbar, its default panels",
    "silk": "django-silk",
}
WRITES = (1, 10, 100, 1000)


def main() -> None:
    """Let all ways take turns, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=40, help="in each round, for each way")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workers = {way: worker_for(way, folder) for way in WAYS}
        times = {way: [] for way in workers}
        for _ in range(asked.rounds + 1):
            for way, worker in workers.items():
                times[way].append(worker.ask(asked.requests))
        lengths = workers["lines"].ask({"writes": WRITES})
        for worker in workers.values():
            worker.close()
    print_times({way: statistics.median(rounds[1:]) for way, rounds in times.items()})  # the first warms up
    print_lengths(lengths)


def worker_for(way: str, folder: str) -> Worker:
    """Return a process that answers the counter's requests in one way, as often as it is asked."""
    environment = {**os.environ, "BENCH_WAY": way, "BENCH_DB": str(Path(folder) / f"{way}.sqlite3")}
    return Worker([str(Path(__file__).with_name("answer.py"))], environment)


def print_times(median: dict[str, float]) -> None:
    added = {way: time - median["plain"] for way, time in median.items()}
    print(f"The counter view, later visits. Python {platform.python_version()}, Django {_django()}.\n")
    print(f"{'':16}{'ms':>8}{'added':>9}{'of plain':>10}{'of toolbar':>12}   ")
    for way, time in median.items():
        of_toolbar = f"1/{added['toolbar'] / added[way]:.1f}" if way in ("story", "calls", "lines") else ""
        print(f"{way:16}{time:8.3f}{added[way]:+9.3f}{time / median['plain']:10.3f}{of_toolbar:>12}   {WAYS[way]}")


def print_lengths(lengths: list[dict]) -> None:
    print("\nLonger flights, zoom lines: a view that writes to the session so many times.\n")
    print(f"{'writes':>8}{'events':>9}{'ms added':>10}{'us an event':>13}{'KB as JSON':>12}{'KB at peak':>12}")
    for each in lengths:
        print(
            f"{each['writes']:8}{each['events']:9}{each['ms']:10.2f}{each['ms'] * 1000 / each['events']:13.2f}"
            f"{each['json'] / 1024:12.1f}{each['peak'] / 1024:12.1f}"
        )


def _django() -> str:
    import django

    return django.get_version()


if __name__ == "__main__":
    main()
