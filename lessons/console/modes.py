"""An answer as lines of text, in the modes of the sqlite3 shell that teach something."""

from collections.abc import Iterator
from dataclasses import dataclass

from .answer import Answer
from .cells import csv_of, json_of, json_text, literal_of, text_of, visible
from .layout import FRAMES, laid_out
from .plan import tree

MODES = {
    "box": "Tables using unicode box-drawing characters",
    "column": "Output in columns",
    "csv": "Comma-separated values",
    "json": "Results in a JSON array",
    "line": "One value per line",
    "list": 'Values delimited by "|"',
    "markdown": "Markdown table format",
    "quote": "Escape answers as for SQL",
    "table": "ASCII-art table",
    "tabs": "Tab-separated values",
}
NULL_MOST = 20
PRINTED_MOST = 1_000_000  # characters of an answer, with all that is drawn around it


@dataclass(frozen=True)
class Settings:
    """How answers are printed. `headers` is None until somebody says `.headers`: then some modes have their own way."""

    mode: str = "list"
    headers: bool | None = None
    null: str = ""

    @property
    def shows_headers(self) -> bool:
        return self.mode in FRAMES if self.headers is None else self.headers


def printed(answer: Answer, settings: Settings) -> str:
    """Return an answer as the shell prints it, without the last line break.

    What is longer than PRINTED_MOST is cut there, and ends in one character more.
    """
    kept, room = [], PRINTED_MOST
    for line in tree(answer.rows) if answer.plan else _lines(answer, settings):
        kept.append(line)
        room -= len(line) + 1
        if room < -1:
            break
    text = "\n".join(kept)
    return text if len(text) <= PRINTED_MOST else f"{text[:PRINTED_MOST]}…"


def _lines(answer: Answer, settings: Settings) -> Iterator[str]:
    columns, rows, null = [visible(name) for name in answer.columns], answer.rows, settings.null
    if settings.mode in FRAMES:
        yield from laid_out(FRAMES[settings.mode], columns, rows, settings.shows_headers, null)
        return
    if settings.mode == "line":
        yield from _one_below_the_other(columns, rows, null)
        return
    if settings.mode == "json":
        yield from _json(columns, rows)
        return
    between, of_value, of_name = {
        "list": ("|", lambda value: text_of(value, null), str),
        "tabs": ("\t", lambda value: text_of(value, null), str),
        "csv": (",", lambda value: csv_of(value, null), csv_of),
        "quote": (",", literal_of, literal_of),
    }[settings.mode]
    if rows and settings.shows_headers:
        yield between.join(map(of_name, columns))
    for row in rows:
        yield between.join(map(of_value, row))


def _one_below_the_other(columns, rows, null) -> Iterator[str]:
    width = max(5, *map(len, columns))
    for number, row in enumerate(rows):
        if number:
            yield ""
        for name, value in zip(columns, row, strict=True):
            yield f"{name:>{width}} = {text_of(value, null)}"


def _json(columns, rows) -> Iterator[str]:
    names = [json_text(name) for name in columns]
    for number, row in enumerate(rows, 1):
        pairs = ",".join(f"{name}:{json_of(value)}" for name, value in zip(names, row, strict=True))
        yield f"{'[' if number == 1 else ''}{{{pairs}}}{']' if number == len(rows) else ','}"
