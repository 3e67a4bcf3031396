"""Telling a trace as hops, at one of three zooms. A pure function of what was recorded.

The story has a dozen hops, each with a sentence. Calls shows every watched call and statement as well, lines every
line. A hop keeps its place (`at`) at each zoom, and its state is that at which the next hop of this zoom begins.
"""

from collections.abc import Iterator
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie

from .hops import ZOOMS, Hop, State
from .lookahead import Events
from .masking import SECRET_COOKIES
from .teller import CALLS, STORY, Draft, Teller, cut

TITLE_MOST, NOTE_MOST = 48, 40


def tell(recording: dict, trace: dict, zoom: str = STORY) -> list[Hop]:
    """Return the hops of one flight. `recording` and `trace` are those that `recorder.record` made, as JSON."""
    story = Story(recording, Events(trace), zoom)
    for state, draft in Teller(recording, story.events).drafts():
        story.go_on(draft, state)
    return story.ended()


class Story:
    """Hops one after the other. One is complete when the next begins: only then is the state known that it led to."""

    def __init__(self, recording: dict, events: Events, zoom: str):
        self.recording = recording
        self.events = events
        self.shown = ZOOMS[: ZOOMS.index(zoom) + 1]
        self.hops: list[Hop] = []
        self.draft: Draft | None = None
        self.returned: tuple[Draft, int] | None = None  # the last way back into a caller, and the state at it
        self.before = State(jar=self._jar_before())

    def go_on(self, draft: Draft, state: int) -> None:
        """Begin another hop, if this zoom shows it; `state` is the place of the state as it is now.

        The way back from a call is a hop where lines are shown. Where calls are shown it is one only if the caller then
        changes something: else the change would seem to be the work of the call that had just ended.
        """
        if draft.kind == "return" and draft.level not in self.shown:
            if CALLS in self.shown:
                self._come_back(state)
                self.returned = (draft, state)
        elif draft.level in self.shown:
            self._come_back(state)
            self._begin(draft, state)

    def ended(self) -> list[Hop]:
        """Return all hops; the last one led to the last state."""
        self._finish(len(self.events.states) - 1)
        return self.hops

    def _come_back(self, state: int) -> None:
        if self.returned and self.returned[1] != state:
            draft, at_return = self.returned
            self._begin(replace(draft, level=CALLS), at_return)
        self.returned = None

    def _begin(self, draft: Draft, state: int) -> None:
        if self.draft:
            self._finish(state)
        self.draft = draft

    def _finish(self, state: int) -> None:
        """Make a hop of the draft, now that the next one begins at this state."""
        draft, run = self.draft, self.draft.run
        values, fresh = {}, frozenset()
        if run:
            seen = run.values if draft.values is None else draft.values
            values = {name: text for name, text in seen.items() if name not in ("self", "cls")}
            fresh = frozenset(name for name, text in values.items() if run.shown.get(name) != text)
            run.shown = values
        after = self._state(state)
        changes = (*_changes(self.before, after), *(f"header:{name}" for name in draft.headers))
        self.hops.append(
            Hop(
                number=len(self.hops) + 1,
                at=draft.at,
                level=draft.level,
                depth=draft.depth,
                kind=draft.kind,
                actor_from=draft.actor_from,
                actor_to=draft.actor_to,
                title=cut(draft.title, TITLE_MOST) if draft.level == STORY else draft.title,
                note=cut(draft.note, NOTE_MOST),
                caption=draft.caption,
                function=self.events.functions[run.function] if run else None,
                line=draft.line,
                values=values,
                fresh=fresh,
                sql=draft.sql,
                result=draft.result,
                state=after,
                changes=changes,
            )
        )
        self.before = after

    def _state(self, place: int) -> State:
        known, jar = self.events.states[place], self.before.jar
        if self.draft.kind == "response":
            jar = self._jar_after(jar)
        return State(known["key"], known["accessed"], known["modified"], known["data"], known["row"], jar)

    def _jar_before(self) -> dict[str, str]:
        return {name: value for name, value in self.recording["cookies"].items() if name not in SECRET_COOKIES}

    def _jar_after(self, jar: dict[str, str]) -> dict[str, str]:
        """Return the jar after the browser has obeyed each Set-Cookie."""
        after = dict(jar)
        for header in self.recording["set_cookies"]:
            for name, morsel in _morsels(header):
                if name in SECRET_COOKIES:
                    continue
                if morsel["max-age"] == "0":
                    after.pop(name, None)
                else:
                    after[name] = morsel.value
        return after


def _morsels(header: str):
    try:
        return SimpleCookie(header).items()
    except CookieError:
        return ()


def _changes(before: State, after: State) -> Iterator[str]:
    """Yield what is different, as Hop.changes names it."""
    for name in ("key", "accessed", "modified"):
        if getattr(before, name) != getattr(after, name):
            yield name
    if before.data is None and after.data is not None:
        yield "data"
    for name in _different(before.data or {}, after.data or {}):
        yield f"data:{name}"
    if before.row != after.row:
        yield "row"
        for name in _different(before.row or {}, after.row or {}):
            if name in ("session_key", "session_data", "expire_date"):
                yield f"row:{name}"
    for name in _different(before.jar, after.jar):
        yield f"jar:{name}"


def _different(before: dict, after: dict) -> list[str]:
    names = [*before, *(name for name in after if name not in before)]
    nothing = object()
    return [name for name in names if before.get(name, nothing) != after.get(name, nothing)]
