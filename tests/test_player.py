"""The player: a window of hops, the place it stands at, and the answer to "why is this here?"."""

from types import SimpleNamespace

import pytest

from lessons.differences import ADDED, KEPT, REMOVED
from lessons.flight.hops import Function, Hop, State
from lessons.player import STOPS_MOST, WINDOW, Moment, Player

KEY = "k1l0" + "x" * 24 + "5s7b"
VISITS = Function("lessons/labs/visits.py", "visits", 6, "def visits(request):\n    return 1\n")
JAR = {"sessionid": KEY}
MADE = State(key=KEY, accessed=False, modified=False, jar=JAR)
LOOKED = State(key=KEY, accessed=True, modified=False, jar=JAR)
ROW = {"exists": True, "session_key": KEY, "session_data": "a", "expire_date": "2030-01-01", "data": {"n": 2}}
FOUND = State(key=KEY, accessed=True, modified=False, data={"n": 2}, row=ROW, jar=JAR)
WRITTEN = State(key=KEY, accessed=True, modified=True, data={"n": 3}, row=ROW, jar=JAR)
NEW_ROW = ROW | {"session_data": "b", "expire_date": "2030-01-02", "data": {"n": 3}}
SAVED = State(key=KEY, accessed=True, modified=True, data={"n": 3}, row=NEW_ROW, jar=JAR)


def hop(at, actor_from, actor_to, title, state, *changes, level="story", kind="call", result="", function=None):
    return Hop(
        0, at, level, 0, kind, actor_from, actor_to, title, "", f"{title}.", function, None, {}, frozenset(), None,
        result, state, changes,
    )  # fmt: skip


STORY = [
    hop(0, "browser", "http", "GET /lab/visits/", State(jar=JAR)),
    hop(4, "middleware", "session", "SessionStore(…)", MADE, "key", "accessed", "modified"),
    hop(21, "middleware", "urls", "resolve", MADE),
    hop(23, "urls", "view", "visits(request)", MADE, function=VISITS),
    hop(25, "view", "session", ".get('n', 0)", LOOKED, "accessed", function=VISITS),
    hop(54, "session", "table", "SELECT", FOUND, "row", "row:session_data", "data:n"),
    hop(72, "view", "session", "['n'] = 3", WRITTEN, "modified", "data:n", function=VISITS),
    hop(212, "session", "table", "UPDATE", SAVED, "row", "row:session_data", "row:expire_date"),
    hop(231, "middleware", "http", "Set-Cookie", SAVED, "header:Set-Cookie"),
    hop(240, "http", "browser", "200 OK", SAVED),
]


def flight(hops=STORY, **recording):
    return SimpleNamespace(pk=7, recording=recording, hops=lambda zoom: hops)


def many(count):
    """Return a flight of `count` hops, two events apart; each tenth belongs to the story."""
    return flight(
        [
            hop(2 * n, "view", "view", f"line {n}", MADE, level="lines" if n % 10 else "story", function=VISITS)
            for n in range(count)
        ]
    )


def titles(steps):
    return [step.hop.title for step in steps]


# Where it stands


@pytest.mark.parametrize(
    ("at", "number"), [(None, 1), (-3, 1), (0, 1), (3, 1), (4, 2), (24, 4), (72, 7), (73, 7), (10**17, 10)]
)
def test_it_stands_at_the_hop_at_an_event_or_the_last_before_it(at, number):
    assert Player(flight(), at=at).current.number == number


def test_it_knows_its_neighbours():
    player = Player(flight(), at=25)
    assert titles([player.previous, player.current, player.next]) == ["visits(request)", ".get('n', 0)", "SELECT"]
    assert Player(flight(), at=0).previous is None
    assert Player(flight(), at=240).next is None


def test_a_flight_without_hops_has_no_place():
    player = Player.asked(flight([]), {"step": "3", "at": "1"})
    assert (player.current, player.window, player.moments, player.why("row")) == (None, [], [], None)


