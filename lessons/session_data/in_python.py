"""
Each stage as the few lines of Python that do it, with the value at hand, for `python start.py manage shell`.

Every snippet stands alone: it begins with what the stage is given. What is long is not written out: then the snippet
gets it from the row, or from a file, by the lines of the stages before. The secret key is named, and never shown.
"""

from typing import NamedTuple

from .signature import COOKIE_SALT, SESSION_SALT
from .steps import date_of, inflate, legacy_unbase64, unbase64

LONG = 400  # characters of a value that are written out

FROM_THE_ROW = "session_data = Session.objects.get({}).session_data"
FROM_A_FILE = 'session_data = Path("session_data.txt").read_text().strip()  # too long to paste: save it there first'

UNBASE64 = 'encoded = payload{}.encode()\ndata = urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))'
DERIVE = 'salt = {!a}\nkey = hashlib.sha256((salt + "signer" + {}).encode()).digest()'
SIGN = 'made = urlsafe_b64encode(hmac.digest(key, message.encode(), "{}")).rstrip(b"=").decode()'
LEGACY_DERIVE = "salt = {!a}\nkey = hashlib.sha1((salt + {}).encode()).digest()"
LEGACY_SIGN = 'made = hmac.new(key, serialized, "sha1").hexdigest()'
FOR_HASHES = ("import hashlib", "import hmac", "from django.conf import settings")


class Snippet(NamedTuple):
    stage: str
    code: str  # its last line is an expression: what the stage gives


class Value(NamedTuple):
    """Something that a stage is given: as it is here, and the lines that make it of another."""

    value: object
    made_of: str = ""
    code: str = ""
    imports: tuple = ()


def snippets(decoded, key_ends=None):
    """
    Return a snippet for each stage that there is something to give to, and Django's own two lines last.

    key_ends  how the key of the row begins and ends, if it is a row that a long value can be read from.
    """
    values = {"session_data": Value(":".join(decoded.pieces), "", *source(key_ends))}
    if decoded.format == "unknown":
        made = []
    elif len(decoded.pieces) == 3:
        made = [*of_signed(decoded, values)]
    else:
        made = [*of_legacy(decoded, values)]
    return (*made, of_django(decoded, values))


def source(key_ends):
    """Return the line that gets a long value, and what it imports."""
    if key_ends:
        start, end = key_ends
        line = FROM_THE_ROW.format(f"session_key__startswith={start!a}, session_key__endswith={end!a}")
        return line, ("from django.contrib.sessions.models import Session",)
    return FROM_A_FILE, ("from pathlib import Path",)


def of_signed(decoded, values):
    """Yield the stages of `payload:timestamp:signature`."""
    payload, timestamp, signature = decoded.pieces
    split = 'payload, timestamp, signature = session_data.rsplit(":", 2)'
    cut = 'message, signature = session_data.rsplit(":", 1)'
    values["payload"] = Value(payload, "session_data", split)
    values["timestamp"] = Value(timestamp, "session_data", split)
    values["message"] = Value(f"{payload}:{timestamp}", "session_data", cut)
    yield snippet("split", values, "session_data", split, "payload, timestamp, signature")

    decode = UNBASE64.format('.removeprefix(".")' if decoded.compressed else "")
    imports = ("from base64 import urlsafe_b64decode",)
    yield snippet("base64", values, "payload", decode, "data", imports)
    data = None if "base64" in decoded.failures else unbase64(payload.removeprefix("."))
    if data is not None:
        values["data"] = Value(data, "payload", decode, imports)
        yield from of_bytes(decoded, values, data)

    if len(timestamp) <= LONG:
        yield of_timestamp(decoded, values)
    code = [DERIVE.format(decoded.salt, secret_key(decoded)), SIGN.format("sha1" if len(signature) == 27 else "sha256")]
    code = "\n".join([f"signature = {signature!a}" if len(signature) <= LONG else cut, *code])
    if len(signature) == 27:
        code = code.replace("hashlib.sha256", "hashlib.sha1")
    imports = ("from base64 import urlsafe_b64encode", *FOR_HASHES)
    yield snippet("verify", values, "message", code, "made == signature", imports)


