"""What a statement may do to SQLite: read.

The guard is an authorizer. SQLite calls it while it compiles a statement, with each thing that the statement is about
to do, however that was written. What is not allowed here is refused.
"""

import sqlite3

WITH_ARGUMENT = {"table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list"}
WITHOUT_ARGUMENT = {
    *("compile_options", "data_version", "encoding", "foreign_keys", "freelist_count", "journal_mode"),
    *("page_count", "page_size", "table_list", "user_version"),
}
# No function that makes much of little (zeroblob, printf, replace), that works for long within one step of the
# database (trim), or that reaches beyond it (load_extension).
FUNCTIONS = {
    *("abs", "coalesce", "glob", "ifnull", "iif", "instr", "length", "like", "lower", "max", "min", "nullif"),
    *("round", "sqlite_version", "substr", "substring", "typeof", "unicode", "upper"),
    *("json_array_length", "json_extract", "json_type", "json_valid", "->", "->>", "json_each", "json_tree"),
    *("current_date", "current_time", "current_timestamp"),
    *("date", "datetime", "julianday", "strftime", "time", "timediff", "unixepoch"),
    *("avg", "count", "sum", "total"),
    *("dense_rank", "first_value", "lag", "last_value", "lead", "ntile", "rank", "row_number"),
}
# Harmless where SQLite can be told how long a value may be.
GROWING = {"char", "group_concat", "hex", "quote", "string_agg"}

LIST_OF_TABLES = "This would write into the list of tables."
SCHEMAS = {"sqlite_master", "sqlite_temp_master"}
PAGES = "dbstat"  # a table that SQLite makes up when it is asked for
SQLITE_RECURSIVE = 33  # Python's sqlite3 has no name for it before 3.11
CHANGES = {
    "SQLITE_INSERT": "INSERT would add to the table {0}.",
    "SQLITE_UPDATE": "UPDATE would change the table {0}.",
    "SQLITE_DELETE": "DELETE would take rows out of the table {0}.",
    "SQLITE_DROP_TABLE": "DROP would take the table {0} away.",
    "SQLITE_CREATE_TABLE": "CREATE would make a table, {0}.",
    "SQLITE_CREATE_TEMP_TABLE": "CREATE would make a table, {0}.",
    "SQLITE_ALTER_TABLE": "ALTER would change the table {1}.",
    "SQLITE_ATTACH": "ATTACH would open another file.",
    "SQLITE_DETACH": "DETACH would close a database.",
    "SQLITE_TRANSACTION": "{0} would begin or end a transaction; here each statement stands alone.",
    "SQLITE_SAVEPOINT": "SAVEPOINT belongs to a transaction; here each statement stands alone.",
    "SQLITE_ANALYZE": "ANALYZE would write statistics into the database.",
    "SQLITE_REINDEX": "REINDEX would write the index again.",
}
SENTENCES = {getattr(sqlite3, name): sentence for name, sentence in CHANGES.items()}


class Guard:
    """The authorizer of one statement. `refusal` is a sentence on the first thing that it forbade, or "".

    `hidden` are pairs of table and column that read as NULL, `met` whether the statement met one of them.
    """

    def __init__(self, hidden: frozenset[tuple[str, str]], lengths_are_bounded: bool):
        self._hidden = hidden
        self._lengths_are_bounded = lengths_are_bounded
        self.met = False
        self.refusal = ""

    def __call__(self, action: int, first, second, database, trigger) -> int:
        if action == sqlite3.SQLITE_READ:
            return self._read(first, second)
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == SQLITE_RECURSIVE:
            return sqlite3.SQLITE_OK if self._lengths_are_bounded else self._refuse("WITH RECURSIVE has no bound here.")
        if action == sqlite3.SQLITE_FUNCTION:
            return self._function(second.lower())
        if action == sqlite3.SQLITE_PRAGMA:
            return self._pragma(first.lower(), second)
        if first in SCHEMAS:
            return self._refuse(LIST_OF_TABLES)
        return self._refuse(SENTENCES.get(action, "This would do more than read.").format(first, second))

    def _read(self, table: str, column: str) -> int:
        if table.lower() == PAGES:
            return self._refuse(f"The table {PAGES} would read the whole file, page by page.")
        if (table.lower(), column.lower()) in self._hidden:
            self.met = True
            return sqlite3.SQLITE_IGNORE  # which reads as NULL, wherever in the statement it stands
        return sqlite3.SQLITE_OK

    def _function(self, name: str) -> int:
        if name in FUNCTIONS or (name in GROWING and self._lengths_are_bounded):
            return sqlite3.SQLITE_OK
        return self._refuse(f"The function {name}() is not among those that the console runs.")

    def _pragma(self, name: str, argument: str | None) -> int:
        if name in WITH_ARGUMENT or (name in WITHOUT_ARGUMENT and argument is None):
            return sqlite3.SQLITE_OK
        if name in WITHOUT_ARGUMENT:
            return self._refuse(f"PRAGMA {name} with a value would set it.")
        return self._refuse(f"PRAGMA {name} is not among those that the console runs.")

    def _refuse(self, sentence: str) -> int:
        self.refusal = self.refusal or sentence
        return sqlite3.SQLITE_DENY
