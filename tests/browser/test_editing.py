"""The edit page in a real Chromium: a value is changed, written, read by Django, spoilt, and put back."""

import re

import pytest
from playwright.sync_api import expect

from .test_every_page import overhang, violations


def counted(page):
    """Count two visits as this browser, and open its row to edit it."""
    for _ in range(2):
        page.goto("/lab/visits/slide/")
    page.goto("/inspector/")
    page.goto(page.locator(".row-list .yours a.key").get_attribute("href") + "edit/")
    expect(page.get_by_label("As JSON")).to_have_value('{\n  "num_visits": 2\n}')
    return page


def press(page, name):
    page.get_by_role("button", name=name).click()


def write(page, data):
    page.get_by_label("As JSON").fill(data)
    press(page, "Write it to the row")


def counts(page, number):
    """Send a request as this browser, and read what the counter says."""
    press(page, "Send GET /lab/visits/slide/ as your browser")
    expect(page.frame_locator("iframe").locator("body")).to_have_text(f"view count={number}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_forty_one_visits_are_written_and_the_next_is_the_forty_second(visit, javascript):
    page = counted(visit(java_script_enabled=javascript))
    write(page, '{"num_visits": 41}')
    expect(page.locator("#said")).to_contain_text("Written.")
    counts(page, 42)
    page.get_by_role("link", name="Watch what happened").click()
    expect(page).to_have_url(re.compile(r"/flights/\d+/"))
    expect(page.locator("main")).to_contain_text("41")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_one_character_and_django_reads_an_empty_dict(visit, javascript):
    page = counted(visit(java_script_enabled=javascript))
    press(page, "Flip a character of the payload")
    expect(page.locator("#said")).to_contain_text("nothing was signed again")
    press(page, "See what Django makes of it")
    expect(page.locator(".django-says")).to_contain_text("WARNING django.security.SuspiciousSession")
    expect(page.locator(".django-says pre")).to_have_text("{}")
    press(page, "Write it to the row")
    counts(page, 1)


def test_a_second_tab_is_not_written_over_and_then_it_is(visit):
    page = counted(visit())
    other = page.context.new_page()
    other.goto("/lab/visits/slide/")
    write(page, '{"num_visits": 41}')
    expect(page.locator(".version pre")).to_have_text(["{'num_visits': 2}", "{'num_visits': 3}", "{'num_visits': 41}"])
    expect(page.get_by_label("As JSON")).to_have_value('{"num_visits": 41}')
    press(page, "Write mine over it")
    expect(page.locator("#said")).to_contain_text("Written.")
    counts(page, 42)


def test_theirs_is_taken_by_beginning_again(visit):
    page = counted(visit())
    page.context.new_page().goto("/lab/visits/slide/")
    write(page, '{"num_visits": 41}')
    page.get_by_role("link", name="Take theirs").click()
    expect(page.get_by_label("As JSON")).to_have_value('{\n  "num_visits": 3\n}')


def test_a_write_is_undone(visit):
    page = counted(visit())
    write(page, '{"num_visits": 41}')
    press(page, "Undo the last write")
    expect(page.locator("#said")).to_contain_text("Undone.")
    counts(page, 3)


def test_after_send_the_note_says_that_the_row_may_have_changed_and_the_undo_is_offered(visit):
    page = counted(visit())
    frame = page.locator("iframe")
    expect(frame).to_be_hidden()
    write(page, '{"num_visits": 41}')
    counts(page, 42)
    expect(frame).to_be_visible()
    expect(page.locator("#said")).to_contain_text("The request has run")
    expect(page.locator("#said")).not_to_contain_text("Written.")
    press(page, "Undo the last write")
    expect(page.locator("#said")).to_contain_text("A request has written to the row since your last write")
    press(page, "Undo all the same")
    expect(page.locator("#said")).to_contain_text("Undone")
    expect(page.get_by_label("As JSON")).to_have_value('{\n  "num_visits": 2\n}')
    counts(page, 3)
    page.get_by_role("link", name="Begin again from the row").first.click()
    expect(page.get_by_label("As JSON")).to_have_value('{\n  "num_visits": 3\n}')


def test_without_javascript_the_frame_is_there_and_the_hint_says_what_a_request_does(visit):
    page = counted(visit(java_script_enabled=False))
    expect(page.locator("iframe")).to_be_visible()
    expect(page.locator("#fly")).to_contain_text("deletes the count past 4")


def test_in_front_of_a_class_the_page_that_was_sent_for_can_be_read(visit):
    page = counted(visit(width=1920, height=1080))
    page.keyboard.press("p")
    counts(page, 3)
    assert page.locator("iframe").evaluate("frame => getComputedStyle(frame).zoom") == "1.6"


def test_the_other_stages_follow_while_one_types(visit):
    page = counted(visit())
    field = page.get_by_label("As JSON")
    expect(page.get_by_role("button", name="Follow from here")).to_have_count(0)
    field.fill('{"num_visits": 7}')
    expect(page.locator("#edit-serialized")).to_have_value('{"num_visits":7}')
    expect(page.locator("#edit-payload")).to_have_value("eyJudW1fdmlzaXRzIjo3fQ")
    expect(page.locator("#edit-stored")).to_have_value(re.compile("^eyJudW1fdmlzaXRzIjo3fQ:"))
    expect(page.locator("#announcer")).to_have_text("The other stages followed.")
    page.locator("#edit-payload").fill("e30")
    expect(field).to_have_value("{}")


def test_the_caret_stays_where_one_types(visit):
    page = counted(visit())
    field = page.get_by_label("As JSON")
    field.evaluate("field => { field.focus(); field.setSelectionRange(2, 2) }")
    with page.expect_response("**/_ui/edit/follow/"):
        page.keyboard.type("  ")
    expect(page.locator("#announcer")).to_have_text("The other stages followed.")
    assert field.evaluate("field => [document.activeElement === field, field.selectionStart]") == [True, 4]


def test_what_cannot_be_read_is_said_at_once_and_stays(visit):
    page = counted(visit())
    stored = page.locator("#edit-stored").input_value()
    page.get_by_label("As JSON").fill('{"num_visits": 7')
    expect(page.locator("#note-data")).to_contain_text("This is not JSON")
    expect(page.locator("#announcer")).to_contain_text("This is not JSON")
    expect(page.get_by_label("As JSON")).to_have_value('{"num_visits": 7')
    expect(page.locator("#edit-stored")).to_have_value(stored)


def test_with_the_keyboard_alone_a_value_is_changed_and_written(visit):
    page = counted(visit())
    page.get_by_label("As JSON").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type('{"num_visits": 41}')
    expect(page.locator("#edit-serialized")).to_have_value('{"num_visits":41}')
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Write it to the row":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Written.")
    counts(page, 42)


