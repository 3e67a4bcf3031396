"""What came from what, by mouse, keyboard, finger and selection, and without JavaScript."""

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from lessons.session_data import decode, encode
from lessons.session_data.links import link
from lessons.session_data.spans import Link, together

from .test_every_page import overhang, violations

KEY = "a-secret-key"
PLAIN = encode({"num_visits": 3, "cart": [1, None]}, KEY, timestamp=1_795_392_340)
PACKED = encode({"text": "a" * 60}, KEY, timestamp=1_795_392_340)
SCRIPT = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"


def paste(page, value, key=""):
    page.goto("/inspector/")
    page.get_by_role("textbox", name="Value").fill(value)
    if key:
        page.get_by_text("From another project?").click()
        page.get_by_label("Secret key", exact=True).fill(key)
    page.get_by_role("button", name="Decode").click()
    page.locator(".verdict-line").wait_for()
    return page


def part(page, text, track):
    return page.locator(f".track[data-name='{track}'] [data-link]", has_text=re.compile(f"^{re.escape(text)}$")).first


def lit(page):
    """Return the links that are lit, and those that are lit as a whole."""
    found = page.evaluate("[...document.querySelectorAll('[data-link]')].map(e => [e.dataset.link, e.className])")
    sets = {"lit": set(), "whole": set()}
    for place, classes in found:
        for name in set(classes.split()) & {"lit", "whole"}:
            sets[name].add(place)
    return sets["lit"], sets["whole"]


def said(page):
    return page.locator(".links-said")


def test_pointing_at_a_key_lights_what_it_came_from_and_what_it_became(visit):
    page = paste(visit(), PLAIN)
    part(page, '"num_visits"', "JSON").hover()
    expect(said(page)).to_have_text(
        "JSON \"num_visits\" came from payload characters 1 to 20, bytes 2 to 13 and became Python 'num_visits'."
    )
    page.mouse.move(0, 0)
    expect(said(page)).to_be_hidden()
    assert lit(page) == (set(), set())


def test_three_bytes_became_only_a_part_of_a_long_name(visit):
    page = paste(visit(), PLAIN)
    part(page, "dmlz", "Stored text").hover()
    expect(said(page)).to_have_text(
        "Payload characters 9 to 12 became bytes 7 to 9, part of JSON \"num_visits\", part of Python 'num_visits'."
    )
    part(page, "1", "Stored text").hover()
    expect(said(page)).to_contain_text("became part of ")


@pytest.mark.parametrize("value", [PLAIN, PACKED], ids=["plain", "compressed"])
def test_the_script_lights_by_the_rule_of_the_server(visit, value):
    page = paste(visit(), value)
    places = set(page.evaluate("[...document.querySelectorAll('[data-link]')].map(e => e.dataset.link)"))
    for span in link(decode(value)).json[:2] + link(decode(value)).stored[:2]:
        if span.link is None:
            continue
        chosen = page.locator(f"[data-link='{span.link.axis} {span.link.start} {span.link.end}']").first
        chosen.hover()
        expect(chosen).to_have_class(re.compile("lit"))
        expected = {place: together(span.link, Link(*numbers(place))) for place in places}
        exact, whole = lit(page)
        assert exact == {place for place, how in expected.items() if how == "exact"}
        assert whole == {place for place, how in expected.items() if how == "whole"}


def numbers(place):
    axis, start, end = place.split()
    return axis, int(start), int(end)


def test_through_zlib_that_is_said(visit):
    page = paste(visit(), PACKED)
    part(page, '"text"', "JSON").hover()
    expect(said(page)).to_contain_text("Through zlib the whole comes from the whole.")
    part(page, PACKED.rsplit(":")[-1], "Stored text").hover()
    expect(said(page)).to_contain_text("It signs all that stands before it.")


