"""Which notebook a request belongs to: named by a signed cookie, made when there is something to write into it."""

import uuid
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from lessons.models import Browser, Notebook
from lessons.notebook import COOKIE, STALE_AFTER, key_of, opened, with_notebook

KEY = uuid.UUID("2f1d0000-0000-4000-8000-000000000000")


@with_notebook
def view(request):
    return HttpResponse(str(request.notebook_key))


def visit(cookie=None):
    return view(RequestFactory().get("/", headers={"Cookie": f"{COOKIE}={cookie}"} if cookie is not None else {}))


@pytest.fixture
def cookie():
    """The cookie that a first visit brings home."""
    return visit().cookies[COOKIE]


def test_a_first_visit_brings_a_cookie_home(cookie):
    attributes = {name: value for name, value in cookie.items() if value and name != "expires"}
    assert attributes == {"max-age": 365 * 24 * 3600, "path": "/", "httponly": True, "samesite": "Lax"}


def test_with_https_the_cookie_goes_over_https_only(settings):
    settings.SESSION_COOKIE_SECURE = True
    assert visit().cookies[COOKIE]["secure"] is True


def test_the_cookie_names_the_same_notebook_again(cookie):
    again = visit(cookie.value)
    assert again.text == cookie.value.partition(":")[0]
    assert COOKIE not in again.cookies


def test_two_first_visits_have_two_notebooks():
    assert visit().text != visit().text


@pytest.mark.parametrize(
    "forged", ["", "x", str(KEY), f"{KEY}:1xVHYy:forged", f"{KEY}:1xVHYy:{'A' * 43}", ":::", "é", "a" * 9999]
)
def test_a_forged_cookie_names_nothing_and_is_replaced(forged):
    response = visit(forged.encode().decode("latin-1"))
    assert response.text != str(KEY)
    assert COOKIE in response.cookies


def test_a_cookie_with_another_name_in_it_is_forged(cookie):
    timestamp_and_signature = cookie.value.partition(":")[2]
    assert visit(f"{KEY}:{timestamp_and_signature}").text != str(KEY)


def test_a_cookie_signed_for_something_else_is_forged():
    response = HttpResponse()
    response.set_signed_cookie(COOKIE, str(KEY), salt="something else")
    assert visit(response.cookies[COOKIE].value).text != str(KEY)


def test_a_signed_cookie_that_is_no_name_names_nothing():
    response = HttpResponse()
    response.set_signed_cookie(COOKIE, "no uuid", salt="lessons.notebook")
    request = RequestFactory().get("/", headers={"Cookie": f"{COOKIE}={response.cookies[COOKIE].value}"})
    assert key_of(request) is None


@pytest.mark.django_db
def test_a_visit_makes_no_notebook():
    visit()
    assert not Notebook.objects.exists()


@pytest.mark.django_db
def test_it_is_made_when_it_is_opened_and_only_once():
    assert opened(KEY) == opened(KEY) == Notebook.objects.get()


@pytest.mark.django_db
def test_making_one_clears_away_those_long_unused():
    stale, fresh = Notebook.objects.create(), Notebook.objects.create()
    Browser.objects.create(notebook=stale, name="blue")
    Notebook.objects.filter(pk=stale.pk).update(used=timezone.now() - STALE_AFTER - timedelta(hours=1))
    Notebook.objects.filter(pk=fresh.pk).update(used=timezone.now() - STALE_AFTER + timedelta(hours=1))
    opened(KEY)
    assert set(Notebook.objects.values_list("pk", flat=True)) == {fresh.pk, KEY}
    assert not Browser.objects.exists()


@pytest.mark.django_db
def test_opening_one_that_is_there_clears_nothing_away():
    opened(KEY)
    Notebook.objects.update(used=timezone.now() - STALE_AFTER * 2)
    opened(KEY)
    assert Notebook.objects.filter(pk=KEY).exists()


@pytest.mark.django_db
def test_opening_one_again_opens_the_same():
    assert opened(KEY) == opened(KEY) == Notebook.objects.get()
