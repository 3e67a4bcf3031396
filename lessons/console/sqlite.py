"""SQLite, read-only in fact: a connection of our own that cannot write, with a guard, a clock and bounds.

Nothing here looks for bad words. The file is opened for reading, the connection is told to stay `query_only`, SQLite
asks the guard before it does anything, and a handler that it calls every few steps ends what takes too long.
"""

import re
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from . import statement as statements
from .answer import CELL_MOST, Answer, Failed, Refused, bounded
from .carets import pointed_at
from .cells import name_of
from .guard import LIST_OF_TABLES, PAGES, WITH_ARGUMENT, WITHOUT_ARGUMENT, Guard

SECONDS = 1.0
STEPS = 50  # of the database's machine between two looks at the clock; a LIKE is one step, however long it takes
STEPS_MOST = 20_000_000  # of one statement: what is done in a second, on a fast computer
WAIT = 1.0  # seconds for a lock
LIMITS = {
    "SQLITE_LIMIT_LENGTH": 200_000,  # bytes of one value or row
    "SQLITE_LIMIT_SQL_LENGTH": 50_000,
    "SQLITE_LIMIT_COLUMN": 64,
    "SQLITE_LIMIT_EXPR_DEPTH": 100,
    "SQLITE_LIMIT_COMPOUND_SELECT": 16,
    "SQLITE_LIMIT_VDBE_OP": 25_000,
    "SQLITE_LIMIT_FUNCTION_ARG": 16,
    "SQLITE_LIMIT_ATTACHED": 0,
    "SQLITE_LIMIT_LIKE_PATTERN_LENGTH": 50,
    "SQLITE_LIMIT_VARIABLE_NUMBER": 16,
    "SQLITE_LIMIT_WORKER_THREADS": 0,
}
BOUNDED = hasattr(sqlite3.Connection, "setlimit")  # Python 3.11 and later can tell SQLite its limits
CONCATENATIONS_MOST = 6  # in one statement, where a value has no bound
CODES = {"database is locked": 5, "interrupted": 9, "string or blob too big": 18, "datatype mismatch": 20}

ONE = "One statement at a time. Nothing was run."
NO_PARAMETERS = "A parameter, such as ? or :name, has no value here. Write the value itself, a text in 'single quotes'."
ONLY_READS = "This console only reads."
TOO_SLOW = "That took longer than a second, so it was ended. A WHERE with an index or a LIMIT makes it short."
TOO_BIG = f"A value is longer than {LIMITS['SQLITE_LIMIT_LENGTH']:,} bytes. Leave its column out, and the rest shows."
TOO_COMPLEX = f"A pattern for LIKE or GLOB may have {LIMITS['SQLITE_LIMIT_LIKE_PATTERN_LENGTH']} bytes here."
LOCKED = "Somebody else is writing and holds the lock. Try again."
EXPLAINS = "EXPLAIN alone lists the machine code of SQLite. EXPLAIN QUERY PLAN tells how it looks for the rows."
HIDDEN = "The password column reads as NULL here: a hash may be guessed at, and no lesson needs it."


