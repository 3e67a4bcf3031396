"""The spans of a stage as HTML: where each came from, what lights it, and a stranger's text that stays text."""

import pytest
from django.utils.html import escape

from lessons.session_data.spans import Cell, Link, Span
from lessons.templatetags.stages import all_of, cells, span, spans

MARKUP = "<img src=x onerror=alert(1)>&\"'"
HERE = Link("packed", 3, 6)
KEY = Span("a", HERE, kind="key", pointer="/a")


def test_text_without_a_link_is_text():
    assert spans([Span(MARKUP)], []) == escape(MARKUP)
    assert spans([Span(MARKUP, kind="marker")], []) == f'<span class="marker">{escape(MARKUP)}</span>'


@pytest.mark.parametrize("address", [None, "", "/inspector/row/"])
@pytest.mark.parametrize("pointer", ["", f"/{MARKUP}"])
@pytest.mark.parametrize("named", [True, False])
def test_a_strangers_text_stays_text_wherever_it_stands(address, pointer, named):
    shown = spans([Span(MARKUP, HERE, kind="key", pointer=pointer)], [], address, named=named)
    assert "<img" not in shown
    assert escape(MARKUP) in shown


def test_a_strangers_byte_stays_text():
    shown = cells([Cell(Span("PA==", HERE), (Span("3c", Link("packed", 0, 1), kind="<"),))], [])
    assert "<small>&lt;</small>" in shown
    assert shown.count('class="cell"') == 1


def test_it_says_where_it_came_from_and_where_it_stands_if_that_differs():
    assert span(Span("x", HERE), []) == '<span data-link="packed 3 6">x</span>'
    assert span(Span("x", HERE, unit="byte", first=4, last=6), []) == '<span data-link="packed 3 6">x</span>'
    assert 'data-at="5 8"' in span(Span("x", HERE, unit="payload character", first=5, last=8), [])
    assert "data-at" not in span(Span("x", HERE, first=5, last=8), [])


@pytest.mark.parametrize(
    ("lit", "classes"),
    [
        ([], "key"),
        ([Link("packed", 5, 9)], "key lit"),
        ([Link("packed", 6, 9)], "key"),
        ([Link("json", 0, 1)], "key whole"),
        ([Link("json", 0, 1), Link("packed", 5, 9)], "key lit"),
    ],
    ids=["nothing", "what overlaps", "what is beside", "what all came from", "both"],
)
def test_it_is_lit_by_what_it_came_from(lit, classes):
    assert f'class="{classes}"' in spans([KEY], lit)


def test_a_key_leads_to_the_page_that_lights_it_or_to_its_place_in_the_json():
    assert '<a href="/row/?part=%2Fa#dict" class="key"' in spans([KEY], [], "/row/")
    assert '<a href="#json-3" class="key"' in spans([KEY], [], "")


def test_only_keys_are_named_and_only_where_they_are_led_to():
    value = Span("1", HERE, kind="number")
    assert ['id="json-3"' in spans([each], [], named=True) for each in (KEY, value)] == [True, False]
    assert "id=" not in spans([KEY], [])


def test_a_text_that_came_from_a_whole_line_says_so():
    assert all_of(2026, "timestamp", 6, []) == '<span data-link="timestamp 0 6">2026</span>'
