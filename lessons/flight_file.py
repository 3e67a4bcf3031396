"""A flight as a file, to take along and to open again: its JSON, and all that `story.tell` needs to tell it anew.

A file may come from anybody. What is read from it is data, bounded and of the right shape, or there is a sentence
that says what is wrong. Whether a trace makes sense is asked of those who read it: it is told at each zoom, and each
hop must be what `hops.Hop` says it is.
"""

import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .flight import story
from .flight.export import flight_as_json, shortener
from .flight.hops import ACTORS, ZOOMS, Hop
from .flight.recorder import BODY_LIMIT, MOST, Recording
from .flight.trace import END_MOST, EVENTS_MOST
from .flight.watchlist import SOURCE_MOST

FORMAT = "sessions, step by step: flight 1"
BYTES_MOST = 8 * 1024 * 1024
ITEMS_MOST = 500_000  # values in one file: each takes far more room in memory than in the file
LEVELS_MOST = 40  # of what is in the session the recorder keeps five
DIGITS_MOST = 18
FUNCTIONS_MOST = 400
SOURCES_MOST = 2_000_000  # characters: they are coloured for the page
NAMES_MOST = 150  # local variables that one hop shows
HELD_MOST = 61  # names in a session, a row or a jar
SHOWN_MOST = 200_000  # characters of values, or of a state, that one hop shows
VERDICT = "SessionMiddleware.process_response"
VERDICTS_MOST = 2  # a request passes SessionMiddleware once
CALLS_IN_VERDICT_MOST = 50  # and that calls about a dozen functions
STEPS_MOST = EVENTS_MOST + 5 * END_MOST  # events, and states between them
SHORTENED = re.compile(r"(\w{4})…(\w{4})")  # as `sentences.key_text` does it
BLANKED = rf"\1{'-' * 24}\2"


class NotAFlight(ValueError):
    """A file that cannot be opened. The text is a sentence for whoever tried."""


# Writing


def as_file(recording: dict, trace: dict, zoom: str = ZOOMS[0]) -> dict:
    """Return a flight as plain data for a file: told at `zoom` for whoever reads it, and as it was recorded."""
    short = shortener(recording, trace)
    recorded = {"recording": recording, "trace": trace}
    return {"format": FORMAT, **flight_as_json(recording, trace, zoom), **_each_text(recorded, short)}


def _each_text(value: Any, short: Callable[[str], str]) -> Any:
    """Shorten session keys in a copy of plain data, so that they still fit a cookie: its parser knows no ellipsis."""
    if isinstance(value, str):
        shorter = short(value)
        return value if shorter == value else SHORTENED.sub(BLANKED, shorter)
    if isinstance(value, list):
        return [_each_text(item, short) for item in value]
    if isinstance(value, dict):
        return {_each_text(name, short): _each_text(item, short) for name, item in value.items()}
    return value


# Reading


def read(content: bytes) -> tuple[dict, dict]:
    """Return the recording and the trace of a file, as `story.tell` takes them; or raise NotAFlight."""
    document = _parsed(content)
    if isinstance(document, dict) and "flights" in document:
        raise NotAFlight("This is what “manage.py fly” prints. To open a flight here, take the JSON of its own page.")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotAFlight("This is JSON, but not a flight that was downloaded here.")
    recording, trace = (_tidy(document.get(name)) for name in ("recording", "trace"))
    recording = _checked_recording(recording)
    _check_trace(trace)
    _check_told(recording, trace)
    return recording, trace


def _parsed(content: bytes) -> Any:
    if len(content) > BYTES_MOST:
        raise NotAFlight(f"The file is too large: a flight has at most {BYTES_MOST // 1024 // 1024} MB.")
    try:
        text = content.decode("utf-8-sig")
        if sum(map(text.count, ",[{")) > ITEMS_MOST:
            raise NotAFlight("The file holds more values than a flight can have.")
        return json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_int=_number(int),
            parse_float=_number(float),
            parse_constant=_number(None),
        )
    except UnicodeDecodeError:
        raise NotAFlight("The file is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise NotAFlight(f"The file is not JSON: line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise NotAFlight("The file is nested too deeply for a flight.") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAFlight("The file says something twice: one object has the same name more than once.")
    return found


def _number(kind):
    """Return a reader of numbers that refuses what a recording never holds: NaN, infinity, endless digits."""

    def read_number(text: str):
        number = kind(text) if kind and len(text) <= 2 * DIGITS_MOST else None
        if number is None or math.isinf(number) or (kind is int and abs(number) >= 10**DIGITS_MOST):
            raise NotAFlight("The file holds a number that no flight has.")
        return number

    return read_number


def _tidy(value: Any, level: int = 0) -> Any:
    """Return a copy that any page and any database takes: not too deep, and no half of a surrogate pair."""
    if level > LEVELS_MOST:
        raise NotAFlight("The file is nested too deeply for a flight.")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_tidy(item, level + 1) for item in value]
    if isinstance(value, dict):
        return {_tidy(name): _tidy(item, level + 1) for name, item in value.items()}
    return value


