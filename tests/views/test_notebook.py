"""The notebook: lock a prediction in, begin again."""

import pytest
from django.urls import reverse

from lessons.models import Guess, Notebook

HTMX = {"HX-Request": "true"}


def guess(client, prediction="slide", choice="to-five", headers=None):
    return client.post(reverse("guess", args=["visits"]), {"prediction": prediction, "choice": choice}, headers=headers)


def test_a_choice_is_locked_in_and_leads_back_to_its_question(learner):
    assert guess(learner.client).headers["Location"] == "/lessons/visits/#predict-slide"
    assert Guess.objects.get().choice == "to-five"


def test_with_htmx_the_locked_question_comes_back(learner):
    text = guess(learner.client, headers=HTMX).text
    assert "Locked in" in text
    assert 'type="radio"' not in text


@pytest.mark.parametrize("choice", ["", "to-seven", "<script>"])
def test_without_a_choice_it_says_so_and_stores_nothing(learner, choice):
    text = guess(learner.client, choice=choice, headers=HTMX).text
    assert "Choose one of the answers first." in text
    assert not Notebook.objects.exists()


@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_a_question_that_is_not_there_leads_back_to_the_lesson(learner, headers):
    assert guess(learner.client, prediction="nothing", headers=headers).headers["Location"] == "/lessons/visits/"
    assert not Notebook.objects.exists()


def test_a_second_choice_changes_nothing(learner):
    guess(learner.client)
    guess(learner.client, choice="to-four")
    assert Guess.objects.get().choice == "to-five"


def test_a_lesson_begins_again(learner):
    guess(learner.client)
    response = learner.client.post(reverse("reset", args=["visits"]))
    assert response.headers["Location"] == "/lessons/visits/"
    assert not learner.standing("visits").started


def test_the_course_begins_again(learner):
    guess(learner.client)
    assert learner.client.post(reverse("reset_all")).headers["Location"] == "/"
    assert not Notebook.objects.exists()
