"""Django's own login and logout, and the page that they lead to (C02, C17, F19)."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from lessons import demo_user
from lessons.browsers import Jar
from lessons.flight.masking import MASK
from lessons.models import Flight
from lessons.worlds import here

pytestmark = pytest.mark.django_db

ADA = {"username": demo_user.USERNAME, "password": demo_user.PASSWORD}
WRONG = {"username": "ada", "password": "wr0ng pa$$word"}
LOGIN, LOGOUT, ACCOUNT = (reverse(f"lab:{name}") for name in ("login", "logout", "account"))


class SimulatedBrowser:
    """A browser of the lab frame: a jar, flying through the server that is running. `flights` are its recordings."""

    def __init__(self, **headers):
        self.jar = Jar()
        self.outer = RequestFactory(REMOTE_ADDR="127.0.0.1").post("/_ui/lab/visits/fly/", headers=headers)
        self.flights = []

    def get(self, path):
        return self._fly("GET", path, {})

    def post(self, path, **form):
        return self._fly("POST", path, form)

    def log_in(self, **form):
        """Open the form, which brings the CSRF token, and send it."""
        self.get(LOGIN)
        return self.post(LOGIN, **form)

    def _fly(self, method, path, form):
        flown = list(here.fly(self.jar, self.outer, method, path, form))
        self.flights += flown
        return flown

    @property
    def key(self):
        return self.jar.get("sessionid")


@pytest.fixture(autouse=True)
def ada(settings):
    """The demo user, with the same password under a hasher that loses no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = User.objects.get(username="ada")
    ada.set_password(demo_user.PASSWORD)
    ada.save()
    return ada


@pytest.fixture
def browser():
    return SimulatedBrowser()


def stored():
    return Session.objects.get().get_decoded()


def told(recordings):
    return [(recording.method, recording.path, recording.status) for recording in recordings]


# Logging in


def test_the_page_tells_a_name_and_a_password_that_work(client):
    username, password = re.findall(r"<code>(\w+)</code>", client.get(LOGIN).text)
    assert {"username": username, "password": password} == ADA
    response = client.post(LOGIN, ADA, follow=True)
    assert response.redirect_chain == [(ACCOUNT, 302)]
    assert "Hello, ada" in response.text


def test_showing_the_form_stores_nothing(browser):
    (flight,) = browser.get(LOGIN)
    assert flight.session_key is None
    assert not Session.objects.exists()


def test_f19_login_makes_a_new_key_deletes_the_old_row_and_keeps_the_data(browser):
    browser.get(reverse("lab:dict_add"))
    before = browser.key
    browser.log_in(**ADA)
    assert browser.key not in ("", before)
    assert Session.objects.get().session_key == browser.key
    assert stored()["color"] == "green"


def test_c02_who_is_logged_in_stands_in_the_row_and_not_in_the_cookie(browser, ada):
    browser.log_in(**ADA)
    assert stored() == {
        "_auth_user_id": str(ada.pk),
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": ada.get_session_auth_hash(),
    }


def test_a_simulated_browser_is_led_to_the_account(browser):
    flown = browser.log_in(**ADA)
    assert told(flown) == [("POST", LOGIN, 302), ("GET", ACCOUNT, 200)]
    assert "Hello, ada" in flown[-1].body


def test_c17_the_same_user_again_keeps_the_key(browser):
    browser.log_in(**ADA)
    before = browser.key
    browser.log_in(**ADA)
    assert browser.key == before


@pytest.mark.parametrize("form", [WRONG, ADA | {"username": "nobody"}, ADA | {"password": ""}, {}])
def test_a_login_that_fails_shows_the_errors_of_the_form_and_stores_nothing(client, form):
    response = client.post(LOGIN, form)
    assert response.status_code == 200
    errors = [str(error) for of_field in response.context["form"].errors.values() for error in of_field]
    assert errors
    assert all(error in response.text for error in errors)
    assert not Session.objects.exists()
    assert "sessionid" not in response.cookies


def test_a_simulated_browser_sees_the_error_too(browser):
    (flight,) = browser.log_in(**WRONG)
    assert "Please enter a correct username and password." in flight.body


