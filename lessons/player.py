"""The player: what a page shows of one flight, where it stands, and the answer to "why is this here?".

A flight told line by line may have 5,000 hops. A page gets a window of them around the one it stands at, and the
address of the window before and after.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from . import differences
from .differences import DECODED, Part
from .flight.hops import ACTORS, ZOOMS, Function, Hop, State
from .in_order import InOrder

WINDOW = 200
STOPS_MOST = 60  # more names than that are none
ABOUT_THE_SESSION = {"middleware", "session", "table"}
ZOOM_TITLES = {"story": "Story", "calls": "Calls", "lines": "Lines"}
SHORT = InOrder(levels=4, items=40, characters=30)


@dataclass(frozen=True)
class Moment:
    """What everybody holds between two changes. `headers` are those of the response that had been set by then."""

    number: int
    at: int
    state: State
    headers: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        return differences.columns(self.state.row)

    @property
    def short_columns(self) -> dict[str, str]:
        """The row as far as a line has room for it. Its key is the one in the jar; the date needs no fractions."""
        columns, row = self.columns, self.state.row or {}
        decoded = SHORT.repr(row["data"]) if "data" in row else ""
        shown = {DECODED: decoded, "expire_date": columns.get("expire_date", "")[:19]}
        stored = columns.get("session_data", "")
        return shown | {"session_data": f"{stored[:12]}…{stored[-8:]}" if len(stored) > 24 else stored}


@dataclass(frozen=True)
class Step:
    """One hop as the player shows it: its number among those that are shown, and what was before it.

    `function` and `moment` are numbers: what they name is on the page once, however many hops it lasts.
    """

    number: int
    hop: Hop
    before: Moment
    moment: Moment
    function: int | None

    @property
    def actors(self) -> tuple[str, str]:
        return self.hop.actor_from, self.hop.actor_to

    @property
    def sender(self) -> str:
        return ACTORS[self.hop.actor_from]

    @property
    def receiver(self) -> str:
        return ACTORS[self.hop.actor_to]

    @property
    def direction(self) -> str:
        """Return where the arrow points: "onward", towards the table, "homeward", towards the browser, or "alone"."""
        places = list(ACTORS)
        way = places.index(self.hop.actor_to) - places.index(self.hop.actor_from)
        return "onward" if way > 0 else "homeward" if way < 0 else "alone"

    @property
    def indent(self) -> int:
        """How deep it is nested, as far as a page has room to show it."""
        return max(0, min(self.hop.depth, 6))

    @property
    def gives_back(self) -> str:
        """What the call gave back. None is worth a word only where something was asked for."""
        return "" if self.hop.result == "None" and self.hop.kind != "get" else self.hop.result

    @cached_property
    def tokens(self) -> list[str]:
        """What this hop changed, as `Hop.changes` says it; and what the row decodes to, if the row changed."""
        found = list(self.hop.changes)
        if self.before.columns.get(DECODED) != self.moment.columns.get(DECODED):
            found.append(f"row:{DECODED}")
        return found

    @property
    def tokens_json(self) -> str:
        return json.dumps(self.tokens)

    @cached_property
    def parts(self) -> list[Part]:
        """What this hop changed, told as differences; nothing of what stayed as it was."""
        was, now = self.before.state, self.moment.state
        parts = [
            Part("session", "request.session", differences.of_dict(was.data, now.data)),
            Part("session", "key and flags", differences.of_flags(was, now)),
            Part("table", "row of django_session", differences.of_row(was.row, now.row)),
            Part("browser", "cookie jar", differences.compared(was.jar, now.jar, "jar:{}")),
            Part(
                "http", "response headers", differences.changed(self.before.headers, self.moment.headers, "header:{}")
            ),
        ]
        return [part for part in parts if any(line.sign for line in part.lines)]


@dataclass(frozen=True)
class Zoom:
    slug: str
    title: str
    address: str
    chosen: bool


@dataclass
class Player:
    """One flight at one zoom, standing at the hop at or last before the event `at`.

    A step may be asked for by its `number` instead, or besides, where several happen at one event.
    `flight` is a `models.Flight`, or whatever else has `pk`, `recording` and `hops(zoom)`. With `only_session` hops
    that touch neither SessionMiddleware nor session nor table are left out, except the first and the last.
    """

    flight: Any
    zoom: str = "story"
    at: int | None = None
    only_session: bool = False
    number: int | None = None
    window_size: int = WINDOW

    @classmethod
    def asked(cls, flight, query: Mapping[str, str]) -> "Player":
        """Return what a query asks for. What makes no sense in it is as if it were not there."""
        zoom = query.get("zoom")
        player = cls(
            flight,
            zoom=zoom if zoom in ZOOMS else ZOOMS[0],
            at=_number(query.get("at")),
            only_session=query.get("only") == "session",
        )
        player.number = _number(query.get("step"))
        return player

    # Hops

    @cached_property
    def steps(self) -> list[Step]:
        """All hops that are shown, each with its number and with what was before it."""
        steps = []
        hops = self.flight.hops(self.zoom)
        moment = before = Moment(0, hops[0].at, hops[0].state, {}) if hops else None
        for hop in hops:
            if hop.state != moment.state or _headers(hop):
                moment = Moment(moment.number + 1, hop.at, hop.state, moment.headers | self._set_by(hop))
            if self._shows(hop) or hop is hops[0] or hop is hops[-1]:
                steps.append(Step(len(steps) + 1, hop, before, moment, self._numbered(hop.function)))
            before = moment
        return steps

    def _shows(self, hop: Hop) -> bool:
        return not self.only_session or bool(ABOUT_THE_SESSION & {hop.actor_from, hop.actor_to})

    def _set_by(self, hop: Hop) -> dict[str, str]:
        """Return the response headers that a hop set, with what they said when the response left."""
        return {name: self._sent.get(name.lower(), "") for name in _headers(hop)}

    @cached_property
    def _sent(self) -> dict[str, str]:
        recording = self.flight.recording
        sent = {name.lower(): value for name, value in recording.get("headers", ())}
        ours = f"{settings.SESSION_COOKIE_NAME}="  # the cookie that this is about comes first
        cookies = sorted(recording.get("set_cookies", ()), key=lambda text: not text.startswith(ours))
        return sent | {"set-cookie": "\n".join(cookies)}

    def _numbered(self, function: Function | None) -> int | None:
        return None if function is None else self._functions.setdefault(function, len(self._functions))

    @cached_property
    def _functions(self) -> dict[Function, int]:
        return {}

    # Where it stands

    @cached_property
    def current(self) -> Step | None:
        """The hop at the event `at`, or the last before it. None when nothing was recorded step by step."""
        if not self.steps:
            return None
        if self.number is not None:
            numbered = self.steps[max(0, min(self.number, self.total) - 1)]
            if self.at in (None, numbered.hop.at):
                return numbered
        if self.at is None:
            return self.steps[0]
        return next((step for step in reversed(self.steps) if step.hop.at <= self.at), self.steps[0])

    @property
    def total(self) -> int:
        return len(self.steps)

    @cached_property
    def window(self) -> list[Step]:
        """The hops that are on the page: `window_size` at most, with the current one in the middle."""
        if not self.steps:
            return []
        first = max(0, min(self.current.number - 1 - self.window_size // 2, self.total - self.window_size))
        return self.steps[first : first + self.window_size]

    @property
    def previous(self) -> Step | None:
        return self._step(self.current.number - 1)

    @property
    def next(self) -> Step | None:
        return self._step(self.current.number + 1)

    @property
    def earlier(self) -> Step | None:
        """The last hop before the window."""
        return self._step(self.window[0].number - 1)

    @property
    def later(self) -> Step | None:
        """The first hop after the window."""
        return self._step(self.window[-1].number + 1)

    def _step(self, number: int) -> Step | None:
        return self.steps[number - 1] if 1 <= number <= self.total else None

    @property
    def stops(self) -> list[Step]:
        """The hops of the story, where the scrubber has a mark; unless they are so many that marks say nothing."""
        stops = [step for step in self.steps if step.hop.level == "story"]
        return stops if len(stops) <= STOPS_MOST else []

    @cached_property
    def functions(self) -> list[tuple[int, Function]]:
        """Each function that runs in the window, once, under its number."""
        shown = {step.function for step in self.window}
        return [(number, function) for function, number in self._functions.items() if number in shown]

    @cached_property
    def moments(self) -> list[Moment]:
        """Each state that a hop of the window leaves behind, once."""
        return list({step.moment.number: step.moment for step in self.window}.values())

    @property
    def actors(self) -> dict[str, str]:
        return ACTORS

    # Why is this here?

    def why(self, what: str) -> Step | None:
        """Return the hop, the current one or before it, that last changed `what`: a token as in `Hop.changes`.

        For an actor it is the hop in which it last took part. Where there is none, the player stays where it is.
        """
        so_far = self.steps[: self.current.number] if self.current else []
        found = (step for step in reversed(so_far) if what in step.actors or what in step.tokens)
        return next(found, self.current)

    # Addresses

    def address_of_why(self, what: str, step: Step) -> str:
        """Return the address that leads from a step to where `what` last changed."""
        return f"{self.here}&{urlencode({'at': step.hop.at, 'why': what})}"

    @property
    def path(self) -> str:
        return reverse("flight", args=[self.flight.pk])

    @property
    def here(self) -> str:
        """The address of this player; `&at=` and `&why=` may follow."""
        return self._address(self.zoom, self.only_session)

    @property
    def zooms(self) -> list[Zoom]:
        return [
            Zoom(zoom, ZOOM_TITLES[zoom], self._address(zoom, self.only_session, self._at), zoom == self.zoom)
            for zoom in ZOOMS
        ]

    @property
    def other_choice(self) -> str:
        """The address of the same place with "only session steps" the other way round."""
        return self._address(self.zoom, not self.only_session, self._at)

    def address_of(self, step: Step | None) -> str:
        if step is None:
            return self.here
        near = self._step(step.number - 1), self._step(step.number + 1)
        shared = any(other and other.hop.at == step.hop.at for other in near)
        return f"{self.here}&at={step.hop.at}" + (f"&step={step.number}" if shared else "")

    @property
    def _at(self) -> int | None:
        """The event to come back to: what was asked for, which may lie between two hops of a coarser zoom."""
        return self.at if self.at is not None else self.current and self.current.hop.at

    def _address(self, zoom: str, only_session: bool, at: int | None = None) -> str:
        query = {"zoom": zoom}
        if only_session:
            query["only"] = "session"
        if at is not None:
            query["at"] = at
        return f"{self.path}?{urlencode(query)}"


def _headers(hop: Hop) -> list[str]:
    return [change.removeprefix("header:") for change in hop.changes if change.startswith("header:")]


def _number(text: str | None) -> int | None:
    """Return the number that a query names, or None."""
    try:
        return int(text[:18])
    except (TypeError, ValueError):
        return None
