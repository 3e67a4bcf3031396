"""
manage.py decode: from what the django_session table holds to the dict, stage by stage.

    manage.py decode eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0
    sqlite3 db.sqlite3 "SELECT session_data FROM django_session LIMIT 1" | manage.py decode -
    manage.py decode --jsonl < rows.jsonl

It needs no database, only a text and a key.
"""

import io
import json
import math
import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.session_data import MAX_TEXT, decode
from lessons.session_data.display import indented, printable
from lessons.session_data.limits import MAX_OBJECTS, memory_of_json
from lessons.session_data.steps import date_of

MAX_LINE = 16 * 2**20  # bytes
SLICE = 2**20  # characters
MAX_SHOWN = 200_000  # characters of the dict; --json gives all of it
MAX_OUTPUT = 600  # characters of one stage's output

FORMATS = {
    "signed": "signed, as Django 3.1 and later store it",
    "signed_cookie": "signed_cookie, made by the signed_cookies session engine",
    "legacy": "legacy, as Django stored it before 3.1",
    "pickle": "pickle, which PickleSerializer stored before Django 5.0",
    "unknown": "unknown",
}


class Command(BaseCommand):
    help = (
        "Decode a session as Django stores it, one stage at a time. Exits with 0 when it holds "
        "an object, verified or not, and with 1 otherwise. Put -- before a value that begins "
        "with a dash."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "value",
            nargs="?",
            help="the session_data; - reads it from standard input. With --jsonl: a file to read",
        )
        parser.add_argument(
            "--key",
            action="append",
            help="a secret key to verify with, instead of SECRET_KEY and SECRET_KEY_FALLBACKS; may "
            "be repeated. Beware: your shell writes it into its history",
        )
        parser.add_argument("--salt", help="what it was signed for, if not a Django session")
        output = parser.add_mutually_exclusive_group()
        output.add_argument("--json", action="store_true", help="print one JSON object")
        output.add_argument(
            "--jsonl",
            action="store_true",
            help='read JSON objects {"session_data", "secret_key", "salt"}, one a line, and print '
            "one for each; the key and the salt may be left out. Always exits with 0",
        )

    def handle(self, *, value, key, salt, json, jsonl, **options):
        keys = key or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        try:
            if jsonl:
                self.decode_lines(value, keys, salt)
            else:
                self.decode_one(value, keys, salt, json)
        except BrokenPipeError:
            # Whoever read our output has seen enough (| head). Python would complain once more
            # when it flushes at exit, so there must be something to flush to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    # one value

    def decode_one(self, value, keys, salt, as_json):
        if value is None:
            raise CommandError("Give the value to decode, or - to read it from standard input.")
        if value == "-":
            value = standard_input().read(MAX_TEXT + 1000)
        decoded = decode(value, keys, salt)
        if as_json:
            self.answer(as_line(report(decoded)))
        else:
            self.tell(decoded)
        if not decoded.is_object:
            sys.exit(1)

    def tell(self, decoded):
        self.say(f"Format: {FORMATS[decoded.format]}")
        for number, stage in enumerate(decoded.stages, 1):
            self.say(f"\n{number}. {stage.title}: {stage.status}")
            self.say(f"   {stage.note}")
            for line in printable(stage.output, MAX_OUTPUT).splitlines():
                self.say(f"   | {line}")
        self.say("\nSignature: " + verdict(decoded))
        if decoded.error:
            self.say(f"Error: {decoded.error}")
        if decoded.is_object:
            self.say("\n" + indented(decoded.data, MAX_SHOWN))

    def say(self, text):
        # A Windows console in cp1252 has no letter for most of the world's text.
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))

    # one value a line

    def decode_lines(self, path, keys, salt):
        for line in lines_of(path):
            if line is None or line.strip():
                self.answer(as_line(report_on_line(line, keys, salt)))

    def answer(self, line):
        # In slices, or else the stream encodes many megabytes in one go. And at once: whoever
        # asks line by line waits for the answer.
        for start in range(0, len(line), SLICE):
            self.stdout.write(line[start : start + SLICE], ending="")
        self.stdout.write()
        self.stdout.flush()


