"""A learner who does the lessons in order, as "Do" says, reaches every goal; and detours do not mislead the grading."""

from django.contrib.sessions.models import Session

from lessons import course


def test_all_seven_lessons_in_order_with_one_browser(learner):
    me, blue = learner, "blue"
    for lesson in course.LESSONS:
        for prediction in lesson.predictions:
            me.predict(lesson.slug, prediction.slug, prediction.choices[-1].slug)

    me.fly(blue, "http", "lab:echo", a="1")
    me.fly(blue, "http", "lab:echo")
    me.fly(blue, "http", "lab:echo", "POST", a="1")
    me.fly(blue, "http", "lab:echo")
    for _ in range(3):
        me.fly(blue, "http", "lab:cookie")
    me.forget(blue, what="close")
    me.fly(blue, "http", "lab:cookie")

    for url_name in ("lab:ignore", "lab:read", "lab:write", "lab:read"):
        me.fly(blue, "touch", url_name)

    for url_name in ("/lab/nowhere/", "lab:write", "lab:ignore", "lab:read", "lab:write"):
        me.fly(blue, "middleware", url_name)

    me.forget(blue)
    for _ in range(6):
        me.fly(blue, "visits", "lab:slide")
    me.forget(blue)
    for _ in range(6):
        me.fly(blue, "visits", "lab:visits")
    for url_name in (
        "lab:dict_get",
        "lab:dict_add",
        "lab:dict_get",
        "lab:dict_delete",
        "lab:dict_len",
        "lab:dict_loop",
    ):
        me.fly(blue, "visits", url_name)
    me.forget(blue)
    for url_name in ("lab:nested", "lab:nested", "lab:nested", "lab:nested_modified"):
        me.fly(blue, "visits", url_name)

    me.forget(blue)
    me.forget("orange")
    for name in (blue, blue, blue, "orange"):
        me.fly(name, "browsers", "lab:visits")
    for _ in range(3):
        me.fly("private", "browsers", "lab:visits")
        me.forget("private")
    me.fly(blue, "browsers", "lab:carry")
    me.fly(blue, "browsers", "lab:carry", "POST", name="Ada")

    for url_name in ("lab:visits", "lab:recipe", "lab:read", "lab:expire", "lab:visits"):
        me.fly(blue, "table", url_name)

    me.forget(blue)
    for url_name in ("lab:visits", "lab:visits", "lab:login"):
        me.fly(blue, "login", url_name)
    me.fly(blue, "login", "lab:login", "POST", username="ada", password="lovelace")
    me.fly(blue, "login", "lab:boom")
    me.fly(blue, "login", "lab:logout", "POST")
    me.fly(blue, "login", "lab:visits")
    me.fly(blue, "login", "lab:flush")

    for lesson in course.LESSONS:
        standing = me.standing(lesson.slug)
        assert [line.goal.slug for line in standing.goals if not line.ticked] == [], lesson.slug
        assert [slug for slug, asked in standing.asked.items() if not asked.observed] == [], lesson.slug


def test_a_false_start_at_the_counter_is_passed_over(learner):
    learner.predict("visits", "slide", "to-four")
    for _ in range(2):
        learner.fly("blue", "visits", "lab:slide")
    learner.forget("blue")
    for _ in range(6):
        learner.fly("blue", "visits", "lab:slide")
    assert learner.observed("visits", "slide") == "to-five"


def test_numbers_of_two_sessions_are_not_taken_for_one_run(learner):
    learner.predict("visits", "slide", "to-four")
    for _ in range(4):
        learner.fly("blue", "visits", "lab:slide")
    learner.forget("blue")
    for _ in range(2):
        learner.fly("blue", "visits", "lab:slide")
    assert learner.observed("visits", "slide") == ""


def test_a_browser_that_was_closed_between_visits_does_not_grade_the_cookie(learner):
    learner.predict("http", "zap", "same")
    for _ in range(3):
        learner.fly("blue", "http", "lab:cookie")
        learner.forget("blue", what="close")
    assert learner.observed("http", "zap") == ""
    for _ in range(3):
        learner.fly("orange", "http", "lab:cookie")
    assert learner.observed("http", "zap") == "nothing-42-43"


def test_a_write_between_two_reads_is_not_laid_on_the_read(learner):
    learner.predict("table", "reading", "moves")
    for lesson, url_name in (("table", "lab:visits"), ("touch", "lab:write"), ("table", "lab:read")):
        learner.fly("blue", lesson, url_name)
    assert learner.observed("table", "reading") == "stays"


def test_forgetting_after_the_row_expired_does_not_grade_the_expiry(learner):
    learner.predict("table", "expired", "goes-on")
    learner.fly("blue", "table", "lab:visits")
    learner.fly("blue", "table", "lab:expire")
    learner.forget("blue")
    learner.fly("blue", "table", "lab:visits")
    assert learner.observed("table", "expired") == ""


def log_in(me, password="lovelace"):
    me.fly("blue", "login", "lab:login")
    me.fly("blue", "login", "lab:login", "POST", username="ada", password=password)


def test_a_login_that_fails_grades_nothing(learner):
    learner.predict("login", "key-at-login", "same")
    learner.predict("login", "row-after-login", "name")
    learner.fly("blue", "login", "lab:visits")
    log_in(learner, password="wrong")
    assert learner.observed("login", "key-at-login") == learner.observed("login", "row-after-login") == ""
    assert learner.ticked("login") == set()


def test_a_login_without_a_session_shows_nothing_of_keys(learner):
    learner.predict("login", "key-at-login", "same")
    log_in(learner)
    assert learner.observed("login", "key-at-login") == ""


def test_the_same_user_again_keeps_the_key_and_that_is_another_question(learner):
    learner.fly("blue", "login", "lab:visits")
    log_in(learner)
    learner.predict("login", "key-at-login", "same")
    log_in(learner)
    assert learner.observed("login", "key-at-login") == ""


def test_to_log_out_without_being_logged_in_shows_nothing(learner):
    learner.predict("login", "after-logout", "same")
    for url_name in ("lab:visits", "lab:login"):
        learner.fly("blue", "login", url_name)
    learner.fly("blue", "login", "lab:logout", "POST")
    assert learner.observed("login", "after-logout") == ""


def test_carts_of_two_sessions_are_not_taken_for_one(learner):
    learner.predict("visits", "cart", "grows")
    learner.fly("blue", "visits", "lab:nested")
    learner.forget("blue")
    for _ in range(2):
        learner.fly("blue", "visits", "lab:nested")
    assert learner.observed("visits", "cart") == ""


def test_a_write_with_a_key_that_finds_no_row_is_no_later_write(learner):
    learner.predict("middleware", "later-write", "update")
    learner.fly("blue", "middleware", "lab:write")
    Session.objects.all().delete()
    learner.fly("blue", "middleware", "lab:write")
    assert learner.observed("middleware", "later-write") == ""