def test_a_name_that_is_markup_is_shown_as_it_was_typed(client):
    page = client.post(LOGIN, {"username": "<script>alert(1)</script>", "password": "x"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "elsewhere", ["//elsewhere.example.net/", "https://elsewhere.example.net/lab/", "javascript:1"]
)
def test_nobody_is_sent_to_another_site_by_it(client, elsewhere):
    assert client.post(f"{LOGIN}?next={elsewhere}", ADA).headers["Location"] == ACCOUNT


def test_nobody_is_greeted_for_another_browser(browser):
    browser.log_in(**ADA)
    assert "Nobody is logged in." in SimulatedBrowser().get(ACCOUNT)[0].body


# Logging out


def test_f19_logout_deletes_row_and_cookie(browser):
    browser.get(reverse("lab:dict_add"))
    browser.log_in(**ADA)
    flown = browser.post(LOGOUT)
    assert told(flown) == [("POST", LOGOUT, 302), ("GET", ACCOUNT, 200)]
    assert flown[0].set_cookies[0].startswith('sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0;')
    assert "Nobody is logged in." in flown[1].body
    assert browser.key == ""
    assert not Session.objects.exists()


def test_the_button_on_the_account_page_logs_out():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="ada"))
    page = client.get(ACCOUNT).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    (action,) = re.findall(r'action="([^"]+)"', page)
    client.post(action, {"csrfmiddlewaretoken": token})
    assert not Session.objects.exists()


def test_no_link_logs_out(browser):
    browser.log_in(**ADA)
    (flight,) = browser.get(LOGOUT)
    assert flight.status == 405
    assert Session.objects.exists()


@pytest.mark.parametrize("address", [LOGIN, LOGOUT])
def test_a_forged_post_is_refused(address):
    victim = Client(enforce_csrf_checks=True)
    victim.force_login(User.objects.get(username="ada"))
    before = Session.objects.get().session_data
    assert victim.post(address, ADA).status_code == 403
    assert Session.objects.get().session_data == before


def test_logging_out_without_having_been_in_makes_nothing(browser):
    browser.get(LOGIN)
    browser.post(LOGOUT)
    assert browser.key == ""
    assert not Session.objects.exists()


# What the recorder keeps of it


def dump(recordings):
    return json.dumps([recording.as_dict() for recording in recordings], ensure_ascii=False)


@pytest.mark.parametrize("form", [ADA, WRONG], ids=["right", "wrong"])
def test_no_password_enters_the_recording_of_a_simulated_browser(browser, form, ada):
    flown = browser.log_in(**form)
    assert flown[0].form == {"username": "ada", "password": MASK, "csrfmiddlewaretoken": MASK}
    assert form["password"] not in dump(flown)
    assert ada.password not in dump(browser.flights)


@pytest.mark.parametrize("form", [ADA, WRONG], ids=["right", "wrong"])
def test_no_password_enters_the_recording_of_your_browser(client, form, ada):
    client.get(reverse("home"))
    client.post(LOGIN, form, follow=True)
    sent, *led_to = Flight.objects.all()
    assert sent.recording["form"] == {"username": "ada", "password": MASK}
    kept = json.dumps([[flight.recording, flight.row] for flight in [sent, *led_to]])
    assert form["password"] not in kept
    assert ada.password not in kept


# With others around


@pytest.fixture
def hosted(settings):
    """As `SESSIONDEMO_HOST` has it."""
    settings.DEBUG = False
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def test_on_a_hosted_server_she_logs_in_and_out(hosted):
    browser = SimulatedBrowser(**{"X-Forwarded-Proto": "https"})
    assert "Hello, ada" in browser.log_in(**ADA)[-1].body
    assert [cookie.secure for cookie in browser.jar if cookie.name == "sessionid"] == [True]
    assert "Nobody is logged in." in browser.post(LOGOUT)[-1].body
    assert not Session.objects.exists()


CLOSED = ["", "password_change/", "auth/user/", "auth/user/1/password/", "sessions/session/", "jsi18n/"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", CLOSED)
def test_she_gets_nowhere_in_the_admin_and_changes_no_password(client, address, method, ada):
    client.post(LOGIN, ADA)
    before = list(User.objects.values())
    form = {"old_password": ADA["password"], "new_password1": "taken-over-7", "new_password2": "taken-over-7"}
    response = getattr(client, method)(f"/admin/{address}", form)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
    assert list(User.objects.values()) == before
