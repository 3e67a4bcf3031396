"""Secrets that no recording may hold: passwords, CSRF tokens, and the cookie that names a notebook."""

import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, quote_plus

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _does_token_match

SECRET_COOKIES = {"csrftoken", "notebook"}
SECRET_FIELDS = {"csrfmiddlewaretoken", "password", "password1", "password2", "old_password"}
SECRET_NAME = re.compile(r"pass(word|wd|phrase)|secret|csrf|credential|api_?key", re.IGNORECASE)
MASK = "(not recorded)"
SHORTEST = 4  # characters of a secret that is looked for in texts; a shorter one is part of too many words
PASSWORD_HASH = re.compile(r"\b(?:pbkdf2_\w+|argon2\w*|bcrypt\w*|scrypt|md5)\$[^'\"\s]+")
CSRF_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{CSRF_TOKEN_LENGTH}}}(?![0-9A-Za-z])")


def masker(request: HttpRequest) -> Callable[[str], str]:
    """Return a function that takes passwords and this tutorial's own secrets out of a text.

    A page may print any of them: the echo lab prints cookies and forms, and each form has a CSRF token, which is the
    secret in the CSRF cookie, disguised anew every time.
    """
    csrf_secret = request.META.get("CSRF_COOKIE", "")
    secrets = {csrf_secret, *_server_secrets(), *(request.COOKIES.get(name, "") for name in SECRET_COOKIES)}
    # Not request.GET: with too many fields it raises, and whether a view asks for it is the view's affair.
    query = parse_qsl(request.META.get("QUERY_STRING", ""), errors="replace")
    form = [(name, value) for name, values in form_of(request).lists() for value in values]
    secrets.update(value for name, value in query + form if name in SECRET_FIELDS)
    spelled = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
    longest_first = sorted(spelled, key=len, reverse=True)

    def masked(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, MASK)
        text = PASSWORD_HASH.sub(MASK, text)
        return CSRF_TOKEN.sub(lambda token: MASK if _does_token_match(token[0], csrf_secret) else token[0], text)

    return masked


def _server_secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _spellings(secret: str) -> list[str]:
    """Return how a page, a JSON text, Python or an address may spell this."""
    as_python = repr(secret)[1:-1]
    as_json = [json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False) for text in (secret, as_python)]
    return [secret, as_python, *as_json, html.escape(secret), quote(secret), quote(secret, safe=""), quote_plus(secret)]


def form_of(request: HttpRequest) -> QueryDict:
    """Return the form if the view has read it. Reading it now could fail, and a view may want the bytes."""
    return request.POST if request.method == "POST" and hasattr(request, "_post") else QueryDict()