def of_bytes(decoded, values, data):
    """Yield the stages from the bytes that Base64 stands for to the dict. What is too much here is too much there."""
    if decoded.compressed:
        if decoded.limited and "inflate" in decoded.failures:
            return
        line = "inflated = zlib.decompress(data)"
        yield snippet("inflate", values, "data", line, "inflated", ("import zlib",))
        if "inflate" in decoded.failures:
            return
        values["inflated"] = Value(inflate(data), "data", line, ("import zlib",))
    if not decoded.limited:
        yield of_json(decoded, values, "inflated" if decoded.compressed else "data")


def of_json(decoded, values, name):
    """Return what makes a dict of JSON; of a pickle, what tells it without loading it."""
    if decoded.format == "pickle":
        return snippet("json", values, name, "", f"pickletools.dis({name})", ("import pickletools",))
    return snippet("json", values, name, "", f'json.loads({name}.decode("latin-1"))', ("import json",))


def of_timestamp(decoded, values):
    imports = ("from django.core.signing import b62_decode",)
    if decoded.timestamp is None or date_of(decoded.timestamp) is None:
        return snippet("timestamp", values, "timestamp", "", "b62_decode(timestamp)", imports)
    dates = ("from datetime import datetime, timezone",)
    line = "seconds = b62_decode(timestamp)"
    return snippet(
        "timestamp", values, "timestamp", line, "datetime.fromtimestamp(seconds, timezone.utc)", imports + dates
    )


def of_legacy(decoded, values):
    """Yield the stages of `base64(sha1-hex:JSON)`."""
    decode, imports = "data = b64decode(session_data)", ("from base64 import b64decode",)
    yield snippet("base64", values, "session_data", decode, "data", imports)
    if "base64" in decoded.failures:
        return
    data = legacy_unbase64(decoded.pieces[0])
    split = 'hash, serialized = data.split(b":", 1)'
    values["data"] = Value(data, "session_data", decode, imports)
    values["serialized"] = Value(data.partition(b":")[2], "data", split)
    yield snippet("split", values, "data", split, "hash, serialized")
    if not decoded.limited:
        yield of_json(decoded, values, "serialized")
    code = "\n".join([split, LEGACY_DERIVE.format(decoded.salt, secret_key(decoded)), LEGACY_SIGN])
    yield snippet("verify", values, "data", code, "made == hash.decode()", FOR_HASHES)


def of_django(decoded, values):
    """Return the two lines that Django itself uses (`SessionBase.decode`)."""
    salt = COOKIE_SALT if decoded.format == "signed_cookie" else decoded.salt
    if salt is None or len(decoded.pieces) == 1:
        salt = SESSION_SALT
    call = f"signing.loads(session_data, salt={salt!a}, serializer=JSONSerializer)"
    imports = (
        "from django.contrib.sessions.serializers import JSONSerializer",
        "from django.core import signing",
    )
    return snippet("django", values, "session_data", "", call, imports)


def secret_key(decoded):
    """Return the expression for the key that signed, or for the first one to try."""
    index = decoded.verified_with
    return f"settings.SECRET_KEY_FALLBACKS[{index - 1}]" if index else "settings.SECRET_KEY"


def snippet(stage, values, given, code, result, imports=()):
    """Put a snippet together: imports, what is given, what is done with it, and what comes out."""
    lines, needed = come_by(values, given)
    needed = sorted({*imports, *needed}, key=lambda line: ("django" in line, line.startswith("from"), line))
    lines += code.splitlines()
    return Snippet(stage, "\n".join([*needed, *([""] if needed else []), *lines, result]))


def come_by(values, name):
    """Return the lines that come by a value, and what they import: written out where it is short."""
    value = values[name]
    if len(value.value) <= LONG and len(literal := ascii(value.value)) <= LONG:
        return [f"{name} = {literal}"], ()
    lines, imports = come_by(values, value.made_of) if value.made_of else ([], ())
    return [*lines, *value.code.splitlines()], (*imports, *value.imports)
