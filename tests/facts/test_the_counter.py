"""The lecture's counter: what the page says and what the row holds."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils.timezone import now


def page(visitor):
    return visitor.get("/lab/visits/slide/").text


def test_c39_a_stored_4_becomes_5(visitor):
    visitor.get(lambda request: request.session.update({"num_visits": 4}))
    assert page(visitor) == "view count=5"


def test_c40_nothing_stored_becomes_1(visitor):
    assert page(visitor) == "view count=1"
    assert visitor.stored == {"num_visits": 1}


def test_c41_so_it_is_1_or_one_more_than_before(visitor):
    before = 0
    for _ in range(4):
        assert page(visitor) == f"view count={before + 1}"
        before = visitor.stored["num_visits"]


def test_c44_past_4_the_key_is_deleted_and_the_row_stays(visitor):
    for _ in range(4):
        page(visitor)
    key = visitor.key
    Session.objects.update(expire_date=now() + timedelta(days=1))
    fifth = visitor.get("/lab/visits/slide/")
    assert visitor.row.session_data.startswith("e30:")
    assert visitor.stored == {}
    assert visitor.row.expire_date > now() + timedelta(days=13)
    assert fifth.set_cookie.startswith(f"sessionid={key};")


def test_c45_the_slide_counts_to_5(visitor):
    counts = [int(page(visitor).removeprefix("view count=")) for _ in range(11)]
    assert counts == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1]


def test_c45_counting_to_4_takes_another_view(visitor):
    counts = [int(visitor.get("/lab/visits/").text.removeprefix("view count=")) for _ in range(8)]
    assert counts == [1, 2, 3, 4, 1, 2, 3, 4]


def test_c46_the_page_says_5_while_the_row_holds_nothing(visitor):
    for _ in range(4):
        page(visitor)
    assert page(visitor) == "view count=5"
    assert visitor.stored == {}
