"""django-debug-toolbar on lab pages that are opened by themselves."""

from playwright.sync_api import expect


def test_it_opens_on_a_lab_page_and_shows_the_sql(visit):
    page = visit()
    page.goto("/lab/visits/")
    page.goto("/lab/carry/hello/")
    page.locator("#djShowToolBarButton").click()
    page.locator("#djdt-SQLPanel a.SQLPanel").click()
    expect(page.locator("#SQLPanel")).to_contain_text("django_session")


def test_it_stays_out_of_the_lab_frame_and_of_the_lessons(visit):
    page = visit()
    page.goto("/lessons/browsers/")
    expect(page.locator("#djDebugRoot")).to_have_count(0)
    page.locator("#send-get-lab-carry0").click()
    frame = page.frame_locator("iframe[name=lab-page]")
    expect(frame.get_by_role("heading")).to_have_text("What is your name?")
    expect(frame.locator("#djDebugRoot")).to_have_count(0)