def standard_input():
    """Standard input as bytes, for what arrives need not be valid UTF-8."""
    if hasattr(sys.stdin, "buffer"):
        return sys.stdin.buffer
    return io.BytesIO(sys.stdin.read().encode("utf-8", "replace"))  # a test's StringIO


def verdict(decoded):
    if decoded.verified is None:
        return "not checked"
    if not decoded.verified:
        return "does not match"
    key = f"fallback key {decoded.verified_with}" if decoded.verified_with else "the current key"
    return f"verified with {key}"


def lines_of(path):
    """Yield the lines of a file, or of standard input."""
    if path in (None, "-"):
        yield from bounded_lines(standard_input())
        return
    try:
        with open(path, "rb") as stream:
            yield from bounded_lines(stream)
    except OSError as exc:
        raise CommandError(f"Cannot read {path}: {exc.strerror}.") from None


def bounded_lines(stream):
    """Yield lines of bytes, and None for one that is too long to be kept."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield None


def report_on_line(line, keys, salt):
    """Return what to print for one line of JSON, however bad it is."""
    try:
        request = read_request(line)
    except ValueError as exc:
        return refusal(str(exc))
    key = request.get("secret_key")
    salt = request.get("salt") or salt
    # A line holds what a row holds: nothing was pasted, and Django forgives no white space.
    return report(decode(request["session_data"], [key] if key is not None else keys, salt, trim=False))


def read_request(line):
    """Return the object on this line; raise ValueError with a sentence on what is wrong with it."""
    if line is None:
        raise ValueError(f"The line is longer than {MAX_LINE:,} bytes.")
    if memory_of_json(line) > MAX_OBJECTS:
        raise ValueError("The line is too large to be read.")
    try:
        request = json.loads(line.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as exc:
        raise ValueError(f"The line is not JSON: {exc}.") from None
    except (ValueError, RecursionError):
        raise ValueError("The line is JSON that Python cannot read.") from None
    if not isinstance(request, dict):
        raise ValueError("The line is not a JSON object.")
    if "session_data" not in request:
        raise ValueError('The line has no "session_data".')
    for name in ("session_data", "secret_key", "salt"):
        optional = name == "salt" and request.get(name) is None
        if name in request and not optional and not isinstance(request[name], str):
            raise ValueError(f'"{name}" is not a string.')
    return request


def refusal(error):
    return {"format": "unknown", "verified": False, "data": None, "error": error, "stages": []}


def report(decoded):
    """Return what is known of a value as one JSON object. The data is null unless it is a dict."""
    described = {
        "format": decoded.format,
        "verified": decoded.verified,
        "data": decoded.data if decoded.is_object else None,
        "error": decoded.error,
        "stages": [
            {
                "name": stage.name,
                "title": stage.title,
                "status": stage.status,
                "note": stage.note,
                "output": stage.output,
                "size_in": stage.size_in,
                "size_out": stage.size_out,
            }
            for stage in decoded.stages
        ],
    }
    if decoded.timestamp is not None:
        described["timestamp"] = date_of(decoded.timestamp)
    return described


def as_line(described):
    """Return one line of ASCII that every JSON parser reads, whatever Python's parser let in."""
    try:
        try:
            return json.dumps(described, allow_nan=False)
        except ValueError:  # NaN or Infinity, which are not JSON
            data = finite(described["data"])
    except RecursionError:
        error = "The data is nested too deeply to be written as JSON."
        return json.dumps({**described, "data": None, "error": described["error"] or error})
    for stage in described["stages"]:
        if stage["name"] == "json":
            stage["note"] += " NaN and Infinity are given as strings."
    return json.dumps({**described, "data": data}, allow_nan=False)


def finite(value):
    """Return the value with NaN and the infinities spelled out as strings."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
