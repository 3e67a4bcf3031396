"""A flight as JSON: the one shape that `manage.py fly --json`, the player's download and the toolbar's panel share.

    {"zoom", "request", "response", "hops", "missed"}

`request` and `response` are what came in and what went out, `hops` what happened in between, told at one zoom. `missed`
counts the events that were too many to be recorded.

A session key is a password, and a file travels. So keys are shortened, each to the same text wherever it stands:
equal keys stay equal. What a row holds as `session_data` stays as it is; the key is not in it (F11).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings

from .hops import Function, Hop, State
from .sentences import key_text
from .story import tell

BEGINNING = 12  # characters by which a key is known again, should a text be cut off within it; key_text leaves 12 whole
DJANGOS_OWN = re.compile(r"'([0-9a-z]{32})'")  # a key as Django makes them (C18), among the parameters of a statement

REQUEST = ("method", "path", "cookies", "form", "view", "url_name")
RESPONSE = ("status", "reason", "headers", "set_cookies", "body")


def flight_as_json(recording: dict, trace: dict, zoom: str, keys: bool = False) -> dict:
    """Return one flight as plain data for JSON, told at `zoom`. With `keys`, session keys are given whole.

    A flight that was recorded before there were hops has an empty trace, and no hops.
    """
    hops = tell(recording, trace, zoom) if trace else []
    short = (lambda text: text) if keys else shortener(recording, trace)
    told = {
        "request": {name: recording[name] for name in REQUEST},
        "response": {name: recording[name] for name in RESPONSE},
        "hops": [_hop(hop) for hop in hops],
    }
    return {"zoom": zoom, **_each_text(told, short), "missed": trace.get("missed", 0)}


def _hop(hop: Hop) -> dict:
    return {
        "number": hop.number,
        "at": hop.at,
        "level": hop.level,
        "depth": hop.depth,
        "kind": hop.kind,
        "actor_from": hop.actor_from,
        "actor_to": hop.actor_to,
        "title": hop.title,
        "note": hop.note,
        "caption": hop.caption,
        "file": hop.function.file if hop.function else None,
        "function": hop.function.name if hop.function else None,
        "line": hop.line,
        "source": line_text(hop.function, hop.line),
        "values": hop.values,
        "fresh": sorted(hop.fresh),
        "sql": hop.sql and {"text": hop.sql.text, "params": list(hop.sql.params), "ms": hop.sql.ms},
        "result": hop.result,
        "state": _state(hop.state),
        "changes": list(hop.changes),
    }


def _state(state: State) -> dict:
    return {name: getattr(state, name) for name in ("key", "accessed", "modified", "data", "row", "jar")}


def line_text(function: Function | None, line: int | None) -> str:
    """Return the text of one line of a function, without its indentation, or "" when it is not known."""
    if function is None or line is None:
        return ""
    lines = function.source.split("\n")
    return lines[line - function.first].strip() if 0 <= line - function.first < len(lines) else ""


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of plain data in which each text, a name in a dict too, is changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(name): _each_text(inner, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [_each_text(inner, change) for inner in value]
    return value


def shortener(recording: dict, trace: dict) -> Callable[[str], str]:
    """Return a function that shortens, in any text, each session key that occurs in this flight."""
    keys = {key for key in _keys(recording, trace) if key and len(key) > BEGINNING}
    if not keys:
        return lambda text: text
    texts = {key[:BEGINNING]: key_text(key) for key in keys}
    spelled = (f"{re.escape(key[:BEGINNING])}(?:{re.escape(key[BEGINNING:])}|[0-9a-z]*)" for key in keys)
    pattern = re.compile("|".join(spelled))
    return lambda text: pattern.sub(lambda found: texts[found[0][:BEGINNING]], text)


def _keys(recording: dict, trace: dict) -> Iterator[str | None]:
    """Yield the session keys of a flight: that which came, those the session had, those the table was asked for."""
    yield recording["cookies"].get(settings.SESSION_COOKIE_NAME)
    yield recording["session_key"]
    for state in trace.get("states", ()):
        yield state["key"]
    for kind, *_, detail in trace.get("events", ()):
        if kind == "sql" and "django_session" in detail["text"]:
            yield from DJANGOS_OWN.findall(" ".join(detail["params"]))
