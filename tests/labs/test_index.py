"""The list of all labs."""

import re

from django.urls import reverse

from lessons.labs import urls


def test_it_leads_to_every_lab(client):
    listed = set(re.findall(r'href="(/lab/[^"?]*)', client.get(reverse("lab:index")).text))
    there = {reverse(f"lab:{line.name}") for line in urls.urlpatterns}
    assert there - listed == {reverse("lab:index"), reverse("lab:hello")}  # itself, and where the form leads


def test_it_never_looks_at_the_session(client):
    assert not client.get(reverse("lab:index")).has_header("Vary")
