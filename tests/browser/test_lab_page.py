"""The page that a simulated browser got, in its frame: it may run nothing and fetch no font, and does not try to."""

from playwright.sync_api import expect


def test_a_refused_form_is_shown_whole_and_nothing_is_complained_about(visit):
    page = visit(width=1280)
    page.goto("/lessons/browsers/?browser=blue#lab")
    page.locator("#send-post-lab-carry1").click()  # without the token, which the page with the form would have brought
    frame = page.frame_locator(".page-area iframe")
    expect(frame.get_by_role("heading")).to_have_text("The form came without its token")
    assert page.locator(".page-area iframe").bounding_box()["height"] >= 7.5 * 16
    page.wait_for_load_state("networkidle")
