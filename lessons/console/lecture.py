"""The lecture's queries, each with what to look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """One button: what it types, in SQLite's words and in PostgreSQL's, and a sentence on what to look at."""

    slug: str
    sqlite: str
    postgresql: str
    look: str

    def typed(self, vendor: str) -> str:
        return self.postgresql if vendor == "postgresql" else self.sqlite


def _query(slug: str, typed: str, look: str, postgresql: str = "") -> Query:
    return Query(slug, typed, postgresql or typed, look)


LOOKUP = "SELECT * FROM django_session WHERE expire_date > CURRENT_TIMESTAMP AND session_key = 'a key';"
EXPIRED = "SELECT session_key, expire_date FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;"

QUERIES = [
    _query("tables", ".tables", "django_session is one table among the others that migrate made."),  # C54
    _query("schema", ".schema django_session", "Three columns, the key is the primary key, and the date has an index."),
    _query("all", "SELECT * FROM django_session;", "A row is the key, then the data, then the date."),  # C55
    _query("count", "SELECT COUNT(*) FROM django_session;", "One row for each browser that something is stored for."),
    _query(  # C12 C28
        "lookup",
        f"EXPLAIN QUERY PLAN {LOOKUP}",
        "Django asks like this. One SEARCH with the key's index, however many rows there are.",
        f"EXPLAIN {LOOKUP}",
    ),
    _query("expired", EXPIRED, "Rows whose date has passed. They stay until somebody runs clearsessions."),  # C58
    _query(  # F07
        "clear",
        "EXPLAIN QUERY PLAN SELECT * FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;",
        "clearsessions looks for them like this, with the index on the date.",
        "EXPLAIN SELECT * FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;",
    ),
    _query(
        "columns",
        "PRAGMA table_info(django_session);",
        "Number, name, type, NOT NULL, default, and whether it is the primary key.",
        "SELECT ordinal_position, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = 'django_session' ORDER BY 1;",
    ),
]


def query(slug: str) -> Query | None:
    return next((each for each in QUERIES if each.slug == slug), None)
