"""Content-Security-Policy: nothing stands inline, nothing comes from elsewhere."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from sessiondemo.middleware import POLICY, content_security_policy


def answered(response: HttpResponse) -> HttpResponse:
    return content_security_policy(lambda request: response)(RequestFactory().get("/"))


def policy_of(response) -> str | None:
    return response.headers.get("Content-Security-Policy")


def test_every_response_has_the_policy():
    assert policy_of(answered(HttpResponse())) == POLICY


def test_a_response_with_a_policy_of_its_own_keeps_it():
    assert policy_of(answered(HttpResponse(headers={"Content-Security-Policy": "sandbox"}))) == "sandbox"


@pytest.mark.parametrize(("debug", "status", "policy"), [(True, 404, None), (True, 399, POLICY), (False, 500, POLICY)])
def test_only_the_error_pages_of_debug_go_without(settings, debug, status, policy):
    settings.DEBUG = debug
    assert policy_of(answered(HttpResponse(status=status))) == policy


def test_it_allows_nothing_inline_and_nobody_else():
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "inspector", "lab:index", "lab:visits", "admin:login"])
def test_every_page_goes_out_with_it(client, name):
    assert policy_of(client.get(reverse(name))) == POLICY
