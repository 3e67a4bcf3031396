"""Rows that Django can read. SQLite keeps anything in any column, and one such row would stop a page."""

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

IS_A_DATE = """\
typeof(session_key) = 'text' AND typeof(session_data) = 'text'
  AND typeof(expire_date) = 'text' AND instr(expire_date, char(0)) = 0
  AND date(expire_date, '+0 days') IS substr(expire_date, 1, 10) AND expire_date NOT GLOB '0000*'
  AND (length(expire_date) = 10 OR expire_date GLOB '????-??-??[ T]??:*[0-9]')"""
TO_SEE_THEM = f"SELECT session_key, expire_date FROM django_session\nWHERE NOT ({IS_A_DATE});"


def readable(rows):
    """Leave out of these rows, a query of sessions, those that Django's own reading would raise an error for."""
    return rows.filter(_is_a_date()) if connection.vendor == "sqlite" else rows


def count_unreadable(rows) -> int:
    return rows.exclude(_is_a_date()).count() if connection.vendor == "sqlite" else 0


def _is_a_date() -> RawSQL:
    return RawSQL(IS_A_DATE, (), BooleanField())
