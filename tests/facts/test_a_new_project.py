"""What `startproject` writes and what `migrate` makes of it."""

import os
import runpy
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import global_settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection

SESSION_MIDDLEWARE = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION_MIDDLEWARE = "django.contrib.auth.middleware.AuthenticationMiddleware"
MESSAGE_MIDDLEWARE = "django.contrib.messages.middleware.MessageMiddleware"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project as startproject makes it. Nothing in it was changed, and nothing was run."""
    folder = tmp_path_factory.mktemp("startproject")
    call_command("startproject", "mysite", str(folder))
    return folder


@pytest.fixture(scope="module")
def fresh(folder):
    """The settings of that project, as a dict."""
    return runpy.run_path(str(folder / "mysite" / "settings.py"))


@pytest.fixture(scope="module")
def commands(folder):
    """What makemigrations and then migrate said there, and how large db.sqlite3 was between the two."""
    said = {"makemigrations": manage(folder, "makemigrations")}
    said["size"] = (folder / "db.sqlite3").stat().st_size
    said["migrate"] = manage(folder, "migrate", "--no-color")
    return said


def manage(folder, *words):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def test_c03_startproject_puts_the_middleware_second(fresh):
    assert fresh["MIDDLEWARE"][:2] == ["django.middleware.security.SecurityMiddleware", SESSION_MIDDLEWARE]


def test_c03_so_does_this_project(settings):
    seven = [name for name in settings.MIDDLEWARE if name.startswith("django.")]
    assert seven[:2] == ["django.middleware.security.SecurityMiddleware", SESSION_MIDDLEWARE]


def test_c22_a_new_project_has_sessions_and_no_setting_about_them(fresh):
    assert "django.contrib.sessions" in fresh["INSTALLED_APPS"]
    assert SESSION_MIDDLEWARE in fresh["MIDDLEWARE"]
    assert [name for name in fresh if name.startswith("SESSION_")] == []


def without(names, *unwanted):
    return [name for name in names if name not in unwanted]


def test_c22_without_the_middleware_the_authentication_middleware_complains(visitor, settings):
    settings.MIDDLEWARE = without(settings.MIDDLEWARE, SESSION_MIDDLEWARE)
    error = visitor.get("/lab/visits/").error
    assert type(error) is ImproperlyConfigured
    assert str(error).startswith("The Django authentication middleware requires session middleware")


def test_c22_without_that_one_too_the_message_middleware_complains(visitor, settings):
    settings.MIDDLEWARE = without(settings.MIDDLEWARE, SESSION_MIDDLEWARE, AUTHENTICATION_MIDDLEWARE)
    error = visitor.get("/lab/visits/").error
    assert type(error) is ImproperlyConfigured
    assert str(error).startswith("The session-based temporary message storage requires session middleware")


def test_c22_without_all_three_the_request_has_no_session(visitor, settings):
    settings.MIDDLEWARE = without(
        settings.MIDDLEWARE, SESSION_MIDDLEWARE, AUTHENTICATION_MIDDLEWARE, MESSAGE_MIDDLEWARE
    )
    error = visitor.get("/lab/visits/").error
    assert type(error) is AttributeError
    assert str(error) == "'WSGIRequest' object has no attribute 'session'"


def test_c22_check_says_admin_e410(settings):
    settings.MIDDLEWARE = without(settings.MIDDLEWARE, SESSION_MIDDLEWARE)
    assert "admin.E410" in [message.id for message in run_checks(tags=["admin"])]


def test_c23_makemigrations_changes_nothing_and_leaves_an_empty_file(commands):
    assert commands["makemigrations"] == "No changes detected\n"
    assert commands["size"] == 0


def test_c23_migrate_alone_makes_the_table(commands):
    assert "  Applying sessions.0001_initial... OK\n" in commands["migrate"]


def test_c23_before_it_a_first_visit_works_until_something_is_written(visitor):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_session")  # as if there had been no migrate yet
    assert visitor.get("/lab/touch/ignore/").status == 200
    assert visitor.get("/lab/touch/read/").status == 200
    error = visitor.get("/lab/touch/write/").error
    if connection.vendor == "postgresql":
        assert type(error) is ProgrammingError
        assert str(error).startswith('relation "django_session" does not exist\n')
    else:
        assert type(error) is OperationalError
        assert str(error) == "no such table: django_session"


def test_c24_the_defaults_keep_sessions_in_the_database(fresh):
    assert "SESSION_ENGINE" not in fresh
    assert global_settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_c26_the_file_is_db_sqlite3(fresh, folder):
    assert fresh["DATABASES"]["default"]["NAME"] == folder / "db.sqlite3"


@pytest.mark.usefixtures("commands")
def test_c54_the_table_is_django_session_beside_nine_others(folder):
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [name for (name,) in rows]
    assert "django_session" in tables
    assert len(tables) == 10


def test_f22_the_defaults():
    assert global_settings.SESSION_COOKIE_NAME == "sessionid"
    assert global_settings.SESSION_COOKIE_AGE == 1209600
    assert global_settings.SESSION_COOKIE_HTTPONLY is True
    assert global_settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert global_settings.SESSION_COOKIE_PATH == "/"
    assert global_settings.SESSION_COOKIE_DOMAIN is None
    assert global_settings.SESSION_COOKIE_SECURE is False
    assert global_settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


def test_f22_check_deploy_warns_that_the_cookie_is_not_secure(settings):
    settings.SESSION_COOKIE_SECURE = False
    messages = run_checks(tags=["security"], include_deployment_checks=True)
    assert "security.W012" in [message.id for message in messages]


def test_f22_pickle_is_gone():
    with pytest.raises(ImportError, match="PickleSerializer"):
        from django.contrib.sessions.serializers import PickleSerializer  # noqa: F401
