"""Every page, at three widths, light and dark: nothing keeps anybody out, and nothing hangs over the edge."""

from pathlib import Path

import pytest

from lessons import course

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PAGES = [
    "/",
    *(f"/lessons/{lesson.slug}/" for lesson in course.LESSONS),
    "/flights/",
    "/inspector/",
    "/sql/",
    "/inspector/edit/",
    "/inspector/?q=num_visits&state=live&least=10",
    "/_ui/rows/numbers/",
    "/inspector/delete/mine/",
    "/inspector/delete/expired/",
    "/lab/",
    "/lab/carry/",
    "/lab/login/",
    "/lab/account/",
]


def violations(page):
    """Return what axe finds. The toolbar on the labs is somebody else's page on top of ours."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({exclude: '#djDebugRoot'}, {resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def overhang(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def use_the_lab(page):
    """Make some life in the lab: two browsers, rows, a prediction that is graded and one that is only locked in."""
    page.goto("/lessons/visits/?browser=blue")
    page.locator("#predict-len input[type=radio]").first.check()
    page.locator("#lock-len").click()
    page.locator("#predict-slide input[type=radio]").first.check()
    page.locator("#lock-slide").click()
    page.locator("#send-get-lab-dict-len0").click()
    page.locator("#predict-len .verdict").wait_for()
    page.locator("#send-get-lab-visits0").click()
    page.get_by_text("view count=1").or_(page.locator(".strip .mark").first).first.wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_keeps_anybody_out_and_nothing_hangs_over_the_edge(visit, width, dark):
    page = visit(width=width, dark=dark, bypass_csp=True)  # axe tries out styles of its own
    use_the_lab(page)
    problems = {}
    for path in PAGES:
        page.goto(path)
        found = violations(page)
        if overhang(page) > 0:
            found.append(f"{overhang(page)} pixels too wide")
        if found:
            problems[path] = found
    assert problems == {}


def test_no_page_is_complained_about_by_the_browser(visit):
    page = visit()
    use_the_lab(page)
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle" if path.startswith("/lessons/") else "load")
    assert visit.complaints == []


def test_zoomed_to_400_percent_nothing_is_lost(visit):
    page = visit(width=320, height=256)
    for path in PAGES:
        page.goto(path)
        assert overhang(page) <= 0, path
