"""Every prediction is graded by a run, and by nothing else: here are the runs."""

import pytest

from lessons import course, logbook

RUNS = {
    ("http", "second-query"): (
        lambda me: (me.fly("blue", "http", "lab:echo", a="1"), me.fly("blue", "http", "lab:echo")),
        {"empty"},
    ),
    ("http", "zap"): (lambda me: [me.fly("blue", "http", "lab:cookie") for _ in range(3)], {"nothing-42-43"}),
    ("touch", "first-read"): (lambda me: me.fly("blue", "touch", "lab:read"), {"nothing"}),
    ("touch", "key-inside"): (lambda me: me.fly("blue", "touch", "lab:write"), {"none"}),
    ("middleware", "nowhere"): (lambda me: me.fly("blue", "middleware", "/lab/nowhere/"), {"yes"}),
    ("middleware", "untouched"): (
        lambda me: (me.fly("blue", "middleware", "lab:write"), me.fly("blue", "middleware", "lab:ignore")),
        {"zero"},
    ),
    ("middleware", "later-write"): (
        lambda me: [me.fly("blue", "middleware", "lab:write") for _ in range(2)],
        {"select-update"},
    ),
    ("visits", "slide"): (lambda me: [me.fly("blue", "visits", "lab:slide") for _ in range(6)], {"to-five"}),
    ("visits", "row-at-five"): (lambda me: [me.fly("blue", "visits", "lab:slide") for _ in range(5)], {"no-key"}),
    ("visits", "lecture"): (lambda me: [me.fly("blue", "visits", "lab:visits") for _ in range(6)], {"to-four"}),
    ("visits", "len"): (lambda me: me.fly("blue", "visits", "lab:dict_len"), {"error"}),
    ("visits", "cart"): (lambda me: [me.fly("blue", "visits", "lab:nested") for _ in range(3)], {"stops"}),
    ("browsers", "two-browsers"): (
        lambda me: [me.fly(name, "browsers", "lab:visits") for name in ("blue", "blue", "blue", "orange")],
        {"three-one"},
    ),
    ("browsers", "forgetful"): (
        lambda me: [(me.fly("private", "browsers", "lab:visits"), me.forget("private")) for _ in range(3)],
        {"three"},
    ),
    ("table", "recipe"): (
        lambda me: (me.fly("blue", "table", "lab:visits"), me.fly("blue", "table", "lab:recipe")),
        {"error", "rubbish"},  # which of the two depends on the row (C63)
    ),
    ("table", "reading"): (
        lambda me: (me.fly("blue", "table", "lab:visits"), me.fly("blue", "table", "lab:read")),
        {"stays"},
    ),
    ("table", "expired"): (
        lambda me: [me.fly("blue", "table", url_name) for url_name in ("lab:visits", "lab:expire", "lab:visits")],
        {"new-old-stays"},
    ),
    ("login", "key-at-login"): (lambda me: log_in(me), {"moved"}),
    ("login", "row-after-login"): (lambda me: log_in(me), {"id"}),
    ("login", "boom"): (
        lambda me: [me.fly("blue", "login", url_name) for url_name in ("lab:visits", "lab:boom")],
        {"lost"},
    ),
    ("login", "after-logout"): (lambda me: (log_in(me), me.fly("blue", "login", "lab:logout", "POST")), {"none"}),
}


def log_in(me, browser="blue"):
    me.fly(browser, "login", "lab:visits")
    me.fly(browser, "login", "lab:login")
    me.fly(browser, "login", "lab:login", "POST", username="ada", password="lovelace")


ALL = [(lesson, prediction) for lesson in course.LESSONS for prediction in lesson.predictions]


def test_there_is_a_run_for_every_prediction():
    assert set(RUNS) == {(lesson.slug, prediction.slug) for lesson, prediction in ALL}


@pytest.mark.parametrize(("lesson", "prediction"), ALL, ids=lambda each: each.slug)
def test_the_run_decides_which_choice_came_true(learner, lesson, prediction):
    run, outcomes = RUNS[lesson.slug, prediction.slug]
    learner.predict(lesson.slug, prediction.slug, prediction.choices[0].slug)
    assert learner.observed(lesson.slug, prediction.slug) == ""
    run(learner)
    assert learner.observed(lesson.slug, prediction.slug) in outcomes


@pytest.mark.parametrize(("lesson", "prediction"), ALL, ids=lambda each: each.slug)
def test_what_happened_before_the_prediction_does_not_grade_it(learner, lesson, prediction):
    run, _ = RUNS[lesson.slug, prediction.slug]
    run(learner)
    learner.predict(lesson.slug, prediction.slug, prediction.choices[0].slug)
    logbook.judge(learner.notebook.pk, [lesson])
    assert learner.observed(lesson.slug, prediction.slug) == ""


@pytest.mark.parametrize(("lesson", "prediction"), ALL, ids=lambda each: each.slug)
def test_every_choice_says_why(lesson, prediction):
    slugs = [choice.slug for choice in prediction.choices]
    assert len(slugs) == len(set(slugs)) >= 2
    assert all(len(choice.why) > 20 and choice.why.endswith(".") for choice in prediction.choices)
    assert RUNS[lesson.slug, prediction.slug][1] < set(slugs), "something wrong must be on offer"
