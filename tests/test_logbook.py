"""Writing a flight into the notebook, and what follows from it."""

import json
import uuid

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from lessons import course, lab_frame, logbook
from lessons.flight.recorder import record
from lessons.models import Browser, Flight, Guess, Notebook, Progress, Tick
from lessons.notebook import opened

KEY = uuid.UUID("2f1d0000-0000-4000-8000-000000000000")
VISITS = course.lesson_by_slug("visits")
SLIDE = VISITS.prediction("slide")


@pytest.fixture
def recording():
    return record(RequestFactory().get("/lab/elsewhere/"), lambda request: HttpResponse("seen"))[1]


def lock_in(choice="to-five"):
    return logbook.lock_in(KEY, VISITS, SLIDE, SLIDE.choice(choice))


@pytest.mark.django_db
def test_a_flight_is_kept_as_it_was_recorded(recording):
    flight = logbook.enter(KEY, "blue", recording)
    flight.refresh_from_db()
    assert flight.recording == json.loads(json.dumps(recording.as_dict()))
    assert (flight.browser, flight.row, flight.notebook_id) == ("blue", None, KEY)


@pytest.mark.django_db
def test_a_notebook_keeps_its_last_200_flights(recording, monkeypatch):
    monkeypatch.setattr(logbook, "FLIGHTS_MOST", 3)
    other = logbook.enter(uuid.uuid4(), "blue", recording)
    flights = [logbook.enter(KEY, "blue", recording) for _ in range(5)]
    assert list(Flight.objects.all()) == [other, *flights[2:]]


def test_200_is_the_number():
    assert logbook.FLIGHTS_MOST == 200


@pytest.mark.django_db
def test_a_flight_says_that_the_notebook_is_in_use(recording):
    before = opened(KEY).used
    logbook.enter(KEY, "blue", recording)
    assert Notebook.objects.get().used > before


@pytest.mark.django_db
def test_a_notebook_emptied_meanwhile_is_no_error(recording, monkeypatch):
    monkeypatch.setattr(logbook, "_prune", lambda owner: owner.delete())
    logbook.enter(KEY, "blue", recording)
    assert not Notebook.objects.exists()


@pytest.mark.django_db
def test_a_flight_to_no_lab_of_a_lesson_proves_nothing(recording):
    logbook.enter(KEY, "blue", recording)
    assert not Progress.objects.exists()


@pytest.mark.django_db
def test_the_first_choice_stands():
    lock_in("to-four")
    assert lock_in("to-five").choice == "to-four"


def test_a_prediction_is_graded_by_flights_after_it_only(learner):
    for _ in range(6):
        learner.fly("blue", "visits", "lab:slide")
    learner.predict("visits", "slide", "to-five")
    learner.fly("blue", "visits", "lab:dict_get")
    assert Guess.objects.get().observed == ""


def test_a_graded_prediction_names_the_flight_that_showed_it(learner):
    learner.predict("visits", "len", "number")
    flight = learner.fly("blue", "visits", "lab:dict_len")
    guess = Guess.objects.get()
    assert (guess.choice, guess.observed) == ("number", "error")
    assert {proof.flight for proof in guess.proofs.all()} == {flight}


def test_a_goal_is_ticked_once(learner):
    for _ in range(2):
        learner.fly("blue", "touch", "lab:ignore")
    assert Tick.objects.filter(goal="ignored").count() == 1


def test_after_a_reset_earlier_flights_count_no_more(learner):
    learner.fly("blue", "touch", "lab:ignore")
    logbook.reset(learner.notebook.pk, course.lesson_by_slug("touch"))
    learner.fly("blue", "touch", "lab:write")
    assert learner.ticked("touch") == {"written"}


def test_a_reset_of_one_lesson_leaves_the_others_and_the_jars(learner):
    learner.predict("visits", "slide", "to-five")
    learner.fly("blue", "touch", "lab:write")
    logbook.reset(learner.notebook.pk, course.lesson_by_slug("touch"))
    assert Guess.objects.count() == 1
    assert Browser.objects.get().jar != []


def test_emptying_the_notebook_leaves_nothing_and_can_be_begun_again(learner):
    learner.predict("visits", "slide", "to-five")
    learner.fly("blue", "touch", "lab:write")
    key = learner.notebook.pk
    logbook.reset_all(key)
    assert not any(model.objects.exists() for model in (Notebook, Browser, Flight, Progress, Guess, Tick))
    learner.fly("blue", "touch", "lab:write")
    assert learner.notebook.pk == key


@pytest.mark.django_db
def test_to_reset_what_was_never_begun_makes_nothing():
    logbook.reset(KEY, VISITS)
    logbook.reset_all(KEY)
    assert not Progress.objects.exists()


def test_a_lesson_that_is_reset_twice_is_reset(learner):
    learner.fly("blue", "touch", "lab:write")
    for _ in range(2):
        logbook.reset(learner.notebook.pk, course.lesson_by_slug("touch"))
    assert not learner.standing("touch").started


def test_a_jar_is_kept_in_a_notebook_that_was_emptied_meanwhile(learner):
    learner.fly("blue", "touch", "lab:write")
    key = learner.notebook.pk
    jar = lab_frame.jar_of(key, "blue")
    logbook.reset_all(key)
    lab_frame.keep_jar(key, "blue", jar)
    assert lab_frame.jar_of(key, "blue").get("sessionid")
