"""What the inspector costs at a thousand, a hundred thousand and a million rows, beside Django's admin and Datasette.

    python -m pip install -r bench/requirements.txt
    python bench/inspector.py
    python bench/inspector.py --rows 1000,100000

It fills a scratch file of SQLite and, where a server lets it in (DATABASE_URL, or 127.0.0.1:5432), a scratch database
of PostgreSQL, and takes both away again. On one table all ways take turns; what is told are medians, in milliseconds
where nothing else is said. `last/first` is the largest table against the smallest: 1.0 is a page that does not care.
"""

import argparse
import os
import platform
import sys
import tempfile
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from workers import Worker

HERE = Path(__file__).resolve().parent
POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"

# What is printed: a line's name, the key of its number, and the key of what it is compared with, if there is one.
LINES = (
    ("In this process, through the view", None, None),
    ("first page, /_ui/rows/", "fragment", "admin"),
    ("the same, no row seen before", "fresh", "admin"),
    ("first page, Visitor.rows()", "rows", "admin"),
    ("first page, /inspector/", "page", "admin"),
    ("next page", "next", "admin"),
    ("page 1,000", "deep", "admin deep"),
    ("search by key", "search", "admin search"),
    ("one row, stage by stage", "row", None),
    ("admin: first page", "admin", None),
    ("admin: page 1,000", "admin deep", None),
    ("admin: search by key", "admin search", None),
    ("KB grown with each page", "memory", None),
    ("Over HTTP", None, None),
    ("first page, /_ui/rows/", "http", "datasette"),
    ("Datasette: first page", "datasette", None),
    ("Datasette: the same as JSON", "datasette json", None),
    ("change elsewhere -> event", "event", None),
    ("change elsewhere -> rows", "shown", None),
    ("the slowest of these", "worst", None),
    ("200 idle watchers, % of a core", "idle", None),
    ("Decoding", None, None),
    ("one decode, a login, us", "decode us", "get_decoded us"),
    ("all rows in stages, us a row", "staged", "all by get_decoded"),
    ("all rows by get_decoded, us a row", "all by get_decoded", None),
    ("MB grown over all rows", "grown", None),
)


def main() -> None:
    """Fill each database step by step, measure at each, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=sizes, default=sizes("1000,100000,1000000"), help="1000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="one database")
    parser.add_argument("--no-server", action="store_true", help="nothing over HTTP")
    asked = parser.parse_args()
    print(f"Rows of django_session. Python {platform.python_version()}, Django {_django()}.")
    print(f"\n{'':36}{''.join(f'{size:>11,}' for size in asked.rows)}{'last/first':>12}   beside it, at the last")
    for name, scratch in {"SQLite": file, "PostgreSQL": server}.items():
        if asked.only in (None, name):
            with scratch() as environment:
                print_database(name, measured(environment, asked) if environment else [])
                sys.stdout.flush()


def sizes(text: str) -> list[int]:
    """Read "1000,100000"."""
    found = sorted({int(word) for word in text.split(",")})
    if found[0] < 1:
        raise ValueError("a table has rows")
    return found


@contextmanager
def file():
    """Give what names a scratch file in the environment."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"BENCH_DB": str(Path(folder) / "sessions.sqlite3")}


@contextmanager
def server():
    """Give what names a scratch database on PostgreSQL, or None where no server lets us in."""
    try:
        import psycopg

        url = os.environ.get("DATABASE_URL", POSTGRESQL)
        connection = psycopg.connect(_named(url, "postgres"), autocommit=True, connect_timeout=5)
    except Exception as error:  # not installed, not there, not for us
        print(f"No PostgreSQL: {str(error).splitlines()[0]}", file=sys.stderr)
        yield None
        return
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with connection, ExitStack() as tidying:
        connection.execute(f"CREATE DATABASE {name}")
        tidying.callback(connection.execute, f"DROP DATABASE {name} WITH (FORCE)")
        yield {"DATABASE_URL": _named(url, name)}


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def measured(environment: dict, asked) -> list[dict]:
    """Return what was measured at each size."""
    worker, found = worker_on(environment), []
    for size in asked.rows:
        worker.ask({"fill": size})
        told = worker.ask({"pages": asked.rounds})
        told |= worker.ask({"decode": True})
        if not asked.no_server:
            told |= worker.ask({"server": asked.rounds, "datasette": True})
        found.append(told)
    worker.close()
    return found


def worker_on(environment: dict) -> Worker:
    """Return a process that measures on the database which `environment` names."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SESSIONDEMO_HOST")}
    path = os.pathsep.join([str(HERE), str(HERE.parent)])
    ours = {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "at_scale.settings"}
    return Worker(["-m", "at_scale.worker"], kept | environment | ours)


def print_database(name: str, found: list[dict]) -> None:
    if not found:
        print(f"\n{name}: not measured")
        return
    print(f"\n{name}")
    for title, key, other in LINES:
        if key is None:
            print(f"  {title}")
            continue
        numbers = [told.get(key) for told in found]
        growth = _ratio(numbers[-1], numbers[0], "{:.2f}") if key not in ("memory", "grown", "idle", "worst") else ""
        beside = _ratio(found[-1].get(other), numbers[-1], "{:.1f} times as fast") if other else ""
        print(f"    {title:32}{''.join(_number(number) for number in numbers)}{growth:>12}   {beside}".rstrip())


def _number(number: float | None) -> str:
    return f"{'-':>11}" if number is None else f"{number:11.2f}"


def _ratio(larger: float | None, smaller: float | None, how: str) -> str:
    return how.format(larger / smaller) if larger and smaller else ""


def _django() -> str:
    import django

    return django.get_version()


if __name__ == "__main__":
    main()
