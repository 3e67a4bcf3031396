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
RELATION = re.compile(r":relid (\d+)")
TABLE = re.compile(r":relid (\d+) (?:(?!:relid \d).)*?:selectedCols \(b([ \d]*)\)", re.DOTALL)
BEFORE_COLUMNS = 7  # the tree counts columns from here on, because of those that every table has
OWN = 16384  # numbers from here on are not PostgreSQL's own

# What puts values together without a function: rows, arrays, XML, JSON. A list of constants, as IN has it, is none.
CONSTANTS = re.compile(r"\{ARRAY(?:EXPR)? [^{}]*:elements \((?:\{CONST [^{}]*\} ?)+\)")
PUT_TOGETHER = re.compile(r"\{(?:ARRAY|ARRAYEXPR|ROW|ROWEXPR|XMLEXPR|JSON\w+) |:varattno 0 |:subLinkType 6 ")
CAST = re.compile(r"\{(?:COERCEVIAIO|ARRAYCOERCEEXPR) ")
PUT_TOGETHER_MOST = 1
CONCATENATIONS_MOST = 4  # each may double its value, and PostgreSQL does not look at its clock in one

PADDING = {"bit", "bpchar"}  # the casts to bit(n) and char(n)
NUMBER = re.compile(r":consttype 23 [^{}]*:constvalue 4 \[ ((?:-?\d+ )+)\]")
PADDED = re.compile(r":vartype (?:1042|1560|1562) :vartypmod (\d+)")
LENGTH_MOST = 10_000  # of a value that is filled up

HARMLESS = {"random", "clock_timestamp", "pg_relation_size", "pg_table_size", "pg_total_relation_size"}
GROWING = {
    *("array_replace", "jsonb_path_query_array", "jsonb_pretty", "ts_headline"),
    *("array_agg", "array_fill", "array_to_string", "concat", "concat_ws", "format", "lpad", "regexp_replace"),
    *("repeat", "replace", "rpad", "string_agg", "xmlagg"),
    *("json_agg", "json_build_array", "json_build_object", "json_object", "json_object_agg"),
    *("jsonb_agg", "jsonb_build_array", "jsonb_build_object", "jsonb_object", "jsonb_object_agg"),
}
CONCATENATING = {
    *("textcat", "anytextcat", "textanycat", "byteacat", "array_cat", "array_append", "array_prepend", "bitcat"),
    *("jsonb_insert", "jsonb_set", "jsonb_set_lax", "normalize", "to_char"),
    *("jsonb_concat", "overlay", "path_add", "tsvector_concat", "xmlconcat", "xmlconcat2"),
    *("decode", "encode", "quote_ident", "quote_literal", "quote_nullable", "translate"),
    *("array_to_json", "row_to_json", "string_to_array", "to_json", "to_jsonb"),
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
    cursor.execute(
        "SELECT p.oid::int8, proname, provolatile, typlen FROM pg_proc p JOIN pg_type t ON t.oid = prorettype"
        " WHERE p.oid = ANY(%s)",
        [used],
    )
    known = {number: (name, volatile, length) for number, name, volatile, length in cursor.fetchall()}
    for name, volatile, _ in known.values():
        if volatile == "v" and name not in HARMLESS:
            raise Refused(f"The function {name}() may do more than read. This console only reads.")
        if name in GROWING or "_to_xml" in name or name.startswith("pg_stat_get_"):
            raise Refused(f"The function {name}() is not among those that the console runs.")
    if any(number >= OWN for number in known):
        raise Refused("A function that somebody added to this database may do anything, so the console runs none.")
    _judge_growth(tree, [known[number] for number in used if number in known])


def _judge_growth(tree: str, used: list[tuple]) -> None:
    """Refuse what could make a value without bound. `used` are names, volatility and, where it is fixed, length."""
    together = len(PUT_TOGETHER.findall(CONSTANTS.sub("", tree)))
    concatenations = sum(name in CONCATENATING for name, _, _ in used)
    if concatenations > CONCATENATIONS_MOST or together > PUT_TOGETHER_MOST:
        raise Refused("A value that is put together over and over has no bound here.")
    of_any_length = [name for name, _, length in used if length < 0]
    if ":hasRecursive true" in tree and (of_any_length or together or CAST.search(tree)):
        raise Refused("WITH RECURSIVE only counts and compares here: a text that it makes has no bound.")
    lengths = [int(length) for length in PADDED.findall(tree)]
    if any(name in PADDING for name, _, _ in used):
        lengths += map(_number, NUMBER.findall(tree))
    if max(lengths, default=0) > LENGTH_MOST:
        raise Refused(f"More than {LENGTH_MOST:,} characters or bits are more than the console fills up.")


def _number(octets: str) -> int:
    """Return an integer from its bytes, as a tree holds them: each with a sign, and the lowest first."""
    return int.from_bytes([int(octet) & 255 for octet in octets.split()[:4]], "little", signed=True)


def relations(tree: str) -> dict[int, set[int] | None]:
    """Return the columns that a query uses of each relation; None where the tree does not say.

    Up to PostgreSQL 15 they stand with the relation itself, then in a list of permissions that repeats its number.
    """
    found = dict.fromkeys(map(int, RELATION.findall(tree)))
    for number, bits in TABLE.findall(tree):
        found[int(number)] = (found[int(number)] or set()) | {int(bit) - BEFORE_COLUMNS for bit in bits.split()}
    return found


def _judge_tables(cursor, tree: str, hidden) -> None:
    used = relations(tree)
    cursor.execute(
        "SELECT c.oid::int8, relname, nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE c.oid = ANY(%s)",
        [list(used)],
    )
    for number, name, schema in cursor.fetchall():
        columns = used[number]
        if name == VIEW and schema.startswith("pg_temp"):
            continue
        if columns is None:
            raise Refused(f"What this would read of {name} cannot be told, so it was not run.")
        if schema.startswith("pg_") and not (schema == "pg_catalog" and name in CATALOG):
            raise Refused(f"The table {name} is PostgreSQL's own, and may hold what nobody should read.")
        secret = {column for table, column in hidden if table == name}
        cursor.execute("SELECT attname, attnum FROM pg_attribute WHERE attrelid = %s", [number])
        if secret & {column for column, place in cursor.fetchall() if place in columns or 0 in columns}:
            raise Refused(
                f"The column {min(secret)} of {name} is kept from the console. Name the columns that you want."
            )
