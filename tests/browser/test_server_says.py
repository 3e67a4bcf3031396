"""What a learner sees when a request is refused, and when the server has stopped."""

from playwright.sync_api import expect


def test_a_refused_request_is_said_and_not_swallowed(visit):
    page = visit()
    page.goto("/lessons/visits/")
    page.context.clear_cookies(name="csrftoken")
    page.locator("#predict-slide input[type=radio]").first.check()
    page.locator("#lock-slide").click()
    expect(page.get_by_role("alert")).to_contain_text("The server refused that request.")
    page.reload()
    page.locator("#predict-slide input[type=radio]").first.check()
    page.locator("#lock-slide").click()
    expect(page.locator("#predict-slide .chosen")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert all("403" in complaint for complaint in visit.complaints)
    visit.complaints.clear()  # the console says it too, as it should


def test_a_server_that_is_gone_is_said_until_it_answers_again(visit):
    page = visit()
    page.goto("/lessons/visits/?browser=blue")
    page.context.set_offline(True)
    page.locator("#send-get-lab-visits0").click()
    bar = page.get_by_text("This server does not answer.")
    expect(bar).to_be_visible()
    page.context.set_offline(False)
    expect(bar).to_be_hidden()
    page.locator("#send-get-lab-visits0").click()
    expect(page.locator(".strip .actor-table")).to_contain_text("{'num_visits': 1}")
    visit.complaints.clear()  # the console says it too, as it should


def test_presenter_mode_can_be_left_without_a_keyboard(visit):
    page = visit(width=360, has_touch=True)
    page.goto("/lessons/visits/")
    page.get_by_role("button", name="Presenter").tap()
    expect(page.locator("html")).to_have_attribute("data-presenter", "")
    page.get_by_role("button", name="Leave presenter").tap()
    expect(page.locator("html")).not_to_have_attribute("data-presenter", "")


def test_presenter_mode_leaves_no_gap_for_the_header_and_room_for_its_button(visit):
    page = visit(width=1920, height=1080)
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    page.keyboard.press("p")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    leave = page.get_by_role("button", name="Leave presenter").bounding_box()
    foot = page.locator("#main").evaluate("main => main.lastElementChild.getBoundingClientRect().bottom")
    assert foot <= leave["y"]
    top = page.locator(".table-card").evaluate("card => parseFloat(getComputedStyle(card).insetBlockStart)")
    assert 0 < top < 40
    page.locator("[data-link]").first.hover()
    readout = page.locator(".links-said").first
    expect(readout).to_be_visible()
    end = readout.evaluate(
        "said => said.getBoundingClientRect().right - parseFloat(getComputedStyle(said).paddingRight)"
    )
    assert end <= leave["x"]


def test_what_was_done_in_another_tab_shows_on_coming_back(visit):
    page = visit()
    page.goto("/lessons/visits/")
    tab = page.context.new_page()
    tab.goto("/lab/visits/")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".strip .actor-table")).to_contain_text("{'num_visits': 1}")
