"""A flight as a file: it comes back as it was, tells no key, and a hostile one is answered with a sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.flight.story import tell
from lessons.flight.trace import EVENTS_MOST
from lessons.flight_file import BYTES_MOST, NotAFlight, as_file, read

from .flights.flight import Browser

ZOOMS = ["story", "calls", "lines"]


@pytest.fixture
def flights(db):
    """A few flights that differ: a first and a second visit, an exception, a lost change, no session at all."""
    browser = Browser()
    there = [
        "/lab/visits/",
        "/lab/visits/",
        "/lab/boom/",
        "/lab/nested/",
        "/lab/flush/",
        "/lab/nowhere/",
        "/lab/cookie/",
    ]
    return [browser.fly(each) for each in there]


@pytest.fixture
def exported(db):
    """The second visit's file, as data."""
    browser = Browser()
    browser.fly("/lab/visits/")
    flight = browser.fly("/lab/visits/")
    return as_file(flight.recording, flight.trace)


def packed(content) -> bytes:
    return json.dumps(content).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(NotAFlight) as caught:
        read(content)
    return str(caught.value)


def without_time(hops):
    return [(hop.kind, hop.actor_from, hop.actor_to, hop.title, hop.note, hop.caption, hop.line) for hop in hops]


# There and back


@pytest.mark.parametrize("zoom", ["story", "calls"])
def test_a_flight_that_comes_back_tells_the_same(flights, zoom):
    for flight in flights:
        recording, trace = read(packed(as_file(flight.recording, flight.trace)))
        told, again = tell(flight.recording, flight.trace, zoom), tell(recording, trace, zoom)
        assert [hop.kind for hop in again] == [hop.kind for hop in told]
        assert [hop.caption for hop in again] == [hop.caption for hop in told]
        assert [hop.changes for hop in again] == [hop.changes for hop in told]
        assert [sorted(hop.state.jar) for hop in again] == [sorted(hop.state.jar) for hop in told]


def test_the_story_comes_back_to_the_letter(flights):
    for flight in flights[:3]:
        recording, trace = read(packed(as_file(flight.recording, flight.trace)))
        assert without_time(tell(recording, trace)) == without_time(tell(flight.recording, flight.trace))


def test_no_key_stands_in_a_file(db):
    browser = Browser()
    flights = [browser.fly("/lab/visits/"), browser.fly("/lab/visits/"), browser.fly("/lab/flush/")]
    key = flights[1].recording["cookies"]["sessionid"]
    for flight in flights:
        text = json.dumps(as_file(flight.recording, flight.trace))
        assert key not in text
        assert key[:13] not in text
        assert f"{key[:4]}{'-' * 24}{key[-4:]}" in text


def test_a_file_of_a_file_is_the_same_file(exported):
    again = as_file(*read(packed(exported)))
    assert {**again, "recording": {**again["recording"], "id": ""}} == {
        **exported,
        "recording": {**exported["recording"], "id": ""},
    }


def test_a_byte_order_mark_does_no_harm(exported):
    assert read(b"\xef\xbb\xbf" + packed(exported))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=80,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.dictionaries(st.text(max_size=300), VALUES, max_size=100))
def test_whatever_a_session_holds_its_flight_opens_again(db, data):
    def view(request):
        request.session.update(data)
        items = dict(request.session.items())
        return str(len(items))

    flight = Browser().fly(view)
    assert read(packed(as_file(flight.recording, flight.trace)))


@pytest.mark.slow
def test_a_flight_as_long_as_there_can_be_opens_again(db):
    def view(request):
        for number in range(3000):
            request.session[f"key {number}"] = "x" * 100
        return "done"

    flight = Browser().fly(view)
    content = packed(as_file(flight.recording, flight.trace))
    assert read(content)
    assert len(content) < BYTES_MOST / 2


# What is not a flight


