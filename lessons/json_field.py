"""A JSONField that takes whatever a visitor may have sent, on PostgreSQL as on SQLite."""

import json
import re

from django.db import models

# What JSON can spell and PostgreSQL's jsonb cannot hold: the letter NUL, and half of a surrogate pair (group 1).
# Whole pairs and backslashes are matched first, so that nothing begins in the middle of one.
UNKNOWN = re.compile(r"\\\\|\\ud[89ab]..\\ud[c-f]..|\\(u0000|ud[89a-f]..)")


class AnyJSONField(models.JSONField):
    """To migrations it is the JSONField that it is."""

    def get_db_prep_value(self, value, connection, prepared=False):
        if connection.vendor == "postgresql" and value is not None:
            value = spelled_out(value)
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def spelled_out(value):
    r"""Return a JSON value in which NUL is the six letters \u0000, and so for half of a pair."""
    text = json.dumps(value)
    found = UNKNOWN.sub(lambda match: rf"\\{match[1]}" if match[1] else match[0], text)
    return value if found == text else json.loads(found)
