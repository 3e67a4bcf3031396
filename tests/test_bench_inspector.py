"""The benchmark of the inspector runs, and every line that needs no server has its number."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parent.parent / "bench" / "inspector.py"
SMALL = ("--rows", "200", "--rounds", "1", "--only", "SQLite", "--no-server")


@pytest.mark.slow
def test_it_runs_on_a_small_table():
    done = subprocess.run([sys.executable, str(BENCH), *SMALL], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for line in ("first page, /_ui/rows/", "admin: first page", "one decode, a login, us", "all rows in stages"):
        (told,) = [each for each in done.stdout.splitlines() if each.strip().startswith(line) and "1.00" in each]
        assert "-" not in told[36:47]


@pytest.mark.parametrize("rows", ["", "0", "many", "1000,"])
def test_what_is_no_size_is_refused(rows):
    done = subprocess.run([sys.executable, str(BENCH), "--rows", rows], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--rows" in done.stderr
