"""Two flights side by side: hops that belong together stand together, and what differs is said."""

import random
from dataclasses import replace

import pytest

from lessons.comparison import HOPS_MOST, compare
from lessons.flight.hops import Hop, State, Statement

from .flights.flight import Browser

NO_SESSION = State()


def hop(kind, title="", sender="view", receiver="session", **more) -> Hop:
    """Return a hop of the story in which nothing has changed, unless said."""
    plain = Hop(
        number=1,
        at=0,
        level="story",
        depth=0,
        kind=kind,
        actor_from=sender,
        actor_to=receiver,
        title=title,
        note="",
        caption="",
        function=None,
        line=None,
        values={},
        fresh=frozenset(),
        sql=None,
        result="",
        state=NO_SESSION,
        changes=(),
    )
    return replace(plain, **more)


def assigned(name, value):
    return hop("set", f"[{name!r}] = {value!r}", state=State(data={name: value}), changes=(f"data:{name}",))


def statement(kind, text):
    sql = Statement(f'{text} "django_session"', [], text, 0.1)
    return hop(kind, text, "session", "table", sql=sql)


def marks(left, right) -> list[str]:
    return [pair.mark for pair in compare(left, right).pairs]


def said(pair) -> dict[str, tuple[str, str]]:
    return {each.what: (each.left, each.right) for each in pair.differences}


# By hand


def test_nothing_beside_nothing():
    assert compare([], []).pairs == ()
    assert compare([], []).summary == "The same 0 steps in both; nothing that matters differs."


def test_a_flight_beside_itself_is_the_same():
    hops = [hop("view", "visits(request)"), assigned("num_visits", 1), hop("response", "200 OK")]
    assert marks(hops, hops) == ["same"] * 3
    assert compare(hops, hops).summary == "The same 3 steps in both; nothing that matters differs."


def test_a_hop_that_only_one_has_stands_alone_in_its_place():
    get, set_ = hop("get", ".get('a')"), assigned("a", 1)
    assert marks([get, set_], [get, statement("select", "SELECT"), set_]) == ["same", "only-b", "same"]
    assert marks([get, statement("select", "SELECT"), set_], [get, set_]) == ["same", "only-a", "same"]
    summary = compare([get, set_], [get, statement("select", "SELECT"), set_]).summary
    assert summary == "2 steps in both; only B fetches its row."


def test_another_value_is_the_same_hop_and_a_difference():
    (pair,) = compare([assigned("num_visits", 1)], [assigned("num_visits", 2)]).pairs
    assert said(pair) == {"num_visits": ("1", "2")}


def test_an_insert_stands_beside_an_update():
    (pair,) = compare([statement("insert", "INSERT")], [statement("update", "UPDATE")]).pairs
    assert said(pair) == {"statement": ("INSERT", "UPDATE")}
    summary = compare([statement("insert", "INSERT")], [statement("update", "UPDATE")]).summary
    assert summary == "The same 1 step in both; A makes a new row where B writes its row anew."


def test_what_titles_show_need_not_be_told_again():
    (pair,) = compare([statement("insert", "INSERT")], [statement("update", "UPDATE")]).pairs
    assert pair.out_of_sight == []
    (pair,) = compare([assigned("a", 1)], [assigned("a", 2)]).pairs
    assert pair.out_of_sight == list(pair.differences)


def test_the_method_update_is_not_the_statement_update():
    method = hop("update", ".update({'a': 1})")
    assert marks([method], [statement("insert", "INSERT")]) == ["only-a", "only-b"]


def test_the_same_on_another_key_stands_beside_it():
    (pair,) = compare([hop("get", ".get('a')")], [hop("get", ".get('b')")]).pairs
    assert said(pair) == {"step": (".get('a')", ".get('b')")}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SessionStore('abcd…wxyz')", "SessionStore('1234…7890')"),
        ("exists('abcdefghijklmnopqrstuvwxyz012345')", "exists('zyxwvutsrqponmlkjihgfedcba543210')"),
        ("expires 1796750363.9936426", "expires 1796750364.047063"),
        ("Tue, 08 Dec 2026 17:19:23 GMT", "Wed, 09 Dec 2026 07:19:23 GMT"),
    ],
)
def test_what_varies_by_nature_is_no_difference(ours, theirs):
    assert marks([hop("call", ours)], [hop("call", theirs)]) == ["same"]


