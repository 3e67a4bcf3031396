"""PostgreSQL, read-only in fact: one parsed query, in a transaction that cannot write and is always rolled back.

A connection that Django uses may well be a superuser's, and in a read-only transaction a superuser can still stop the
server or read its files. So the query is judged first, by what PostgreSQL says that it uses (`parsed`), and then runs
in the role of one who may read tables and nothing else.
"""

import time
from contextlib import contextmanager

import psycopg

from . import catalog
from . import statement as statements
from .answer import CELL_MOST, ROWS_MOST, Answer, Failed, Refused, bounded
from .parsed import judge

SECONDS = 1.0  # of a whole question
SETTINGS = {
    "statement_timeout": "1s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    "work_mem": "4MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "standard_conforming_strings": "on",
}
READER = "pg_read_all_data"  # a role of PostgreSQL 14 and later
QUERIES = {"select", "values", "with", "table"}
NUMBERS = {20: int, 21: int, 23: int, 26: int, 700: float, 701: float}  # types whose text Python reads as a number
BOOLEAN = 16

ONE = "One statement at a time. Nothing was run."
ONLY_READS = "The console runs SELECT, VALUES, WITH, TABLE, EXPLAIN and SHOW. It only reads."
TOO_SLOW = "That took longer than a second, so it was ended. A WHERE with an index or a LIMIT makes it short."
SUPERUSER = "This server's database user may do everything, and there is no reader to act as. The console stays closed."
EXPLAINS = "EXPLAIN, or EXPLAIN ANALYZE, and then a query: other options are not for the console."
NO_PRAGMA = "PRAGMA is SQLite's word. PostgreSQL keeps this in tables: ask information_schema.columns."


class PostgreSQL:
    """One database to ask. `parameters` are what `psycopg.connect` takes; each question has a connection of its own."""

    vendor = "postgresql"

    def __init__(self, parameters: dict, hidden=frozenset()):
        self._parameters, self._hidden = parameters, frozenset(hidden)
        self.prompt, self.more_prompt = f"{parameters.get('dbname') or 'postgres'}=>", "->"

    def ask(self, statement: str) -> Answer:
        """Run one statement that reads. Raises Refused or Failed."""
        statement = statements.without_end(statements.checked(statement))
        words = [token.lower() for token in statements.tokens(statement)[:3]]
        if words[:1] == ["show"]:
            return self._show(statement)
        explained = words[:1] == ["explain"]
        query = statements.explained(statement) if explained else statement
        if statements.first_word(query) not in QUERIES:
            raise Refused(EXPLAINS if explained else NO_PRAGMA if words[:1] == ["pragma"] else ONLY_READS)
        with self._opened() as cursor:
            until = time.monotonic() + SECONDS
            columns = _parse(cursor, query)
            _judge(cursor, query, self._hidden)
            _become_a_reader(cursor)
            _end_at(cursor, until)
            return _explain(cursor, query, analyze="analyze" in words) if explained else _fetch(cursor, query, columns)

    def _show(self, statement: str) -> Answer:
        with self._opened() as cursor:
            _parse(cursor, statement)
            _become_a_reader(cursor)
            cursor.execute(statement, prepare=True)
            return bounded([column.name for column in cursor.description], cursor)

    @contextmanager
    def _opened(self):
        """Yield a cursor in a transaction of its own, and roll back whatever came of it."""
        settings = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS s(name, value)"
        try:
            with psycopg.connect(**{"connect_timeout": 3, **self._parameters}) as connection:
                try:
                    cursor = connection.cursor()
                    cursor.execute(settings, [list(SETTINGS), list(SETTINGS.values())])
                    connection.commit()
                    yield cursor
                finally:
                    connection.rollback()
        except psycopg.Error as error:
            raise _failure(error) from None

    # What the shell itself wants to know

    def tables(self, pattern: str = "%") -> list[str]:
        with self._opened() as cursor:
            return catalog.tables(cursor, pattern)

    def indexes(self, pattern: str = "%") -> list[str]:
        with self._opened() as cursor:
            return catalog.indexes(cursor, pattern)

    def schema(self, pattern: str = "%") -> list[str]:
        with self._opened() as cursor:
            return catalog.schema(cursor, pattern)

    def words(self) -> dict[str, list[str]]:
        with self._opened() as cursor:
            return catalog.words(cursor)


