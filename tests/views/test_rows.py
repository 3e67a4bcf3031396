"""The table's own pages: search, numbers, deleting, downloads, and the history of a row."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from lessons.handles import handle_for
from lessons.inspector import housekeeping, totals
from lessons.inspector.bounded import TookTooLong

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script>"
KEY = "abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True
    totals.of_everything.forget()


@pytest.fixture
def strangers(settings):
    """The server is reachable by others."""
    settings.DEBUG = False


def store(key=KEY, data=None, days=1.0, text=None):
    text = text if text is not None else Session.objects.encode({"num_visits": 3} if data is None else data)
    return Session.objects.create(session_key=key, session_data=text, expire_date=timezone.now() + timedelta(days=days))


def find(client, **typed):
    return client.post(reverse("inspector_find"), typed)


def left():
    return set(Session.objects.values_list("pk", flat=True))


# Search


def test_a_search_leads_to_its_address_and_the_row_that_is_found_is_open(client):
    store(), store("other" * 6, {"cart": 1}, days=2)
    response = find(client, q="num_visits")
    assert response.headers["Location"] == "/inspector/?q=num_visits"
    page = client.get(response.headers["Location"])
    assert [row.session_key for row in page.context["rows"]] == [KEY]
    assert page.context["row"].session_key == KEY


def test_where_nothing_matches_the_search_goes_on_among_the_keys(client):
    store()
    text = client.get("/inspector/?q=abcd").text
    assert "No row matches." in text
    way_on = re.search(r'<a href="([^"]*)">Search session keys for it</a>', text)[1].replace("&amp;", "&")
    assert way_on == "/inspector/?q=abcd&by=key"
    assert [row.session_key for row in client.get(way_on).context["rows"]] == [KEY]
    assert "Search session keys for it" not in client.get("/inspector/?q=num_visits=7").text


def test_a_name_and_its_value_are_found_as_the_list_shows_them(client):
    store()
    assert [row.session_key for row in client.get("/inspector/", {"q": "'num_visits': 3"}).context["rows"]] == [KEY]


def test_a_whole_key_finds_its_row_and_stands_in_no_address(client):
    store()
    response = find(client, q=KEY, by="key")
    assert response.headers["Location"] == "/inspector/?q=abcdefgh&by=key"
    page = client.get(response.headers["Location"])
    assert page.context["row"].session_key == KEY
    assert KEY not in page.text


def test_a_row_that_is_opened_keeps_the_list_beside_it(client):
    store(), store("other" * 6, {"cart": 1}, days=2)
    page = client.get("/inspector/?q=cart")
    (link,) = re.findall(r'class="key" href="([^"]+)"', page.text)
    assert link.endswith("/?q=cart")
    assert len(client.get(link).context["rows"]) == 1


def test_the_live_list_asks_the_same_question(client):
    store(), store("other" * 6, {"cart": 1}, days=2)
    page = client.get("/inspector/?q=cart&sort=oldest")
    source = re.search(r'<live-rows src="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert source.startswith("/_ui/rows/?q=cart&sort=oldest&chosen=")
    assert "num_visits" not in client.get(source).text


@pytest.mark.parametrize("typed", ["least=banana&q=cart", "sort=sideways&q=cart", "after=nowhere&q=cart"])
def test_a_bad_question_is_400_and_loses_nothing(client, typed):
    response = client.get(f"/inspector/?{typed}")
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert 'name="q" value="cart"' in response.text


def test_no_match_says_so_and_leads_back(client):
    store()
    page = client.get("/inspector/?q=nothing").text
    assert "No row matches." in page
    assert "No row was found, so there is none to decode." in page
    assert 'id="rows-all" href="/inspector/"' in page


@pytest.mark.parametrize("q", [MARKUP, f'"{MARKUP}', "'; DROP TABLE django_session; --"])
def test_what_is_searched_for_is_shown_and_never_run(client, q):
    store()
    page = client.get(find(client, q=q, by="user").headers["Location"])
    assert MARKUP not in page.text
    assert left() == {KEY}


def test_pages_lead_on_and_back(client):
    for number in range(120):
        store(f"key{number:03}", days=number + 1)
    page, seen = client.get("/inspector/"), []
    while True:
        seen += [row.session_key for row in page.context["rows"]]
        link = re.search(r'id="rows-next" href="([^"]+)"', page.text)
        if not link:
            break
        page = client.get(link[1].replace("&amp;", "&"))
    assert seen == [f"key{number:03}" for number in reversed(range(120))]
    back = re.search(r'id="rows-before" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert client.get(back).context["rows"][0].session_key == "key069"


# Numbers


def test_the_numbers_are_a_fragment_or_a_page(client):
    store(), store("old", days=-3)
    page, fragment = client.get("/_ui/rows/numbers/"), client.get("/_ui/rows/numbers/", headers={"HX-Request": "true"})
    for text in (page.text, fragment.text):
        assert re.search(r"<dt>not expired</dt><dd>1</dd>", text)
        assert re.search(r"<dt>expired</dt><dd>1</dd>", text)
    assert "<html" in page.text
    assert "<html" not in fragment.text


def test_the_page_of_rows_counts_nothing(client, django_assert_max_num_queries):
    store()
    with django_assert_max_num_queries(12) as captured:
        client.get("/inspector/")
    assert not [query["sql"] for query in captured if "COUNT(" in query["sql"] or "SUM(" in query["sql"]]


def test_the_heading_says_how_many_rows_there_are_for_whoever_looks(client, settings, monkeypatch):
    store(), store("other" * 6)
    assert client.get("/_ui/rows/count/").text == "2 in all"
    monkeypatch.setattr("lessons.inspector.visitor.COUNTED_MOST", 1)
    assert client.get("/_ui/rows/count/").text == "more than 1 in all"
    settings.DEBUG = False
    client.cookies["sessionid"] = KEY
    assert client.get("/_ui/rows/count/").text == "1 in all"


def test_the_numbers_say_when_they_were_counted(client):
    assert re.search(
        r"Counted at <time [^>]+>\d\d:\d\d:\d\d</time> UTC\. <a [^>]+>Count again",
        client.get("/_ui/rows/numbers/").text,
    )


def test_the_numbers_of_a_stranger_are_of_their_own_rows(client, strangers):
    store(), store("other" * 6)
    client.cookies["sessionid"] = KEY
    assert "<dt>not expired</dt><dd>1</dd>" in client.get("/_ui/rows/numbers/").text


def test_beyond_ten_thousand_the_first_page_counts_no_further(client, monkeypatch):
    monkeypatch.setattr("lessons.inspector.visitor.COUNTED_MOST", 2)
    for number in range(4):
        store(f"key{number}")
    assert "<strong>more than 2</strong> rows" in client.get("/").text


# Deleting


def delete_row(key=KEY):
    return reverse("inspector_delete_row", args=[handle_for(key)])


def test_deleting_a_row_is_asked_first_and_said_afterwards(client):
    store(), store("other" * 6)
    asked = client.get(delete_row())
    assert "DELETE" in asked.text
    assert KEY not in asked.text
    assert len(left()) == 2
    done = client.post(delete_row(), follow=True)
    assert left() == {"other" * 6}
    assert "1 row is deleted." in done.text


def test_a_row_that_is_gone_is_404(client):
    assert client.post(delete_row()).status_code == 404
    assert client.get(reverse("inspector_delete_row", args=["nonsense"])).status_code == 404


def test_mine_are_deleted_and_no_other(client):
    store(), store("other" * 6)
    client.cookies["sessionid"] = KEY
    asked = client.get(reverse("inspector_delete_mine"))
    assert "Delete this row" in asked.text
    assert len(left()) == 2
    assert "at the next look Django finds no row" in client.post(reverse("inspector_delete_mine"), follow=True).text
    assert left() == {"other" * 6}


def test_without_rows_of_ones_own_there_is_nothing_to_delete(client):
    store()
    assert "There is nothing to delete." in client.get(reverse("inspector_delete_mine")).text
    assert "Nothing is deleted." in client.post(reverse("inspector_delete_mine"), follow=True).text
    assert left() == {KEY}


def test_clearsessions_says_how_many_and_then_does_it(client):
    store(), store("old1", days=-1), store("old2", days=-2)
    asked = client.get(reverse("inspector_delete_expired"))
    assert "<strong>2</strong> rows have expired" in asked.text
    assert len(left()) == 3
    assert "2 rows are deleted by clear_expired()" in client.post(reverse("inspector_delete_expired"), follow=True).text
    assert left() == {KEY}


def test_clearsessions_that_takes_too_long_is_said(client, monkeypatch):
    def stopped():
        raise TookTooLong

    store("old1", days=-1)
    monkeypatch.setattr(housekeeping, "clear_expired", stopped)
    response = client.post(reverse("inspector_delete_expired"))
    assert response.status_code == 503
    assert "nothing is deleted" in response.text


def test_a_stranger_deletes_their_own_row_and_no_other(client, strangers):
    store(), store("other" * 6), store("old1", days=-1)
    client.cookies["sessionid"] = KEY
    for method in (client.get, client.post):
        assert method(delete_row("other" * 6)).status_code == 404
        refused = method(reverse("inspector_delete_expired"))
        assert refused.status_code == 403
        assert "only its superusers" in refused.text
    assert len(left()) == 3
    client.post(delete_row())
    assert left() == {"other" * 6, "old1"}
    client.post(reverse("inspector_delete_mine"))
    assert left() == {"other" * 6, "old1"}
    assert reverse("inspector_delete_expired") not in client.get("/inspector/").text


def test_staff_may_clear_what_has_expired(client, strangers):
    store("old1", days=-1)
    client.force_login(get_user_model().objects.create_superuser("root"))
    assert reverse("inspector_delete_expired") in client.get("/inspector/").text
    client.post(reverse("inspector_delete_expired"))
    assert "old1" not in left()


@pytest.mark.parametrize(
    "said", ["done=one", "done=nothing&number=1", "number=1", f"done={MARKUP}&number=1", "done=one&number=-1"]
)
def test_an_address_says_nothing_that_was_not_done(client, said):
    assert 'class="said"' not in client.get(f"/inspector/?{said}").text


# Downloads


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_file_has_what_the_list_shows_and_no_key(client, kind):
    store(), store("other" * 6, {"cart": 1})
    response = client.get(f"/inspector/download/{kind}/?q=num_visits")
    text = response.getvalue().decode()
    assert f'filename="sessions.{kind}"' in response.headers["Content-Disposition"]
    assert "abcd…2345" in text or "abcd\\u20262345" in text
    assert KEY not in text
    assert "cart" not in text


def test_a_bad_question_has_no_file_but_a_sentence(client):
    assert client.get("/inspector/download/csv/?least=banana").headers["Location"] == "/inspector/?least=banana"


def test_a_stranger_downloads_their_own_rows(client, strangers):
    store(), store("other" * 6, {"secret": 1})
    assert b"secret" not in client.get("/inspector/download/json/").getvalue()
    assert client.get("/inspector/download/csv/").getvalue().count(b"\n") == 1


# History


def watch(client, key=KEY, seen=None, **fields):
    if seen is None:
        row = Session.objects.filter(pk=key).first()
        seen = {"text": row.session_data, "date": row.expire_date.isoformat()} if row else {"text": "", "date": ""}
    return client.post(reverse("row_changes", args=[handle_for(key)]), seen | {"script": "yes"} | fields)


def seen_on(page):
    return dict(re.findall(r'<input type="hidden" name="(text|date)" value="([^"]*)"', page.text))


def test_a_page_holds_what_it_saw_and_hears_what_changed(client):
    client.get(reverse("lab:visits"))
    key = client.cookies["sessionid"].value
    page = client.get("/inspector/")
    seen = seen_on(page)
    assert watch(client, key, seen).status_code == 204
    client.get(reverse("lab:visits"))
    line = watch(client, key, seen)
    assert "num_visits" in line.text
    assert '<li class="changed">' in line.text
    assert watch(client, key, seen_on(line)).status_code == 204


def test_a_row_that_is_deleted_is_told_once(client):
    seen = {"text": "e30", "date": timezone.now().isoformat()}
    line = watch(client, KEY, seen)
    assert "deleted" in line.text
    assert watch(client, KEY, seen_on(line)).status_code == 204


def test_without_javascript_the_answer_is_a_page(client):
    store()
    response = watch(client, seen={"text": "e30:1xVHYy:x", "date": timezone.now().isoformat()}, script="")
    assert "<html" in response.text
    assert "Show the row as it is now" in response.text
    assert "Nothing has happened" in watch(client, script="").text


def test_a_row_of_others_is_told_as_one_that_is_not_there(client, strangers):
    store(KEY, {"secret": "xyzzy"})
    seen = {"text": "e30", "date": timezone.now().isoformat()}
    there, not_there = watch(client, KEY, seen), watch(client, "nobody" * 5, seen)
    assert re.sub(r"\d\d:\d\d:\d\d|T[\d:.+]+", "", there.text) == re.sub(
        r"\d\d:\d\d:\d\d|T[\d:.+]+", "", not_there.text
    )


def test_a_forged_handle_has_no_history(client):
    assert client.post(reverse("row_changes", args=["nonsense"])).status_code == 404


def test_markup_in_a_change_is_shown_and_never_run(client):
    store(KEY, {MARKUP: MARKUP})
    before = Session.objects.encode({f"{MARKUP}2": f"{MARKUP}3"})
    for text, script in [(before, "yes"), (before, ""), (MARKUP, "yes"), (MARKUP, "")]:
        answer = watch(client, seen={"text": text, "date": MARKUP}, script=script).text
        assert MARKUP not in answer
        assert ("&lt;script&gt;" in answer) == (text == before)


def test_watching_touches_no_session(client, monkeypatch):
    def touched(self):
        raise AssertionError

    store()
    client.cookies["sessionid"] = KEY
    monkeypatch.setattr(SessionStore, "_get_session", touched)
    monkeypatch.setattr(SessionStore, "_session", property(touched))
    assert watch(client).status_code == 204
    for page in ("/inspector/", "/_ui/rows/numbers/", "/inspector/delete/mine/", "/inspector/download/json/"):
        assert client.get(page).status_code == 200