HOSTILE = {
    "nothing": (b"", "not JSON"),
    "half a file": (b'{"format": ', "not JSON"),
    "not text": (b"\xff\xfe\x00", "UTF-8"),
    "null": (b"null", "not a flight"),
    "a list": (b"[]", "not a flight"),
    "another format": (b'{"format": []}', "not a flight"),
    "the terminal's JSON": (b'{"flights": []}', "manage.py fly"),
    "a hundred thousand levels": (b"[" * 100_000, "nested"),
    "a number of five thousand digits": (b"9" * 5000, "number"),
    "minus five thousand digits": (b"-" + b"9" * 5000, "number"),
    "infinity": (b"1e999", "number"),
    "NaN": (b"NaN", "number"),
    "a name twice": (b'{"a": 1, "a": 2}', "twice"),
    "half a million values": (b"[" + b"0," * 500_000 + b"0]", "more values"),
    "more than is read": (b" " * (BYTES_MOST + 1), "too large"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_not_a_flight_is_told_in_a_sentence(content, words):
    assert words in refusal(content)


def changed(exported, way, value):
    """Return a file in which what stands at the end of `way` is another value."""
    copy = json.loads(json.dumps(exported))
    inner = copy
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return packed(copy)


@pytest.mark.parametrize("value", [None, [], {}, 0, "", True, [[]], {"a": 1}], ids=repr)
@pytest.mark.parametrize(
    "way",
    [
        ("recording",),
        ("trace",),
        ("recording", "method"),
        ("recording", "cookies"),
        ("recording", "status"),
        ("recording", "headers"),
        ("recording", "set_cookies"),
        ("recording", "session_key"),
        ("trace", "events"),
        ("trace", "events", 3),
        ("trace", "states"),
        ("trace", "states", 2),
        ("trace", "states", 2, "row"),
        ("trace", "functions"),
        ("trace", "functions", 0),
        ("trace", "functions", 0, "actor"),
        ("trace", "functions", 0, "source"),
        ("trace", "functions", 0, "first"),
    ],
    ids=str,
)
def test_another_value_anywhere_opens_or_is_told_in_a_sentence(exported, way, value):
    try:
        recording, trace = read(changed(exported, way, value))
    except NotAFlight:
        return
    assert all(tell(recording, trace, zoom) for zoom in ZOOMS)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("recording", "status"), "200"),
        (("recording", "status"), True),
        (("recording", "status"), 10**17),
        (("recording", "headers"), [["Vary"]]),
        (("recording", "cookies"), {"a": 1}),
        (("recording", "body"), "x" * 20_000),
        (("recording", "set_cookies"), ["a=b"] * 61),
        (("trace", "events"), []),
        (("trace", "events"), [["request", None, 0, 0, 0, None]] * 15_000),
        (("trace", "functions", 0, "actor"), "attacker"),
        (("trace", "functions", 0, "file"), 7),
        (("trace", "states", 3, "data"), "not a dict"),
        (("trace", "states", 3, "data"), {str(number): 1 for number in range(62)}),
        (("trace", "states", 3, "row"), {"session_data": "x" * 200_001}),
        (("trace", "states", 3, "key"), ["a"]),
        (("trace", "events", 5, 5), {"values": {"request": 7}}),
        (("trace", "events", 5, 4), 10**6),
    ],
    ids=lambda part: str(part)[:60],
)
def test_what_no_recorder_writes_is_refused(exported, way, value):
    assert refusal(changed(exported, way, value)).startswith(("The file", "In the file"))


def test_a_half_of_a_surrogate_pair_becomes_something_that_can_be_shown(exported):
    recording, _ = read(changed(exported, ("recording", "reason"), "\ud800 \0"))
    assert recording["reason"].encode() == b"? \0"


def test_what_it_does_not_know_it_leaves_out(exported):
    recording, _ = read(changed(exported, ("recording", "more"), 1))
    assert "more" not in recording
    assert recording["id"] == ""


# What would take for ever


def calling(*functions):
    """Return a trace that calls these functions, each inside the one before, as often as a trace can."""
    depth = len(functions)
    rounds = EVENTS_MOST // (2 * depth)
    calls = [["call", place, 1, 1, 0, {"values": {}}] for place in range(depth)]
    leaves = [["leave", place, 1, 1, 0, {"result": "x"}] for place in reversed(range(depth))]
    return {
        "functions": [{"file": "a.py", "name": name, "actor": actor, "first": 1, "source": source}
                      for name, actor, source in functions],
        "states": [{"key": None, "accessed": None, "modified": None, "data": None, "row": None}],
        "events": [["request", None, 0, 0, 0, None], *(calls + leaves) * rounds, ["response", None, 0, 0, 0, None]],
        "missed": 0,
    }  # fmt: skip


VERDICT = ("SessionMiddleware.process_response", "middleware", "pass")
ENDLESS = {
    "a thousand verdicts": [VERDICT],
    "a thousand headers in verdicts": [VERDICT, ("patch_vary_headers", "http", "pass")],
    "a thousand saves in verdicts": [VERDICT, ("SessionStore.save", "session", "pass")],
    "a source without an end": [("v", "view", "x = 1\n" * 40_000)],
    "as long a source as there is": [("BaseHandler.resolve_request", "urls", "x = 1\n" * 3300)],
    "a thousand loads": [("SessionStore.load", "session", "pass")],
}


@pytest.mark.slow
@pytest.mark.parametrize("functions", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_is_endless_is_refused_or_told_in_no_more_steps_than_it_has_events(exported, functions):
    trace, said, told = calling(*functions), "", []
    try:
        recording, trace = read(packed({**exported, "trace": trace}))
        told = [tell(recording, trace, zoom) for zoom in ZOOMS]
    except NotAFlight as refused:
        said = str(refused)
    assert bool(told) != said.startswith(("The file", "In the file"))
    assert all(len(hops) <= len(trace["events"]) for hops in told)


def test_a_request_passes_the_middleware_once(exported):
    assert "cannot be told" in refusal(packed({**exported, "trace": calling(VERDICT)}))


# Whatever it is

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def ways_into(value, way=()):
    """Yield the way to every value inside of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*way, step)
        yield from ways_into(inner, (*way, step))


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_changed_anywhere_opens_or_is_told_in_a_sentence(exported, data):
    ways = [way for way in ways_into(exported) if way[0] in ("recording", "trace")]
    content = changed(exported, data.draw(st.sampled_from(ways)), data.draw(ANYTHING))
    try:
        recording, trace = read(content)
    except NotAFlight:
        return
    assert all(tell(recording, trace, zoom) for zoom in ZOOMS)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=60) | ANYTHING.map(packed))
def test_no_bytes_at_all_do_anything_worse(content):
    with pytest.raises(NotAFlight):
        read(content)
