"""What one hop changed: the dict, the row, the jar and the headers before and after it, compared line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from .flight.hops import State
from .in_order import InOrder

KEPT_MOST = 4  # lines of a dict that stayed as they were
ADDED, REMOVED, KEPT = "+", "-", ""
DECODED = "get_decoded()"  # as the model Session calls what its text says

SAID = InOrder(levels=6, items=40, characters=300)


@dataclass(frozen=True)
class Line:
    """One line of a difference. `sign` is ADDED, REMOVED or KEPT; `token` is what "why is this here?" asks for."""

    sign: str
    name: str
    value: str
    token: str


@dataclass(frozen=True)
class Part:
    """What a hop changed of one thing, such as the dict: all its lines, those that stayed among them."""

    actor: str
    title: str
    lines: list[Line]


def of_dict(was: dict | None, now: dict | None) -> list[Line]:
    lines = compared(*({repr(name): SAID.repr(value) for name, value in (each or {}).items()} for each in (was, now)))
    lines = [Line(line.sign, line.name, line.value, f"data:{_unquoted(line.name, was, now)}") for line in lines]
    if was is None and now == {}:
        lines.append(Line(ADDED, "", "{}", "data"))
    return _without_most_that_stayed(lines)


def _without_most_that_stayed(lines: list[Line]) -> list[Line]:
    stayed = [line for line in lines if line.sign == KEPT]
    if len(stayed) <= KEPT_MOST:
        return lines
    return [line for line in lines if line.sign] + [Line(KEPT, "", f"{len(stayed)} keys stay as they are", "")]


def _unquoted(name: str, *dicts: dict | None) -> str:
    return next(key for each in dicts for key in each or () if repr(key) == name)


def of_flags(was: State, now: State) -> list[Line]:
    return changed(_flags(was), _flags(now))


def _flags(state: State) -> dict[str, str]:
    if state.accessed is None:
        return {}
    return {"key": SAID.repr(state.key), "accessed": str(state.accessed), "modified": str(state.modified)}


def of_row(was: dict | None, now: dict | None) -> list[Line]:
    lines = compared(columns(was), columns(now), "row:{}")
    if now and not now.get("exists") and (was is None or was.get("exists")):
        lines.append(Line(ADDED, "", "no row with this key", "row"))
    return lines


def columns(row: dict | None) -> dict[str, str]:
    """Return what a row holds, as text: first what the stored text decodes to, last the key, which stays as it is."""
    if not row or not row.get("exists"):
        return {}
    decoded = {DECODED: SAID.repr(row["data"])} if "data" in row else {}
    return decoded | {name: str(row[name]) for name in ("expire_date", "session_data", "session_key") if name in row}


def changed(was: Mapping[str, str], now: Mapping[str, str], token: str = "{}") -> list[Line]:
    return [line for line in compared(was, now, token) if line.sign]


def compared(was: Mapping[str, str], now: Mapping[str, str], token: str = "{}") -> list[Line]:
    """Compare two mappings of names to texts, in the order of the one before."""
    lines = []
    for name in {**was, **now}:
        if name in was and name in now and was[name] == now[name]:
            lines.append(Line(KEPT, name, now[name], token.format(name)))
            continue
        if name in was:
            lines.append(Line(REMOVED, name, was[name], token.format(name)))
        if name in now:
            lines.append(Line(ADDED, name, now[name], token.format(name)))
    return lines
