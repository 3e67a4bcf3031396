"""A console that answers as the sqlite3 shell does, and that cannot write.

typed -> shell -> commands   what begins with a dot
               -> sqlite     one statement, read-only in fact (guard, clock, bounds)
               -> postgresql the same on PostgreSQL
      <- modes <- Answer     as text: list, column, box, json, ...
"""

from .answer import ROWS_MOST, Refused
from .here import database, words
from .lecture import queries, query
from .modes import Settings
from .ran import last_flight, statements_of
from .shell import Said, say
from .transcript import Entry, packed, settings_in, unpacked

__all__ = [
    "ROWS_MOST",
    "Entry",
    "Refused",
    "Said",
    "Settings",
    "database",
    "last_flight",
    "packed",
    "queries",
    "query",
    "say",
    "settings_in",
    "statements_of",
    "unpacked",
    "words",
]