class SQLite:
    """One database to ask. `uri` is what `sqlite3.connect` opens; each question has a connection of its own.

    `hidden` are pairs of table and column, in lower case, that nobody gets to read.
    """

    prompt, more_prompt = "sqlite>", "   ...>"
    vendor = "sqlite"

    def __init__(self, uri: str, hidden=frozenset(), clock=time.monotonic, wait: float = WAIT):
        self._uri, self._hidden, self._clock, self._wait = uri, frozenset(hidden), clock, wait

    @classmethod
    def at(cls, name, **options) -> "SQLite":
        """Return the database that Django's settings call `name`: a file, or a `file:` address of one in memory."""
        name = str(name)
        if name == ":memory:":
            raise Refused("This server keeps its database in memory, where no second connection can look.")
        in_memory = name.startswith("file:") and "mode=memory" in name
        return cls(name if in_memory else f"{Path(name).absolute().as_uri()}?mode=ro", **options)

    def ask(self, statement: str) -> Answer:
        """Run one statement that reads. Raises Refused or Failed."""
        statement = statements.checked(statement)
        plan = statements.is_plan(statement)
        if statements.first_word(statement) == "explain" and not plan:
            raise Refused(EXPLAINS)
        if statements.copies(statement) > statements.COPIES_MOST:
            raise Refused("The tables of this WITH would be written out too often. Name each of them fewer times.")
        with self._opened() as (connection, guard):
            self._compile(connection, guard, statement, plan)
            answer = self._run(connection, guard, statement, plan)
        if guard.met:
            answer = Answer(answer.columns, answer.rows, answer.plan, f"{answer.note} {HIDDEN}".strip())
        return answer

    @contextmanager
    def _opened(self):
        """Yield a connection that can only read, and its guard. Then close it: no lock outlives a question."""
        guard = Guard(self._hidden, lengths_are_bounded=BOUNDED)
        try:
            connection = sqlite3.connect(self._uri, uri=True, timeout=self._wait, isolation_level=None)
        except sqlite3.Error as error:
            raise Failed(f"Error: {error}") from None
        with closing(connection):
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            try:
                _prepare(connection, in_memory="mode=memory" in self._uri)
            except sqlite3.Error as error:
                raise self._failure(error, "Error") from None
            connection.set_progress_handler(self._alarm(), STEPS)
            connection.set_authorizer(guard)
            try:
                yield connection, guard
            except sqlite3.Error as error:
                raise self._failure(error, "Error") from None

    def _alarm(self):
        """Return what SQLite calls every few steps; it ends the statement by returning True."""
        until, left = self._clock() + SECONDS, STEPS_MOST // STEPS

        def over() -> bool:
            nonlocal left
            left -= 1
            return left < 0 or self._clock() > until

        return over

    def _compile(self, connection, guard: Guard, statement: str, plan: bool) -> None:
        """Let SQLite compile the statement and not run it: here its text is judged, and what it would do."""
        try:
            program = connection.execute(statement if plan else f"EXPLAIN {statement}")
            if not BOUNDED and not plan:
                _judge(program)
        except (sqlite3.Warning, sqlite3.ProgrammingError) as error:
            raise Refused(ONE if "one statement" in str(error) else NO_PARAMETERS) from None
        except sqlite3.Error as error:
            if guard.refusal:
                raise _refused(guard, statement) from None
            message = pointed_at(statement, str(error), lambda text: _failing(connection, text, plan))
            raise self._failure(error, "Parse error", message) from None

    def _run(self, connection, guard: Guard, statement: str, plan: bool) -> Answer:
        connection.text_factory = _beginning
        try:
            cursor = connection.execute(statement)
            if cursor.description is None:
                raise Refused(f"This statement gives no rows. {ONLY_READS}")
            return bounded([column[0] for column in cursor.description], cursor, plan)
        except sqlite3.Error as error:
            if guard.refusal:
                raise _refused(guard, statement) from None
            raise self._failure(error, "Runtime error") from None

    def _failure(self, error: sqlite3.Error, kind: str, message: str = "") -> Failed:
        """Say what went wrong as the shell says it, with a sentence where its words need one."""
        said = str(error)
        code = next((code for words, code in CODES.items() if words in said), None)
        hint = {5: LOCKED, 9: TOO_SLOW, 18: TOO_BIG}.get(code, "")
        if "pattern too complex" in said:
            hint = TOO_COMPLEX
        return Failed(f"{kind}: {message or said}{f' ({code})' if code else ''}", hint)

    # What the shell itself wants to know

    def tables(self, pattern: str = "%") -> list[str]:
        """Return the names of tables and views that are LIKE `pattern`, in order."""
        return self._first_column(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            " AND name LIKE ? ORDER BY 1",
            pattern,
        )

    def indexes(self, pattern: str = "%") -> list[str]:
        """Return the names of indexes on tables that are LIKE `pattern`, in order."""
        return self._first_column(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE ? ORDER BY 1", pattern
        )

    def schema(self, pattern: str = "%") -> list[str]:
        """Return the statements that made what belongs to tables that are LIKE `pattern`, or GLOB."""
        how = "GLOB ?" if re.search(r"[*?\[]", pattern) else r"LIKE ? ESCAPE '\'"
        with self._opened() as (connection, _):
            found = connection.execute(
                f"SELECT type, name, sql FROM sqlite_master WHERE lower(tbl_name) {how} AND sql IS NOT NULL"
                " ORDER BY rowid",
                [pattern],
            ).fetchall()
            return [f"{sql}{_columns_of(connection, name) if kind == 'view' else ''};" for kind, name, sql in found]

    def words(self) -> dict[str, list[str]]:
        """Return the columns of each table, for completion."""
        with self._opened() as (connection, _):
            return {
                name: [column[1] for column in connection.execute(f"PRAGMA table_info({name_of(name)})")]
                for name in self.tables()
            }

    def _first_column(self, statement: str, *parameters) -> list[str]:
        with self._opened() as (connection, _):
            return [row[0] for row in connection.execute(statement, parameters)]


