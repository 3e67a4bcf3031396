"""A row as an item of a list: what it says, where it leads, and a stranger's text that stays text."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from lessons.inspector.rows import Row
from lessons.models import BROWSERS, YOURS
from lessons.session_data import encode
from lessons.templatetags.lessons import short
from lessons.templatetags.rows import row_items

MARKUP = "</code><img src=x onerror=alert(1)>&\"'"
LATER = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=3)
KEY = "abcd" + "x" * 24 + "wxyz"


def row(data=None, text="", **fields):
    return Row(KEY, text or encode(data or {"num_visits": 3}, settings.SECRET_KEY), LATER, **fields)


@pytest.mark.parametrize("value", [{}, {"num_visits": 3}, {"a": [1, None, True]}, "é", 1.5], ids=repr)
def test_a_short_value_is_whole(value):
    assert short(value, 120) == short(value) == repr(value)


@pytest.mark.parametrize("length", [5, 20, 119, 120, 121, 200])
def test_a_long_one_is_cut_with_a_sign_that_it_is(length):
    value = {"a": "x" * 50, "b": "y" * 50, "c": "z" * 50}
    whole = short(value)
    assert short(value, length) == (whole if len(whole) <= length else whole[: length - 1] + "…")


def test_it_leads_to_its_page_with_what_the_list_asks_for():
    item = row_items([row()], "?q=a&state=live")
    assert f'href="{reverse("inspector_row", args=[row().handle])}?q=a&amp;state=live"' in item
    assert f'id="row-{row().handle}"' in item
    assert KEY not in item
    assert "abcd…wxyz" in item


def test_it_says_what_is_in_it_how_long_it_is_and_until_when():
    item = row_items([row()])
    assert escape("{'num_visits': 3}") in item
    assert f"{row().size} characters" in item
    assert f'until <time datetime="{LATER.isoformat()}">{LATER:%Y-%m-%d %H:%M:%S} UTC</time>' in item


def test_the_row_that_is_open_is_marked_and_no_other():
    other = replace(row(), session_key="b" * 32)
    items = row_items([row(), other], "", other.handle).split("</li>")
    assert ['aria-current="true"' in item for item in items[:2]] == [False, True]


@pytest.mark.parametrize(
    ("given", "classes", "whose"),
    [
        (row(), "", "<span>not yours</span>"),
        (row(owners=("Blue", "Orange")), "", "<span>Blue, Orange</span>"),
        (row(owners=(BROWSERS[YOURS],)), "yours", f"<span>{BROWSERS[YOURS]}</span>"),
        (row({"_auth_user_id": "7"}), "", '<span class="user">user 7</span>'),
        (row({"_auth_user_id": "7"}, names={"7": "ada"}, owners=("Blue",)), "", "ada</span><span>Blue</span>"),
    ],
    ids=["nobody", "two browsers", "yours", "an unknown user", "a known one"],
)
def test_it_says_whose_it_is(given, classes, whose):
    item = row_items([given])
    assert f'<li class="{classes}">' in item
    assert f'<span class="owners">{whose}</span>' in item.replace('<span class="user">ada', "ada")


def test_a_user_who_is_named_anew_is_shown_by_the_new_name():
    shown = [row_items([row({"_auth_user_id": "7"}, names={"7": name})]) for name in ("ada", "grace")]
    assert ["ada" in shown[0], "grace" in shown[1]] == [True, True]


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        (row(text=encode({}, settings.SECRET_KEY)), ['<span class="mark">empty</span>']),
        (row(text="nonsense"), ['<span class="mark removed">unreadable</span>', '<span class="unreadable">No colon']),
        (row({"a": 1}, whole=10**6), ["large: open it to read", "1000000 characters"]),
        (replace(row(), expire_date=LATER - timedelta(days=5)), ['class="expired"', "<expiry-clock>expired <time"]),
    ],
    ids=["empty", "unreadable", "large", "expired"],
)
def test_its_state_is_marked(given, marks):
    item = row_items([given])
    assert [mark for mark in marks if mark not in item] == []


@pytest.mark.parametrize(
    "given",
    [
        row({MARKUP: MARKUP}),
        row({"_auth_user_id": MARKUP}),
        row({"_auth_user_id": "7"}, names={"7": MARKUP}),
        row(text=MARKUP),
        replace(row(), session_key=MARKUP),
        row(owners=(MARKUP,)),
    ],
    ids=["data", "user id", "name", "text", "key", "owner"],
)
def test_a_strangers_text_stays_text(given):
    item = row_items([given], f"?q={MARKUP}")
    assert "<img" not in item
    assert MARKUP[:12] not in item
