"""An answer as lines of text, in the modes of the sqlite3 shell that teach something."""

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
    """Return an answer as the shell prints it, without the last line break."""
    return "\n".join(tree(answer.rows) if answer.plan else _lines(answer, settings))


def _lines(answer: Answer, settings: Settings) -> list[str]:
    columns, rows, null = [visible(name) for name in answer.columns], answer.rows, settings.null
    if settings.mode in FRAMES:
        return laid_out(FRAMES[settings.mode], columns, rows, settings.shows_headers, null)
    if settings.mode == "line":
        return _one_below_the_other(columns, rows, null)
    if settings.mode == "json":
        return _json(columns, rows)
    between, of_value, of_name = {
        "list": ("|", lambda value: text_of(value, null), str),
        "tabs": ("\t", lambda value: text_of(value, null), str),
        "csv": (",", lambda value: csv_of(value, null), csv_of),
        "quote": (",", literal_of, literal_of),
    }[settings.mode]
    names = [between.join(map(of_name, columns))] if rows and settings.shows_headers else []
    return names + [between.join(map(of_value, row)) for row in rows]


def _one_below_the_other(columns, rows, null) -> list[str]:
    width = max(5, *map(len, columns))
    blocks = [
        [f"{name:>{width}} = {text_of(value, null)}" for name, value in zip(columns, row, strict=True)] for row in rows
    ]
    return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]


def _json(columns, rows) -> list[str]:
    names = [json_text(name) for name in columns]
    objects = [
        "{" + ",".join(f"{name}:{json_of(value)}" for name, value in zip(names, row, strict=True)) + "}" for row in rows
    ]
    return _in_brackets(objects)


def _in_brackets(objects: list[str]) -> list[str]:
    if not objects:
        return []
    lines = [f"{each}," for each in objects[:-1]] + [f"{objects[-1]}]"]
    return [f"[{lines[0]}", *lines[1:]]
