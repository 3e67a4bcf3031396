"""A flight as text, for a terminal, a slide or a chat: `export.flight_as_json` put into lines of at most 98 columns."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .hops import ACTORS
from .peek import said

WIDTH = 98
NUMBER = 5  # columns for the number of a hop
DEEPEST = 10  # levels that are indented
PAGE_MOST = 200  # characters of a page that is shown
NOTHING = object()


@dataclass(frozen=True)
class Line:
    """One line of text. `role` says what it is: "flight", "hop", "source", "sql", "change", or "" for prose."""

    text: str
    role: str = ""


def told(flight: dict, number: int = 1) -> Iterator[Line]:
    """Yield the lines that tell one flight, as `flight_as_json` gives it."""
    request, response = flight["request"], flight["response"]
    ended = f"{response['status']} {response['reason']}"
    yield from _wrapped(f"Flight {number}: {request['method']} {request['path']} -> {ended}", "flight")
    nested = flight["zoom"] != "story"
    before: dict[str, Any] = dict.fromkeys(("key", "accessed", "modified", "data", "row"))
    for hop in flight["hops"]:
        yield from _hop(hop, before, " " * (NUMBER + 2 * min(hop["depth"], DEEPEST) * nested))
        if hop["kind"] == "response":
            yield from _answer(response)
        before = hop["state"]
    if flight["missed"]:
        yield Line(f"{flight['missed']} more events were too many to be recorded.")


def _hop(hop: dict, before: dict, indent: str) -> Iterator[Line]:
    if hop["kind"] in ("line", "return"):
        yield from _source_line(hop, indent)
    else:
        yield from _wrapped(_heading(hop), "hop", f"{hop['number']:>{NUMBER - 2}}".ljust(len(indent)), indent + "  ")
        yield from _wrapped(hop["caption"], "", indent)
        yield from _place(hop, indent)
        yield from _statement(hop["sql"], indent)
    for change in _changes(hop, before):
        yield from _wrapped(change, "change", indent + "* ", indent + "  ")


def _heading(hop: dict) -> str:
    actors = dict.fromkeys((ACTORS[hop["actor_from"]], ACTORS[hop["actor_to"]]))
    note = f"   ({hop['note']})" if hop["note"] else ""
    return f"{' -> '.join(actors)}   {hop['title']}{_given_back(hop)}{note}"


def _given_back(hop: dict) -> str:
    """What a call gave back, where that is a value: None is worth a word only where something was asked for."""
    result = hop["result"]
    said_already = not result or result.startswith("<") or hop["kind"] == "row-found"
    return "" if said_already or (result == "None" and hop["kind"] != "get") else f" gives {result}"


def _place(hop: dict, indent: str) -> Iterator[Line]:
    """Where it happened: the file, and the line as it stands there, which is cut rather than broken."""
    if hop["file"] and hop["line"]:
        where = f"{indent}{hop['file']}:{hop['line']}"
        source = hop["source"]
        if source and len(where) + len(source) + 2 > WIDTH:
            yield Line(where, "source")
            where = indent
        yield Line(_cut(f"{where}  {source}".rstrip()), "source")


def _source_line(hop: dict, indent: str) -> Iterator[Line]:
    place = f"{hop['file'].rpartition('/')[2]}:{hop['line']}"
    text = hop["source"] if hop["kind"] == "line" else f"back here: {hop['title']}"
    yield Line(_cut(f"{hop['number']:>{NUMBER - 2}}".ljust(len(indent)) + f"{place}  {text}"), "source")
    for name in hop["fresh"]:
        yield from _wrapped(f"{name} = {hop['values'][name]}", "", indent + "  ", indent + "    ")


def _statement(sql: dict | None, indent: str) -> Iterator[Line]:
    if sql:
        yield from _wrapped(f"SQL {sql['text']}", "sql", indent, indent + "    ")
        given = f"with {', '.join(sql['params'])}; " if sql["params"] else ""
        yield from _wrapped(f"{given}{sql['ms'] or 0:.2f} ms", "sql", indent + "    ", indent + "    ")


def _answer(response: dict) -> Iterator[Line]:
    """What the browser gets: the headers that matter to a session, and the page, if it is a few words."""
    indent = " " * NUMBER
    for value in response["set_cookies"]:
        yield from _wrapped(f"Set-Cookie: {value}", "", indent, indent + "    ")
    for name, value in response["headers"]:
        if name == "Vary":
            yield from _wrapped(f"{name}: {value}", "", indent, indent + "    ")
    page = response["body"]
    if page and "<" not in page and len(page) <= PAGE_MOST:
        yield from _wrapped(f"The page says: {page}", "", indent)


# What a hop changed


def _changes(hop: dict, before: dict) -> Iterator[str]:
    """Yield what is different after this hop, as `Hop.changes` names it. Headers stand in the title of their hop."""
    state, names = hop["state"], hop["changes"]
    for change in names:
        what, _, name = change.partition(":")
        if what in ("accessed", "modified") and before[what] is None:
            yield f"{what}: {state[what]}"
        elif what in ("key", "accessed", "modified"):
            yield f"{what}: {before[what]} -> {state[what]}"
        elif change == "data":
            yield f"dict: {said(state['data'])}"
        elif what == "data" and "data" not in names:
            yield f"dict: {_difference(repr(name), ': ', _in(before['data'], name), _in(state['data'], name))}"
        elif change == "row":
            yield from _row(before["row"] or {}, state["row"] or {}, deleted=hop["kind"] == "delete")
        elif what == "jar":
            yield f"jar: {_difference(name, '=', _in(before['jar'], name), _in(state['jar'], name), str)}"


def _in(held: dict | None, name: str) -> Any:
    return (held or {}).get(name, NOTHING)


def _difference(name: str, sign: str, was: Any, now: Any, spell=said) -> str:
    if was is NOTHING:
        return f"+ {name}{sign}{spell(now)}"
    if now is NOTHING:
        return f"- {name}{sign}{spell(was)}"
    return f"{name}{sign}{spell(was)} -> {spell(now)}"


def _row(was: dict, now: dict, *, deleted: bool) -> Iterator[str]:
    if not now.get("exists"):
        yield f"row: {'gone' if deleted else 'none'}, key {now.get('session_key')}"
        return
    for name in ("session_key", "session_data", "expire_date"):
        if was.get(name) != now.get(name):
            yield f"row: {name} {_shorter(now.get(name, '?'))}"
    if was.get("data") != now.get("data") and now.get("data") is not None:
        yield f"row: decoded {said(now['data'])}"


def _shorter(text: str) -> str:
    """Shorten what stands whole in the statement above."""
    return f"{text[:12]}…{text[-8:]}" if len(text) > 40 else text


# Fitting the width


def _wrapped(text: str, role: str, first: str = "", rest: str | None = None) -> Iterator[Line]:
    for line in textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest, break_on_hyphens=False
    ):
        yield Line(line, role)


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
