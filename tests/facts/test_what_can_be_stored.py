"""What becomes of a Python value between the request that stores it and the one that reads it."""

import json
import traceback
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer


def carried_over(visitor, value):
    """Return what the next request finds of this value."""
    visitor.get(lambda request: request.session.update({"value": value}))
    return visitor.get(lambda request: request.session["value"]).answer


def test_p3_integer_keys_become_strings(visitor):
    assert carried_over(visitor, {1: "a"}) == {"1": "a"}

    def store(request):
        request.session[7] = "seven"

    visitor.get(store)
    visit = visitor.get(lambda request: (7 in request.session, request.session["7"]))
    assert visit.answer == (False, "seven")


def test_p3_so_do_other_keys(visitor):
    assert carried_over(visitor, {None: 1, True: 2, 1.5: 3}) == {"null": 1, "true": 2, "1.5": 3}


def test_p3_two_keys_that_become_the_same_string_are_both_written_and_the_last_wins(visitor):
    assert JSONSerializer().dumps({1: "a", "1": "b"}) == b'{"1":"a","1":"b"}'
    assert carried_over(visitor, {1: "a", "1": "b"}) == {"1": "b"}


def test_p4_tuples_become_lists(visitor):
    def view(request):
        request.session["pair"] = (1, 2)
        return request.session["pair"]

    assert visitor.get(view).answer == (1, 2)
    assert visitor.get(lambda request: request.session["pair"]).answer == [1, 2]


@pytest.mark.parametrize(
    "value", [datetime(2026, 11, 23), date(2026, 11, 23), {1, 2}, b"bytes", Decimal("1.5"), object()], ids=type
)
def test_p5_not_everything_can_be_stored(visitor, value):
    reached = []

    def view(request):
        request.session["value"] = value
        reached.append("the end of the view")

    visit = visitor.get(view)
    assert reached == ["the end of the view"]
    assert visit.status == 500
    assert type(visit.error) is TypeError
    assert str(visit.error).startswith(f"Object of type {type(value).__name__} is not JSON serializable")
    functions = [frame.name for frame in traceback.extract_tb(visit.error.__traceback__)]
    assert "process_response" in functions  # of SessionMiddleware
    assert "view" not in functions
    assert visit.set_cookie == ""
    assert Session.objects.count() == 0


def test_p5_nan_can_be_stored_although_it_is_not_json(visitor):
    value = carried_over(visitor, float("nan"))
    assert value != value  # so it is NaN
    text = JSONSerializer().dumps({"value": float("nan")})
    assert text == b'{"value":NaN}'

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    with pytest.raises(ValueError, match="NaN is not JSON"):
        json.loads(text, parse_constant=refuse)
