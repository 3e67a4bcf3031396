"""The cast: a learner with a notebook of their own, whose browser and simulated browsers are used by every test."""

from importlib import import_module

import pytest
from django.test import override_settings
from django.urls import reverse

from lessons import course, standing
from lessons.models import Flight, Notebook

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


class Learner:
    """Somebody who reads lessons and sends requests, as a browser without JavaScript does.

    `client` is Django's test client. It is not used for what a browser does with cookies: that is what simulated
    browsers are for.
    """

    def __init__(self, client):
        self.client = client
        self.client.get(reverse("home"))  # brings the notebook's cookie home

    @property
    def notebook(self) -> Notebook:
        return Notebook.objects.get()

    def fly(self, browser: str, lesson: str, url_name: str, method: str = "GET", **fields) -> Flight:
        """Send one of a lesson's requests as a simulated browser; return its last flight."""
        offered = next(
            request
            for request in course.lesson_by_slug(lesson).requests
            if (request.url_name or request.path) == url_name
            and request.method == method
            and bool(request.fields) == bool(fields)
        )
        data = {"browser": browser, "send": offered.button_id, **fields}
        self.client.raise_request_exception = url_name != "lab:boom"  # it fails inside the request that flies it
        response = self.client.post(reverse("fly", args=[lesson]), data)
        self.client.raise_request_exception = True
        assert response.status_code == 302
        return Flight.objects.filter(browser=browser).last()

    def forget(self, browser: str, lesson: str = "touch", what: str = "forget"):
        return self.client.post(reverse("forget", args=[lesson]), {"browser": browser, "what": what})

    def predict(self, lesson: str, prediction: str, choice: str):
        return self.client.post(reverse("guess", args=[lesson]), {"prediction": prediction, "choice": choice})

    def standing(self, lesson: str) -> standing.Standing:
        return standing.in_lesson(self.notebook.pk, course.lesson_by_slug(lesson))

    def ticked(self, lesson: str) -> set[str]:
        return {line.goal.slug for line in self.standing(lesson).goals if line.ticked}

    def observed(self, lesson: str, prediction: str) -> str:
        """Return the slug of the choice that came true, or ""."""
        return self.standing(lesson).asked[prediction].guess.observed


@pytest.fixture(scope="session", autouse=True)
def addresses():
    """Read all addresses with DEBUG on, once. Tests turn it on and off; the toolbar's are there only with it."""
    with override_settings(DEBUG=True):
        import_module("sessiondemo.urls")


@pytest.fixture
def learner(client, transactional_db):
    """A learner alone with their server. Real transactions: a flight closes and opens connections."""
    return Learner(client)


def pytest_collection_modifyitems(items):
    """Fast tests first, slow ones after them, the browser last."""
    items.sort(key=lambda item: (bool(item.get_closest_marker("browser")), bool(item.get_closest_marker("slow"))))
