"""The SQL console in a real browser: keys, completion, history, without JavaScript, and markup in rows."""

import pytest
from playwright.sync_api import expect

from lessons.console import queries


@pytest.fixture
def console(visit):
    """The console's page, with the cursor in the field."""
    page = visit()
    page.goto("/sql/")
    page.locator("#typed").focus()
    return page


def typed(page):
    return page.locator("#typed")


def entries(page):
    return page.locator(".console-entry")


def test_enter_runs_and_the_field_is_free_again(console):
    console.keyboard.type("SELECT 40 + 2;")
    console.keyboard.press("Enter")
    expect(console.locator(".console-printed")).to_have_text("42")
    expect(console.locator(".console-typed")).to_contain_text("sqlite> SELECT 40 + 2;")
    expect(typed(console)).to_have_value("")
    expect(typed(console)).to_be_focused()


def test_shift_enter_begins_a_new_line(console):
    console.keyboard.type("SELECT 1,")
    console.keyboard.press("Shift+Enter")
    console.keyboard.type("2;")
    console.keyboard.press("Enter")
    expect(console.locator(".console-printed")).to_have_text("1|2")
    expect(console.locator(".console-typed code").nth(1)).to_contain_text("...> 2;")


def test_the_arrows_bring_back_what_was_typed_even_after_a_reload(console):
    for each in ("SELECT 1;", "SELECT 2;"):
        console.keyboard.type(each)
        console.keyboard.press("Enter")
        expect(typed(console)).to_have_value("")
    console.reload()
    typed(console).focus()
    console.keyboard.type("half of")
    console.keyboard.press("Home")
    console.keyboard.press("ArrowUp")
    expect(typed(console)).to_have_value("SELECT 2;")
    console.keyboard.press("ArrowUp")
    expect(typed(console)).to_have_value("SELECT 1;")
    console.keyboard.press("ArrowDown")
    console.keyboard.press("ArrowDown")
    expect(typed(console)).to_have_value("half of")


def test_the_settings_stay(console):
    for each in (".mode box", "SELECT 1 AS one;"):
        console.keyboard.type(each)
        console.keyboard.press("Enter")
        expect(typed(console)).to_have_value("")
    expect(console.locator(".console-printed").last).to_contain_text("│ one │")
    expect(console.locator(".console-settings")).to_contain_text("box")


def test_tab_completes_a_name_and_offers_a_list_where_there_are_several(console):
    console.keyboard.type("SELECT * FROM django_ses")
    console.keyboard.press("Tab")
    expect(typed(console)).to_have_value("SELECT * FROM django_session")
    typed(console).fill("SELECT ses")
    console.keyboard.press("Tab")
    expect(console.locator("#announcer")).to_have_text("2 words go on like this")
    options = console.get_by_role("option")
    expect(options).to_have_text(["session_data", "session_key"])
    console.keyboard.press("ArrowDown")
    expect(typed(console)).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    console.keyboard.press("Enter")
    expect(typed(console)).to_have_value("SELECT session_key")
    expect(console.get_by_role("listbox")).to_have_count(0)
    expect(entries(console)).to_have_count(0)


def test_escape_closes_the_list_and_a_click_takes_a_word(console):
    console.keyboard.type("ses")
    console.keyboard.press("Tab")
    console.keyboard.press("Escape")
    expect(console.get_by_role("listbox")).to_have_count(0)
    expect(typed(console)).to_have_value("ses")
    console.keyboard.press("Tab")
    console.get_by_role("option", name="session_key").click()
    expect(typed(console)).to_have_value("session_key")


def test_tab_leaves_the_field_where_nothing_can_be_completed(console):
    console.keyboard.press("Tab")
    expect(console.locator("#run")).to_be_focused()


def test_a_button_leaves_what_was_being_typed(console):
    console.keyboard.type("SELECT half")
    console.locator("button[value=tables]").click()
    expect(console.locator(".console-printed")).to_contain_text("django_session")
    expect(typed(console)).to_have_value("SELECT half")


def test_the_last_answer_is_in_sight(console):
    for _ in range(4):
        console.locator("button[value=tables]").click()
        console.wait_for_load_state("networkidle")
    expect(console.locator(".console-entry.last .console-typed")).to_be_in_viewport()


