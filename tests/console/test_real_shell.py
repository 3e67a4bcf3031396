"""What the real sqlite3 program prints, and what the console prints: the same, letter by letter."""

import os
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace

import pytest

from lessons.console.modes import MODES, Settings
from lessons.console.shell import say

PROGRAM = shutil.which("sqlite3")
SAME = (3, 39), (3, 45)  # releases that print alike: later ones wrap, escape and point in ways of their own


def release() -> tuple[int, ...]:
    if PROGRAM is None:
        return (0,)
    said = subprocess.run([PROGRAM, "-version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[0].split("."))[:2]


pytestmark = pytest.mark.skipif(
    not SAME[0] <= release() <= SAME[1] or sqlite3.sqlite_version_info[:2] != release(),
    reason="no sqlite3 program here of a release that this Python's SQLite has too, 3.39 to 3.45",
)

STATEMENTS = [
    "SELECT * FROM a;",
    "SELECT x, y FROM a WHERE x < 3 ORDER BY x DESC;",
    "SELECT * FROM a WHERE 0;",
    "SELECT x, y, z FROM v, (SELECT 1 AS z) LIMIT 1;",
    'SELECT 1 AS "two words", 2 AS "a,b", NULL AS "it\'s", 4 AS e;',
    "SELECT NULL, '', ' ', 'a b', '\"', x'41', x'', 1, -1, 9223372036854775807;",
    "SELECT 0.5, 2.0, 1e10, -0.25, 1e20, 1e999, -1e999;",
    "VALUES (1, 'a'), (2, 'b');",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n;",
    "SELECT '<b>&amp;</b>', '\\', 'a\\nb', 'tab\there';",
    "SELECT 'ends with a line break\n', '\n', 'a\n\nb';",
    "SELECT 'ÄÖÜ' AS a, '漢字' AS k, 'e\u0301' AS e;",
    "SELECT '0123456789012345678901234567890123456789012345678901234567890123456789', 'short';",
    "PRAGMA table_info(a);",
    "PRAGMA index_list(a);",
    "PRAGMA foreign_key_list(a);",
    "SELECT count(*), typeof(y), length(y) FROM a GROUP BY typeof(y);",
    "SELECT /* a comment */ 1 -- and another\n;",
]
PLANS = [
    "EXPLAIN QUERY PLAN SELECT 1;",
    "EXPLAIN QUERY PLAN SELECT * FROM django_session WHERE session_key = 'k';",
    "EXPLAIN QUERY PLAN SELECT * FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;",
    "EXPLAIN QUERY PLAN SELECT * FROM a WHERE x = 1 UNION SELECT * FROM a ORDER BY 2;",
    "EXPLAIN QUERY PLAN SELECT * FROM a, a AS b WHERE b.x = a.y AND a.z IN (SELECT y FROM a) ORDER BY a.z;",
    "EXPLAIN QUERY PLAN SELECT (SELECT max(x) FROM a AS c WHERE c.y = a.y) FROM a GROUP BY z;",
]
ERRORS = [
    "SELECT nope FROM a;",
    "SELECT a.nope FROM a;",
    "SELECT * FROM nope;",
    "SELECT * FROM a, nope.b;",
    "SELEC 1;",
    "SELECT x x x FROM a;",
    "SELECT 1 FROM;",
    "SELECT ;",
    "SELECT 'x' || ;",
    "SELECT count(1, 2, 3) FROM a;",
    "SELECT foo(1);",
    "SELECT x FROM a, a AS b;",
    "SELECT count(*) FROM a WHERE count(*) > 1;",
    "SELECT * FROM a ORDER BY 7;",
    "SELECT select FROM a;",
    "SELECT 'nope', nope FROM a;",
    "SELECT /* nope */ nope FROM a;",
    "SELECT x, y, z, x, y, z, x, y, z, x, y, z, x, y, z, x, y, z, nope, x, y, z, x, y, z, x, y, z, x, y, z FROM a;",
    "SELECT x FROM a WHERE x IN (SELECT x FROM a) AND y = nope;",
    "EXPLAIN QUERY PLAN SELEC 1;",
    "PRAGMA table_info(;",
    "SELECT abs(-9223372036854775807 - 1);",
    "SELECT 1 LIMIT 'a';",
    "SELECT json_extract('{', '$');",
]
COMMANDS = [
    ".tables",
    ".tables %a%",
    ".tables nope",
    ".schema",
    ".schema a",
    ".schema A*",
    ".schema v",
    ".schema nope",
    ".indexes",
    ".indexes a",
    ".headers",
    ".headers maybe",
    ".nope",
    ".nope 1 2",
]


def shell(path, typed: str, settings: Settings) -> str:
    """Return what the program prints, errors and all. It reads from a pipe, so it numbers the lines of its errors."""
    before = f".mode {settings.mode}\n" + f".headers {'on' if settings.headers else 'off'}\n" * (
        settings.headers is not None
    )
    done = subprocess.run(
        [PROGRAM, "-batch", "-init", os.devnull, str(path)],
        input=before + typed + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return plain(done.stdout + done.stderr)


def plain(text: str) -> str:
    """Leave out line numbers, which only a pipe has, and a code that the program takes from the error before."""
    text = re.sub(r" near line \d+:", ":", text.replace("\r\n", "\n"))
    return re.sub(r"( \(\d+\))$", "", text, flags=re.MULTILINE).removesuffix("\n")


@pytest.mark.parametrize("headers", [None, True, False])
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_prints_every_answer_alike(path, database, mode, headers):
    settings = Settings(mode, headers=headers)
    different = [
        (typed, theirs, ours)
        for typed in STATEMENTS
        if (ours := plain(say(typed, database, settings).text)) != (theirs := shell(path, typed, settings))
    ]
    assert different == []


@pytest.mark.parametrize("typed", [*PLANS, *ERRORS, *COMMANDS])
def test_plans_errors_and_commands_are_told_alike(path, database, typed):
    assert plain(say(typed, database, Settings()).text) == shell(path, typed, Settings())


@pytest.mark.parametrize("typed", ["mode", "mode li", "mode col", "mode m"])
def test_a_mode_may_be_shortened(path, database, typed):
    theirs = shell(path, f".{typed}\n.mode", Settings())
    mode = say(f".{typed}", database, Settings()).settings.mode
    assert theirs.splitlines()[-1].split(" --")[0] == say(".mode", database, replace(Settings(), mode=mode)).text
