"""`request.session` as a dictionary: what works, what does not, and what marks it as read or changed."""

import json

import django
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.template import engines


def test_c35_it_is_not_a_dict():
    session = SessionStore()
    session["a"] = 1
    assert not isinstance(session, dict)
    assert session != {"a": 1}
    with pytest.raises(TypeError, match="object of type 'SessionStore' has no len"):
        len(session)
    with pytest.raises(KeyError, match="0"):
        list(session)
    with pytest.raises(TypeError, match="unsupported operand"):
        session | {"b": 2}
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(session)
    assert not hasattr(session, "copy")
    assert not hasattr(session, "popitem")


def test_c35_a_template_cannot_loop_over_it_either(visitor):
    template = engines["django"].from_string("{% for key in request.session %}{{ key }}{% endfor %}")
    visit = visitor.get(lambda request: template.render({}, request))
    assert visit.status == 500
    assert repr(visit.error) == "KeyError(0)"


def test_c35_the_labs_show_two_of_these(visitor):
    visitor.get("/lab/dict/add/")
    assert visitor.get("/lab/dict/len/").text.endswith("TypeError: object of type 'SessionStore' has no len()")
    assert visitor.get("/lab/dict/loop/").text.endswith("KeyError: 0")


def test_c35_much_of_a_dict_works():
    session = SessionStore()
    session.update({"a": 1, "b": 2})
    assert dict(session) == {"a": 1, "b": 2}
    assert "a" in session
    assert list(session.keys()) == ["a", "b"]
    assert list(session.items()) == [("a", 1), ("b", 2)]
    assert session.pop("a") == 1
    assert session.setdefault("b", 3) == 2


def test_c35_whether_an_empty_one_is_true_depends_on_the_release():
    if django.VERSION < (6, 1):
        assert bool(SessionStore()) is True
    else:
        assert bool(SessionStore()) is False


def test_c36_keys_are_added_updated_fetched_and_deleted(visitor):
    def view(request):
        session = request.session
        session["color"] = "green"
        added = session.get("color")
        session["color"] = "blue"
        updated = session.get("color")
        del session["color"]
        return added, updated, session.get("color")

    assert visitor.get(view).answer == ("green", "blue", None)


def test_c38_get_with_a_default_gives_0_for_a_missing_key_and_writes_nothing(visitor):
    visit = visitor.get(lambda request: request.session.get("num_visits", 0))
    assert visit.answer == 0
    assert (visit.session.accessed, visit.session.modified) == (True, False)
    assert visit.sql == []


def test_c43_del_is_plain_python_and_sets_modified():
    session = SessionStore()
    session.update({"color": "green"})
    session.modified = False
    del session["color"]
    assert session.modified
    assert dict(session) == {}


# F01: what sets `accessed` and `modified`. Each of these is done to a session {"a": 1} of an earlier request.

NEITHER = {
    "session_key": lambda session: session.session_key,
    "is_empty()": lambda session: session.is_empty(),
    "bool(s)": lambda session: bool(session),
}
ACCESSED = {
    "get": lambda session: session.get("a"),
    "[]": lambda session: session["a"],
    "in": lambda session: "a" in session,
    "keys": lambda session: session.keys(),
    "items": lambda session: session.items(),
    "setdefault on a present key": lambda session: session.setdefault("a", 2),
    "pop of a missing key with default": lambda session: session.pop("b", None),
    "get_expiry_age()": lambda session: session.get_expiry_age(),
    "set_expiry(None) with nothing set": lambda session: session.set_expiry(None),
}
BOTH = {
    "assignment": lambda session: session.__setitem__("a", 2),
    "assignment of the same value": lambda session: session.__setitem__("a", 1),
    "del": lambda session: session.__delitem__("a"),
    "pop of a present key": lambda session: session.pop("a"),
    "setdefault of a new key": lambda session: session.setdefault("b", 2),
    "update": lambda session: session.update({"a": 2}),
    "update with {}": lambda session: session.update({}),
    "set_expiry(n)": lambda session: session.set_expiry(300),
    "cycle_key": lambda session: session.cycle_key(),
    "flush": lambda session: session.flush(),
    "create": lambda session: session.create(),
    "clear": lambda session: session.clear(),
}


def flags_and_sql(visitor, act):
    """Return what the act did to the flags, as the view sees it, and the SQL of the whole request."""
    visitor.get(lambda request: request.session.update({"a": 1}))

    def view(request):
        act(request.session)
        return request.session.accessed, request.session.modified

    visit = visitor.get(view)
    return visit.answer, visit.verbs


@pytest.mark.parametrize("act", NEITHER.values(), ids=NEITHER)
def test_f01_these_set_neither(visitor, act):
    assert flags_and_sql(visitor, act) == ((False, False), [])


@pytest.mark.parametrize("act", ACCESSED.values(), ids=ACCESSED)
def test_f01_these_set_accessed_and_cost_one_select(visitor, act):
    assert flags_and_sql(visitor, act) == ((True, False), ["SELECT"])


@pytest.mark.parametrize("act", BOTH.values(), ids=BOTH)
def test_f01_these_set_both(visitor, act):
    flags, _ = flags_and_sql(visitor, act)
    assert flags == (True, True)


def test_f01_clear_does_not_read_the_row(visitor):
    assert flags_and_sql(visitor, BOTH["clear"]) == ((True, True), ["UPDATE"])
