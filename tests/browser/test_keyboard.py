"""With the keyboard alone."""

import re

from playwright.sync_api import expect


def tab_to(page, selector, most=120):
    """Press Tab until the focus is on `selector`, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_a_prediction_a_run_and_the_decoded_row(visit):
    page = visit()
    page.goto("/")
    tab_to(page, ".hero .primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("HTTP forgets")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Meeting a browser")
    tab_to(page, "#predict-key-inside input[type=radio]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#lock-key-inside")
    page.keyboard.press("Enter")
    expect(page.locator("#predict-key-inside")).to_have_class(re.compile("locked"))
    tab_to(page, "#send-get-lab-touch-write0")
    page.keyboard.press("Enter")
    expect(page.locator("#predict-key-inside")).to_have_class(re.compile("right"))
    tab_to(page, "#rows .row-list a")
    page.keyboard.press("Enter")
    expect(page.locator(".stage-dict")).to_contain_text("{'met': True}")


def test_the_focus_stays_on_the_button_that_was_pressed(visit):
    page = visit()
    page.goto("/lessons/visits/?browser=blue")
    page.locator("#send-get-lab-visits0").focus()
    for count in (1, 2, 3):
        page.keyboard.press("Enter")
        expect(page.locator(".strip .actor-table")).to_contain_text(f"{{'num_visits': {count}}}")
        expect(page.locator("#send-get-lab-visits0")).to_be_focused()


def test_after_locking_in_the_focus_is_on_the_prediction(visit):
    page = visit()
    page.goto("/lessons/visits/")
    page.locator("#predict-slide input[type=radio]").first.focus()
    page.keyboard.press("Space")
    tab_to(page, "#lock-slide")
    page.keyboard.press("Enter")
    expect(page.locator("#predict-slide")).to_be_focused()


def test_the_skip_link_leads_to_the_content(visit):
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_single_keys_change_theme_and_size_and_can_be_switched_off(visit):
    page = visit()
    page.goto("/")
    root = page.locator("html")
    page.keyboard.press("t")
    expect(root).to_have_attribute("data-theme", "dark")
    page.keyboard.press("p")
    expect(root).to_have_attribute("data-presenter", "")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    expect(root).not_to_have_attribute("data-presenter", "")
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(root).to_have_attribute("data-theme", "dark")


def test_a_letter_typed_into_a_field_is_only_a_letter(visit):
    page = visit()
    page.goto("/inspector/")
    page.get_by_role("textbox", name="Value").fill("")
    page.get_by_role("textbox", name="Value").press_sequentially("tpnb?")
    expect(page.get_by_role("textbox", name="Value")).to_have_value("tpnb?")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_the_divider_moves_with_the_arrow_keys(visit):
    page = visit()
    page.goto("/lessons/http/")
    divider = page.get_by_role("separator", name="Width of the lesson text")
    divider.focus()
    before = page.locator("#lesson").bounding_box()["width"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#lesson").bounding_box()["width"] < before - 20
    page.reload()
    expect(divider).to_have_attribute("aria-valuenow", "40")
