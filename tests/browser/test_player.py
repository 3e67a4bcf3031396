"""The player: a flight, stepped through with buttons and keys, at every width, and read without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .test_every_page import overhang, violations

LINES = "?zoom=lines"


@pytest.fixture
def fly():
    """Count two visits as Blue and open the flight of the second."""

    def fly_and_open(page, query=""):
        page.goto("/lessons/visits/?browser=blue")
        for count in (1, 2):
            page.locator("#send-get-lab-visits0").click()
            expect(page.frame_locator("iframe").locator("body")).to_have_text(f"view count={count}")
        number = re.search(r"\d+", page.locator("iframe").get_attribute("src"))[0]
        page.goto(f"/flights/{number}/{query}")
        return f"/flights/{number}/"

    return fly_and_open


def current(page):
    return page.locator(".hop[aria-current=step]")


def title(page):
    return page.locator(".told-title code")


def total(page):
    return int(page.locator(".player-card").get_attribute("data-total"))


# Stepping


def test_it_steps_with_buttons_and_says_what_happens(visit, fly):
    page = visit()
    fly(page)
    expect(title(page)).to_have_text("GET /lab/visits/")
    page.get_by_role("link", name="Next step").click()
    expect(page.locator(".told-number")).to_have_text(f"Step 2 of {total(page)}")
    expect(page.locator("#announcer")).to_have_text(re.compile(rf"Step 2 of {total(page)}\. \w"))
    expect(current(page)).to_have_count(1)
    expect(page.locator(".moment:visible")).to_have_count(1)
    page.get_by_role("link", name="Back").click()
    expect(title(page)).to_have_text("GET /lab/visits/")
    expect(page.get_by_role("link", name="Back")).to_have_attribute("aria-disabled", "true")


def test_on_its_own_page_the_keys_work_at_once(visit, fly):
    page = visit()
    fly(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".told-number b")).to_have_text("2")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".told-number b")).to_have_text("3")


def test_a_link_into_the_lines_and_presenter_mode_keep_the_step_in_sight(visit, fly):
    page = visit(height=800)
    fly(page)
    page.goto(page.url.partition("?")[0] + "?zoom=lines&step=120")
    expect(page.locator(".told-number b")).to_have_text("120")
    expect(current(page)).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("p")
    expect(current(page)).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".moment:visible")).to_be_in_viewport()


def test_it_steps_with_keys_and_keeps_the_focus(visit, fly):
    page = visit()
    fly(page)
    page.get_by_role("link", name="Next step").focus()
    for key, number in [("Space", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", total(page)), ("Home", 1)]:
        page.keyboard.press(key)
        expect(page.locator(".told-number b")).to_have_text(str(number))
        expect(page.get_by_role("link", name="Next step")).to_be_focused()


def test_in_a_lesson_the_keys_are_the_players_only_while_it_has_the_focus(visit, fly):
    page = visit()
    fly(page)
    page.goto("/lessons/visits/?browser=blue")
    number = page.locator(".told-number b")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(number).to_have_text("1")
    page.locator(".hop-scroll").focus()
    page.keyboard.press("ArrowRight")
    expect(number).to_have_text("2")


def test_to_ask_why_where_it_changed_is_answered_and_stays_said(visit, fly):
    page = visit()
    fly(page)
    page.locator(".hop", has_text="['num_visits'] = 2").locator("a").first.click()
    page.locator(".moment:visible .changed").first.press("Enter")
    expect(page.locator("#announcer")).to_have_text("This step changed it.")


def test_only_session_steps_is_offered_where_it_leaves_something_out(visit, fly):
    page = visit()
    fly(page)
    expect(page.locator(".player-tools .only")).to_have_count(0)
    page.get_by_role("link", name="Lines").click()
    expect(page.locator(".player-tools .only")).to_have_count(1)


def test_the_keys_can_be_switched_off(visit, fly):
    page = visit()
    fly(page)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.locator(".hop-scroll").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".told-number b")).to_have_text("1")


def test_the_line_that_runs_is_marked_in_the_real_function(visit, fly):
    page = visit()
    fly(page)
    page.locator(".hop", has_text="['num_visits'] = 2").locator("a").first.click()
    expect(page.locator(".numbered:visible figcaption")).to_contain_text("visits")
    expect(page.locator(".numbered:visible .runs")).to_contain_text('request.session["num_visits"] = num_visits')
    expect(page.locator(".names-now .fresh-value")).to_contain_text("num_visits")
    expect(page.locator(".told-now .difference").first).to_contain_text("'num_visits': 2")


def test_the_scrubber_moves_and_names_its_stop(visit, fly):
    page = visit()
    fly(page)
    scrubber = page.get_by_role("slider", name="Step")
    scrubber.focus()
    page.keyboard.press("End")
    expect(title(page)).to_have_text("200 OK")
    expect(scrubber).to_have_attribute("aria-valuetext", f"Step {total(page)} of {total(page)}: 200 OK")


def test_it_plays_and_stops(visit, fly):
    page = visit()
    fly(page)
    page.get_by_role("button", name="2× speed").click()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".told-number b")).to_have_text("2")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_who_wants_less_motion_gets_no_play(visit, fly):
    page = visit(reduced_motion="reduce")
    fly(page)
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.get_by_role("link", name="Next step")).to_be_visible()


# Its place


def test_a_reload_keeps_the_place(visit, fly):
    page = visit()
    fly(page)
    page.locator(".hop-scroll").focus()
    for _ in range(5):
        page.keyboard.press("Space")
    before = title(page).text_content()
    page.wait_for_url(re.compile(rf"at={current(page).get_attribute('data-at')}$"))
    page.reload()
    expect(title(page)).to_have_text(before)


def test_the_zoom_keeps_the_place_and_the_focus(visit, fly):
    page = visit()
    fly(page)
    page.locator(".hop-scroll").focus()
    for _ in range(7):
        page.keyboard.press("Space")
    at = current(page).get_attribute("data-at")
    for zoom in ("Lines", "Calls", "Story"):
        page.get_by_role("link", name=zoom, exact=True).click()
        expect(page.get_by_role("link", name=zoom, exact=True)).to_have_attribute("aria-current", "true")
        expect(current(page)).to_have_attribute("data-at", at)
        expect(page.get_by_role("link", name=zoom, exact=True)).to_be_focused()


def test_only_session_steps_leaves_the_others_out(visit, fly):
    page = visit()
    fly(page, "?zoom=calls")
    before = total(page)
    page.get_by_role("link", name="Only session steps").click()
    expect(page.get_by_role("link", name=re.compile("Only session steps.*on"))).to_be_visible()
    assert total(page) < before
    assert page.locator(".hop-title", has_text="visits(request)").count() == 0


def test_a_flight_longer_than_a_window_is_stepped_through_to_its_end(visit, fly):
    page = visit()
    page.goto("/lessons/visits/?browser=blue")
    path = fly(page, LINES)
    last = total(page)
    page.locator(".hop-scroll").focus()
    page.keyboard.press("End")
    expect(page.locator(".told-number b")).to_have_text(str(last))
    expect(title(page)).to_have_text("200 OK")
    page.keyboard.press("Home")
    expect(page.locator(".told-number b")).to_have_text("1")
    assert page.url.partition("?")[0].endswith(path)


# Why is this here?


@pytest.mark.parametrize(
    ("what", "leads_to"),
    [
        ("data:num_visits", "['num_visits'] = 2"),
        ("modified", "['num_visits'] = 2"),
        ("row:session_data", "UPDATE"),
        ("header:Set-Cookie", re.compile("Set-Cookie")),
    ],
)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_is_asked_leads_to_the_hop_that_changed_it(visit, fly, what, leads_to, scripts):
    page = visit()
    path = fly(page)
    page.locator(".hop-scroll").focus()
    page.keyboard.press("End")
    page.wait_for_url(re.compile("at="))
    if not scripts:
        cookies, url = page.context.cookies(), page.url
        page = visit(java_script_enabled=False)
        page.context.add_cookies(cookies)
        page.goto(url)
    page.locator(f'.moment:visible [data-why="{what}"]').click()
    expect(title(page)).to_have_text(leads_to)
    assert path in page.url


def test_an_actor_leads_to_where_it_last_took_part(visit, fly):
    page = visit()
    fly(page)
    page.locator(".hop-scroll").focus()
    page.keyboard.press("End")
    page.get_by_role("link", name="Where it last took part: urls.py").click()
    expect(title(page)).to_have_text("visits(request)")


# Without JavaScript


def test_without_javascript_every_hop_is_read_in_order(visit, fly):
    page = visit(java_script_enabled=False)
    fly(page)
    captions = page.locator(".hop .caption")
    assert captions.count() == total(page)
    for place in range(total(page)):
        expect(captions.nth(place)).to_be_visible()
    expect(page.locator(".hop .statement").last).to_contain_text("UPDATE")
    expect(page.locator(".hop", has_text="['num_visits'] = 2").first).to_contain_text("lessons/labs/visits.py, line")
    page.get_by_role("link", name="Next step").click()
    expect(current(page).locator(".hop-title")).to_have_text(title(page).text_content())
    expect(page.locator(".told-number b")).to_have_text("2")
    page.get_by_role("link", name="Lines", exact=True).click()
    expect(current(page)).to_have_count(1)
    for name in ("Play", "Copy address"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


# On every screen


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_nothing_keeps_anybody_out_and_nothing_hangs_over_the_edge(visit, fly, width, dark):
    page = visit(width=width, dark=dark, bypass_csp=True)
    path = fly(page)
    for query in ("", "?at=72", "?zoom=calls&at=72", "?zoom=lines&at=140&only=session"):
        page.goto(path + query)
        assert violations(page) == []
        assert overhang(page) <= 0


def test_on_a_phone_next_and_what_it_does_are_both_in_sight(visit, fly):
    page = visit(width=360, height=740)
    fly(page)
    button = page.get_by_role("link", name="Next step")
    for _ in range(6):
        button.click()
        edge = page.locator(".player-controls").bounding_box()["y"]
        for shown in (title(page), page.locator(".told-now .caption"), current(page)):
            box = shown.bounding_box()
            assert box["y"] + min(box["height"], 40) <= edge
            assert box["y"] >= 0


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_every_control_is_large_enough_for_a_finger(visit, fly, width):
    page = visit(width=width)
    fly(page)
    for control in page.locator(".player-tools a, .player-tools button, .player-controls :is(a, button)").all():
        if control.is_visible():
            box = control.bounding_box()
            assert min(box["width"], box["height"]) >= 43.5, control.text_content()
