"""The page of one flight: every hop in order, its place in the address, and only for whose it is."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

HTMX = {"HX-Request": "true"}


@pytest.fixture
def second_visit(learner):
    learner.fly("blue", "visits", "lab:visits")
    return learner.fly("blue", "visits", "lab:visits")


def address(flight):
    return reverse("flight", args=[flight.pk])


def get(learner, flight, headers=None, **query):
    return learner.client.get(address(flight), query, headers=headers)


def test_every_hop_is_listed_in_order_with_its_caption_and_line(learner, second_visit):
    page = get(learner, second_visit).text
    place = 0
    for hop in second_visit.hops("story"):
        assert page.count(f'data-at="{hop.at}"') == 1
        place = page.index(f'data-at="{hop.at}"', place)
        rest = page[place : page.find('data-at="', place + 1)]
        assert html.escape(hop.caption) in rest
        if hop.function and hop.line:
            assert f"{hop.function.file}, line {hop.line}" in rest


def test_it_stands_at_the_event_that_the_address_names(learner, second_visit):
    hop = second_visit.hops("story")[5]
    page = get(learner, second_visit, at=hop.at)
    assert page.context["player"].current.hop == hop
    assert re.search(rf'data-at="{hop.at}"[^>]* aria-current="step"', page.text)
    assert page.text.count('aria-current="step"') == 1


@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
def test_each_zoom_has_its_page(learner, second_visit, zoom):
    page = get(learner, second_visit, zoom=zoom)
    assert page.context["player"].total == len(second_visit.hops(zoom))
    assert page.status_code == 200


def test_back_and_next_are_addresses(learner, second_visit):
    before, here, after = second_visit.hops("story")[3:6]
    page = get(learner, second_visit, at=here.at).text
    links = {kind: re.search(rf'class="[^"]*step-{kind}"[^>]* href="([^"]+)"', page)[1] for kind in ("back", "next")}
    assert links["back"].endswith(f"at={before.at}")
    assert links["next"].endswith(f"at={after.at}")


def test_at_the_ends_there_is_nowhere_further(learner, second_visit):
    first, *_, last = second_visit.hops("story")
    assert 'step-back" data-keep="back" aria-disabled="true"' in get(learner, second_visit, at=first.at).text
    assert 'step-next" data-keep="next" aria-disabled="true"' in get(learner, second_visit, at=last.at).text


@pytest.mark.parametrize(
    "what", ["data:num_visits", "modified", "row", "row:session_data", "header:Set-Cookie", "view"]
)
def test_why_leads_to_the_hop_that_changed_it(learner, second_visit, what):
    last = second_visit.hops("story")[-1]
    response = get(learner, second_visit, at=last.at, why=what)
    assert response.status_code == 302
    there = learner.client.get(response.headers["Location"]).context["player"].current
    assert what in there.tokens or what in there.actors
    assert there.hop.at < last.at


@pytest.mark.parametrize(
    "query",
    [{"zoom": "no"}, {"at": "x"}, {"at": "9" * 400}, {"step": "-5"}, {"only": "no"}, {"why": "no"}, {"why": "é\x00"}],
)
def test_no_query_is_an_error(learner, second_visit, query):
    assert learner.client.get(address(second_visit), query, follow=True).status_code == 200


def test_with_htmx_only_the_player_comes(learner, second_visit):
    response = get(learner, second_visit, headers=HTMX)
    assert response.text.lstrip().startswith("<flight-player")
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_a_functions_source_is_on_the_page_once(learner, second_visit):
    page = get(learner, second_visit, zoom="lines").text
    assert page.count('aria-label="Source of visits"') == 1
    assert page.count('aria-label="Source of SessionMiddleware.process_response"') == 1


def test_a_flight_without_hops_says_so(learner, second_visit):
    second_visit.trace = {}
    second_visit.save()
    response = get(learner, second_visit, at=3, why="row")
    assert response.headers["Location"] == f"{address(second_visit)}?zoom=story"
    assert "recorded without its steps" in get(learner, second_visit).text


def test_nobody_else_sees_it(learner, second_visit):
    assert Client().get(address(second_visit)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(learner, second_visit, method):
    assert getattr(learner.client, method)(address(second_visit)).status_code == 405


@pytest.mark.parametrize("zoom", ["story", "calls", "lines"])
def test_what_a_visitor_wrote_is_text(learner, zoom):
    markup = "<script>alert(1)</script>"
    learner.fly("blue", "browsers", "lab:carry")  # brings the form's token
    page = get(learner, learner.fly("blue", "browsers", "lab:carry", "POST", name=markup), zoom=zoom).text
    assert markup not in page
    assert html.escape(markup) in page