@pytest.mark.parametrize(
    "query",
    [
        {"zoom": "<script>"},
        {"at": "x"},
        {"at": ""},
        {"at": "9" * 5000},
        {"step": "-1"},
        {"step": "x"},
        {"only": "nothing"},
        {"at": "1e5", "zoom": "", "step": "0"},
    ],
)
def test_what_makes_no_sense_in_a_query_is_as_if_it_were_not_there(query):
    player = Player.asked(flight(), query)
    assert (player.zoom, player.only_session, player.total) == ("story", False, 10)
    assert player.current.number in (1, 10)


def test_a_query_is_understood():
    player = Player.asked(flight(), {"zoom": "lines", "at": "25", "only": "session"})
    assert (player.zoom, player.only_session, player.current.hop.title) == ("lines", True, ".get('n', 0)")


@pytest.mark.parametrize(("step", "number"), [("1", 1), ("6", 6), ("99", 10)])
def test_the_scrubber_asks_for_a_number(step, number):
    assert Player.asked(flight(), {"step": step}).current.number == number


def test_several_hops_at_one_event_have_an_address_each():
    hops = [STORY[0], hop(5, "view", "session", "first", MADE), hop(5, "session", "table", "second", MADE), STORY[-1]]
    steps = Player(flight(hops)).steps
    addresses = [Player(flight(hops)).address_of(step).partition("?")[2] for step in steps]
    assert addresses[1:3] == ["zoom=story&at=5&step=2", "zoom=story&at=5&step=3"]
    for step, address in zip(steps, addresses, strict=True):
        query = dict(pair.split("=") for pair in address.split("&"))
        assert Player.asked(flight(hops), query).current.number == step.number


# What it shows


def test_only_session_steps_leaves_out_what_does_not_touch_the_session():
    shown = titles(Player(flight(), only_session=True).steps)
    assert shown == [each.title for each in STORY if each.title != "visits(request)"]


