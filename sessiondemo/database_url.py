"""PostgreSQL instead of db.sqlite3: what `DATABASE_URL` names, as Django's settings want it.

It needs what stands in requirements-postgresql.txt, and is imported only where the variable is set.
"""

from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("postgres://", "postgresql://")
INSTALL = "DATABASE_URL is set, and {} is not installed: python -m pip install -r requirements-postgresql.txt"


def read(url: str) -> dict:
    """Return the entry of DATABASES for an address such as postgres://ada:password@127.0.0.1:5432/sessions.

    What stands after a question mark goes to OPTIONS: `?sslmode=require`. Raises ImproperlyConfigured, in one sentence
    that repeats nothing of the address (there is a password in it), when it is not one or a package is missing.
    """
    if not url.startswith(SCHEMES):
        raise ImproperlyConfigured("DATABASE_URL has to begin with postgres:// (for SQLite, unset it).")
    try:
        import dj_database_url
        import psycopg  # noqa: F401 - Django would ask for it later, and say less
    except ImportError as error:
        raise ImproperlyConfigured(INSTALL.format(error.name or "psycopg")) from error
    try:
        database = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is no address that can be read: {error}") from None
    if not database["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: it ends in /name.")
    database["OPTIONS"] = {"connect_timeout": 5, **database.get("OPTIONS", {})}  # libpq's own patience is minutes
    return database
