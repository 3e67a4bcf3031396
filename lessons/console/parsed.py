"""What a statement would use, as PostgreSQL itself understands it.

The statement is made the definition of a view, in a transaction that is rolled back. PostgreSQL parses a definition and
does not run it, takes nothing but one query that reads, and keeps the tree of what it understood: each function by its
number, behind operators and casts too, and each column. The text of the statement is not looked at.
"""

import re

from . import statement as statements
from .answer import Refused

VIEW = "console_asked"
FUNCTION = re.compile(r":(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)")
TABLE = re.compile(r":relid (\d+) .*?:selectedCols \(b([ \d]*)\)", re.DOTALL)
BEFORE_COLUMNS = 7  # the tree counts columns from here on, because of those that every table has
CONCATENATIONS_MOST = 20
OWN = 16384  # numbers from here on are not PostgreSQL's own

HARMLESS = {"random", "clock_timestamp", "pg_relation_size", "pg_table_size", "pg_total_relation_size"}
GROWING = {
    *("array_agg", "array_fill", "format", "json_agg", "json_object_agg", "jsonb_agg", "jsonb_object_agg", "lpad"),
    *("regexp_replace", "repeat", "replace", "rpad", "string_agg", "xmlagg"),
}
CONCATENATING = {
    *("textcat", "anytextcat", "textanycat", "byteacat", "array_cat", "array_append", "array_prepend", "bitcat"),
    *("jsonb_concat", "concat", "concat_ws"),
}
CATALOG = {
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_database", "pg_description", "pg_index"),
    *("pg_indexes", "pg_namespace", "pg_proc", "pg_sequence", "pg_sequences", "pg_settings", "pg_tables", "pg_type"),
    "pg_views",
}


def judge(cursor, statement: str, hidden: frozenset[tuple[str, str]]) -> None:
    """Refuse a query that uses a function with effects, a table that is none of ours, or a hidden column.

    Leaves a view behind: the caller rolls back.
    """
    cursor.execute(f"CREATE TEMPORARY VIEW {VIEW} AS SELECT 1 AS one FROM (\n{statement}\n) AS asked", prepare=True)
    cursor.execute(f"SELECT ev_action::text FROM pg_rewrite WHERE ev_class = 'pg_temp.{VIEW}'::regclass")
    tree = cursor.fetchone()[0]
    _judge_functions(cursor, tree)
    _judge_tables(cursor, tree, hidden)
    if statements.copies(statement) > statements.COPIES_MOST:
        raise Refused("The tables of this WITH would be written out too often. Name each of them fewer times.")


def _judge_functions(cursor, tree: str) -> None:
    used = [int(number) for number in FUNCTION.findall(tree)]
    cursor.execute("SELECT oid::int8, proname, provolatile FROM pg_proc WHERE oid = ANY(%s)", [used])
    known = {number: (name, volatile) for number, name, volatile in cursor.fetchall()}
    for name, volatile in known.values():
        if volatile == "v" and name not in HARMLESS:
            raise Refused(f"The function {name}() may do more than read. This console only reads.")
        if name in GROWING or "_to_xml" in name:
            raise Refused(f"The function {name}() is not among those that the console runs.")
    if any(number >= OWN for number in known):
        raise Refused("A function that somebody added to this database may do anything, so the console runs none.")
    concatenations = sum(known[number][0] in CONCATENATING for number in used if number in known)
    if concatenations > CONCATENATIONS_MOST or (concatenations and ":hasRecursive true" in tree):
        raise Refused("A value that is put together over and over has no bound here.")


def _judge_tables(cursor, tree: str, hidden) -> None:
    used = [(int(number), {int(bit) - BEFORE_COLUMNS for bit in bits.split()}) for number, bits in TABLE.findall(tree)]
    cursor.execute(
        "SELECT c.oid::int8, relname, nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE c.oid = ANY(%s)",
        [[number for number, _ in used]],
    )
    tables = {number: (name, schema) for number, name, schema in cursor.fetchall()}
    for number, columns in used:
        name, schema = tables.get(number, (VIEW, "pg_temp"))
        if name == VIEW:
            continue
        if schema.startswith("pg_") and not (schema == "pg_catalog" and name in CATALOG):
            raise Refused(f"The table {name} is PostgreSQL's own, and may hold what nobody should read.")
        secret = {column for table, column in hidden if table == name}
        cursor.execute("SELECT attname, attnum FROM pg_attribute WHERE attrelid = %s", [number])
        if secret & {column for column, place in cursor.fetchall() if place in columns or 0 in columns}:
            raise Refused(
                f"The column {min(secret)} of {name} is kept from the console. Name the columns that you want."
            )