def test_a_key_beside_none_is_a_difference_and_beside_another_key_it_is_none():
    def made(key):
        return hop("session-made", f"SessionStore({key})", state=State(key=key), changes=("key",) if key else ())

    assert marks([made("abcd" * 8)], [made("wxyz" * 8)]) == ["same"]
    (pair,) = compare([made(None)], [made("wxyz" * 8)]).pairs
    assert said(pair) == {"key": ("None", "a key")}


def test_what_was_so_before_is_told_apart_from_what_becomes_so():
    looks = hop("get", ".get('a')", state=State(accessed=True), changes=("accessed",))
    again = hop("get", ".get('a')", state=State(accessed=True))
    (pair,) = compare([looks], [again]).pairs
    assert said(pair) == {"accessed": ("True", "True, as before")}


def test_at_most_four_things_are_named_and_in_full():
    def told(*names):
        left, right = State(data=dict.fromkeys(names, 1)), State(data=dict.fromkeys(names, 2))
        changes = tuple(f"data:{name}" for name in names)
        return compare([hop("set", state=left, changes=changes)], [hop("set", state=right, changes=changes)]).summary

    assert told("a", "b", "c", "d").endswith("not the same: a, b, c and d.")
    assert told("a", "b", "c", "d", "e").endswith("not the same: a, b, c and d, among other things.")


def test_a_cookie_that_goes_is_gone():
    kept = hop("response", "200 OK", state=State(jar={"sessionid": "a" * 32}))
    lost = hop("response", "200 OK", state=State(jar={}), changes=("jar:sessionid",))
    (pair,) = compare([kept], [lost]).pairs
    assert said(pair) == {"cookie sessionid": ("a key, as before", "gone")}


def test_another_result_is_a_difference():
    (pair,) = compare([hop("get", ".get('a')", result="0")], [hop("get", ".get('a')", result="1")]).pairs
    assert said(pair) == {"gives back": ("0", "1")}


def test_another_reason_alone_is_a_difference_without_words_of_its_own():
    (pair,) = compare([hop("vary", caption="It read.")], [hop("vary", caption="It was deleted.")]).pairs
    assert (pair.mark, pair.differences) == ("differs", ())


def test_too_many_hops_are_counted_and_left_out():
    many = [hop("get", f".get('{place}')") for place in range(HOPS_MOST + 7)]
    comparison = compare(many, many[:-1])
    assert (len(comparison.pairs), comparison.left_out) == (HOPS_MOST, 13)


@pytest.mark.parametrize("kinds", [1, 2, 5, 500])
def test_as_many_hops_as_are_compared_are_all_there(kinds):
    dice = random.Random(kinds)
    left, right = ([hop("call", f"f{dice.randrange(kinds)}()") for _ in range(HOPS_MOST)] for _ in range(2))
    comparison = compare(left, right)
    assert [pair.left for pair in comparison.pairs if pair.left] == left
    assert [pair.right for pair in comparison.pairs if pair.right] == right


# Real flights


@pytest.fixture
def visits(db):
    """The first three visits of one browser, at the counter."""
    browser = Browser()
    return [browser.fly("/lab/visits/") for _ in range(3)]


def test_two_first_visits_are_the_same(visits):
    other = Browser().fly("/lab/visits/")
    for zoom in ("story", "calls"):
        comparison = compare(getattr(visits[0], zoom), getattr(other, zoom))
        assert {pair.mark for pair in comparison.pairs} == {"same"}


def test_a_second_visit_stands_beside_a_third_step_by_step(visits):
    comparison = compare(visits[1].story, visits[2].story)
    assert {pair.mark for pair in comparison.pairs} == {"same", "differs"}
    written = next(pair for pair in comparison.pairs if pair.left.kind == "set")
    assert said(written) == {"num_visits": ("2", "3")}


def test_a_first_visit_beside_a_second(visits):
    comparison = compare(visits[0].story, visits[1].story)
    only_a = {pair.left.kind for pair in comparison.pairs if pair.mark == "only-a"}
    only_b = {pair.right.kind for pair in comparison.pairs if pair.mark == "only-b"}
    assert (only_a, only_b) == ({"key-free"}, {"select", "row-found"})
    assert "only A asks whether a new key is free; only B fetches its row" in comparison.summary
    assert "A makes a new row where B writes its row anew" in comparison.summary


def test_an_exception_stands_where_the_other_answers(db):
    browser = Browser()
    fine, failed = browser.fly("/lab/visits/"), browser.fly("/lab/boom/")
    comparison = compare(fine.story, failed.story)
    swapped = {(pair.left.kind, pair.right.kind) for pair in comparison.pairs if pair.mark == "differs"}
    assert {("view-returns", "exception")} <= swapped
    assert "A gets through the view where B ends in an exception" in comparison.summary
