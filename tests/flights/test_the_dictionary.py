"""`request.session` as a dictionary: what sets `accessed`, what sets `modified`, what does neither."""

import django
import pytest
from django.http import HttpResponse

from .flight import line_of

LOOKED = [("SessionBase._get_session", "self.accessed = True")]


def flight_of(browser, use):
    """Fly a view that does one thing with a session in which `a` is stored."""

    def view(request):
        use(request.session)
        return HttpResponse()

    return browser.fly(view)


def store_a(browser):
    flight_of(browser, lambda session: session.update({"a": 1}))


def test_c35_it_is_no_dict_and_a_loop_asks_for_0(browser):
    loop = browser.fly("/lab/dict/loop/")
    assert loop.the("get").title == "[0]"
    assert line_of(loop.the("get")) == "answer = [key for key in request.session]  # noqa: C416"
    assert loop.page == "The loop gives KeyError: 0"

    length = browser.fly("/lab/dict/len/")
    assert length.page.startswith("len gives TypeError")
    assert length.between("view", "view-returns") == []  # len never came to the session


def test_c35_what_works_as_with_a_dict(browser):
    store_a(browser)
    for use in (dict, lambda s: "a" in s, lambda s: s.keys(), lambda s: s.items(), lambda s: s.pop("b", 0)):
        flight = flight_of(browser, use)
        assert flight.the("row-found").state.data == {"a": 1}
        assert flight.last.modified is False


def test_c35_bool_is_asked_of_the_session_on_6_1_and_not_on_5_2(browser):
    flight = flight_of(browser, bool)
    assert flight.between("view", "view-returns") == (["is-empty"] if django.VERSION >= (6, 1) else [])
    assert flight.last.accessed is False


def test_c36_keys_can_be_added_updated_fetched_and_deleted(browser):
    added = browser.fly("/lab/dict/add/").the("set")
    assert (added.title, added.state.data) == ("['color'] = 'green'", {"color": "green"})

    updated = flight_of(browser, lambda session: session.update({"color": "red"}))
    assert updated.all("update")[0].title == ".update({'color': 'red'})"
    assert updated.last.row["data"] == {"color": "red"}

    fetched = browser.fly("/lab/dict/get/").the("get")
    assert fetched.result == "'red'"

    deleted = browser.fly("/lab/dict/delete/").the("delete-key")
    assert (deleted.title, deleted.state.data) == ("del ['color']", {})


def test_c42_assigning_is_all_it_takes_even_the_same_value_again(browser):
    browser.fly("/lab/dict/add/")
    flight = browser.fly("/lab/dict/add/")
    assert flight.the("row-found").state.data["color"] == "green"
    assert flight.made_true("modified") == [("SessionBase.__setitem__", "self.modified = True")]
    assert flight.verbs == ["SELECT", "UPDATE"]
    assert flight.last.row["data"] == {"color": "green"}


def test_c42_a_change_inside_a_stored_list_is_not_noticed(browser):
    browser.fly("/lab/nested/")
    flight = browser.fly("/lab/nested/")
    assert flight.made_true("modified") == []
    assert flight.last.data == {"cart": ["apple", "apple"]}
    assert flight.last.row["data"] == {"cart": ["apple"]}
    assert flight.verbs == ["SELECT"]

    said_so = browser.fly("/lab/nested/modified/")
    assert said_so.made_true("modified") == [("modified", "request.session.modified = True")]
    assert said_so.last.row["data"] == {"cart": ["apple", "apple"]}


NEITHER = {
    "session_key": lambda session: session.session_key,
    "is_empty": lambda session: session.is_empty(),
    "bool": lambda session: bool(session),
}
ACCESSED = {
    "get": lambda session: session.get("a"),
    "[]": lambda session: session["a"],
    "in": lambda session: "a" in session,
    "keys": lambda session: session.keys(),
    "items": lambda session: session.items(),
    "setdefault of a present key": lambda session: session.setdefault("a", 2),
    "pop of a missing key": lambda session: session.pop("b", None),
    "get_expiry_age": lambda session: session.get_expiry_age(),
    "set_expiry(None) with nothing set": lambda session: session.set_expiry(None),
}
BOTH = {
    "assignment": (lambda session: session.__setitem__("b", 1), "__setitem__"),
    "the same value": (lambda session: session.__setitem__("a", 1), "__setitem__"),
    "del": (lambda session: session.__delitem__("a"), "__delitem__"),
    "setdefault of a new key": (lambda session: session.setdefault("b", 2), "__setitem__"),
    "update": (lambda session: session.update({"b": 2}), "update"),
    "update({})": (lambda session: session.update({}), "update"),
    "set_expiry": (lambda session: session.set_expiry(300), "__setitem__"),
    "flush": (lambda session: session.flush(), "clear"),
}


@pytest.mark.parametrize("use", NEITHER.values(), ids=NEITHER)
def test_f01_neither_is_set_and_nothing_is_asked(browser, use):
    store_a(browser)
    flight = flight_of(browser, use)
    assert flight.made_true("accessed") == flight.made_true("modified") == []
    assert flight.statements == []


@pytest.mark.parametrize("use", ACCESSED.values(), ids=ACCESSED)
def test_f01_accessed_is_set_by_the_line_that_gives_the_dict_and_modified_is_not(browser, use):
    store_a(browser)
    flight = flight_of(browser, use)
    assert flight.made_true("accessed") == LOOKED
    assert flight.made_true("modified") == []
    assert flight.verbs == ["SELECT"]


@pytest.mark.parametrize(("use", "method"), BOTH.values(), ids=BOTH)
def test_f01_modified_is_set_by_a_line_of_the_method_that_writes(browser, use, method):
    store_a(browser)
    flight = flight_of(browser, use)
    assert flight.made_true("modified") == [(f"SessionBase.{method}", "self.modified = True")]
    assert flight.last.accessed is True


def test_f01_pop_of_a_present_key_sets_both(browser):
    store_a(browser)
    flight = flight_of(browser, lambda session: session.pop("a"))
    assert flight.made_true("accessed") == LOOKED
    (decides,) = flight.ran("SessionBase.pop", "self.modified = self.modified or key in self._session")
    (following,) = flight.ran("SessionBase.pop", "args = () if default is self.__not_given else (default,)")
    (changed,) = [hop for hop in flight.lines if "modified" in hop.changes and hop.state.modified]
    assert decides.at < changed.at < following.at  # this line asks for the dict first, and then sets the flag
    assert decides.state.modified is False


@pytest.mark.parametrize("use", [lambda session: session.cycle_key(), lambda session: session.create()])
def test_f01_cycle_key_and_create_set_both(browser, use):
    store_a(browser)
    flight = flight_of(browser, use)
    assert flight.made_true("accessed") == LOOKED
    assert flight.made_true("modified") == [("SessionStore.create", "self.modified = True")]


def test_f01_clear_sets_both_and_does_not_read_the_row(browser):
    store_a(browser)
    flight = flight_of(browser, lambda session: session.clear())
    assert flight.made_true("accessed") == [("SessionBase.clear", "self.accessed = True")]
    assert flight.made_true("modified") == [("SessionBase.clear", "self.modified = True")]
    assert flight.verbs == ["UPDATE"]