@pytest.mark.parametrize("mode", ["list", "box", "json"])
def test_markup_in_rows_stays_text(visit, mode):
    page = visit()
    page.goto("/sql/")
    payload = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    for each in (f".mode {mode}", f"SELECT '{payload.replace(chr(39), chr(39) * 2)}' AS \"<b>name</b>\";"):
        typed(page).fill(each)
        page.locator("#run").click()
        expect(typed(page)).to_have_value("")
    page.locator("button[value=tables]").click()
    expect(entries(page)).to_have_count(3)
    assert page.locator("sql-console img, sql-console b, .console-screen script").count() == 0
    assert "owned" not in page.title()
    expect(page.locator(".console-printed").first).to_contain_text("<img src=x")


def test_the_sql_of_the_last_flight_runs_again(visit):
    page = visit()
    page.goto("/lessons/visits/?browser=blue")
    for number in (1, 2):
        page.locator("#send-get-lab-visits0").click()
        expect(page.frame_locator("iframe").locator("body")).to_have_text(f"view count={number}")
    page.goto("/sql/")
    page.get_by_role("button", name="Run it again").first.click()
    expect(page.locator(".console-printed")).to_contain_text("|eyJudW1fdmlzaXRzIjoy")


def test_without_javascript_it_is_a_form(visit):
    page = visit(java_script_enabled=False)
    page.goto("/sql/")
    expect(page.locator("#console-keys")).to_be_hidden()
    typed(page).fill(".mode line")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(entries(page)).to_have_count(1)
    typed(page).fill("SELECT 1 AS one;")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".console-printed")).to_have_text("  one = 1")
    page.locator("button[value=count]").click()
    expect(entries(page)).to_have_count(3)
    page.get_by_role("button", name="Clear").click()
    expect(entries(page)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280, 1920])
def test_wide_answers_scroll_in_the_screen_and_not_the_page(visit, width, dark):
    page = visit(width=width, dark=dark)
    page.goto("/sql/")
    typed(page).fill(".mode box")
    page.locator("#run").click()
    for query in queries("sqlite"):
        page.locator(f"button[value={query.slug}]").click()
        expect(page.locator(".console-entry.last .console-typed")).to_contain_text(query.typed[:20])
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_second_tab_has_a_transcript_of_its_own(visit):
    page = visit()
    page.goto("/sql/")
    typed(page).fill("SELECT 1;")
    page.locator("#run").click()
    expect(entries(page)).to_have_count(1)
    other = page.context.new_page()
    other.goto("/sql/")
    expect(entries(other)).to_have_count(0)
    page.reload()
    expect(typed(page)).to_be_visible()


def test_what_is_typed_while_an_answer_is_on_its_way_stays(console):
    console.route("**/sql/", lambda route: (typed(console).fill("SELECT 2"), route.continue_()))
    typed(console).fill("SELECT 1;")
    console.keyboard.press("Enter")
    expect(console.locator(".console-printed")).to_have_text("1")
    expect(typed(console)).to_have_value("SELECT 2")


def test_in_front_of_a_class_the_whole_terminal_fits_on_the_screen(visit):
    page = visit(width=1920, height=1080)
    page.goto("/sql/")
    page.keyboard.press("p")
    page.locator("#typed").focus()
    for _ in range(6):
        page.keyboard.type(".schema")
        with page.expect_response("**/sql/"):
            page.keyboard.press("Enter")
        expect(typed(page)).to_have_value("")
    expect(entries(page)).to_have_count(6)
    assert page.locator(".console-terminal").bounding_box()["height"] < 1080
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(page.locator(".console-keys")).to_be_in_viewport(ratio=1)


def test_a_row_that_goes_on_in_the_next_line_is_told_from_the_next_row(console):
    text = "x" * 300
    console.keyboard.type(f"SELECT '{text}' UNION ALL SELECT '{text}';")
    console.keyboard.press("Enter")
    lines = console.locator(".console-printed span")
    expect(lines).to_have_count(2)
    boxes = lines.first.evaluate("""line => {
        const range = document.createRange();
        range.selectNodeContents(line);
        return [...range.getClientRects()].map(box => box.left);
    }""")
    assert boxes[1] > boxes[0]
    assert console.locator(".console-printed").inner_text().split() == [text, text]
