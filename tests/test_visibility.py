"""Who may see what: everything for a learner alone with the server, else only what is theirs."""

import pytest
from django.test import RequestFactory

from lessons.visibility import masked, may_change, sees_everything, show_toolbar

LOOPBACK = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"]
ELSEWHERE = ["192.168.1.7", "10.0.0.1", "203.0.113.5", "fe80::1", "2001:db8::1", "::ffff:192.168.1.7", "0.0.0.0", "::"]
NO_ADDRESS = ["", "unix:", "localhost", "127.0.0.1:8000", "127.1", "127.0.0.1, 203.0.113.5"]
PROXIES = ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip"]


def request_from(address="127.0.0.1", path="/", **headers):
    return RequestFactory().get(path, REMOTE_ADDR=address, headers=headers)


@pytest.fixture(autouse=True)
def local_mode(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("address", LOOPBACK)
def test_a_learner_at_the_machine_itself_sees_everything(address):
    assert sees_everything(request_from(address))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_else_does(address):
    assert not sees_everything(request_from(address))


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_nobody_does_whose_address_is_not_known(address):
    assert not sees_everything(request_from(address))


def test_nobody_does_when_there_is_no_address():
    request = request_from()
    del request.META["REMOTE_ADDR"]
    assert not sees_everything(request)


def test_nobody_does_without_debug(settings):
    settings.DEBUG = False
    assert not sees_everything(request_from())


@pytest.mark.parametrize("header", PROXIES)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_nobody_does_behind_a_proxy_whatever_it_says(header, value):
    assert not sees_everything(request_from(**{header: value}))


# Who may change something


@pytest.fixture
def logged_in(client, django_user_model):
    """Log somebody in, and return a request from elsewhere with their cookies."""

    def log_in(**fields):
        user = django_user_model.objects.create_user("grace", password="secret", **fields)
        client.force_login(user)
        request = request_from("203.0.113.5")
        request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
        return request, user

    return log_in


def test_alone_a_learner_may_change_everything():
    assert may_change(request_from())


@pytest.mark.django_db
def test_with_others_around_a_superuser_may(logged_in):
    assert may_change(logged_in(is_staff=True, is_superuser=True)[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{}, {"is_staff": True}, {"is_superuser": True, "is_active": False}],
    ids=["nobody", "staff, who may not become anybody", "not active"],
)
def test_nobody_else_may(logged_in, fields):
    assert not may_change(logged_in(**fields)[0])


@pytest.mark.django_db
@pytest.mark.parametrize("key", [None, "", "short", "z" * 32])
def test_a_stranger_may_not(key):
    request = request_from("203.0.113.5")
    request.COOKIES = {} if key is None else {"sessionid": key}
    assert not may_change(request)


@pytest.mark.django_db
def test_asking_leaves_the_session_untouched(client, settings, django_user_model):
    settings.DEBUG = False
    client.force_login(django_user_model.objects.create_superuser("grace"))
    response = client.get("/inspector/")
    assert response.wsgi_request.session.accessed is False


@pytest.mark.parametrize("path", ["/lab/", "/lab/visits/", "/__debug__/render_panel/"])
def test_the_toolbar_shows_on_lab_pages(path):
    assert show_toolbar(request_from(path=path))


@pytest.mark.parametrize("path", ["/", "/lessons/visits/", "/inspector/", "/admin/", "/labs/", "/_ui/rows/"])
def test_the_toolbar_shows_nowhere_else(path):
    assert not show_toolbar(request_from(path=path))


def test_the_toolbar_does_not_show_in_the_lab_frame():
    assert not show_toolbar(request_from(path="/lab/visits/", **{"Sec-Fetch-Dest": "iframe"}))


def test_the_toolbar_does_not_show_to_a_stranger():
    assert not show_toolbar(request_from("203.0.113.5", path="/lab/visits/"))


def test_a_masked_key_can_be_told_apart_and_not_be_used():
    assert masked("abcdefghijklmnopqrstuvwxyz012345") == "abcd…2345"


@pytest.mark.parametrize("short", ["", "gj2233", "twelve_chars"])
def test_of_a_short_key_nothing_is_shown(short):
    assert masked(short) == "…"


@pytest.mark.parametrize("header", ["Via", "X-Forwarded-Proto", "CF-Connecting-IP"])
def test_any_sign_of_a_proxy_is_enough(rf, settings, header):
    settings.DEBUG = True
    assert sees_everything(rf.get("/"))
    assert not sees_everything(rf.get("/", headers={header: "1"}))
