"""What a database says to one statement: an answer, or one of two ways of saying no."""

from dataclasses import dataclass

ROWS_MOST = 200  # rows of an answer that are printed
NAME_MOST = 100  # characters of a column's name that are printed
CELL_MOST = 4000  # characters of one value that are printed
TEXT_MOST = 200_000  # characters of all values of an answer together
STATEMENT_MOST = 10_000  # characters that may be typed at once


@dataclass(frozen=True)
class Answer:
    """Columns and rows. `plan`: they are a query plan, drawn as a tree. `note`: what of the answer was left out."""

    columns: list[str]
    rows: list[tuple]
    plan: bool = False
    note: str = ""


class Refused(Exception):
    """The console will not do this; the message is a sentence that says why."""


class Failed(Exception):
    """The database could not make sense of it, or could not go on: the message is what its own shell prints.

    `hint` is a sentence of ours, where the shell's words need one.
    """

    def __init__(self, text: str, hint: str = ""):
        super().__init__(text)
        self.hint = hint


def bounded(columns: list[str], rows, plan: bool = False) -> Answer:
    """Return as many of `rows`, an iterator, as may be printed, each value cut to a bearable length."""
    kept, room, notes = [], TEXT_MOST, []
    for row in rows:
        if len(kept) == ROWS_MOST or room <= 0:
            notes.append(f"Only the first {len(kept)} rows are printed. A LIMIT or a WHERE shows you others.")
            break
        values = []
        for value in row:
            values.append(_cut(value, min(CELL_MOST, max(0, room))))
            room -= len(values[-1]) if isinstance(value, (str, bytes)) else 0
        kept.append(tuple(values))
    cut = [value for row in kept for value in row if isinstance(value, Cut)]
    if any(len(value) > CELL_MOST for value in cut):
        notes.append(f"Values of more than {CELL_MOST} characters are cut; substr() shows you the rest.")
    elif cut:
        notes.append(f"A row ends after {TEXT_MOST:,} characters. Name fewer columns to see the others.")
    return Answer([str(_cut(name, NAME_MOST)) for name in columns], kept, plan, " ".join(notes))


class Cut(str):
    """The beginning of a longer text."""


def _cut(value, most: int):
    if isinstance(value, bytes):
        return value[:most]
    if isinstance(value, str) and len(value) > most:
        return Cut(f"{value[:most]}…")
    return value
