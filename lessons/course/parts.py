"""What a lesson is made of."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from ..models import Flight
from .evidence import Evidence, Observed


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
    """One answer to a prediction, why it is right or wrong, and the hop in which one can see that.

    `shown_by` names that hop, as `evidence.hop_of` takes it. It is looked for in the flights that decided. `local` is
    the local variable there that one has to look at, where what the hop is called does not show it.
    """

    slug: str
    text: str
    why: str
    shown_by: str
    local: str = ""


@dataclass(frozen=True)
class Prediction:
    """A question asked before the run and answered by the run.

    `observe` says which choice came true and which flights showed it, or None as long as none do. `todo` tells the
    learner which requests will.
    """

    slug: str
    question: str
    choices: tuple[Choice, ...]
    todo: str
    observe: Callable[[Evidence], Observed | None]

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
