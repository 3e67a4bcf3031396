"""What a flight looks like once it is told: hops, one after the other, each with the state after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ZOOMS = ("story", "calls", "lines")
ACTORS = {
    "browser": "Browser",
    "http": "HTTP",
    "middleware": "SessionMiddleware",
    "urls": "urls.py",
    "view": "view",
    "session": "request.session",
    "table": "django_session",
}


@dataclass(frozen=True)
class Function:
    """A function that ran, with its source as it was installed then. `first` is the number of its first line."""

    file: str
    name: str
    first: int
    source: str


@dataclass(frozen=True)
class Statement:
    """One SQL statement with its parameters as text, put in for reading by `readable`, and its time."""

    text: str
    params: Sequence[str]
    readable: str
    ms: float


@dataclass(frozen=True)
class State:
    """What everybody holds after a hop.

    `accessed` and `modified` are None as long as there is no `request.session`. `data` is the session's dict, None as
    long as it is not loaded. `row` is None until somebody has looked at the table; then {"exists", "session_key"} and,
    where it exists, "session_data", "expire_date" and "data", which is what it decodes to. `jar` maps the browser's
    cookies to their values.
    """

    key: str | None = None
    accessed: bool | None = None
    modified: bool | None = None
    data: dict[str, Any] | None = None
    row: dict[str, Any] | None = None
    jar: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hop:
    """One thing that happened, from one actor to another (slugs of ACTORS; the same one twice: it did it alone).

    `at` is its place among all events of the flight, the same at each zoom; `number` counts from 1 at this zoom.
    `level` is the coarsest zoom that shows it. `kind` names what happened, such as "load" or "set-cookie". `title`
    goes over the arrow, as code; `note` beneath it, a few words or ""; `caption` is one sentence or two. `line` is a
    line number in `function.file`. `values` are the local variables there, as text, and `fresh` the names among them
    that have just changed. `result` is what a call gave back, as text, or "". `changes` says what differs from the
    state before: "key", "accessed", "modified", "data:num_visits", "row", "jar:sessionid", "header:Vary".
    """

    number: int
    at: int
    level: str
    depth: int
    kind: str
    actor_from: str
    actor_to: str
    title: str
    note: str
    caption: str
    function: Function | None
    line: int | None
    values: dict[str, str]
    fresh: frozenset[str]
    sql: Statement | None
    result: str
    state: State
    changes: tuple[str, ...]
