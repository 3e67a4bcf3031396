"""The lecture's counter, line by line."""

from .flight import line_of

COUNTER, SLIDE = "/lab/visits/", "/lab/visits/slide/"


def fifth(browser):
    """Return the fifth flight of the slide's counter."""
    return [browser.fly(SLIDE) for _ in range(5)][-1]


def test_c38_get_gives_0_when_the_key_is_missing_and_writes_nothing(browser):
    flight = browser.fly("/lab/dict/get/")
    get = flight.the("get")
    assert (get.title, get.result) == (".get('color', 'none')", "'none'")
    assert (get.state.accessed, get.state.modified, get.state.data) == (True, False, {})
    assert flight.verbs == []

    assert browser.fly(COUNTER).the("get").result == "0"


def test_c39_a_stored_4_becomes_5(browser):
    flight = fifth(browser)
    assert flight.the("row-found").state.data == {"num_visits": 4}
    stored = flight.the("set")
    assert line_of(stored) == 'request.session["num_visits"] = num_visits'
    assert (stored.values["num_visits"], stored.state.data) == ("5", {"num_visits": 5})
    assert flight.page == "view count=5"


def test_c40_nothing_stored_becomes_1(browser):
    flight = browser.fly(SLIDE)
    assert flight.before(flight.the("get")).data is None
    assert flight.the("set").state.data == {"num_visits": 1}
    assert flight.page == "view count=1"


def test_c41_so_it_is_1_or_one_more_than_before(browser):
    flights = [browser.fly(SLIDE) for _ in range(7)]
    before = [int(flight.the("get").result) for flight in flights]
    stored = [flight.the("set").state.data["num_visits"] for flight in flights]
    assert before == [0, 1, 2, 3, 4, 0, 1]
    assert stored == [number + 1 for number in before]


def test_c43_del_is_plain_python_that_calls_delitem(browser):
    flight = fifth(browser)
    deleted = flight.the("delete-key")
    assert line_of(deleted) == 'del request.session["num_visits"]'
    (inside,) = flight.ran("SessionBase.__delitem__", "self.modified = True")
    assert inside.at > deleted.at
    assert inside.depth == deleted.depth


def test_c43_del_sets_modified(browser):
    browser.fly("/lab/dict/add/")
    flight = browser.fly("/lab/dict/delete/")
    assert flight.made_true("modified") == [("SessionBase.__delitem__", "self.modified = True")]
    assert line_of(flight.the("delete-key")) == 'del request.session["color"]'


def test_c44_past_4_the_key_is_wiped_out_and_the_row_stays(browser):
    fourth = [browser.fly(SLIDE) for _ in range(4)][-1]
    flight = browser.fly(SLIDE)
    assert flight.verbs == ["SELECT", "UPDATE"]
    row = flight.last.row
    assert (row["exists"], row["session_key"], row["data"]) == (True, browser.key, {})
    assert row["session_data"].startswith("e30:")
    assert row["expire_date"] > fourth.last.row["expire_date"]  # a fresh date
    assert flight.set_cookie.startswith(f"sessionid={fourth.last.key};")


def test_c45_the_count_runs_to_5(browser):
    pages = [browser.fly(SLIDE).page for _ in range(11)]
    assert "".join(page[-1] for page in pages) == "12345123451"


def test_c45_the_local_variable_still_holds_5_when_the_page_is_made(browser):
    flight = fifth(browser)
    made = flight.the("view-returns")
    assert line_of(made) == 'return HttpResponse(f"view count={num_visits}")'
    assert made.values["num_visits"] == "5"
    assert made.state.data == {}


def test_c46_the_number_is_printed_in_the_response_whatever_the_row_holds(browser):
    flight = fifth(browser)
    assert flight.page == "view count=5"
    assert flight.last.row["data"] == {}
