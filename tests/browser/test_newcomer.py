"""A newcomer's whole way: from the first page, through the lessons, to their own row decoded."""

import re

import pytest
from playwright.sync_api import expect


def lock_in(page, prediction, choice):
    page.locator(f"#predict-{prediction} input[value={choice}]").check()
    page.locator(f"#lock-{prediction}").click()
    expect(page.locator(f"#predict-{prediction}")).to_have_class(re.compile("locked"))


def send(page, button, shows):
    """Send a request from your browser and wait until its page and the state beneath are there."""
    page.locator(f"#{button}").click()
    expect(page.frame_locator("iframe[name=lab-page]").locator("body")).to_contain_text(shows)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False), (1920, True)])
def test_the_way_from_the_first_page_to_a_decoded_row(visit, width, dark):
    page = visit(width=width, dark=dark)
    page.goto("/")
    expect(page.get_by_text("Your browser holds no sessionid.")).to_be_visible()
    page.get_by_role("link", name="Start lesson 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HTTP forgets")

    lock_in(page, "zap", "same")
    for shows in ("None", "'42'", "'43'"):
        send(page, "send-get-lab-cookie0", shows)
        expect(page.locator(".jar")).to_contain_text("zap")
    expect(page.locator("#predict-zap .verdict")).to_contain_text("It was nothing, then 42, then 43")
    expect(page.locator("#goals")).to_contain_text("1 of 3")

    page.get_by_role("link", name="Meeting a browser").click()
    lock_in(page, "first-read", "nothing")
    send(page, "send-get-lab-touch-read0", "met is False")
    expect(page.locator("#predict-first-read")).to_have_class(re.compile("right"))
    expect(page.locator(".strip")).to_contain_text("none")

    page.get_by_role("link", name="Before urls.py").click()
    page.get_by_role("link", name="Counting visits").click()
    lock_in(page, "slide", "to-four")
    lock_in(page, "row-at-five", "no-key")
    expect(page.locator("#step-explain")).not_to_have_attribute("open", "")
    for count in (1, 2, 3, 4, 5, 1):
        send(page, "send-get-lab-visits-slide0", f"view count={count}")
        expect(page.locator(".strip .actor-table")).to_contain_text(
            "{}" if count == 5 else f"{{'num_visits': {count}}}"
        )
    expect(page.locator("#predict-slide .verdict")).to_contain_text("It was 1, 2, 3, 4, 5, 1")
    expect(page.locator("#predict-row-at-five")).to_have_class(re.compile("right"))

    held = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    expect(page.locator(".jar")).to_contain_text(held)
    page.locator("#rows").get_by_role("link", name="Inspector").click()
    expect(page.get_by_role("heading", name="Row of your browser")).to_be_visible()
    expect(page.locator(".facts:not(.in-words)")).to_contain_text(held)
    expect(page.locator(".stage-dict")).to_contain_text("{'num_visits': 1}")
    expect(page.locator(".verdict-line")).to_contain_text("Django reads this row: a dict with 1 key.")


def test_back_leads_to_the_page_before_and_sends_nothing_again(visit):
    page = visit()
    page.goto("/")
    page.goto("/lessons/visits/")
    for count in (1, 2, 3):
        send(page, "send-get-lab-visits0", f"view count={count}")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Watch your own session")
    page.go_forward()
    expect(page.locator(".strip .actor-table")).to_contain_text("{'num_visits': 3}")


def test_a_reload_keeps_what_is_known_and_sends_nothing(visit):
    page = visit()
    page.goto("/lessons/visits/")
    send(page, "send-get-lab-visits0", "view count=1")
    page.reload()
    expect(page.locator(".strip .actor-table")).to_contain_text("{'num_visits': 1}")
    expect(page.locator(".page-empty")).to_be_visible()


def test_forgetting_your_browser_takes_its_cookie_and_leaves_the_row(visit):
    page = visit()
    page.goto("/lessons/visits/")
    send(page, "send-get-lab-visits0", "view count=1")
    expect(page.locator(".strip .actor-browser")).to_contain_text("…")
    page.locator("#forget-browser").click()
    expect(page.locator(".strip .actor-browser")).to_contain_text("none")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
    expect(page.locator("#rows")).to_contain_text("held by no browser now")


def test_a_lab_opened_in_a_tab_of_its_own_counts_for_the_lesson(visit):
    page = visit()
    page.goto("/lessons/visits/")
    tab = page.context.new_page()
    for count in (1, 2, 3, 4, 1):
        tab.goto("/lab/visits/")
        expect(tab.locator("body")).to_have_text(f"view count={count}")
    page.reload()
    expect(page.locator("#goals .ticked")).to_have_text(re.compile("Five visits in a row"))


def test_a_form_in_a_lab_page_carries_a_name_to_the_next(visit):
    page = visit()
    page.goto("/lessons/browsers/")
    send(page, "send-get-lab-carry0", "What is your name?")
    frame = page.frame_locator("iframe[name=lab-page]")
    frame.get_by_label("Name").fill("<b>Zoë</b>")
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("heading")).to_have_text("Hello, <b>Zoë</b>")
    expect(page.locator("#goals")).to_contain_text("1 of 3")
    expect(page.locator("#rows")).to_contain_text("<b>Zoë</b>")