def test_enter_in_a_field_follows_and_writes_nothing(visit):
    page = counted(visit(java_script_enabled=False))
    page.locator("#edit-timestamp").fill("y")
    page.locator("#edit-timestamp").press("Enter")
    expect(page.locator("#edit-date")).to_have_value("1970-01-01 00:01:00")
    expect(page.locator("#said")).not_to_contain_text("Written")


def test_markup_that_is_typed_stays_text(visit):
    page = counted(visit())
    markup = '{"</textarea><img src=x onerror=alert(1)>": "<script>alert(1)</script>"}'
    page.on("dialog", lambda dialog: pytest.fail("markup ran"))
    page.get_by_label("As JSON").fill(markup)
    expect(page.locator("#edit-serialized")).to_have_value(re.compile("^.{10,}onerror"))
    press(page, "See what Django makes of it")
    expect(page.locator(".django-says pre")).to_contain_text("<script>alert(1)</script>")
    expect(page.get_by_label("As JSON")).to_have_value(markup)
    press(page, "Write it to the row")
    expect(page.locator("#said")).to_contain_text("Written.")
    page.get_by_role("link", name="Begin again").click()
    expect(page.locator("main img, main script")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (360, True), (1280, True), (1920, False)])
def test_a_conflict_and_an_answer_hang_over_no_edge_and_keep_nobody_out(visit, width, dark):
    page = counted(visit(width=width, dark=dark, bypass_csp=True))
    press(page, "Make it a list")
    press(page, "See what Django makes of it")
    assert (overhang(page) <= 0, violations(page)) == (True, [])
    page.context.new_page().goto("/lab/visits/slide/")
    write(page, '{"num_visits": ' + "4" * 300 + "}")
    expect(page.locator(".conflict")).to_be_visible()
    assert (overhang(page) <= 0, violations(page)) == (True, [])
