"""Secrets that no recording may hold: passwords, CSRF tokens, the server's key, the cookie that names a notebook."""

import base64
import html
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _does_token_match
from django.utils.datastructures import MultiValueDict

SECRET_COOKIES = {"csrftoken", "notebook"}
SECRET_NAME = re.compile(r"pass(word|wd|phrase)|secret|csrf|credential|api[_-]?key", re.IGNORECASE)
NAME_MOST = 60  # characters of a name that are looked at for whether it names a secret
MASK = "(not recorded)"
SHORTEST = 4  # characters of a secret that is looked for in texts; a shorter one counts only as a word of its own
REMEMBERED = 1000  # texts that are not looked through again
JSON_MOST = 1024 * 1024  # characters of a body that is looked through for secrets
PASSWORD_HASH = re.compile(r"\b(?:pbkdf2_\w+|argon2\w*|bcrypt\w*|scrypt|md5|sha1)\$[^'\"\s]+")
CSRF_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{CSRF_TOKEN_LENGTH}}}(?![0-9A-Za-z])")
SESSION_DATA = re.compile(r"e[yJ][\w-]{8,}")  # base64 of what begins with {" or is compressed by zlib
CUT = "…"  # where a text was shortened
LITERAL = re.compile(r"'(?:[^']|'')*'?|\b\d{4,}\b")  # of SQL: a text, or a number that is long enough to be a secret
_without_values: set[str] = set()  # statements that were looked through: Django sends the same ones over and over
TOLD = {"True", "False", "None"}  # what everybody says; the story lives on it


def is_secret(name) -> bool:
    """Return whether what goes by this name is better not looked at."""
    return type(name) is str and _is_secret(name[:NAME_MOST])


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    return SECRET_NAME.search(name) is not None


def masker(request: HttpRequest) -> Callable[[str], str]:
    """Return a function that takes passwords and this tutorial's own secrets out of a text.

    A page may print any of them: the echo lab prints cookies and forms, and each form has a CSRF token, which is the
    secret in the CSRF cookie, disguised anew every time. A session may hold them, and so its row, encoded. Where a
    text was cut off in the middle of a secret, its beginning goes too.
    """
    return Masker(request.META.get("CSRF_COOKIE", ""), _secrets(request))


class Masker:
    """What `masker` returns. A flight says the same texts over and over: those it has masked, it remembers."""

    def __init__(self, csrf_secret: str, secrets: Iterable[str]):
        found = {text for text in (csrf_secret, *secrets) if text} - TOLD
        spelled = {spelling for secret in found if len(secret) >= SHORTEST for spelling in _spellings(secret)}
        short = "|".join(re.escape(each) for each in found if len(each) < SHORTEST)
        self._csrf_secret = csrf_secret
        self._longest_first = sorted(spelled, key=len, reverse=True)
        self._shortest = min(map(len, spelled), default=0)
        self._words = re.compile(rf"(?<!\w)(?:{short})(?!\w)") if short else None
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            known = self._masked(text)
            if len(self._known) < REMEMBERED:
                self._known[text] = known
        return known

    def _masked(self, text: str) -> str:
        if text in TOLD:
            return text
        if len(text) >= self._shortest:
            for secret in self._longest_first:
                text = text.replace(secret, MASK)
        if CUT in text:
            text = _without_beginnings(text, self._longest_first)
        if self._words:
            text = self._words.sub(MASK, text)
        if "$" in text:
            text = PASSWORD_HASH.sub(MASK, text)
        if "ey" in text or "eJ" in text:
            text = SESSION_DATA.sub(self._session_data, text)
        return CSRF_TOKEN.sub(self._token, text) if self._csrf_secret else text

    def _session_data(self, found: re.Match) -> str:
        inside = _decoded(found[0])
        return MASK if inside and self(inside + CUT) != inside + CUT else found[0]

    def _token(self, found: re.Match) -> str:
        return MASK if _does_token_match(found[0], self._csrf_secret) else found[0]


