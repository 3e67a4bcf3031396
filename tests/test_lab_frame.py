"""What the lab frame shows of one browser: its last flight, its cookie jar, its rows."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from lessons import course
from lessons.lab_frame import lab_frame
from lessons.notebook import key_of


@pytest.fixture
def frame(learner):
    """Gather the frame of a browser as a page of ours would that this learner asks for now."""

    def gather(browser="blue", lesson="http", **changed):
        request = RequestFactory().get("/")
        request.COOKIES = {name: cookie.value for name, cookie in learner.client.cookies.items()} | changed
        request.notebook_key = key_of(request)
        return lab_frame(request, course.lesson_by_slug(lesson), browser)

    return gather


def changes(frame):
    return {line.name: line.change for line in frame.jar if not line.ours}


def line(frame, name):
    return next(line for line in frame.jar if line.name == name)


def test_a_browser_that_was_nowhere_holds_nothing(frame):
    empty = frame("orange")
    assert (empty.flight, empty.jar, empty.rows, empty.held_key, empty.held_row) == (None, [], [], "", None)
    assert (empty.title, empty.yours) == ("Orange", False)


# What became of each cookie


def test_a_first_cookie_is_new(frame, learner):
    learner.fly("blue", "http", "lab:cookie")
    assert changes(frame()) == {"sakaicar": "new", "zap": "new"}


def test_later_zap_changed_and_sakaicar_was_sent_again(frame, learner):
    for _ in range(2):
        learner.fly("blue", "http", "lab:cookie")
    assert changes(frame()) == {"sakaicar": "sent again", "zap": "changed"}


def test_a_cookie_the_response_says_nothing_of_has_no_mark(frame, learner):
    learner.fly("blue", "http", "lab:cookie")
    learner.fly("blue", "http", "lab:echo")
    assert changes(frame()) == {"sakaicar": "", "zap": ""}


def test_a_cookie_that_was_taken_out_is_still_told(frame, learner):
    learner.fly("blue", "table", "lab:visits")
    key = line(frame(lesson="table"), "sessionid").value
    learner.fly("blue", "table", "lab:expire")
    learner.fly("blue", "table", "lab:read")
    gone = frame(lesson="table")
    assert changes(gone) == {"sessionid": "removed"}
    assert line(gone, "sessionid").value == key
    assert gone.held_key == ""


def test_a_deletion_of_what_was_not_there_is_not_told(frame, learner):
    flight = learner.fly("blue", "http", "lab:echo")
    flight.recording["set_cookies"] = ["sessionid=; Max-Age=0; Path=/"]
    flight.save()
    assert changes(frame()) == {}


# What is known of each


def test_of_a_simulated_browser_all_that_devtools_shows_is_known(frame, learner):
    learner.fly("blue", "visits", "lab:visits")
    sessionid = line(frame(), "sessionid")
    assert (sessionid.path, sessionid.httponly, sessionid.samesite) == ("/", True, "Lax")
    assert sessionid.expires.endswith(" UTC")


def test_zap_lives_until_the_browser_closes(frame, learner):
    learner.fly("blue", "http", "lab:cookie")
    zap = line(frame(), "zap")
    assert (zap.expires, zap.httponly, zap.samesite) == ("Session", False, "")


def test_of_your_browser_it_is_known_from_the_set_cookie_that_brought_it(frame, learner):
    learner.client.get(reverse("lab:visits"))
    learner.client.get(reverse("lab:cookie"))
    jar = frame("yours")
    sessionid, zap, sakaicar = line(jar, "sessionid"), line(jar, "zap"), line(jar, "sakaicar")
    assert (sessionid.path, sessionid.httponly, sessionid.samesite) == ("/", True, "Lax")
    assert (zap.expires, zap.httponly) == ("Session", False)
    assert "GMT" in sessionid.expires
    assert "GMT" in sakaicar.expires
    assert changes(jar) == {"sessionid": "", "zap": "new", "sakaicar": "new"}


def test_of_a_cookie_that_nobody_saw_coming_only_name_and_value_are_known(frame):
    foreign = line(frame("yours", sessionid="k" * 32), "sessionid")
    assert (foreign.value, foreign.path, foreign.expires, foreign.httponly) == ("k" * 32, "", "", None)


def test_of_a_cookie_that_was_changed_by_hand_the_attributes_are_not_known(frame, learner):
    learner.client.get(reverse("lab:cookie"))
    assert line(frame("yours", zap="7"), "zap").path == ""
    assert line(frame("yours"), "zap").path == "/"


def test_a_cookie_that_your_browser_has_not_kept_is_not_in_its_jar(frame, learner):
    learner.client.get(reverse("lab:cookie"))
    del learner.client.cookies["zap"]
    assert changes(frame("yours")) == {"sakaicar": "new"}


def test_the_cookies_of_this_tutorial_come_last_and_are_not_shown(frame, learner):
    learner.client.get(reverse("lab:visits"))
    jar = frame("yours").jar
    assert [line.name for line in jar if line.ours] == [line.name for line in jar[1:]] == ["csrftoken", "notebook"]
    secrets = {learner.client.cookies[name].value for name in ("csrftoken", "notebook")}
    assert not secrets & {line.value for line in jar}


def test_neither_are_they_in_a_simulated_jar(frame, learner):
    learner.fly("blue", "browsers", "lab:carry")
    assert line(frame(), "csrftoken").value.startswith("(")


# Its rows


def test_the_row_of_the_key_in_the_jar_is_found_and_tinted_when_written(frame, learner):
    flight = learner.fly("blue", "visits", "lab:visits")
    told = frame(lesson="visits")
    assert told.held_row.data == {"num_visits": 1}
    assert told.written_key == told.held_row.session_key == flight.session_key
    assert told.held_key == told.held_row.masked_key


def test_reading_tints_no_row(frame, learner):
    learner.fly("blue", "touch", "lab:write")
    learner.fly("blue", "touch", "lab:read")
    assert (frame(lesson="touch").held_row.data, frame(lesson="touch").written_key) == ({"met": True}, "")


def test_rows_of_all_your_browsers_are_told(frame, learner):
    learner.fly("blue", "visits", "lab:visits")
    learner.fly("orange", "visits", "lab:visits")
    assert [row.owners for row in frame().rows] == [("Blue",), ("Orange",)]


def test_the_frame_of_one_browser_knows_nothing_of_anothers_flight(frame, learner):
    learner.fly("orange", "http", "lab:cookie")
    assert (frame("blue").flight, frame("blue").jar) == (None, [])
