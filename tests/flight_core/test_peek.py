"""Looking at values without touching them: whatever a view holds, nothing of it is woken, asked, or run."""

import json
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import mark_safe

from lessons.flight.peek import ITEMS_MOST, plain, said

from .cast import asked, flight_of, flown

METHODS = (
    *("repr", "str", "eq", "ne", "hash", "len", "iter", "getattr", "getattribute", "bool", "format", "contains"),
    *("getitem", "call", "lt", "le", "gt", "ge", "int", "float", "index", "bytes", "sizeof", "dir", "next", "reversed"),
    *(
        "instancecheck",
        "subclasscheck",
        "mro_entries",
        "fspath",
        "enter",
        "exit",
        "get",
        "length_hint",
        "add",
        "missing",
    ),
)
LONG = 100_000


@pytest.fixture
def woken():
    """The names of the methods that somebody has called."""
    return []


@pytest.fixture
def hostile(woken):
    """Return a function that makes a class whose methods all raise, and tell on whoever called them."""

    def make(*bases, metaclass=type, without=()):
        def method(name):
            def call(*args, **kwargs):
                woken.append(name)
                raise RuntimeError(f"{name} was called")

            return call

        names = {f"__{name}__": method(f"__{name}__") for name in METHODS if name not in without}
        strange = property(method("__class__"))
        return metaclass("Hostile", bases, {**names, "__class__": strange, "__dict__": strange, "status_code": strange})

    return make


@pytest.fixture
def strangers(hostile, woken):
    """One of each kind that is not what it seems."""
    meta = hostile(type, without=("call", "getattribute", "getattr"))
    slotted = type.__new__(meta, "Slotted", (), {"__slots__": ()})
    return [
        hostile()(),
        hostile(),
        *(str.__new__(hostile(str), "text"), list.__new__(hostile(list)), dict.__new__(hostile(dict))),
        *(int.__new__(hostile(int), 7), tuple.__new__(hostile(tuple)), bytes.__new__(hostile(bytes), b"bytes")),
        *(set.__new__(hostile(set)), float.__new__(hostile(float), 1.5)),
        slotted,
        object.__new__(slotted),
        type("Answer", (HttpResponse,), {"status_code": property(lambda self: woken.append("status_code"))})(),
    ]


def test_strangers_are_told_by_their_type(strangers, woken):
    for each in strangers:
        assert type(said(each)) is str
        assert type(said([each, {1: each}])) is str
        json.dumps(plain({"a": each}))
    assert woken == []


def test_a_str_that_is_no_plain_str_is_told_as_text(hostile, woken):
    assert said(str.__new__(hostile(str), "text")) == "'text'"
    assert said(mark_safe("<b>")) == "'<b>'"
    assert woken == []


@pytest.mark.usefixtures("way", "no_table")
def test_strangers_in_a_view_are_left_alone(strangers, woken):
    def view(request):
        many = list(strangers)
        first, *others = many
        again = first
        several = dict(enumerate(many))
        return HttpResponse(f"{len(others)} {again is first} {len(several)}")

    response, flight = flown(asked(view))
    assert woken == []
    assert response.content == b"12 True 13"
    assert flight.lines("view")[-1].startswith("return")
    assert flight.values("first") == ["<Hostile>"]


@pytest.mark.usefixtures("way", "no_table")
def test_strangers_as_arguments_and_answers_of_the_session_are_left_alone(strangers, woken):
    def view(request):
        for number, each in enumerate(strangers):
            request.session[str(number)] = each
            request.session.get(str(number), each)
        request.session.pop("1")
        request.session["0"] = None
        request.session.clear()
        return HttpResponse("done")

    response, flight = flown(asked(view))
    assert woken == []
    assert response.content == b"done"
    assert flight.kinds[-1] == "response"


@pytest.mark.usefixtures("way", "no_table")
def test_a_key_of_the_session_that_is_a_stranger_is_left_alone(woken):
    class Key(str):
        def __hash__(self):
            woken.append("hash")
            return str.__hash__(self)

        def __eq__(self, other):
            woken.append("eq")
            return str.__eq__(self, other)

    def view(request):
        request.session["a"] = 1
        held = request.session._session
        key = Key("b")
        held[key] = held.pop("a")
        woken.append("from here")
        one = 1
        two = 2
        woken.append("to here")
        request.session.clear()
        return HttpResponse(one + two)

    response, _ = flown(asked(view))
    assert woken[woken.index("from here") : woken.index("to here")] == ["from here"]
    assert response.content == b"3"


