"""Each choice of a graded prediction leads to the hop that shows it came true, or that it did not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lessons import course, logbook
from lessons.course.evidence import Evidence, hop_of, observed
from lessons.models import Flight, Guess, Proof

from .test_predictions import ALL, RUNS

# What the learner finds at that hop. It has to be enough to see whether the choice is right.
SHOWN = {
    ("http", "second-query"): {
        "kept": lambda hop: hop.title == "GET /lab/echo/",
        "empty": lambda hop: "'GET': {}" in hop.values["arrived"],
    },
    ("http", "zap"): {
        "nothing-42-43": lambda hop: hop.title == "Set-Cookie: zap=43" and hop.values["zap"] == "'42'",
        "same": lambda hop: hop.title == "Set-Cookie: zap=43",
        "never": lambda hop: hop.state.jar["zap"] == "42",
    },
    ("touch", "first-read"): {
        "cookie-and-row": lambda hop: hop.state.modified is False and hop.state.row is None,
        "cookie": lambda hop: "sessionid" not in hop.state.jar,
        "nothing": lambda hop: hop.state.modified is False and hop.state.row is None,
    },
    ("touch", "key-inside"): {
        "key": lambda hop: hop.title == "SELECT 1" and hop.state.accessed,
        "none": lambda hop: hop.result == "None" and hop.actor_from == "view",
    },
    ("middleware", "nowhere"): {
        "yes": lambda hop: hop.number == 2 and hop.actor_to == "session",
        "no": lambda hop: hop.number == 3 and hop.state.accessed is False,  # there is a session to have flags
    },
    ("middleware", "untouched"): {
        "zero": lambda hop: hop.state.accessed is False and hop.state.data is None,
        "one": lambda hop: hop.state.data is None,
        "two": lambda hop: hop.state.modified is False,
    },
    ("middleware", "later-write"): {
        "update": lambda hop: hop.title == "SELECT",
        "select-update": lambda hop: hop.title == "UPDATE" and hop.state.row["data"] == {"met": True},
        "replace": lambda hop: hop.title == "UPDATE" and hop.state.row["exists"],
    },
    ("visits", "slide"): {
        "to-four": lambda hop: hop.values["num_visits"] == "5",
        "to-five": lambda hop: hop.title == "del ['num_visits']" and hop.values["num_visits"] == "5",
        "on-and-on": lambda hop: hop.state.row["data"] == {},
    },
    ("visits", "row-at-five"): {
        "five": lambda hop: "num_visits" not in hop.state.data,
        "no-key": lambda hop: hop.state.row["data"] == {},
        "no-row": lambda hop: hop.state.row["exists"],
    },
    ("visits", "lecture"): {
        "to-four": lambda hop: hop.state.row["data"] == {"num_visits": 1},
        "to-five": lambda hop: hop.values["num_visits"] == "1",
        "on-and-on": lambda hop: hop.title == "['num_visits'] = 1",
    },
    ("visits", "len"): {
        "number": lambda hop: "TypeError" in hop.values["answer"],
        "error": lambda hop: "TypeError" in hop.values["answer"],
    },
    ("visits", "cart"): {
        "grows": lambda hop: hop.state.modified is False and hop.state.row["data"] == {"cart": ["apple"]},
        "stops": lambda hop: hop.state.modified is False and hop.state.data == {"cart": ["apple", "apple"]},
        "one": lambda hop: hop.state.data == {"cart": ["apple"]},
    },
    ("browsers", "two-browsers"): {
        "shared": lambda hop: hop.state.row["data"] == {"num_visits": 1},
        "three-one": lambda hop: hop.state.data == {"num_visits": 2},
        "per-visit": lambda hop: hop.title == "UPDATE" and hop.state.row["data"] == {"num_visits": 3},
    },
    ("browsers", "forgetful"): {
        "one": lambda hop: hop.title == "SessionStore(None)",
        "three": lambda hop: hop.title == "INSERT",
        "none": lambda hop: hop.note == "no sessionid",
    },
    ("table", "recipe"): {
        "json": lambda hop: "answer" in hop.values,
        "error": lambda hop: "answer" in hop.values,
        "rubbish": lambda hop: "answer" in hop.values,
    },
    ("table", "reading"): {
        "moves": lambda hop: hop.state.modified is False,
        "stays": lambda hop: "expire_date" in hop.state.row,
    },
    ("table", "expired"): {
        "goes-on": lambda hop: "expire_date" in hop.sql.text,
        "new-old-deleted": lambda hop: hop.title == "INSERT",
        "new-old-stays": lambda hop: hop.title == "no such row",
    },
    ("login", "key-at-login"): {
        "same": lambda hop: hop.state.key != hop.state.jar["sessionid"],
        "emptied": lambda hop: hop.state.data == {"num_visits": 1},
        "beside": lambda hop: hop.title == "DELETE",
        "moved": lambda hop: hop.title == ".cycle_key()",
    },
    ("login", "row-after-login"): {
        "cookie": lambda hop: hop.title.startswith("Set-Cookie: sessionid=") and "ada" not in hop.title,
        "name": lambda hop: hop.title.startswith("['_auth_user_id'] = '"),
        "id": lambda hop: "_auth_user_id" in hop.state.row["data"],
    },
    ("login", "boom"): {
        "saved": lambda hop: hop.title == "['score'] = 42" and "score" not in hop.state.row["data"],
        "lost": lambda hop: hop.state.modified and hop.state.row["data"] == {"num_visits": 1},
        "ended": lambda hop: hop.state.row["exists"] and hop.state.jar["sessionid"] == hop.state.key,
    },
    ("login", "after-logout"): {
        "same": lambda hop: hop.title == "DELETE",
        "new": lambda hop: hop.title == 'Set-Cookie: sessionid=""',
        "none": lambda hop: "sessionid" not in hop.state.jar,
    },
}


@pytest.mark.parametrize(("lesson", "prediction"), ALL, ids=lambda each: each.slug)
def test_each_choice_leads_to_the_hop_that_shows_it(learner, lesson, prediction):
    learner.predict(lesson.slug, prediction.slug, prediction.choices[0].slug)
    RUNS[lesson.slug, prediction.slug][0](learner)
    proofs = {proof.choice: proof for proof in Proof.objects.all()}
    assert list(proofs) == [choice.slug for choice in prediction.choices]
    for choice in prediction.choices:
        proof = proofs[choice.slug]
        hop = proof.flight.hops()[proof.step - 1]
        title = f"{choice.local} = {hop.values[choice.local]}"[:200] if choice.local else hop.title
        assert (proof.at, proof.title) == (hop.at, title)
        assert hop.kind == choice.shown_by.partition(" ")[0]
        assert SHOWN[lesson.slug, prediction.slug][choice.slug](hop), (choice.slug, hop)


def graded(learner, choice="key") -> Guess:
    learner.predict("touch", "key-inside", choice)
    learner.fly("blue", "touch", "lab:write")
    return Guess.objects.get()


def test_the_page_leads_from_each_choice_to_its_hop(learner):
    guess = graded(learner)
    page = learner.client.get("/lessons/touch/").text
    for proof in guess.proofs.all():
        address = proof.get_absolute_url().replace("&", "&amp;")
        assert f'href="{address}">See it: step {proof.step}, <code>{proof.title}</code>' in page


def test_the_player_stands_at_that_hop(learner):
    for proof in graded(learner).proofs.all():
        shown = learner.client.get(proof.get_absolute_url()).context["player"]
        assert (shown.flight, shown.current.number, shown.current.hop.title) == (proof.flight, proof.step, proof.title)


def test_where_the_hop_is_called_something_else_the_link_names_the_variable(learner):
    learner.predict("visits", "len", "error")
    learner.fly("blue", "visits", "lab:dict_len")
    said = "&quot;TypeError: object of type &#x27;SessionStore&#x27; has no len()&quot;"
    assert f"<code>answer = {said[:35]}" in learner.client.get("/lessons/visits/").text
    for proof in Proof.objects.all():
        assert f"<dt>answer</dt><dd>{said}" in learner.client.get(proof.get_absolute_url()).text


def test_a_title_that_a_visitor_wrote_is_shown_as_text(learner):
    guess = graded(learner)
    guess.proofs.update(title="<script>alert(1)</script>")
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in learner.client.get("/lessons/touch/").text


def test_when_the_flight_is_not_kept_any_more_the_verdict_stands_without_links(learner):
    graded(learner)
    Flight.objects.all().delete()
    asked = learner.standing("touch").asked["key-inside"]
    assert [(answer.came_true, answer.proof) for answer in asked.answers] == [(False, None), (True, None)]
    page = learner.client.get("/lessons/touch/").text
    assert "It was <strong>None</strong>." in page
    assert "See it" not in page


def test_before_a_run_there_is_no_answer(learner):
    learner.predict("touch", "key-inside", "key")
    assert learner.standing("touch").asked["key-inside"].answers == []


@pytest.mark.parametrize(("lesson", "prediction"), ALL, ids=lambda each: each.slug)
def test_flights_from_before_there_were_hops_do_no_harm(learner, monkeypatch, lesson, prediction):
    monkeypatch.setattr(logbook, "_stored", lambda trace: {})
    learner.predict(lesson.slug, prediction.slug, prediction.choices[0].slug)
    RUNS[lesson.slug, prediction.slug][0](learner)
    assert not Proof.objects.exists()
    assert learner.client.get(lesson.get_absolute_url()).status_code == 200


def queries_about_traces(run) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run()
    return sum('"lessons_flight"."trace"' in query["sql"] for query in queries if query["sql"].startswith("SELECT"))


def judge(learner, lesson="visits"):
    return lambda: logbook.judge(learner.notebook.pk, [course.lesson_by_slug(lesson)])


def test_what_happened_in_a_flight_is_read_only_where_it_may_decide(learner):
    for _ in range(3):
        learner.fly("blue", "visits", "lab:dict_get")
    assert queries_about_traces(judge(learner)) == 0  # nothing is predicted

    learner.predict("visits", "row-at-five", "five")
    for _ in range(4):
        learner.fly("blue", "visits", "lab:slide")
    assert queries_about_traces(judge(learner)) == 0  # none of them said 5

    learner.predict("visits", "len", "number")
    learner.fly("blue", "visits", "lab:dict_len")
    Guess.objects.filter(prediction="len").update(observed="")
    assert queries_about_traces(judge(learner)) == 1  # one decides, for all choices
    assert queries_about_traces(judge(learner)) == 0  # and it is over


def test_a_page_reads_no_trace(learner):
    graded(learner)
    assert queries_about_traces(lambda: learner.standing("touch")) == 0


def test_a_hop_is_named_by_its_kind_and_the_beginning_of_its_title(learner):
    for url_name in ("lab:visits", "lab:login"):
        learner.fly("blue", "login", url_name)
    learner.fly("blue", "login", "lab:login", "POST", username="ada", password="lovelace")
    flight = Flight.objects.get(recording__method="POST")
    sets = [hop for hop in flight.hops() if hop.kind == "set"]
    assert hop_of(flight, "set") == sets[0]
    assert hop_of(flight, "set ['_auth_user_hash']") == sets[2]
    assert hop_of(flight, "clear") is None


def test_a_hop_is_looked_for_in_the_flights_in_order(learner):
    first, second = (learner.fly("blue", "visits", "lab:visits") for _ in range(2))
    seen = observed("x", second, first)
    assert seen.hop("insert") == (first, hop_of(first, "insert"))
    assert seen.hop("set") == (second, hop_of(second, "set"))
    assert seen.hop("flush") is None
    assert observed(None, first) is None


def test_flights_without_hops_are_passed_over(learner, monkeypatch):
    told = learner.fly("blue", "visits", "lab:visits")
    monkeypatch.setattr(logbook, "_stored", lambda trace: {})
    untold = learner.fly("blue", "visits", "lab:visits")
    assert list(Evidence([untold, told]).told()) == [told]
