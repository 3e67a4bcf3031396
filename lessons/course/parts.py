"""What a lesson is made of, and the evidence that its predictions and goals are judged by."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

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

    def first_visits(self) -> "Evidence":
        """Return the flights that came without a session cookie."""
        return Evidence(flight for flight in self if not flight.key_in)

    def windows(self, length: int) -> list["Evidence"]:
        """Return each stretch of so many flights in a row. Ask it of one browser's flights."""
        return [Evidence(self.flights[start : start + length]) for start in range(len(self.flights) - length + 1)]

    def pairs(self) -> list[tuple[Flight, Flight]]:
        """Return each flight with the next one of the same browser."""
        return [pair for own in self.browsers() for pair in zip(own.flights, own.flights[1:], strict=False)]


def arrived(flight: Flight) -> dict:
    """Return what the echo lab said had arrived: {"GET": …, "POST": …}."""
    try:
        return json.loads(flight.body)
    except ValueError:  # the body was clipped
        return {}


@dataclass(frozen=True)
class LabRequest:
    """A request that the lab frame offers. `fields` are its query (GET) or its form (POST); learners may edit them."""

    url_name: str
    method: str = "GET"
    fields: tuple[tuple[str, str], ...] = ()
    path: str = ""  # instead of url_name: an address that no line of urls.py matches
    token: bool = True  # whether a POST must bring Django's CSRF token

    @property
    def address(self) -> str:
        return self.path or reverse(self.url_name)

    @property
    def button_id(self) -> str:
        return f"send-{self.method}-{self.address.strip('/').replace('/', '-')}{len(self.fields)}".lower()


@dataclass(frozen=True)
class Choice:
    """One answer to a prediction, and why it is right or wrong."""

    slug: str
    text: str
    why: str


@dataclass(frozen=True)
class Prediction:
    """A question asked before the run and answered by the run.

    `observe` returns the slug of the choice that came true, or None as long as the flights do not show it. `todo`
    tells the learner which requests will.
    """

    slug: str
    question: str
    choices: tuple[Choice, ...]
    todo: str
    observe: Callable[[Evidence], str | None]

    def choice(self, slug: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.slug == slug), None)


@dataclass(frozen=True)
class Goal:
    """A condition over real flights, ticked when it holds."""

    slug: str
    text: str
    reached: Callable[[Evidence], bool]


@dataclass(frozen=True)
class Lesson:
    """A page in the course. `slug` names its page, its address and its module; `actor` gives it its colour."""

    slug: str
    title: str
    question: str
    minutes: int
    actor: str
    requests: tuple[LabRequest, ...]
    predictions: tuple[Prediction, ...]
    goals: tuple[Goal, ...]

    @property
    def template_name(self) -> str:
        return f"lessons/pages/{self.slug}.html"

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.slug])

    def prediction(self, slug: str) -> Prediction | None:
        return next((prediction for prediction in self.predictions if prediction.slug == slug), None)

    def uses(self, flight: Flight) -> bool:
        """Return whether this flight could count here: a goal may look at any lab that the lesson offers."""
        return any(
            flight.url_name == request.url_name if request.url_name else flight.path.startswith(request.path)
            for request in self.requests
        )
