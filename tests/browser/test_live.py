"""The inspector and the first page are live: a change made elsewhere shows. How soon is measured in bench/."""

from playwright.sync_api import expect


def test_a_row_made_in_another_browser_shows(visit):
    watching, other = visit(), visit()
    watching.goto("/inspector/")
    other.goto("/lab/visits/")
    before = watching.locator(".row-list li").count()
    watching.wait_for_timeout(300)
    other.context.clear_cookies()
    other.goto("/lab/visits/")
    key = next(cookie["value"] for cookie in other.context.cookies() if cookie["name"] == "sessionid")
    expect(watching.locator(".row-list")).to_contain_text(key[:4])
    assert watching.locator(".row-list li").count() > before - 1


def test_your_count_on_the_first_page_follows_another_tab(visit):
    page = visit()
    page.goto("/")
    tab = page.context.new_page()
    tab.goto("/lab/visits/")
    tab.goto("/lab/visits/")
    page.bring_to_front()
    expect(page.locator(".row-list .yours")).to_contain_text("{'num_visits': 2}")


def test_the_live_list_keeps_the_focus_where_it_was(visit):
    page, other = visit(), visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    link = page.locator(".row-list .yours a")
    link.focus()
    other.goto("/lab/visits/")
    key = next(cookie["value"] for cookie in other.context.cookies() if cookie["name"] == "sessionid")
    expect(page.locator(".row-list")).to_contain_text(key[:4])
    expect(link).to_be_focused()
