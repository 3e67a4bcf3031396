"""Everything works as forms and links where JavaScript is off."""

import re

from playwright.sync_api import expect


def test_a_prediction_is_locked_in_and_graded(visit):
    page = visit(java_script_enabled=False)
    page.goto("/lessons/visits/?browser=blue")
    page.locator("#predict-slide input[value=to-five]").check()
    page.locator("#lock-slide").click()
    expect(page.locator("#predict-slide")).to_have_class(re.compile("locked"))
    page.locator("#tab-blue").click()
    for _ in range(6):
        page.locator("#send-get-lab-visits-slide0").click()
    expect(page.locator("#predict-slide")).to_have_class(re.compile("right"))
    expect(page.frame_locator("iframe").locator("body")).to_have_text("view count=1")


def test_your_browser_sends_into_the_frame(visit):
    page = visit(java_script_enabled=False)
    page.goto("/lessons/visits/")
    page.locator("#send-get-lab-visits0").click()
    expect(page.frame_locator("iframe[name=lab-page]").locator("body")).to_have_text("view count=1")
    page.goto("/lessons/visits/")
    expect(page.locator(".strip .actor-table")).to_contain_text("{'num_visits': 1}")


def test_a_pasted_value_is_decoded(visit):
    page = visit(java_script_enabled=False)
    page.goto("/inspector/")
    page.get_by_role("textbox", name="Value").fill(
        "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:sIow5Ft7d4iGnyzd0EYWcRm7bDgHlQJrd-g51cYloKk"
    )
    page.get_by_role("button", name="Decode").click()
    expect(page.locator(".stage-dict")).to_contain_text("{'num_visits': 3}")
    expect(page.locator(".verdict-line")).to_have_class(re.compile("bad"))


def test_no_control_is_shown_that_does_nothing(visit):
    page = visit(java_script_enabled=False)
    page.goto("/lessons/visits/")
    for name in ("Theme", "Presenter", "Keys"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
