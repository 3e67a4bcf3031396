"""Sentences about where sessions are kept: usually the rows of django_session, and the SQL that reaches them."""

# What an engine keeps a session in (C10). Each noun takes "a" and "its".
STORES = {"db": "row", "cached_db": "row", "file": "file", "cache": "cache entry", "signed_cookies": "cookie"}

SQL_NOTES = {
    "select": "by its key, if it has not expired",
    "key-free": "is this key taken?",
    "insert": "a new row",
    "update": "the same row, written anew",
    "delete": "the old row goes",
    "find-to-delete": "the old row",
}

OWN_QUERIES = {
    "query": "The view asks the table itself, with a query of its own.",
    "insert": "The view puts a row into the table itself, past request.session.",
    "update": "The view changes the table itself, past request.session, which does not notice.",
    "delete": "The view deletes from the table itself, past request.session, which does not notice.",
}


def store_of(files: list[str]) -> str:
    """Return what the session engine keeps a session in, from the files of the functions that ran."""
    backends = {file.rpartition("/")[2].removesuffix(".py") for file in files if "sessions/backends/" in file}
    engines = backends - {"base"}
    if not engines:
        return "cookie" if backends else "row"  # signed cookies have no __init__ of their own
    return STORES.get(next(iter(engines - {"db"}), "db"), "row")


def key_text(key: str) -> str:
    """Shorten a session key so that it can be told apart and not be used."""
    return f"{key[:4]}…{key[-4:]}" if len(key) > 12 else key


def sql_note(kind: str, by_session: bool, fails: bool) -> str:
    if kind == "query" or not by_session:
        return "not through request.session" if kind in OWN_QUERIES else ""
    return "no row to write to" if fails else SQL_NOTES.get(kind, "")


def sql(kind: str, by_session: bool, fails: bool) -> str:
    """Say what a statement is for. `by_session`: request.session sent it. `fails`: the save ends in an exception."""
    if kind == "query" or (not by_session and kind in OWN_QUERIES):
        return OWN_QUERIES[kind]
    if kind == "select":  # C09
        return "The row with this key is asked for, and only if its expire_date is still to come."
    if kind == "key-free":  # C08 C18
        return (
            "Django has picked 32 random letters and digits, and asks whether any row has them already. "
            "SELECT 1 fetches no data, only a 1 if there is one."
        )
    if kind == "insert":  # C08
        return "Here the row comes into being: key, encoded data and date, in one INSERT."
    if kind == "update" and fails:  # F20
        return "This UPDATE does not succeed. Usually that is because the row has been deleted meanwhile."
    if kind == "update":  # C53
        return "The row is written anew under the same key: the whole dict, encoded, and its expire_date."
    if kind == "delete":
        return "That row is deleted. From now on its key opens nothing."
    if kind == "find-to-delete":
        return "The row with the old key must go. Django fetches it first, and deletes it if it is there."
    return "A statement on another table, or about the transaction."


def loaded(row: dict | None, missing: bool, unreadable: bool, store: str) -> tuple[str, str]:
    """Return the words under the arrow, and the sentence, for what a load has found. `row`: what the table gave."""
    if store == "cookie":  # F15
        if unreadable:
            return "not readable", "The cookie's text could not be trusted or read. The session begins anew, empty."
        return "decoded", "The data stood in the cookie itself. Its signature was checked, and here is the dict."
    if missing:  # F05
        return "the key is dropped", (
            f"There is no such {store}, or it has expired. The session drops the key and begins with an empty dict: "
            "Django adopts no key that it does not know."
        )
    if unreadable:  # F12 F13
        return "not readable", (
            f"There is a {store}, but its text could not be trusted or read. "
            "Django gives an empty dict, without an error, and keeps the key."
        )
    if store == "cache entry":
        return "found", "The cache has an entry for this key. It is the dict."
    if store == "row" and row is None:  # C10
        return "from the cache", "The cache still had this session, so the table was not asked. It is the dict."
    return "decoded", f"The {store} was found. Its text was checked and decoded, and is now the dict."