def _checked_recording(recording: Any) -> dict:
    """Return the fields of a recording, each of the type that it is declared with."""
    if not isinstance(recording, dict):
        raise NotAFlight("The file has no recording in it.")
    kinds = {name: kind for name, kind in get_type_hints(Recording).items() if name not in ("id", "trace")}
    for name, kind in kinds.items():
        if name not in recording or not _fits(recording[name], kind) or not _fits_a_page(recording[name]):
            raise NotAFlight(f"In the file's recording, “{name}” is missing or is not what it should be.")
    if any(len(header) != 2 for header in recording["headers"]) or not 100 <= recording["status"] <= 999:
        raise NotAFlight("In the file's recording, the response is not what it should be.")
    return {name: recording[name] for name in kinds} | {"id": ""}


def _fits_a_page(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= BODY_LIMIT + 100
    if isinstance(value, list | dict):
        return len(value) <= MOST and all(map(_fits_a_page, value.values() if isinstance(value, dict) else value))
    return True


def _check_trace(trace: Any) -> None:
    """See that a trace is not more than a recorder writes down."""
    parts = {"functions": FUNCTIONS_MOST, "states": STEPS_MOST, "events": STEPS_MOST}
    if not isinstance(trace, dict) or not all(isinstance(trace.get(name), list) for name in parts):
        raise NotAFlight("The file has no trace in it: functions, states and events.")
    for name, most in parts.items():
        if len(trace[name]) > most:
            raise NotAFlight(f"The file has more {name} than a flight can have.")
    sources = [_length(function) for function in trace["functions"]]
    if sum(sources) > SOURCES_MOST or max(sources, default=0) > 2 * SOURCE_MOST:
        raise NotAFlight("The file has more source code than a flight can have.")


def _check_told(recording: dict, trace: dict) -> None:
    """Tell the flight at each zoom, as the pages will, and look at each hop."""
    try:
        _check_verdicts(trace)
        told = {zoom: story.tell(recording, trace, zoom) for zoom in ZOOMS}
    except Exception:  # whatever a stranger's trace makes of us, it is not our page that fails
        raise NotAFlight("The file's trace cannot be told: something in it does not fit together.") from None
    if not all(told.values()):
        raise NotAFlight("The file's trace has no steps.")
    seen: set[int] = set()
    if not all(_is_a_hop(hop, seen) for hop in told["lines"]):
        raise NotAFlight("The file's trace has a step that is not what it should be.")


def _check_verdicts(trace: dict) -> None:
    """See that SessionMiddleware ends as few times as it does in a request: each time, the teller looks at all events.

    What raises here raises in the teller, too.
    """
    names = [function["name"] for function in trace["functions"]]
    stack, verdicts, calls = [], 0, 0
    for kind, function, *_ in trace["events"]:
        if kind == "call":
            calls += bool(stack) and stack[-1] == VERDICT
            verdicts += names[function] == VERDICT
            stack.append(names[function])
        elif kind in ("leave", "raise"):
            stack.pop()
    if verdicts > VERDICTS_MOST or calls > CALLS_IN_VERDICT_MOST:
        raise NotAFlight


def _is_a_hop(hop: Hop, seen: set[int]) -> bool:
    """Return whether a hop has the types it is declared with, and a page can show it. `seen`: what was looked at."""
    if not _fits(hop, Hop) or not {hop.actor_from, hop.actor_to} <= ACTORS.keys() or hop.level not in ZOOMS:
        return False
    held = [each for each in (hop.state.data, hop.state.row, hop.state.jar) if each and id(each) not in seen]
    seen.update(map(id, held))
    return (
        len(hop.values) <= NAMES_MOST
        and sum(map(len, hop.values.values())) <= SHOWN_MOST
        and all(len(each) <= HELD_MOST and _length(each) <= SHOWN_MOST for each in held)
    )


def _length(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


def _fits(value: Any, kind: Any) -> bool:
    """Return whether a value is of a type as annotations spell it: `dict[str, int] | None`, a dataclass, Any."""
    origin, inside = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return isinstance(value, kind) and all(_fits(getattr(value, name), hint) for name, hint in hints)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inside)
    if origin is dict:
        return isinstance(value, dict) and _all_fit(value, inside[0]) and _all_fit(value.values(), inside[1])
    if origin is not None:
        return isinstance(value, origin) and not isinstance(value, str) and _all_fit(value, inside[0])
    if kind in (int, float):
        return isinstance(value, int | kind) and not isinstance(value, bool)
    return isinstance(value, kind)


@cache
def _hints(kind: type) -> list[tuple[str, Any]]:
    return list(get_type_hints(kind).items())


def _all_fit(values: Iterable, kind: Any) -> bool:
    if kind is Any or kind is str:  # the most there is of
        return kind is Any or all(isinstance(value, str) for value in values)
    return all(_fits(value, kind) for value in values)
