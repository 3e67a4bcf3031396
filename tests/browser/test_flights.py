"""From the list of flights to two side by side, and a flight that goes out as a file and comes in again."""

import pytest
from playwright.sync_api import expect

from .test_every_page import overhang, violations


def three_visits(page):
    page.goto("/")
    for _ in range(3):
        page.goto("/lab/visits/")
    page.goto("/flights/")


def choose(page, *places):
    """Tick flights by their place in the list, the newest first."""
    for place in places:
        page.locator(".flight-list [type=checkbox]").nth(place).check()
    page.get_by_role("button", name="Compare").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_flights_are_chosen_compared_and_looked_up(visit, javascript):
    page = visit(java_script_enabled=javascript)
    three_visits(page)
    choose(page, 1, 2)
    page.get_by_role("heading", name="Two flights side by side").wait_for()
    assert "only B fetches its row" in page.locator("#summary").inner_text()
    alone = page.locator(".pair.only-b").first
    assert alone.locator(".verdict").inner_text() == "only B"
    assert "SELECT" in alone.locator(".side-b").inner_text()
    alone.locator(".side-b .step").click()
    page.get_by_role("heading", name="What happened").wait_for()
    assert "SELECT" in page.locator("[aria-current=step]").inner_text()


def test_a_flight_goes_out_and_comes_in_again(visit, tmp_path):
    page = visit()
    three_visits(page)
    page.locator(".flight-list .what").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    download.value.save_as(tmp_path / "flight.json")
    other = visit()
    other.goto("/flights/")
    other.get_by_label("The file").set_input_files(tmp_path / "flight.json")
    other.get_by_role("button", name="Open it").click()
    other.get_by_role("heading", name="What happened").wait_for()
    assert "Opened from a file" in other.locator(".flight-head").inner_text()
    other.goto("/flights/")
    assert other.locator(".flight-list .by").all_inner_texts() == ["From a file"]


def test_what_is_no_flight_is_said_and_the_list_stays(visit, tmp_path):
    page = visit()
    three_visits(page)
    (tmp_path / "flight.json").write_text("[" * 100_000)
    page.get_by_label("The file").set_input_files(tmp_path / "flight.json")
    page.get_by_role("button", name="Open it").click()
    assert "Nothing was stored." in page.get_by_role("alert").filter(has_text="file").inner_text()
    assert page.locator(".flight-list li").count() == 3
    visit.complaints.clear()  # Chromium writes each 400 down


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280, 1920])
def test_nothing_keeps_anybody_out(visit, width, dark):
    page = visit(width=width, dark=dark, bypass_csp=True)
    three_visits(page)
    page.goto(f"/lab/echo/?{'long' * 60}")
    page.goto("/flights/?compare=two")
    assert (violations(page), overhang(page)) == ([], 0)
    choose(page, 2, 3)
    for zoom in ("Calls", "Story"):
        page.get_by_role("link", name=zoom, exact=True).click()
        page.wait_for_url(f"**zoom={zoom.lower()}**")
        assert (violations(page), overhang(page)) == ([], 0)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_with_one_tick_the_sentence_is_in_sight_and_the_tick_stays(visit, javascript):
    page = visit(height=500, java_script_enabled=javascript)
    three_visits(page)
    page.goto("/flights/")
    page.locator(".check").last.click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_have_text("Choose two flights to compare.")
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