def _prepare(connection, in_memory: bool) -> None:
    """Tell a fresh connection what it may not do, before the guard stands at the door."""
    for statement in ("query_only = ON", "temp_store = FILE", "cache_size = -2000", "mmap_size = 0"):
        connection.execute(f"PRAGMA {statement}")
    if in_memory:  # one cache for all connections, in which a reader would wait for a writer's whole transaction
        connection.execute("PRAGMA read_uncommitted = ON")
    # A function that is asked like a table is declared at its first use, and the guard would take that for a change.
    for table in ("json_each", "json_tree", PAGES, *(f"pragma_{name}" for name in WITH_ARGUMENT | WITHOUT_ARGUMENT)):
        with suppress(sqlite3.OperationalError):  # this SQLite does not know it
            connection.execute(f"EXPLAIN SELECT 1 FROM {table}")
    # SQLite's own compares at each place anew, which takes the square of the lengths.
    connection.create_function("instr", 2, _instr, deterministic=True)
    if BOUNDED:
        for name, most in LIMITS.items():
            connection.setlimit(getattr(sqlite3, name), most)


def _beginning(raw: bytes) -> str:
    """Return as much of a text as may be printed, and a little more, which tells that it goes on."""
    return raw[: 4 * CELL_MOST + 4].decode("utf-8", "replace")


def _instr(value, sought):
    """Return where `sought` first stands in `value`, counted from 1, or 0; as SQLite's own does."""
    if value is None or sought is None:
        return None
    if not (isinstance(value, bytes) and isinstance(sought, bytes)):
        value, sought = (each if isinstance(each, str) else _text(each) for each in (value, sought))
    return value.find(sought) + 1


def _text(value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _refused(guard: Guard, statement: str) -> Refused:
    change = statements.change_of_schema(statement) if guard.refusal == LIST_OF_TABLES else ""
    return Refused(f"{change or guard.refusal} {ONLY_READS}")


def _judge(program) -> None:
    """Refuse a program that could grow texts without bound, where SQLite cannot be told a limit."""
    if sum(1 for step in program if step[1] == "Concat") > CONCATENATIONS_MOST:
        raise Refused(f"More than {CONCATENATIONS_MOST} times || in one statement is more than the console runs.")


def _failing(connection, text: str, plan: bool) -> str:
    """Return what SQLite says against a text, or ""."""
    try:
        connection.execute(text if plan else f"EXPLAIN {text}")
    except (sqlite3.Error, sqlite3.Warning) as error:
        return str(error)
    return ""


def _columns_of(connection, view: str) -> str:
    columns = [name_of(row[1]) for row in connection.execute(f"PRAGMA table_info({name_of(view)})")]
    return f"\n/* {name_of(view)}({','.join(columns)}) */"
