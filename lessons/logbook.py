"""Writing a flight into the notebook, and what follows from it: predictions graded, goals ticked."""

import hashlib
import json
import uuid

from django.db import transaction
from django.utils import timezone

from . import course, inspector, notebook
from .flight.hops import Hop
from .flight.recorder import Recording
from .models import OPENED, Flight, Guess, Progress, Proof, Source, Tick

FLIGHTS_MOST = 200  # a notebook keeps its last so many


@transaction.atomic
def enter(key: uuid.UUID, browser: str, recording: Recording) -> Flight:
    """Store one recorded request of `browser` in the notebook named `key`, and see what it proves."""
    owner = notebook.opened(key)
    row, trace = inspector.row_of(recording.session_key), recording.trace()
    flight = Flight.objects.create(
        notebook=owner,
        browser=browser,
        session_key=row.session_key if row else "",
        recording=recording.as_dict(),
        trace=_stored(trace),
        recorded=recording.id,
        row=row and row.as_json(),
        looked=_looked(trace),
    )
    _prune(owner)
    notebook.Notebook.objects.filter(pk=key).update(used=timezone.now())  # it may have been emptied meanwhile
    judge(key, [lesson for lesson in course.LESSONS if lesson.uses(flight)])
    return flight


@transaction.atomic
def enter_opened(key: uuid.UUID, recording: dict, trace: dict) -> Flight:
    """Store a flight that came in a file. It proves nothing: no row is anybody's, and nothing is judged by it."""
    owner = notebook.opened(key)
    flight = Flight.objects.create(
        notebook=owner, browser=OPENED, recording=recording, trace=trace, looked=_looked(trace)
    )
    _prune(owner)
    return flight


def _looked(trace: dict) -> bool:
    """Return whether anybody looked into the session by the time SessionMiddleware had returned (F01)."""
    last = trace["states"][-1] if trace["states"] else None
    return isinstance(last, dict) and last.get("accessed") is True  # a trace from a file may end in anything


def _stored(trace: dict) -> dict:
    """Return the trace with each function's source put away once for all flights."""
    sources = {_digest(text): text for text in trace["functions"]}
    known = set(Source.objects.filter(pk__in=sources).values_list("pk", flat=True))
    new = [Source(digest=digest, text=text) for digest, text in sources.items() if digest not in known]
    Source.objects.bulk_create(new, ignore_conflicts=True)
    return {**trace, "functions": [_digest(text) for text in trace["functions"]]}


def _digest(text: dict) -> str:
    return hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()


def _prune(owner) -> None:
    kept = Flight.objects.filter(notebook=owner).order_by("-id").values_list("id", flat=True)
    oldest = list(kept[FLIGHTS_MOST - 1 : FLIGHTS_MOST])
    if oldest:
        Flight.objects.filter(notebook=owner, id__lt=oldest[0]).delete()


def judge(key: uuid.UUID, lessons: list[course.Lesson]) -> None:
    """Grade the predictions that are locked in and tick the goals that are reached, from flights alone."""
    own = Flight.objects.filter(notebook_id=key).exclude(browser=OPENED)
    flights = list(own.defer("trace")) if lessons else []
    for lesson in lessons:
        progress, _ = Progress.objects.get_or_create(notebook_id=key, lesson=lesson.slug)
        _judge(lesson, progress, [flight for flight in flights if flight.id > progress.after_flight])


def _judge(lesson: course.Lesson, progress: Progress, flights: list[Flight]) -> None:
    ticked = set(progress.ticks.values_list("goal", flat=True))
    for goal in lesson.goals:
        if goal.slug not in ticked and goal.reached(course.Evidence(flights)):
            Tick.objects.get_or_create(progress=progress, goal=goal.slug)
    for guess in progress.guesses.filter(observed=""):
        prediction = lesson.prediction(guess.prediction)
        since = [flight for flight in flights if flight.id > guess.after_flight]
        if prediction and (observed := prediction.observe(course.Evidence(since))):
            _grade(guess, prediction, observed)


def _grade(guess: Guess, prediction: course.Prediction, observed: course.Observed) -> None:
    """Keep which choice came true, and for each choice the hop that shows it."""
    guess.observed = observed.choice
    guess.save(update_fields=["observed"])
    found = [(choice, observed.hop(choice.shown_by)) for choice in prediction.choices]
    proofs = [_proof(guess, choice, *where) for choice, where in found if where]
    Proof.objects.bulk_create(proofs, ignore_conflicts=True)  # two tabs may have graded it at the same moment


def _proof(guess: Guess, choice: course.Choice, flight: Flight, hop: Hop) -> Proof:
    title = f"{choice.local} = {hop.values[choice.local]}" if choice.local in hop.values else hop.title
    return Proof(guess=guess, choice=choice.slug, flight=flight, at=hop.at, step=hop.number, title=title[:200])


@transaction.atomic
def lock_in(key: uuid.UUID, lesson: course.Lesson, prediction: course.Prediction, choice: course.Choice) -> Guess:
    """Keep a prediction. The first choice stands: it was made before the run, and is graded by flights after it."""
    owner = notebook.opened(key)
    progress, _ = Progress.objects.get_or_create(notebook=owner, lesson=lesson.slug)
    guess, _ = Guess.objects.get_or_create(
        progress=progress,
        prediction=prediction.slug,
        defaults={"choice": choice.slug, "after_flight": _last_flight(key)},
    )
    return guess


@transaction.atomic
def reset(key: uuid.UUID, lesson: course.Lesson) -> None:
    """Begin a lesson again: no prediction, no tick, and flights up to now count no more. Jars and rows stay."""
    progress, _ = Progress.objects.update_or_create(
        notebook=notebook.opened(key), lesson=lesson.slug, defaults={"after_flight": _last_flight(key)}
    )
    progress.guesses.all().delete()
    progress.ticks.all().delete()


@transaction.atomic
def reset_all(key: uuid.UUID) -> None:
    """Empty the notebook: progress, predictions, simulated browsers, flights. Session rows are Django's and stay."""
    notebook.Notebook.objects.filter(pk=key).delete()


def _last_flight(key: uuid.UUID) -> int:
    newest = Flight.objects.filter(notebook_id=key).order_by("-id").values_list("id", flat=True).first()
    return newest or 0
