"""The evidence that predictions and goals are judged by: recorded flights, and the hops they are told as."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..flight.hops import Hop
from ..models import Flight


class Evidence:
    """The flights that may count for a prediction or a goal, oldest first."""

    def __init__(self, flights: Iterable[Flight]):
        self.flights = list(flights)

    def __iter__(self) -> Iterator[Flight]:
        return iter(self.flights)

    def to(self, *url_names: str) -> "Evidence":
        """Return the flights to these lines of urls.py, such as "lab:visits"."""
        return Evidence(flight for flight in self if flight.url_name in url_names)

    def by(self, browser: str) -> "Evidence":
        """Return the flights of one browser."""
        return Evidence(flight for flight in self if flight.browser == browser)

    def browsers(self) -> list["Evidence"]:
        """Return the same flights, apart for each browser."""
        return [self.by(browser) for browser in sorted({flight.browser for flight in self})]

    def posts(self) -> "Evidence":
        """Return the flights whose method is POST."""
        return Evidence(flight for flight in self if flight.method == "POST")

    def first_visits(self) -> "Evidence":
        """Return the flights that came without a session cookie."""
        return Evidence(flight for flight in self if not flight.key_in)

    def later_visits(self) -> "Evidence":
        """Return the flights that came with a session cookie."""
        return Evidence(flight for flight in self if flight.key_in)

    def told(self) -> Iterator[Flight]:
        """Yield the flights that have hops. Those that were recorded before there were hops have none.

        What happened in a flight is long and is read only here, one flight after the other: ask for those that can
        count, and stop at the first that does.
        """
        return (flight for flight in self if flight.hops())

    def windows(self, length: int) -> list["Evidence"]:
        """Return each stretch of so many flights in a row. Ask it of one browser's flights."""
        return [Evidence(self.flights[start : start + length]) for start in range(len(self.flights) - length + 1)]

    def pairs(self) -> list[tuple[Flight, Flight]]:
        """Return each flight with the next one of the same browser."""
        return [pair for own in self.browsers() for pair in zip(own.flights, own.flights[1:], strict=False)]


@dataclass(frozen=True)
class Observed:
    """What a run showed: the slug of the choice that came true, and the flights in which one can see why."""

    choice: str
    flights: tuple[Flight, ...]

    def hop(self, shown_by: str) -> tuple[Flight, Hop] | None:
        """Return the first hop that `hop_of` finds, with its flight."""
        return next(((flight, hop) for flight in self.flights if (hop := hop_of(flight, shown_by))), None)


def observed(choice: str | None, *flights: Flight) -> Observed | None:
    """Return what these flights showed, or None where they showed no choice."""
    return Observed(choice, flights) if choice else None


def hop_of(flight: Flight, shown_by: str) -> Hop | None:
    """Return the first hop of the story of this kind, or None.

    Where a flight has several of one kind, a space and the beginning of the hop's title follow the kind:
    "set ['_auth_user_id']".
    """
    kind, _, title = shown_by.partition(" ")
    return next((hop for hop in flight.hops() if hop.kind == kind and hop.title.startswith(title)), None)


def kinds(flight: Flight) -> list[str]:
    """Return what happened in a flight, in order, as the kinds of the hops of its story."""
    return [hop.kind for hop in flight.hops()]


def statements(flight: Flight) -> list[str]:
    """Return the first words of the statements that a flight sent to django_session, in order."""
    return [hop.sql.text.split()[0] for hop in flight.hops() if hop.sql and hop.actor_to == "table"]


def arrived(flight: Flight) -> dict:
    """Return what the echo lab said had arrived: {"GET": …, "POST": …}."""
    try:
        return json.loads(flight.body)
    except ValueError:  # the body was clipped
        return {}
