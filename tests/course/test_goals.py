"""Every goal is ticked by flights alone, and not before."""

import pytest
from django.contrib.sessions.models import Session

from lessons import course
from lessons.models import Flight, Notebook


def http_vanished(me):
    me.fly("blue", "http", "lab:echo", a="1")
    me.fly("blue", "http", "lab:echo")


def http_zap_44(me):
    for _ in range(3):
        me.fly("blue", "http", "lab:cookie")


def http_closed(me):
    me.fly("blue", "http", "lab:cookie")
    me.fly("blue", "http", "lab:cookie")
    me.forget("blue", what="close")
    me.fly("blue", "http", "lab:cookie")


def touch_ignored(me):
    me.fly("blue", "touch", "lab:ignore")


def touch_written(me):
    me.fly("blue", "touch", "lab:write")


def touch_found(me):
    me.fly("blue", "touch", "lab:write")
    me.fly("blue", "touch", "lab:read")


def middleware_no_view(me):
    me.fly("blue", "middleware", "/lab/nowhere/")


def middleware_zero_one_two(me):
    for url_name in ("lab:write", "lab:ignore", "lab:read", "lab:write"):
        me.fly("blue", "middleware", url_name)


def visits_five(me):
    for _ in range(5):
        me.fly("blue", "visits", "lab:slide")


def visits_round(me):
    for _ in range(5):
        me.fly("blue", "visits", "lab:visits")


def visits_dict(me):
    me.fly("blue", "visits", "lab:dict_add")
    me.fly("blue", "visits", "lab:dict_delete")


def browsers_two_keys(me):
    me.fly("blue", "browsers", "lab:visits")
    me.fly("orange", "browsers", "lab:visits")


def browsers_left_behind(me):
    for _ in range(3):
        me.fly("private", "browsers", "lab:visits")
        me.forget("private")


def browsers_carried(me):
    me.fly("blue", "browsers", "lab:carry")
    me.fly("blue", "browsers", "lab:carry", "POST", name="Ada")


def table_recipe(me):
    me.fly("blue", "table", "lab:visits")
    me.fly("blue", "table", "lab:recipe")


def table_reading(me):
    me.fly("blue", "table", "lab:visits")
    me.fly("blue", "table", "lab:read")


def table_expired(me):
    me.fly("blue", "table", "lab:visits")
    me.fly("blue", "table", "lab:expire")
    me.fly("blue", "table", "lab:visits")


def visits_kept(me):
    me.fly("blue", "visits", "lab:nested")
    me.fly("blue", "visits", "lab:nested_modified")


def login_in(me):
    me.fly("blue", "login", "lab:visits")
    me.fly("blue", "login", "lab:login")
    me.fly("blue", "login", "lab:login", "POST", username="ada", password="lovelace")


def login_boom(me):
    me.fly("blue", "login", "lab:boom")


def login_out(me):
    login_in(me)
    me.fly("blue", "login", "lab:logout", "POST")


def login_flushed(me):
    me.fly("blue", "login", "lab:visits")
    me.fly("blue", "login", "lab:flush")


ALL = [(lesson.slug, goal.slug) for lesson in course.LESSONS for goal in lesson.goals]


@pytest.mark.parametrize(("lesson", "goal"), ALL)
def test_a_goal_ticks_itself_when_it_is_reached(learner, lesson, goal):
    run = globals()[f"{lesson}_{goal.replace('-', '_')}"]
    first = course.lesson_by_slug(lesson).requests[0]
    learner.fly("orange", lesson, first.url_name or first.path, **dict(first.fields))
    if (lesson, goal) not in {("touch", "ignored"), ("middleware", "no-view")}:  # one request is all these need
        assert goal not in learner.ticked(lesson)
    run(learner)
    assert goal in learner.ticked(lesson)


def test_reset_takes_a_lesson_back_to_its_beginning_and_leaves_the_others(learner):
    touch_written(learner)
    visits_round(learner)
    learner.predict("touch", "first-read", "nothing")
    learner.client.post("/_ui/notebook/touch/reset/")
    assert learner.ticked("touch") == set()
    assert not learner.standing("touch").started
    assert learner.ticked("visits") == {"round"}


def test_after_a_reset_earlier_flights_count_no_more(learner):
    touch_written(learner)
    learner.client.post("/_ui/notebook/touch/reset/")
    learner.fly("orange", "touch", "lab:ignore")
    assert learner.ticked("touch") == {"ignored"}


def test_emptying_the_notebook_keeps_the_rows_of_django(learner):
    touch_written(learner)
    learner.client.post("/_ui/notebook/reset/")
    assert Notebook.objects.count() == Flight.objects.count() == 0
    assert Session.objects.count() == 1
