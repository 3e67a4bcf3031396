"""What is written to the row, what is not, and why; and what undoes it."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from lessons.handles import handle_for
from lessons.inspector import editing
from lessons.inspector.versions import date_shown
from lessons.session_data.readable import TYPED_MOST

from .conftest import LATER, Page, row, write_elsewhere


def test_what_was_typed_is_written_without_following_first(page):
    page.press("write", data='{"num_visits": 41}')
    assert page.result.done.startswith("Written.")
    assert row().get_decoded() == {"num_visits": 41}
    assert row().expire_date == LATER


def test_the_expiry_is_written_too(page):
    page.press("write", expires="2031-05-06 07:08:09")
    assert row().expire_date.isoformat() == "2031-05-06T07:08:09+00:00"
    assert row().get_decoded() == {"num_visits": 3}


@pytest.mark.parametrize("expires", ["", "soon", "2031-02-30"])
def test_an_expiry_that_is_no_date_is_said_and_nothing_is_written(page, expires):
    page.press("write", data="{}", expires=expires)
    assert "Nothing was written: the expire_date is not a date" in page.result.problem
    assert (page.fields["expires"], page.fields["data"]) == (expires, "{}")
    assert row().get_decoded() == {"num_visits": 3}


def test_a_conflict_shows_both_and_what_they_came_from_and_writes_nothing(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}')
    conflict = page.result.conflict
    assert [each.row.data["num_visits"] for each in (conflict.base, conflict.theirs, conflict.yours)] == [3, 4, 41]
    assert "Another request or tab wrote to it" in page.text
    assert page.fields["data"] == '{"num_visits": 41}'
    assert row().get_decoded() == {"num_visits": 4}


def test_mine_is_written_over_theirs_when_i_say_so(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}').press("overwrite")
    assert row().get_decoded() == {"num_visits": 41}
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 4}


def test_but_not_over_what_came_after_that(page):
    write_elsewhere({"num_visits": 4})
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 5})
    page.press("overwrite")
    assert page.result.conflict.theirs.row.data == {"num_visits": 5}
    assert row().get_decoded() == {"num_visits": 5}


def test_the_same_post_again_writes_nothing_again(page):
    fields = {**page.fields, "data": '{"num_visits": 41}', "do": "write"}
    for _ in range(2):
        page.client.post(page.address, fields)
    assert row().get_decoded() == {"num_visits": 41}
    write_elsewhere({"num_visits": 42})
    assert page.client.post(page.address, fields).context["result"].conflict
    assert row().get_decoded() == {"num_visits": 42}


def test_a_write_that_changes_nothing_says_so_and_leaves_nothing_to_undo(page):
    page.press("write")
    assert page.result.done.startswith("The row holds just this already.")
    assert "Undo the last write" not in page.text


def test_a_row_that_is_gone_is_said_and_what_was_typed_is_kept(page):
    Session.objects.all().delete()
    page.press("write", data='{"num_visits": 41}')
    assert "The row is gone" in page.text
    assert page.fields["data"] == '{"num_visits": 41}'
    assert not Session.objects.exists()
    assert page.client.get(page.address).status_code == 404


def test_a_row_that_goes_at_the_last_moment_is_not_made_again(page, monkeypatch):
    monkeypatch.setattr(editing, "write", lambda *versions: (False, None))
    page.press("write", data="{}")
    assert "The row is gone" in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"seconds": "soon"}, "the number of seconds is not a number of at most"),
        ({"date": "soon"}, "the date is not a date"),
        ({"data": "9" * 5000}, "Python refuses this JSON"),
        ({"data": "{}", "signature": "x"}, "you changed two stages"),
        ({"serialized": "\N{SNOWMAN}"}, "\N{SNOWMAN} is no byte"),
        ({"serialized": "x" * (TYPED_MOST + 1)}, "the text of the bytes is longer than"),
    ],
)
def test_why_nothing_was_written_is_one_sentence_that_names_the_stage(page, typed, sentence):
    page.press("write", **typed)
    assert page.result.problem.startswith(f"Nothing was written: {sentence}")
    assert row().get_decoded() == {"num_visits": 3}


def test_a_payload_that_cannot_be_unpacked_cannot_be_compressed(page):
    page.press("follow payload", payload="x").press("write", compress="always")
    assert page.result.problem.startswith("Nothing was written: the payload is not base64url")


@pytest.mark.parametrize("base", ["", "forged"])
def test_without_the_version_it_was_made_from_nothing_is_written(page, base):
    page.press("write", data="{}", base=base)
    assert "not made by this server" in page.result.problem
    assert row().get_decoded() == {"num_visits": 3}


def test_the_version_of_another_row_is_none(page, client):
    Session.objects.create(session_key="o" * 32, session_data=row().session_data, expire_date=LATER)
    other = Page(client, reverse("inspector_edit", args=[handle_for("o" * 32)]))
    page.press("write", data="{}", base=other.fields["base"])
    assert row().get_decoded() == {"num_visits": 3}


@pytest.mark.parametrize("stored", ["a\0b:c:d", "x:" + "y" * 700_000 + ":z"])
def test_what_cannot_be_stored_is_said_and_kept(page, stored):
    before = row().session_data
    page.press("write", stored=stored)
    assert "Nothing was written: the stored text " in page.result.problem
    assert page.fields["stored"] == stored
    assert row().session_data == before


# Undo


def test_the_last_write_is_undone(page):
    before = row()
    page.press("write", data='{"num_visits": 41}', expires="2031-05-06").press("undo")
    assert (row().session_data, row().expire_date) == (before.session_data, before.expire_date)
    assert json.loads(page.fields["data"]) == {"num_visits": 3}
    assert page.fields["expires"] == date_shown(before.expire_date)
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 41}


def test_undo_is_there_still_after_a_look_and_takes_nothing_typed_away(page):
    page.press("write", data='{"num_visits": 41}').press("look").press("undo", data='{"num_visits": 99}')
    assert row().get_decoded() == {"num_visits": 3}
    assert json.loads(page.fields["data"]) == {"num_visits": 99}


def test_undo_does_not_write_over_what_came_after(page):
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 42})
    page.press("undo")
    conflict = page.result.conflict
    assert [each.row.data["num_visits"] for each in (conflict.base, conflict.theirs, conflict.yours)] == [41, 42, 3]
    assert "A request has written to the row since your last write" in page.text
    assert "What you typed" not in page.text
    assert row().get_decoded() == {"num_visits": 42}
    page.press("overwrite undo")
    assert page.result.done.startswith("Undone")
    assert json.loads(page.fields["data"]) == row().get_decoded() == {"num_visits": 3}


def test_an_undo_all_the_same_is_not_written_over_what_came_after_that(page):
    page.press("write", data='{"num_visits": 41}')
    write_elsewhere({"num_visits": 42})
    page.press("undo")
    write_elsewhere({"num_visits": 43})
    page.press("overwrite undo")
    assert "since your last write" in page.text
    assert row().get_decoded() == {"num_visits": 43}


def test_before_a_write_there_is_nothing_to_undo(page):
    assert "Undo the last write" not in page.text
    page.press("undo")
    assert row().get_decoded() == {"num_visits": 3}