def masked_data(data: Any, masked: Callable[[str], str]) -> Any:
    """Return a copy of plain data with every text in it masked, and every number that is a secret."""
    if type(data) is str:
        return masked(data)
    if type(data) is dict:
        return {masked(name): masked_data(value, masked) for name, value in data.items()}
    if type(data) is list or type(data) is tuple:
        return [masked_data(value, masked) for value in data]
    if type(data) is int or type(data) is float:
        text = str(data)
        return data if masked(text) == text else MASK
    return data


def masked_sql(sql: str, masked: Callable[[str], str]) -> str:
    """Return a statement with the values in it masked. Its words are Django's, and no secrets."""
    if sql in _without_values:
        return sql
    if LITERAL.search(sql):
        return LITERAL.sub(lambda found: masked(found[0]), sql)
    if len(_without_values) < REMEMBERED:
        _without_values.add(sql)
    return sql


def _secrets(request: HttpRequest) -> Iterator[str]:
    """Yield what this request must not give away, as far as it brought it or the server has it."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield key.decode(errors="replace") if isinstance(key, bytes) else key
    for name in SECRET_COOKIES:
        yield request.COOKIES.get(name, "")
    yield request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
    # Not request.GET: with too many fields it raises, and whether a view asks for it is the view's affair.
    text = request.META.get("QUERY_STRING", "")
    query = parse_qsl(text, errors="replace") if text else []
    form = [(name, value) for name, values in form_of(request).lists() for value in values]
    yield from (value for name, value in query + form if is_secret(name))
    yield from _in_json(_json_of(request))


def _json_of(request: HttpRequest) -> Any:
    """Return what a JSON body says, if the view has read it."""
    body = vars(request).get("_body", b"")
    if "json" not in request.META.get("CONTENT_TYPE", "") or len(body) > JSON_MOST:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _in_json(data: Any) -> Iterator[str]:
    """Yield what stands under a secret's name, wherever it is."""
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from (str(value) for name, value in each.items() if is_secret(name) and isinstance(value, str | int))
        if isinstance(each, dict | list):
            waiting += each.values() if isinstance(each, dict) else each


@lru_cache(maxsize=100)  # the server's keys are looked for in each flight
def _spellings(secret: str) -> frozenset[str]:
    """Return how a page, a JSON text, SQL, Python or an address may spell this."""
    as_json = [json.dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]
    as_address = [how(secret, safe=safe, errors="replace") for how in (quote, quote_plus) for safe in ("", "/")]
    texts = {secret, *as_json, html.escape(secret), secret.replace("'", "''"), *as_address}
    return frozenset(texts).union(*map(_in_python, texts))


def _in_python(text: str) -> Iterator[str]:
    """Yield how `repr` may spell a text that stands somewhere in a str, or in bytes, between quotes of either kind."""
    for spelled in (repr(text)[1:-1], repr(text.encode(errors="replace"))[2:-1]):
        yield spelled
        yield json.dumps(spelled)[1:-1]
        if "'" in spelled:
            yield spelled.replace("\\'", "'").replace("'", "\\'")


def _without_beginnings(text: str, secrets: list[str]) -> str:
    """Mask the beginning of a secret that stands right before a cut."""
    parts = text.split(CUT)
    for place, part in enumerate(parts[:-1]):
        for secret in secrets:
            if secret[:SHORTEST] not in part[-len(secret) :]:
                continue
            lengths = range(min(len(secret), len(part)), SHORTEST - 1, -1)
            if longest := next((length for length in lengths if part.endswith(secret[:length])), 0):
                parts[place] = part = part[:-longest] + MASK
    return CUT.join(parts)


def _decoded(encoded: str) -> str:
    """Return the JSON in this beginning of a row's session_data, as far as it goes, or ""."""
    whole = encoded[: len(encoded) // 4 * 4]  # what is left over is less than a letter
    try:
        data = base64.urlsafe_b64decode(whole)
        if whole.startswith("eJ"):
            data = zlib.decompressobj().decompress(data, JSON_MOST)
    except (ValueError, zlib.error):
        return ""
    return data.decode(errors="replace")


def form_of(request: HttpRequest) -> MultiValueDict:
    """Return the form if the view has read it. Reading it now could fail, and a view may want the bytes."""
    return request.POST if request.method == "POST" and hasattr(request, "_post") else MultiValueDict()
