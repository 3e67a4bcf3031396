"""The database of this server, to be asked from the console."""

from django.apps import apps
from django.db import connection

from .answer import Failed, Refused
from .sqlite import SQLite

SECRET = "password"  # a column that nobody reads in the console, hashed as it is


def database():
    """Return the database that Django uses. Raises Refused where the console cannot look at it."""
    if connection.vendor == "sqlite":
        return SQLite.at(connection.settings_dict["NAME"], hidden=hidden_columns())
    if connection.vendor == "postgresql":
        from .postgresql import PostgreSQL  # psycopg is there only where it is needed

        return PostgreSQL(_parameters(), hidden=hidden_columns())
    raise Refused("The console knows SQLite and PostgreSQL, and this server uses another database.")


def _parameters() -> dict:
    """Return what `psycopg.connect` needs to reach the database that Django uses, without Django's own wishes."""
    parameters = connection.get_connection_params()
    own = ("context", "cursor_factory", "prepare_threshold", "pool", "server_side_binding", "isolation_level")
    return {name: value for name, value in parameters.items() if name not in own}


def hidden_columns() -> frozenset[tuple[str, str]]:
    """Return the table and column of each password that Django keeps."""
    return frozenset(
        (model._meta.db_table.lower(), field.column.lower())
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.name == SECRET
    )


def words(database) -> dict[str, list[str]]:
    """Return each table's columns for completion, or nothing where they cannot be had now."""
    try:
        return database.words()
    except (Failed, Refused):
        return {}