def _parse(cursor, query: str) -> list[tuple[str, int]]:
    """Let PostgreSQL parse the query as it was typed, so that an error points into what was typed.

    Return the names and types of its columns.
    """
    connection = cursor.connection.pgconn
    result = connection.prepare(b"", query.encode())
    if result.status == psycopg.pq.ExecStatus.FATAL_ERROR:
        field = psycopg.pq.DiagnosticField
        said = result.error_field(field.MESSAGE_PRIMARY).decode()
        if "multiple commands" in said:
            raise Refused(ONE)
        place = result.error_field(field.STATEMENT_POSITION)
        raise Failed(f"ERROR:  {said}" + (_pointed_at(query, int(place) - 1) if place else ""))
    described = connection.describe_prepared(b"")
    return [(described.fname(place).decode(), described.ftype(place)) for place in range(described.nfields)]


def _pointed_at(query: str, place: int) -> str:
    """Draw the line of an error and the caret below it, as psql does."""
    above, line = query[:place].count("\n"), query[:place].rpartition("\n")[2]
    rest = query[place:].partition("\n")[0]
    label = f"LINE {above + 1}: "
    return f"\n{label}{line}{rest}\n{' ' * (len(label) + len(line))}^"


def _judge(cursor, query: str, hidden) -> None:
    cursor.connection.rollback()
    try:
        judge(cursor, query, hidden)
    except (psycopg.errors.SyntaxError, psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedParameter):
        raise Refused(ONLY_READS) from None
    finally:
        cursor.connection.rollback()


def _become_a_reader(cursor) -> None:
    """Begin a transaction that cannot write, in a role that can do nothing but read."""
    cursor.execute("SET TRANSACTION READ ONLY")
    cursor.execute(
        "SELECT rolsuper, EXISTS (SELECT FROM pg_roles WHERE rolname = %s) FROM pg_roles WHERE rolname = current_user",
        [READER],
    )
    superuser, there = cursor.fetchone()
    if superuser and not there:
        raise Refused(SUPERUSER)
    if superuser:
        cursor.execute(f"SET LOCAL ROLE {READER}")


def _end_at(cursor, until: float) -> None:
    """Let the next statement have what is left of the question's time."""
    left = max(1, int((until - time.monotonic()) * 1000))
    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(left)])


def _explain(cursor, query: str, analyze: bool) -> Answer:
    """Explain the query that was judged: these words are ours, whatever stood before it."""
    cursor.execute(f"EXPLAIN {'ANALYZE ' if analyze else ''}{query}", prepare=True)
    return bounded(["QUERY PLAN"], cursor)


def _fetch(cursor, query: str, columns: list[tuple[str, int]]) -> Answer:
    """Fetch so many rows, each value as text and cut by PostgreSQL: what is longer never comes here."""
    if not columns:
        raise Refused("This query has no columns.")
    names = [f"c{number}" for number in range(len(columns))]
    cut = ", ".join(f"left({name}::text, {CELL_MOST + 1})" for name in names)
    cursor.execute(f"SELECT {cut} FROM (\n{query}\n) AS asked({', '.join(names)}) LIMIT {ROWS_MOST + 1}", prepare=True)
    kinds = [kind for _, kind in columns]
    rows = (tuple(map(_value, row, kinds)) for row in cursor)
    return bounded([name for name, _ in columns], rows)


def _value(text: str | None, kind: int):
    """Return a value from its text; a boolean is the letter that psql shows."""
    if text is None:
        return None
    if kind == BOOLEAN:
        return text[0]
    return NUMBERS[kind](text) if kind in NUMBERS else text


def _failure(error: psycopg.Error) -> Failed:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return Failed(f"ERROR:  {error.diag.message_primary}", TOO_SLOW)
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        return Failed("ERROR:  no connection to the server", "PostgreSQL does not answer.")
    return Failed(f"ERROR:  {error.diag.message_primary or error}")