@pytest.mark.usefixtures("way")
@pytest.mark.django_db
def test_what_is_lazy_sleeps_on(woken):
    Session.objects.create(pk="k" * 32, session_data="x", expire_date=datetime.now(timezone.utc))

    def view(request):
        user = request.user
        lazy = SimpleLazyObject(lambda: woken.append("object"))
        text = lazystr(SimpleLazyObject(lambda: woken.append("text")))
        rows = Session.objects.all()
        deferred = Session.objects.defer("session_data").get()
        steps = (woken.append("generator") for _ in "ab")
        things = [user, lazy, text, rows, deferred, steps, map(woken.append, "m"), reversed([1])]
        return HttpResponse(len(things))

    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        response, flight = flown(asked(view))
    assert woken == []
    assert response.content == b"8"
    assert len(asked_for) == 1
    assert flight.values("user") == ["<SimpleLazyObject>"]
    assert flight.kinds.count("select") == 0


def test_how_values_are_told():
    told = {
        None: "None",
        7: "7",
        1.5: "1.5",
        "it's": '"it\'s"',
        b"a\x00": r"b'a\x00'",
        (1,): "(1,)",
        (): "()",
        frozenset(): "frozenset()",
        Decimal("2.5"): "Decimal('2.5')",
        timedelta(1): "datetime.timedelta(days=1)",
        UUID(int=1): "UUID('00000000-0000-0000-0000-000000000001')",
        datetime(2026, 1, 1, tzinfo=timezone.utc): "datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)",
        datetime: "<type datetime>",
        said: "<function said>",
    }
    assert {value: said(value) for value in told} == told
    assert said({"a": [1, {2}]}) == "{'a': [1, {2}]}"
    assert said(HttpResponse(status=404)) == "<HttpResponse 404>"
    assert said(HttpResponseRedirect("/")) == "<HttpResponseRedirect 302>"
    assert said({"password": "lovelace"}) == "{'password': '(not recorded)'}"
    assert said("".join) == "<builtin_function_or_method>"
    assert said(Decimal.quantize) == "<method_descriptor>"
    assert said(HttpResponse().write) == "<method write>"


def test_a_number_that_python_will_not_spell_is_told_by_its_size():
    assert said(10**10_000) == "<int of 33220 bits>"
    assert said(-(10**10_000)) == "<int of 33220 bits>"
    assert json.dumps(plain({"n": 10**10_000}))


def test_a_date_does_not_run_its_strange_time_zone(woken):
    class Zone(tzinfo):
        def __repr__(self):
            woken.append("repr")
            return "zone"

        def utcoffset(self, moment):
            woken.append("utcoffset")
            return timedelta(0)

    moment = datetime(2026, 1, 1, tzinfo=Zone())
    assert said(moment) == "<datetime>"
    assert said(moment.timetz()) == "<time>"
    assert plain([moment]) == ["<datetime>"]
    assert woken == []


def test_a_method_of_a_stranger_is_not_asked_for_its_name(hostile, woken):
    from types import MethodType

    assert said(MethodType(hostile(without=("class",))(), 1)) == "<method>"
    assert woken == []


@pytest.mark.parametrize("tell", [said, plain])
def test_what_holds_itself_is_told_in_a_moment(tell):
    crowd = []
    crowd.extend([crowd] * ITEMS_MOST)
    house = {}
    house.update({f"room{number}": house for number in range(ITEMS_MOST)})
    deep = []
    for _ in range(5000):
        deep = [deep]
    wide = [[[[["x" * LONG] * 100] * 100] * 100] * 100] * 100
    for each in (crowd, house, deep, wide, {"a": wide}, [house] * 100):
        assert len(json.dumps(tell(each))) < 20_000


def test_what_is_left_out_is_counted():
    assert said(list(range(LONG))).endswith(f", … {LONG - ITEMS_MOST} more]")
    assert said("x" * LONG).endswith(f"… ({LONG} characters)")
    assert said(b"x" * LONG).endswith(f"… ({LONG} characters)")
    assert plain({str(number): 1 for number in range(LONG)})["…"] == f"{LONG - ITEMS_MOST} more keys"


def test_half_a_letter_is_no_obstacle():
    """JSON can carry half of a surrogate pair, and UTF-8 cannot."""
    copy = plain({"\ud800": "\ud800", "b": ["é\udfff"]})
    assert json.dumps(copy, ensure_ascii=False).encode()


def test_classes_made_on_the_spot_are_not_kept_alive():
    import gc
    import weakref

    def make():
        return type("Local", (), {})

    kind = make()
    assert said(kind()) == "<Local>"
    watching = weakref.ref(kind)
    del kind
    gc.collect()
    assert watching() is None


@pytest.mark.usefixtures("way", "no_table")
def test_a_huge_number_in_a_view_is_told():
    def view(request):
        number = 10**10_000
        request.session["n"] = 1
        return HttpResponse(number > 0)

    assert flight_of(view).values("number") == ["<int of 33220 bits>"]