def test_by_keyboard_there_is_one_stop_a_stage_and_arrows_move(visit):
    page = paste(visit(), PLAIN)
    stops = page.evaluate(
        "[...document.querySelectorAll('.track')].map(t => t.querySelectorAll('[data-link][tabindex=\"0\"]').length)"
    )
    assert set(stops) == {1}
    part(page, "eyJu", "Stored text").focus()
    page.keyboard.press("ArrowRight")
    expect(part(page, "dW1f", "Stored text")).to_be_focused()
    expect(said(page)).to_contain_text("Payload characters 5 to 8 became bytes 4 to 6")
    page.keyboard.press("Shift+ArrowRight")
    expect(said(page)).to_contain_text("Payload characters 5 to 12 became bytes 4 to 9")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(said(page)).to_contain_text("Payload characters 1 to 8 became bytes 1 to 6")
    expect(page.get_by_text("Esc clears it.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(said(page)).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator(".track[data-name='Stored text'] .signature")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.track[data-name=\"Stored text\"]')")


def test_a_tap_lights_too(visit):
    page = paste(visit(width=360, has_touch=True), PLAIN)
    part(page, "'cart'", "Python").tap()
    expect(said(page)).to_contain_text('JSON "cart"')
    assert "#" not in page.url  # the link is for those without the script


def test_a_selection_lights_all_that_it_touches(visit):
    page = paste(visit(), PLAIN)
    page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll(".track[data-name='Stored text'] [data-link]");
            getSelection().setBaseAndExtent(first.firstChild, 1, second.firstChild, 2);
        }"""
    )
    expect(said(page)).to_contain_text("Payload characters 1 to 8 became bytes 1 to 6")


def test_without_a_script_a_key_is_a_link_that_the_server_lights(visit):
    page = visit(java_script_enabled=False)
    page.goto("/lab/visits/")
    page.goto("/inspector/")
    page.locator(".dict a").first.click()
    expect(page).to_have_url(re.compile(r"\?part=%2Fnum_visits#dict$"))
    expect(page.locator(".tokens .lit").first).to_have_text('"num_visits"')
    expect(page.locator(".cells .lit").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(page.locator(".with-script")).to_be_hidden()


def test_without_a_script_a_pasted_key_leads_to_its_place(visit):
    page = paste(visit(java_script_enabled=False), PLAIN)
    page.locator(".dict a").first.click()
    expect(page.locator("#json-1")).to_have_text('"num_visits"')
    expect(page).to_have_url(re.compile("#json-1$"))


def test_a_snippet_is_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    paste(page, PLAIN)
    stage = page.locator(".stage-json")
    stage.get_by_text("Same in Python").click()
    stage.get_by_role("button", name="Copy").click()
    expect(stage.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "json.loads" in copied
    assert copied == stage.locator("pre").last.text_content()


HOSTILE = {
    "keys and values": encode({SCRIPT: [SCRIPT, {SCRIPT: SCRIPT}], "_auth_user_id": SCRIPT}, KEY),
    "compressed": encode({SCRIPT * 3: SCRIPT * 5}, KEY),
    "legacy": base64.b64encode(b"0" * 40 + b":" + json.dumps({SCRIPT: SCRIPT}).encode()).decode(),
    "a pickle": base64.urlsafe_b64encode(b"\x80\x04\x8c\x45" + SCRIPT.encode()[:69] + b".").decode() + ":1xVHYy:x",
    "bytes": base64.urlsafe_b64encode(SCRIPT.encode()).decode() + ":1xVHYy:x",
    "text": SCRIPT,
    "a timestamp": f"e30:{SCRIPT}:{'A' * 43}",
    "a signature": f"e30:1xVHYy:{SCRIPT}",
    "a fixture": json.dumps([{"fields": {"session_data": SCRIPT}}]),
    "a cookie": f"Cookie: sessionid={SCRIPT}",
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_what_strangers_write_stays_text(visit, value):
    page = paste(visit(), value, key=SCRIPT)
    for link_of_key in page.locator(".dict [data-link].key").all()[:2]:
        link_of_key.click()
    for summary in page.locator(".in-python summary").all():
        summary.click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], main script").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("value", [PACKED, HOSTILE["bytes"]], ids=["compressed", "bytes"])
def test_a_pasted_value_keeps_nobody_out_and_nothing_hangs_over_the_edge(visit, width, dark, value):
    page = paste(visit(width=width, dark=dark, bypass_csp=True), value, key=KEY)
    for summary in page.locator(".in-python summary").all():
        summary.click()
    part(page, "1", "Stored text").click()
    assert violations(page) == []
    assert overhang(page) <= 0
