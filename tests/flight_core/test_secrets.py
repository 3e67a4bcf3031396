"""Passwords, tokens, hashes and keys never enter a recording: wherever a view puts them, at any zoom."""

import base64
import json
import re
import zlib

import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from lessons.flight.masking import MASK, masker
from lessons.flight.story import tell

from .cast import asked, flown

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("way")]

PASSWORDS = {
    "plain": "correct horse",
    "long": "Loooong-" + "0123456789abcdef" * 20,
    "quotes": """it's "quoted" & <b>bold</b> %s {x} \\ back""",
    "single": "o'clock",
    "unicode": "pässwörd☃😀",
    "lines": "two\nlines\tand tab",
    "digits": "12345",
    "word of ours": "django_session",
    "another": "process",
    "call": "call",
    "true": "true",
    "short": "zq",
    "one": "ß",
}
ZOOMS = ("story", "calls", "lines")


class OldHasher(PBKDF2PasswordHasher):
    """Fast, as no hasher should be."""

    iterations = 1


def everything(flight) -> str:
    """Return all that can be seen of a flight: what is kept, what is told, and what its session data decode to."""
    texts = [flight.text]
    for zoom in ZOOMS:
        for hop in tell(flight.recording, flight.trace, zoom):
            texts += [hop.title, hop.note, hop.caption, str(hop.values), hop.result, str(hop.sql), str(hop.state)]
    whole = "\n".join(texts)
    return "\n".join([whole, *(_decoded(found) for found in set(re.findall(r"\.?e[yJ][\w-]{8,}", whole)))])


def _decoded(text: str) -> str:
    body = text.lstrip(".")
    try:
        data = base64.urlsafe_b64decode(body[: len(body) // 4 * 4])
        return (zlib.decompressobj().decompress(data) if text.startswith(".") else data).decode(errors="replace")
    except (ValueError, zlib.error):
        return ""


def spellings(secret: str) -> list[str]:
    """Return a secret as it may stand in what is kept; of a long one its beginning and its end."""
    parts = [secret] if len(secret) < 40 else [secret, secret[:20], secret[-20:]]
    return [each for part in parts for each in (part, json.dumps(part)[1:-1], repr(part)[1:-1])]


def check(flight, secret: str) -> None:
    whole = everything(flight)
    if len(secret) < 4:
        assert not re.findall(rf"(?<!\w){re.escape(secret)}(?!\w)", whole)
    elif secret in ("django_session", "process", "call", "true"):  # words that the recording itself is made of
        assert f"'{secret}'" not in _values(flight)
    else:
        assert not [each for each in spellings(secret) if each in whole]
    assert flight.hops()[-1].kind == "response"


def _values(flight) -> str:
    details = [event[5] or {} for event in flight.trace["events"]]
    return json.dumps(
        [[each.get("values"), each.get("result"), each.get("params"), each.get("error")] for each in details]
    ) + json.dumps([flight.recording["sql"], flight.recording["form"]])


def careless(request):
    """Do with a password all that nobody should."""
    body = bytes(request.body)
    secret = request.POST.get("password") or request.GET.get("password")
    if secret is None:
        secret = json.loads(request.body)["user"]["password"]
    holder = {"pw": secret, "list": [secret], "nested": {"deep": (secret,)}}
    spelled = f"it is {secret}!"
    padded = "x" * 150 + secret
    request.session["pw"] = secret
    request.session["holder"] = {"deep": [secret], "again": padded}
    request.session.get(secret)
    request.session.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [secret])
        cursor.execute("SELECT %s", [padded])
        cursor.execute("SELECT '" + secret.replace("'", "''").replace("%", "") + "'")
    try:
        raise LookupError(secret)
    except LookupError as error:
        caught = error
    response = JsonResponse({"said": secret, "padded": padded})
    response.headers["X-Said"] = secret.encode("ascii", "replace").decode().replace("\n", " ")
    response.set_cookie("said", secret if secret.isalnum() and secret.isascii() else "")
    if request.headers.get("X-Fail"):
        raise LookupError(spelled, len(body), len(holder), str(caught))
    return response


WAYS = {
    "form": lambda password: {"method": "POST", "data": {"user": "ada", "password": password}},
    "same user": lambda password: {"method": "POST", "data": {"user": password, "password": password}},
    "new_password1": lambda password: {"method": "POST", "data": {"new_password1": password, "password": password}},
    "query": lambda password: {"data": {"password": password}},
    "json": lambda password: {
        "method": "POST",
        "data": json.dumps({"user": {"password": password}}),
        "content_type": "application/json",
    },
}


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS.keys())
def test_a_password_is_not_kept_whatever_a_view_does_with_it(password, how):
    for headers in ({}, {"X-Fail": "1"}):
        response, flight = flown(asked(careless, headers=headers, **how(password)))
        assert response.status_code == (500 if headers else 200)
        check(flight, password)


def test_the_story_is_the_same_whatever_the_password(caplog):
    """A password may be a word that the recording itself is made of."""
    kinds = {tuple(flown(asked(careless, **WAYS["form"](password)))[1].kinds) for password in PASSWORDS.values()}
    assert len(kinds) == 1


@pytest.mark.parametrize("password", ["lovelace", "wrong one", *PASSWORDS.values()])
def test_a_login_gives_no_password_away(password, settings, django_user_model):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()
    data = {"username": "ada", "password": password}
    response, flight = flown(asked("/lab/login/", "POST", data=data))
    assert response.status_code == (302 if password == "lovelace" else 200)
    assert ("login" in flight.kinds) == (password == "lovelace")
    check(flight, password)
    assert ada.password.split("$")[-1] not in everything(flight)
    settings.DEBUG = True
    check(flown(asked("/lab/login/", data=data))[1], password)