def test_the_numbers_are_those_of_what_is_shown():
    player = Player(flight(), only_session=True, at=23)
    assert [step.number for step in player.steps] == list(range(1, 10))
    assert player.current.hop.title == "resolve"


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [(0, 1, WINDOW), (2000, 1001 - WINDOW // 2, 1000 + WINDOW // 2), (9998, 5001 - WINDOW, 5000)],
)
def test_a_long_flight_is_shown_in_windows(at, first, last):
    player = Player(many(5000), zoom="lines", at=at)
    assert (player.window[0].number, player.window[-1].number) == (first, last)
    assert player.current in player.window
    assert (player.earlier and player.earlier.number) == (first - 1 or None)
    assert (player.later and player.later.number) == (last + 1 if last < 5000 else None)


def test_the_stops_are_the_hops_of_the_story_unless_they_are_too_many():
    assert titles(Player(many(30)).stops) == ["line 0", "line 10", "line 20"]
    assert Player(many(10 * STOPS_MOST + 1)).stops == []


def test_a_function_is_there_once_however_often_it_runs():
    player = Player(flight())
    assert player.functions == [(0, VISITS)]
    assert [step.function for step in player.steps] == [None, None, None, 0, 0, None, 0, None, None, None]


def test_a_state_is_there_once_however_long_it_lasts():
    player = Player(flight())
    assert [step.moment.number for step in player.steps] == [0, 1, 1, 1, 2, 3, 4, 5, 6, 6]
    assert len(player.moments) == 7


def test_a_header_is_shown_from_where_it_was_set_with_what_it_said():
    player = Player(flight(headers=[["Vary", "Cookie"]], set_cookies=["sessionid=a", "zap=42"]), at=231)
    assert player.previous.moment.headers == {}
    assert player.current.moment.headers == {"Set-Cookie": "sessionid=a\nzap=42"}


@pytest.mark.parametrize(
    ("actors", "direction"), [("view session", "onward"), ("table session", "homeward"), ("view view", "alone")]
)
def test_an_arrow_points_onward_to_the_table_or_home_to_the_browser(actors, direction):
    one = hop(0, *actors.split(), "x", MADE)
    assert Player(flight([one])).current.direction == direction


@pytest.mark.parametrize(("depth", "indent"), [(-1, 0), (0, 0), (3, 3), (40, 6)])
def test_it_is_indented_as_deep_as_there_is_room(depth, indent):
    deep = Hop(**{**vars(STORY[3]), "depth": depth})
    assert Player(flight([deep])).current.indent == indent


@pytest.mark.parametrize(
    ("kind", "result", "told"), [("get", "None", "None"), ("set", "None", ""), ("call", "3", "3"), ("call", "", "")]
)
def test_none_is_told_only_where_something_was_asked_for(kind, result, told):
    assert Player(flight([hop(0, "view", "session", "x", MADE, kind=kind, result=result)])).current.gives_back == told


# What changed


def lines(at, title, hops=STORY, **recording):
    parts = Player(flight(hops, **recording), at=at).current.parts
    return [(line.sign, line.name, line.value) for part in parts if part.title == title for line in part.lines]


def test_nothing_changed_before_the_first_hop():
    assert Player(flight()).current.parts == []


def test_the_dict_is_told_with_what_stayed():
    before = State(accessed=True, modified=False, data={"n": 2, "met": True})
    after = State(accessed=True, modified=True, data={"met": True, "n": 3, "<b>": []})
    hops = [hop(0, "view", "session", "a", before), hop(1, "view", "session", "b", after, "data:n")]
    assert lines(1, "request.session", hops) == [
        (REMOVED, "'n'", "2"),
        (ADDED, "'n'", "3"),
        (KEPT, "'met'", "True"),
        (ADDED, "'<b>'", "[]"),
    ]


def test_of_a_large_dict_what_stayed_is_counted():
    before = {f"key{n}": n for n in range(30)}
    hops = [
        hop(0, "view", "session", "a", State(data=before)),
        hop(1, "view", "session", "b", State(data=before | {"key7": 0})),
    ]
    assert lines(1, "request.session", hops) == [
        (REMOVED, "'key7'", "7"),
        (ADDED, "'key7'", "0"),
        (KEPT, "", "29 keys stay as they are"),
    ]


def test_an_empty_dict_that_was_loaded_is_told():
    hops = [hop(0, "view", "session", "a", MADE), hop(1, "view", "session", "b", State(data={}, accessed=True))]
    assert lines(1, "request.session", hops) == [(ADDED, "", "{}")]


def test_the_flags_are_told_when_they_change():
    assert lines(72, "key and flags") == [(REMOVED, "modified", "False"), (ADDED, "modified", "True")]
    assert [name for _, name, _ in lines(4, "key and flags")] == ["key", "accessed", "modified"]


def test_the_row_is_told_column_by_column_and_decoded():
    assert lines(212, "row of django_session") == [
        (REMOVED, "get_decoded()", "{'n': 2}"),  # what matters first, for a low window shows only so much
        (ADDED, "get_decoded()", "{'n': 3}"),
        (REMOVED, "expire_date", "2030-01-01"),
        (ADDED, "expire_date", "2030-01-02"),
        (REMOVED, "session_data", "a"),
        (ADDED, "session_data", "b"),
        (KEPT, "session_key", KEY),
    ]


def test_the_row_shows_its_keys_in_the_order_of_the_dict():
    login = {"num_visits": 3, "_auth_user_id": "1", "_auth_user_hash": "f" * 64}
    row = NEW_ROW | {"data": login}
    moment = Moment(0, 0, State(key=KEY, accessed=True, modified=True, data=login, row=row), {})
    assert next(iter(moment.columns)) == "get_decoded()"
    assert moment.columns["get_decoded()"] == repr(login)
    assert moment.short_columns["get_decoded()"].startswith("{'num_visits': 3, '_auth_user_id': '1', '_auth_user_hash'")
    assert "f" * 30 not in moment.short_columns["get_decoded()"]


def test_a_row_that_is_not_there_is_told():
    missing = State(accessed=True, modified=False, row={"exists": False, "session_key": KEY})
    hops = [hop(0, "view", "session", "a", MADE), hop(1, "session", "table", "SELECT", missing, "row")]
    assert lines(1, "row of django_session", hops) == [(ADDED, "", "no row with this key")]


def test_the_session_cookie_is_told_before_others():
    hops = [STORY[0], hop(1, "http", "browser", "200 OK", State(jar=JAR), "header:Set-Cookie")]
    (line,) = lines(1, "response headers", hops, set_cookies=["csrftoken=a", "sessionid=b", "zap=42"])
    assert line == (ADDED, "Set-Cookie", "sessionid=b\ncsrftoken=a\nzap=42")


def test_the_jar_and_the_headers_are_told():
    hops = [STORY[0], hop(1, "http", "browser", "200 OK", State(jar={"zap": "42"}), "jar:zap", "header:Vary")]
    assert lines(1, "cookie jar", hops) == [(REMOVED, "sessionid", KEY), (ADDED, "zap", "42")]
    assert lines(1, "response headers", hops, headers=[["vary", "Cookie"]]) == [(ADDED, "Vary", "Cookie")]


@pytest.mark.parametrize("value", [float("nan"), "x" * 10_000, [[[[[[[[[[]]]]]]]]]], {"a": {1: 2}}, None])
def test_any_value_can_be_told(value):
    hops = [hop(0, "view", "session", "a", MADE), hop(1, "view", "session", "b", State(data={"n": value}))]
    [(sign, name, said)] = lines(1, "request.session", hops)
    assert (sign, name) == (ADDED, "'n'")
    assert len(said) <= 400


# Why is this here?


@pytest.mark.parametrize(
    ("at", "what", "title"),
    [
        (240, "data:n", "['n'] = 3"),
        (66, "data:n", "SELECT"),
        (240, "modified", "['n'] = 3"),
        (240, "accessed", ".get('n', 0)"),
        (24, "accessed", "SessionStore(…)"),
        (240, "row", "UPDATE"),
        (80, "row", "SELECT"),
        (240, "row:get_decoded()", "UPDATE"),
        (240, "header:Set-Cookie", "Set-Cookie"),
        (240, "urls", "visits(request)"),
        (240, "view", "['n'] = 3"),
        (72, "data:n", "['n'] = 3"),
    ],
)
def test_it_leads_to_the_hop_that_last_changed_it(at, what, title):
    assert Player(flight(), at=at).why(what).hop.title == title


@pytest.mark.parametrize("what", ["data:other", "nonsense", "", "header:Vary", "table"])
def test_where_nothing_changed_it_stays(what):
    assert Player(flight(), at=25).why(what).hop.title == ".get('n', 0)"


# Addresses


def test_the_zooms_keep_the_place():
    player = Player(flight(), zoom="lines", at=60)
    assert [(zoom.slug, zoom.chosen, zoom.address) for zoom in player.zooms] == [
        ("story", False, "/flights/7/?zoom=story&at=60"),
        ("calls", False, "/flights/7/?zoom=calls&at=60"),
        ("lines", True, "/flights/7/?zoom=lines&at=60"),
    ]


def test_only_session_steps_can_be_switched_on_and_off():
    player = Player(flight(), at=25)
    assert player.other_choice == "/flights/7/?zoom=story&only=session&at=25"
    assert Player(flight(), at=25, only_session=True).other_choice == "/flights/7/?zoom=story&at=25"


def test_the_address_of_a_why_carries_any_key():
    player = Player(flight(), at=25)
    assert player.address_of_why("data:a&b=c d", player.current).endswith("at=25&why=data%3Aa%26b%3Dc+d")
