"""Columns that stand below each other: the modes column, box, table and markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from .cells import text_of

WRAP = 60  # characters after which a value goes on in the next line
TAB = 8


@dataclass(frozen=True)
class Frame:
    """What is drawn around columns. A rule is (left, line, between, right), or None where nothing is drawn."""

    top: tuple | None
    under_names: tuple
    between_rows: tuple | None
    bottom: tuple | None
    row: tuple  # left, between, right
    plain: bool = False  # only columns, no frame: names stand to the left, and `.headers off` leaves them out


FRAMES = {
    "column": Frame(None, ("", "-", "  ", ""), ("", "", "", ""), None, ("", "  ", ""), plain=True),
    "box": Frame("┌─┬┐", "├─┼┤", "├─┼┤", "└─┴┘", ("│ ", " │ ", " │")),
    "table": Frame("+-++", "+-++", "+-++", "+-++", ("| ", " | ", " |")),
    "markdown": Frame(None, "|-||", None, None, ("| ", " | ", " |")),
}


def laid_out(frame: Frame, columns: list[str], rows: list[tuple], headers: bool, null: str) -> Iterator[str]:
    """Yield the lines of an answer. Nothing is printed where there are no rows, not even names."""
    if not rows:
        return
    names = [_lines(name)[0] for name in columns]
    cells = [[_lines(text_of(value, null)) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *map(_longest, cells), strict=True)]
    yield from _rule(frame, frame.top, widths)
    if headers or not frame.plain:
        if not frame.plain:
            names = [_in_the_middle(name, width) for name, width in zip(names, widths, strict=True)]
        yield _row(frame, names, widths)
        yield from _rule(frame, frame.under_names, widths)
    tall = any(len(cell) > 1 for row in cells for cell in row)
    for number, row in enumerate(cells):
        if number and tall:
            yield from _rule(frame, frame.between_rows, widths)
        for parts in zip_longest(*row, fillvalue=""):
            yield _row(frame, parts, widths)
    yield from _rule(frame, frame.bottom, widths)


def _longest(row: list[list[str]]) -> list[str]:
    return [max(cell, key=len) for cell in row]


def _lines(text: str) -> list[str]:
    """Return a value in lines of at most WRAP characters. A line break at the very end begins no new one."""
    found = [""]
    for place, character in enumerate(text):
        if character == "\n":
            if place + 1 < len(text):
                found.append("")
            continue
        if len(found[-1]) >= WRAP:
            found.append("")
        if character == "\t":
            room = TAB - len(found[-1]) % TAB
            found[-1] += " " * min(room, WRAP - len(found[-1]))
        else:
            found[-1] += character
    return found


def _in_the_middle(name: str, width: int) -> str:
    return " " * ((width - len(name)) // 2) + name


def _row(frame: Frame, cells, widths: list[int]) -> str:
    left, between, right = frame.row
    return left + between.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + right


def _rule(frame: Frame, rule, widths: list[int]) -> list[str]:
    if rule is None:
        return []
    left, line, between, right = rule
    margin = 0 if frame.plain else 2
    return [left + between.join(line * (width + margin) for width in widths) + right]
