"""What the list shows as a file, piece by piece: JSON, and CSV that a spreadsheet may open. Keys stay shortened."""

import csv
import json
import time
from collections.abc import Iterator

from .listing import Page, page_of
from .question import Question
from .rows import Row
from .visitor import Visitor

ROWS_MOST = 10_000
SECONDS = 20.0
AT_ONCE = 50  # rows of one page
COLUMNS = ("session_key", "whose", "user", "states", "characters", "expire_date", "data", "note")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a cell that begins so is a formula to a spreadsheet
CUT = "More rows match; a file ends after {rows:,} rows or {seconds:.0f} seconds."


def as_json(visitor: Visitor, question: Question) -> Iterator[str]:
    """Yield {"question": …, "rows": […], "complete": …, "note": …}."""
    yield f'{{"question": {json.dumps(question.address)},\n"rows": ['
    between, end = "\n", ""
    for told, note in _rows(visitor, question):
        if told:
            yield between + json.dumps(told)
            between = ",\n"
        end = note
    yield f'\n],\n"complete": {json.dumps(not end)},\n"note": {json.dumps(end)}}}\n'


def as_csv(visitor: Visitor, question: Question) -> Iterator[str]:
    """Yield lines; where there is more than a file takes, the last one says so in its last column."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for told, note in _rows(visitor, question):
        if told:
            yield writer.writerow([_cell(told[name]) for name in COLUMNS])
        elif note:
            yield writer.writerow([""] * (len(COLUMNS) - 1) + [_cell(note)])


def _rows(visitor: Visitor, question: Question) -> Iterator[tuple[dict | None, str]]:
    """Yield each row as plain values; at the end None, and a sentence if that is not all."""
    end, left = time.monotonic() + SECONDS, ROWS_MOST
    asked: Question | None = question.from_the_start()
    while asked:
        page: Page = page_of(visitor, asked, min(AT_ONCE, left))
        if page.problem:
            yield None, page.problem
            return
        for row in page.rows:
            yield told(row), ""
        asked, left = page.next, left - len(page.rows)
        if asked and (left <= 0 or time.monotonic() > end):
            yield None, CUT.format(rows=ROWS_MOST, seconds=SECONDS)
            return
    yield None, ""


def told(row: Row) -> dict:
    """Return a row as plain JSON values. What is no JSON, or too large for a list, says why in `note`."""
    data, note = None, row.decoded.error or "" if not row.large else "large: open it in the inspector to read it"
    if not row.large and row.decoded.is_object:
        try:
            json.dumps(row.data, allow_nan=False)
            data = row.data
        except (ValueError, RecursionError):
            note = "The data is no JSON: it holds NaN, or is nested too deeply."
    return {
        "session_key": row.masked_key,
        "whose": ", ".join(row.owners),
        "user": row.user,
        "states": row.states,
        "characters": row.size,
        "expire_date": row.expire_date.isoformat(),
        "data": data,
        "note": note,
    }


class _Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _cell(value) -> str | int:
    """Return a value for a cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        value = ", ".join(value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, int):
        return "" if value is None else value
    value = value.encode(errors="backslashreplace").decode()  # half a surrogate pair is no UTF-8
    return f"'{value}" if value.startswith(FORMULA) else value