def test_a_hash_made_anew_at_login_is_not_kept(settings, django_user_model):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "tests.flight_core.test_secrets.OldHasher",
    ]
    ada = django_user_model.objects.get(username="ada")
    old = ada.password = make_password("lovelace", hasher="pbkdf2_sha256")
    ada.save()
    _, flight = flown(asked("/lab/login/", "POST", data={"username": "ada", "password": "lovelace"}))
    ada.refresh_from_db()
    assert ada.password.startswith("md5$")
    whole = everything(flight)
    assert any("UPDATE" in text and "auth_user" in text for text in flight.recording["sql"])
    for secret in (*old.split("$")[2:], *ada.password.split("$")[1:]):
        assert secret not in whole


@pytest.mark.parametrize("many", [1, 2])
def test_the_keys_of_the_server_are_not_kept(many, settings):
    settings.SECRET_KEY = "the key & <of> 'this' \"server\" " + "k" * 30
    settings.SECRET_KEY_FALLBACKS = ["an old key " + "f" * 30, b"one in bytes " + b"b" * 30][:many]

    def view(request):
        key, old = project.SECRET_KEY, list(project.SECRET_KEY_FALLBACKS)
        both = f"{key} {old}"
        request.session["key"] = key
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [key])
        signed = signing.dumps({"a": key})
        return HttpResponse(f"{both} {signed}")

    whole = everything(flown(asked(view))[1])
    for secret in ("k" * 15, "f" * 15, *(["b" * 15] if many == 2 else [])):
        assert secret not in whole


def test_tokens_are_not_kept(caplog):
    tokens = []

    def view(request):
        token = get_token(request)
        again = [get_token(request), {"t": get_token(request)}]
        secret = request.META["CSRF_COOKIE"]
        tokens.extend([token, again[0], again[1]["t"], secret])
        request.session["form"] = f"<input value={token}>"
        return HttpResponse(f"{token} {again} {secret}")

    for cookies in ({}, {"csrftoken": "c" * 32}):
        tokens.clear()  # a flight knows the secrets of its own visitor
        _, flight = flown(asked(view, cookies=cookies))
        whole = everything(flight)
        assert len(tokens[-1]) == 32
        assert not [token for token in tokens if token in whole]


def test_a_token_in_the_session_is_not_kept(settings):
    settings.CSRF_USE_SESSIONS = True
    secrets = []

    def view(request):
        token = get_token(request)
        secrets.extend([token, request.META["CSRF_COOKIE"]])
        return HttpResponse(token)

    flight = flown(asked(view))[1]
    assert not [secret for secret in secrets if secret in everything(flight)]
    assert Session.objects.get().get_decoded()["_csrftoken"] in secrets


def test_the_cookie_of_the_notebook_is_not_kept():
    value = signing.Signer().sign_object("2f1d0000-0000-4000-8000-000000000000") + "notebook"

    def view(request):
        cookies = dict(request.COOKIES)
        header = request.META["HTTP_COOKIE"]
        request.session["seen"] = header
        return HttpResponse(f"{cookies} {header}")

    assert value not in everything(flown(asked(view, cookies={"notebook": value, "zap": "42"}))[1])


def test_credentials_in_a_header_are_not_kept():
    secret = base64.b64encode(b"ada:lovelace").decode()

    def view(request):
        header = request.headers["Authorization"]
        return HttpResponse(header)

    assert secret not in everything(flown(asked(view, headers={"Authorization": f"Basic {secret}"}))[1])


def test_what_has_a_secrets_name_is_not_kept():
    def view(request):
        api_key = "abcdef-123"
        my_secret = {"a": "abcdef-123"}
        things = {"passphrase": "abcdef-123", "API-KEY": "abcdef-123", "user_password": ["abcdef-123"]}
        request.session["client_secret"] = "abcdef-123"
        return HttpResponse(len(api_key) + len(my_secret) + len(things))

    _, flight = flown(asked(view))
    told = json.dumps([event[5] for event in flight.trace["events"]] + flight.trace["states"])
    assert flight.values("api_key") == [MASK]
    assert flight.values("things") == [f"{{'passphrase': '{MASK}', 'API-KEY': '{MASK}', 'user_password': '{MASK}'}}"]
    assert json.loads(told)


def test_what_is_no_secret_stays():
    flight = flown(asked(careless, **WAYS["form"]("correct horse")))[1]
    assert flight.recording["form"]["user"] == "ada"
    assert MASK in flight.values("secret")[0]
    assert flight.values("spelled") == [f"'it is {MASK}!'"]
    row = flight.hops()[-1].state.row
    assert row["session_data"].lstrip(".").startswith(f"{MASK}:")
    assert set(row["data"]) == {"pw", "holder"}


@pytest.mark.parametrize("password", ["True", "None", "False"])
def test_what_everybody_says_is_no_secret(password):
    """The story asks whether `modified` was 'True'."""
    masked = masker(RequestFactory().get("/", {"password": password}))
    assert [masked(text) for text in ("True", "False", "None", "'True'")] == ["True", "False", "None", "'True'"]


def test_a_beginning_where_a_text_was_cut_is_masked():
    masked = masker(RequestFactory().get("/", {"password": "correct horse"}))
    assert masked("a correct horse b") == f"a {MASK} b"
    assert masked("it is correct ho… (99 characters)") == f"it is {MASK}… (99 characters)"
    assert masked("it is cor… (99 characters)") == "it is cor… (99 characters)"
    assert masked("correct… and correct horse… twice") == f"{MASK}… and {MASK}… twice"
