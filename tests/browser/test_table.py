"""The inspector's table in a real browser: it stays the answer to its question, and a row tells its history."""

import json
import re
from urllib.parse import urlencode

from playwright.sync_api import expect

from .test_every_page import violations


def key_of(page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")


MARKUP = "<img src=x onerror=alert(1)>"


def it_has_looked(page):
    """Wait until the live rows have come once: from now on a change is one."""
    expect(page.locator("live-rows")).not_to_have_js_property("version", "")


def test_each_write_to_a_row_shows_as_a_line_newest_first(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    expect(page.get_by_text("Each write to this row shows here")).to_be_visible()
    tab = page.context.new_page()
    for count in (2, 3):
        tab.goto("/lab/visits/")
        expect(page.locator(".changes .change").first.locator(".changed")).to_contain_text(f"is now {count}")
    expect(page.locator(".changes .change")).to_have_count(2)
    tab.goto("/lab/row/expire/")
    expect(page.locator(".change").first).to_contain_text("written, with the same data")
    expect(page.locator(".change").first).to_contain_text("expire_date")
    expect(page.locator(".history .expiry")).to_contain_text("ago")


def watch_it_go(page):
    """Look at the row of this browser, and delete it in another tab."""
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    other = page.context.new_page()
    other.goto("/inspector/delete/mine/")
    other.get_by_role("button", name="Delete this row").click()
    expect(other.locator(".said")).to_contain_text("1 row is deleted.")


def test_a_row_that_goes_says_so(visit):
    page = visit()
    watch_it_go(page)
    expect(page.locator(".change").first).to_contain_text("deleted")
    expect(page.locator(".history .expiry")).to_have_text("No row has this key now.")


def stale(page):
    return page.locator(".outdated")


def test_after_a_write_the_verdict_and_the_stages_are_marked_as_old(visit):
    page = visit(bypass_csp=True)
    page.goto("/lab/visits/")
    page.goto("/inspector/?q=num_visits")
    expect(stale(page)).to_be_hidden()
    tab = page.context.new_page()
    tab.goto("/lab/visits/")
    expect(stale(page)).to_have_text(
        re.compile(r"^This is the row as it was at \d\d:\d\d:\d\d UTC. Show it as it is now$")
    )
    expect(page.locator(".the-row")).to_have_class(re.compile("as-it-was"))
    border = "getComputedStyle(document.querySelector('{}')).borderInlineStartStyle"
    assert [page.evaluate(border.format(part)) for part in (".verdict-card", ".linked")] == ["dashed", "dashed"]
    assert violations(page) == []
    expect(page.get_by_role("link", name="Edit this row")).to_be_visible()
    page.get_by_role("link", name="Show it as it is now").click()
    expect(stale(page)).to_be_hidden()
    assert page.url.endswith("/inspector/?q=num_visits")
    expect(page.locator(".track.dict")).to_have_text("{'num_visits': 2}")


def test_after_a_deletion_nothing_can_be_done_with_the_row(visit):
    page = visit()
    watch_it_go(page)
    expect(stale(page)).to_be_visible()
    for action in ("Edit this row", "Delete this row"):
        expect(page.get_by_role("link", name=action)).to_have_count(0)


def test_when_the_row_expires_what_is_said_of_it_is_old(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.clock.install()
    page.goto("/inspector/")
    expect(page.locator(".history .expiry")).to_contain_text("in 14 days")
    expect(stale(page)).to_be_hidden()
    page.clock.fast_forward(15 * 24 * 60 * 60 * 1000)
    expect(page.locator(".history .expiry")).to_contain_text("ago")
    expect(stale(page)).to_be_visible()


def test_the_live_list_stays_the_answer_to_its_question(visit):
    page, other = visit(), visit()
    other.goto("/lab/visits/")
    page.goto("/inspector/")
    page.get_by_role("searchbox").fill(key_of(other))
    page.get_by_label("Search in").select_option("key")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(rf"\?q={key_of(other)[:8]}&by=key$"))
    assert page.locator(".row-list li").count() == 1
    it_has_looked(page)
    other.goto("/lab/visits/")
    expect(page.locator(".row-list")).to_contain_text("{'num_visits': 2}")
    expect(page.locator(".row-list li.fresh")).to_have_count(1)
    visit().goto("/lab/visits/")
    page.wait_for_timeout(300)
    assert page.locator(".row-list li").count() == 1


def test_an_expiry_is_told_as_a_clock_beside_its_date(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    expect(page.locator(".history .expiry")).to_have_text(
        re.compile(r"expires \d{4}-\d\d-\d\d [\d:]{8} UTC, in 14 days$")
    )
    clock = "import(document.querySelector('script[type=module]').src.replace('index.js', 'elements/expiry-clock.js'))"
    told = page.evaluate(f"async () => [0, 59, 61, 3600, 86399, 90000, 1207000, 1209599].map((await {clock}).inWords)")
    assert told == ["0 s", "59 s", "1 min 1 s", "1 h", "1 day", "1 day 1 h", "13 days 23 h", "14 days"]


def test_the_row_that_is_open_is_in_sight_and_the_heading_counts(visit):
    pages = [visit() for _ in range(13)]
    for page in pages:
        page.goto("/lab/visits/")
    for width in (1280, 360):
        first = pages[0]
        first.set_viewport_size({"width": width, "height": 700})
        first.goto("/inspector/")
        count = first.locator(".rows-count")
        expect(count).to_have_text(re.compile(r"^\d+ in all$"))
        before = int(count.inner_text().split()[0])
        shown = """() => {
            const its = document.querySelector('.row-list [aria-current]').getBoundingClientRect();
            const list = document.querySelector('.row-list');
            const box = [list, list.parentElement].find((each) => getComputedStyle(each).overflowY !== 'visible');
            const seen = box.getBoundingClientRect();
            return its.top >= seen.top - 1 && its.bottom <= seen.bottom + 1 && window.scrollY === 0;
        }"""
        assert first.evaluate(shown)
        visit().goto("/lab/visits/")
        expect(count).to_have_text(f"{before + 1} in all")
        first.goto("/inspector/")
        first.wait_for_timeout(500)
        assert first.evaluate(shown), "a look at the rows keeps the place in the list"


def test_the_numbers_come_after_the_page_and_are_counted_again(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    live = page.locator(".big-numbers dd").first
    expect(live).to_have_text(re.compile(r"^\d+$"))
    before = int(live.inner_text())
    visit().goto("/lab/visits/")
    page.get_by_role("link", name="Count again").click()
    expect(live).to_have_text(str(before + 1))
    page.get_by_text("Sizes and expiry as pictures").click()
    expect(page.get_by_role("row", name=re.compile("within two weeks"))).to_be_visible()


def test_markup_in_rows_and_changes_stays_text(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    it_has_looked(page)
    tab = page.context.new_page()
    tab.goto("/inspector/")
    tab.get_by_role("link", name="Edit this row").click()
    tab.get_by_label("As JSON").fill(json.dumps({MARKUP: MARKUP}))
    tab.get_by_role("button", name="Write it to the row").click()
    shown = f"{{'{MARKUP}': '{MARKUP}'}}"
    expect(page.locator(".row-list .yours .data")).to_have_text(shown)
    expect(page.locator(".changes .change").first).to_contain_text(MARKUP)
    assert page.locator("img[src=x]").count() == 0
    page.goto(f"/inspector/?{urlencode({'q': MARKUP})}")
    expect(page.get_by_role("searchbox")).to_have_value(MARKUP)
    expect(page.locator(".row-list .yours .data")).to_have_text(shown)
    assert page.locator("img[src=x]").count() == 0


def test_one_stream_serves_the_whole_page_and_none_while_it_is_hidden(visit):
    page = visit()
    opened = []
    page.on("request", lambda request: opened.append(request.url) if "/stream/" in request.url else None)
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    it_has_looked(page)
    page.wait_for_timeout(500)
    assert len(opened) == 1
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    visit().goto("/lab/visits/")
    page.wait_for_timeout(500)
    assert asked == []
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".row-list li.fresh").first).to_be_visible()


def test_without_javascript_all_of_it_is_forms_and_links(visit):
    page = visit(java_script_enabled=False)
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    expect(page.locator(".history .expiry")).to_have_text(re.compile(r"expires \d{4}-\d\d-\d\d [\d:]{8} UTC$"))
    tab = page.context.new_page()
    tab.goto("/lab/visits/")
    page.get_by_role("button", name="What has changed since?").click()
    expect(page.locator(".change")).to_contain_text("num_visits")
    page.get_by_role("link", name="Show the row as it is now").click()
    page.get_by_role("searchbox").fill("num_visits=2")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".row-list .yours")).to_be_visible()
    page.get_by_role("link", name="The table in numbers").click()
    expect(page.locator(".big-numbers dd").first).to_have_text(re.compile(r"^\d+$"))
    page.goto("/inspector/")
    page.get_by_role("link", name="Delete mine").click()
    page.get_by_role("button", name="Delete this row").click()
    expect(page.locator(".said")).to_contain_text("1 row is deleted.")


def test_the_table_is_used_by_keyboard_alone(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("num_visits")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q=num_visits$"))
    page.locator(".row-list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/inspector/[^?]+/\?q=num_visits$"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("num_visits")
