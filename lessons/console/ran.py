"""The SQL that Django itself ran for a flight, with its parameters filled in."""

import ast
import re
from dataclasses import dataclass
from datetime import datetime, timezone

from ..models import OPENED, Flight
from .cells import literal_of
from .statement import first_word

CUT = re.compile(r"… \(\d+ (more )?characters\)")
MOMENT = re.compile(r"datetime\.datetime\((\d+(?:, \d+){2,6}), tzinfo=datetime\.timezone\.utc\)")
NOT_WHOLE = "The flight kept only the beginning of a value, so this cannot be run again."
WRITES = {
    "insert": "An INSERT makes a row. Django did it once, in a transaction of its own; the console only reads.",
    "update": "An UPDATE writes the whole row anew. It is done already; the console only reads.",
    "delete": "A DELETE takes a row away. What is gone cannot be asked for again; the console only reads.",
    "begin": "BEGIN opens a transaction, so that what follows is done as a whole or not at all.",
    "commit": "COMMIT makes it last.",
    "rollback": "ROLLBACK undoes what was done since BEGIN.",
}
WRITES |= dict.fromkeys(("savepoint", "release"), "It marks a place in a transaction. Here there is none.")


@dataclass(frozen=True)
class Ran:
    """One statement as Django sent it, its parameters in their places. `why` says why the console will not run it."""

    text: str
    why: str

    @property
    def ready(self) -> bool:
        return not self.why


def last_flight(notebook_key) -> Flight | None:
    """Return the newest flight of this notebook that flew here."""
    return Flight.objects.filter(notebook_id=notebook_key).exclude(browser=OPENED).last()


def statements_of(flight: Flight) -> list[Ran]:
    """Return what Django sent to the database in this flight, in order."""
    if not flight.trace:
        return [_ran(text, None) for text in flight.recording["sql"]]
    return [_ran(event[5]["text"], event[5]["params"]) for event in flight.trace["events"] if event[0] == "sql"]


def _ran(text: str, params: list[str] | None) -> Ran:
    """Return a statement with its parameters. A flight keeps them as Python would write them."""
    whole = True
    if params:
        values = [_value(each) for each in params]
        whole = None not in values
        try:
            text %= tuple(given if value is None else value for given, value in zip(params, values, strict=True))
        except (TypeError, ValueError):  # a percent sign of the statement's own, or a text that was cut
            whole = False
    why = WRITES.get(first_word(text), "")
    return Ran(text, why or ("" if whole and not CUT.search(text) else NOT_WHOLE))


def _value(said: str) -> str | None:
    """Return the SQL of one parameter, or None when it was not kept as a whole."""
    if found := MOMENT.fullmatch(said):  # for SQLite Django makes a text of it, for PostgreSQL it does not
        return f"'{datetime(*map(int, found[1].split(',')), tzinfo=timezone.utc)}'"
    try:
        value = ast.literal_eval(said)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, bool):
        return str(int(value))
    return literal_of(value) if value is None or isinstance(value, (str, int, float, bytes)) else None
