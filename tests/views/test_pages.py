"""The pages of the course, and what stands there when there is no page."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from lessons import course


@pytest.mark.django_db
def test_home_leads_a_newcomer_to_the_first_lesson(client):
    page = client.get("/").text
    assert "Start lesson 1" in page
    assert [page.count(f'<h3><a href="{lesson.get_absolute_url()}">') for lesson in course.LESSONS] == [1] * len(
        course.LESSONS
    )


@pytest.mark.django_db
def test_home_says_how_long_it_takes(client):
    assert 55 <= sum(lesson.minutes for lesson in course.LESSONS) <= 65
    assert "About an hour." in client.get("/").text


def test_home_leads_on_to_where_you_were(learner):
    learner.predict("http", "zap", "same")
    assert "Continue: HTTP forgets" in learner.client.get("/").text


def test_home_leads_past_what_is_done(learner):
    for url_name in ("lab:ignore", "lab:write", "lab:read"):
        learner.fly("blue", "touch", url_name)
    standings = learner.client.get("/").context["standings"]
    assert [standing.done for standing in standings] == [False, True, False, False, False, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "lesson"), list(enumerate(course.LESSONS)), ids=lambda value: getattr(value, "slug", "")
)
def test_a_lesson_leads_to_its_neighbours(client, place, lesson):
    context = client.get(lesson.get_absolute_url()).context
    slugs = ["", *(lesson.slug for lesson in course.LESSONS), ""]
    assert (getattr(context["before"], "slug", ""), getattr(context["after"], "slug", "")) == (
        slugs[place],
        slugs[place + 2],
    )
    assert context["number"] == place + 1


@pytest.mark.django_db
@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_asks_all_its_predictions_and_shows_all_its_goals(client, lesson):
    page = client.get(lesson.get_absolute_url()).text
    asked = [f'id="predict-{prediction.slug}"' in page for prediction in lesson.predictions]
    assert asked == [True] * len(lesson.predictions)
    assert page.count('class="visually-hidden">Open: </span>') == len(lesson.goals)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["home", "inspector"])
def test_a_page_is_only_read(client, method, name):
    assert getattr(client, method)(reverse(name)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [("/nowhere/", {}, 404), ("/lessons/nothing/", {}, 404), ("/", {"Host": "elsewhere.example.net"}, 400)],
    ids=["no page", "no lesson", "another host"],
)
def test_what_is_wrong_is_said_in_a_sentence_and_no_more(address, headers, status):
    response = Client().get(address, headers=headers)
    assert response.status_code == status
    assert "Traceback" not in response.text
    assert "<h1" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vendor", "says", "says_not"),
    [
        ("sqlite", "sqlite3 db.sqlite3", "DATABASE_URL"),
        ("postgresql", "python start.py manage dbshell", "sqlite3 db.sqlite3"),
    ],
)
def test_the_lesson_on_the_table_names_the_database_there_is(client, monkeypatch, vendor, says, says_not):
    monkeypatch.setattr("lessons.templatetags.lessons.connection", SimpleNamespace(vendor=vendor))
    page = client.get(reverse("lesson", args=["table"])).text
    assert says in page
    assert says_not not in page
