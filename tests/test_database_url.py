"""DATABASE_URL puts the project on PostgreSQL; without it nothing of that is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sessiondemo import database_url

ROOT = Path(__file__).resolve().parent.parent
URL = "postgres://ada:love%2Flace@db.example:5433/sessions"


def test_the_address_becomes_an_entry_of_databases():
    entry = database_url.read(URL)
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("ada", "love/lace", "sessions")
    assert (entry["HOST"], entry["PORT"]) == ("db.example", 5433)


def test_connections_are_kept_and_looked_at_before_they_are_used_again():
    entry = database_url.read(URL)
    assert (entry["CONN_MAX_AGE"], entry["CONN_HEALTH_CHECKS"]) == (60, True)


def test_options_stand_after_a_question_mark():
    assert database_url.read(URL)["OPTIONS"] == {"connect_timeout": 5}
    more = database_url.read(f"{URL}?sslmode=require&connect_timeout=9")["OPTIONS"]
    assert more == {"sslmode": "require", "connect_timeout": 9}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///db.sqlite3", "has to begin with postgres://"),
        ("mysql://ada:lovelace@db/sessions", "has to begin with postgres://"),
        ("nonsense", "has to begin with postgres://"),
        ("postgres://ada:lovelace@db:port/sessions", "no address that can be read"),
        ("postgres://ada:lovelace@[db/sessions", "no address that can be read"),
        ("postgres://ada:lovelace@db", "names no database"),
        ("postgres://ada:lovelace@db/", "names no database"),
    ],
)
def test_what_is_none_is_told_in_a_sentence_without_its_password(url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as error:
        database_url.read(url)
    assert "lovelace" not in str(error.value)


@pytest.mark.parametrize("package", ["dj_database_url", "psycopg"])
def test_a_missing_package_is_told_with_the_command_that_helps(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImproperlyConfigured, match="python -m pip install -r requirements-postgresql"):
        database_url.read(URL)


def settings_in_a_process(print_what, **environment):
    """Return what a fresh Python says of the settings."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    code = f"import sys; from sessiondemo import settings; print({print_what})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_without_the_variable_it_is_sqlite_and_nothing_is_imported():
    loaded = "[name for name in sys.modules if name.startswith(('psycopg', 'dj_database_url', 'sessiondemo.database'))]"
    for unset in ({}, {"DATABASE_URL": ""}):
        assert settings_in_a_process(loaded, **unset) == "[]"
        assert settings_in_a_process("settings.DATABASES['default']['NAME']", **unset) == str(ROOT / "db.sqlite3")


def test_with_it_nothing_of_sqlite_is_left():
    assert settings_in_a_process("settings.DATABASES['default']['OPTIONS']", DATABASE_URL=URL) == (
        "{'connect_timeout': 5}"
    )
