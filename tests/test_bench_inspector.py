"""The benchmark of the inspector runs, and every line that needs no server has its number."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.at_scale.page import Page

BENCH = Path(__file__).resolve().parent.parent / "bench" / "inspector.py"
SMALL = ("--rows", "200", "--rounds", "1", "--only", "SQLite", "--no-server")


@pytest.mark.slow
def test_it_runs_on_a_small_table():
    done = subprocess.run([sys.executable, str(BENCH), *SMALL], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for line in (
        "first page, /_ui/rows/",
        "next page",
        "search by key",
        "admin: first page",
        "one decode, a login, us",
        "all rows in stages",
    ):
        (told,) = [each for each in done.stdout.splitlines() if each.strip().startswith(line) and "1.00" in each]
        assert "-" not in told[36:47]


def test_it_reads_the_search_as_a_browser_would_send_it(client, db):
    form = Page(client.get("/inspector/?sort=oldest&least=7").text).search
    assert (form.method, form.action, form.asked) == ("post", "/inspector/find/", "q")
    assert form.fields.pop("csrfmiddlewaretoken")
    assert form.fields == {"by": "data", "state": "", "sort": "oldest", "least": "7", "most": ""}


@pytest.mark.parametrize("rows", ["", "0", "many", "1000,"])
def test_what_is_no_size_is_refused(rows):
    done = subprocess.run([sys.executable, str(BENCH), "--rows", rows], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--rows" in done.stderr
