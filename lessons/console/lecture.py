"""The lecture's queries, each with what to look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """One button: what it types, and a sentence on what to look at."""

    slug: str
    typed: str
    look: str


LOOKUP = "SELECT * FROM django_session WHERE expire_date > CURRENT_TIMESTAMP AND session_key = 'a key';"
CLEAR = "SELECT * FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;"
EXPIRED = "SELECT session_key, expire_date FROM django_session WHERE expire_date < CURRENT_TIMESTAMP;"

QUERIES = [
    Query("tables", ".tables", "django_session is one table among the others that migrate made."),  # C54
    Query("schema", ".schema django_session", "Three columns. The key is the primary key, the date has an index."),
    Query("all", "SELECT * FROM django_session;", "A row is the key, then the data, then the date."),  # C55
    Query("count", "SELECT COUNT(*) FROM django_session;", "One row for each browser that something is stored for."),
    Query(  # C12 C28
        "lookup",
        f"EXPLAIN QUERY PLAN {LOOKUP}",
        "Django asks like this. One SEARCH with the key\u2019s index, however many rows there are.",
    ),
    Query("expired", EXPIRED, "Rows whose date has passed. They stay until somebody runs clearsessions."),  # C58
    Query(  # F07
        "clear",
        f"EXPLAIN QUERY PLAN {CLEAR}",
        "clearsessions looks for them like this, with the index on the date.",
    ),
    Query(
        "columns",
        "PRAGMA table_info(django_session);",
        "Number, name, type, NOT NULL, default, and whether it is the primary key.",
    ),
]

# What PostgreSQL has other words for. A table of a few rows it reads as a whole, whatever indexes there are.
ON_POSTGRESQL = [
    Query(
        "lookup",
        f"EXPLAIN {LOOKUP}",
        "Django asks like this. As soon as there are more than a few rows: an Index Scan, and no Seq Scan.",
    ),
    Query(
        "clear",
        f"EXPLAIN {CLEAR}",
        "clearsessions looks for them like this. Where few of many rows have expired, it uses the index on the date.",
    ),
    Query(
        "columns",
        "SELECT ordinal_position, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = 'django_session' ORDER BY 1;",
        "Number, name, type, and whether it may be NULL.",
    ),
]


def queries(vendor: str) -> list[Query]:
    """Return the queries in the words of this database."""
    other = {query.slug: query for query in ON_POSTGRESQL} if vendor == "postgresql" else {}
    return [other.get(query.slug, query) for query in QUERIES]


def query(slug: str, vendor: str) -> Query | None:
    return next((each for each in queries(vendor) if each.slug == slug), None)
