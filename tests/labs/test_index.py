"""The list of all labs."""

import re

from django.urls import reverse

from lessons.labs import urls


def test_it_leads_to_every_lab(client):
    listed = set(re.findall(r'href="(/lab/[^"?]*)', client.get(reverse("lab:index")).text))
    there = {reverse(f"lab:{line.name}") for line in urls.urlpatterns}
    only_from_a_form = {reverse("lab:hello"), reverse("lab:logout")}
    assert there - listed == {reverse("lab:index"), *only_from_a_form}


def test_it_never_looks_at_the_session(client):
    assert not client.get(reverse("lab:index")).has_header("Vary")
