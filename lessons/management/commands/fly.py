"""
manage.py fly: send requests as a browser would, and read what happened to the session.

    manage.py fly /lab/visits/ --times 2
    manage.py fly /lab/carry/ --browser ada
    manage.py fly /lab/carry/ --browser ada --method POST --data name=Ada --zoom calls
    manage.py fly /lab/visits/ --json > flight.json

It flies through this project as it is configured, in this process, and uses its database.
"""

import json
import logging
import os
import re
import sys
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.http.request import validate_host
from django.test import RequestFactory

from lessons import missing_table
from lessons.browsers import Jar
from lessons.flight.export import flight_as_json
from lessons.flight.hops import ZOOMS
from lessons.flight.plain_text import Line, told
from lessons.lab_frame import jar_of, keep_jar
from lessons.models import Browser
from lessons.session_data.display import printable
from lessons.worlds import here

NOTEBOOK = uuid.uuid5(uuid.NAMESPACE_URL, "manage.py fly")  # the terminal's own; no visitor's cookie names it
BROWSER_NAME = re.compile(r"[\w-]{1,20}", re.ASCII)
BROWSERS_MOST = 50
TIMES_MOST = 100
ADDRESS_MOST = 2000  # characters
FIELDS_MOST = 50
FIELD_MOST = 2000  # characters of one field, as a simulated browser of a lesson sends them
PLAIN = {"…": "...", "“": '"', "”": '"', "’": "'"}  # for a terminal that has no letter for them
STYLES = {
    "flight": "MIGRATE_HEADING",
    "hop": "MIGRATE_LABEL",
    "source": "SQL_KEYWORD",
    "sql": "SQL_FIELD",
    "change": "SUCCESS",
}


class Command(BaseCommand):
    help = (
        "Send a request to this project as a browser would, and tell what happened to the session on "
        "the way, step by step. Redirects inside /lab/ are followed; each is a flight of its own."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", help="what to ask for, such as /lab/visits/")
        parser.add_argument(
            "--times", type=int, default=1, metavar="N", help=f"how often, with one cookie jar; at most {TIMES_MOST}"
        )
        parser.add_argument("--method", type=str.upper, choices=["GET", "POST"], default="GET")
        parser.add_argument(
            "--data",
            action="append",
            metavar="NAME=VALUE",
            help="a field of the form that is posted; may be repeated. Beware: your shell writes it into its history",
        )
        parser.add_argument(
            "--browser",
            metavar="NAME",
            help="keep the cookie jar under this name, and begin with what is in it. Without a name, the jar "
            "begins empty and is forgotten",
        )
        parser.add_argument(
            "--zoom", choices=ZOOMS, default=ZOOMS[0], help=f"how closely to look; {ZOOMS[0]}, if not given"
        )
        parser.add_argument("--json", action="store_true", help='print JSON: {"flights": [...]}')
        parser.add_argument(
            "--keys", action="store_true", help="print session keys whole; who has one can take over that session"
        )

    def handle(self, *, path, times, method, data, browser, zoom, json, keys, **options):
        address, form = address_of(path), form_of(data, method)
        if not 1 <= times <= TIMES_MOST:
            raise CommandError(f"--times is a number from 1 to {TIMES_MOST}.")
        self.errors = []
        recordings = flown(browser, times, method, address, form)
        flights = (self.seen(flight_as_json(each.as_dict(), each.trace(), zoom, keys)) for each in recordings)
        try:
            (self.print_json if json else self.print_text)(flights)
        except BrokenPipeError:  # whoever read our output has seen enough; Python must have something to flush to
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if missing := next(filter(missing_table.named_in, self.errors), ""):
            raise no_table(missing)

    def seen(self, flight):
        """Note the errors of a flight, and pass it on."""
        self.errors += [hop["note"] for hop in flight["hops"] if hop["kind"] == "exception"]
        return flight

    def print_json(self, flights):
        self.stdout.write('{"flights": [', ending="")
        for number, flight in enumerate(flights):
            self.stdout.write((",\n" if number else "\n") + json.dumps(flight, indent=1, allow_nan=False), ending="")
        self.stdout.write("\n]}")

    def print_text(self, flights):
        posted_without_token = False
        for number, flight in enumerate(flights, 1):
            if number > 1:
                self.stdout.write()
            for line in told(flight, number):
                self.say(line)
            request, response = flight["request"], flight["response"]
            posted_without_token |= request["method"] == "POST" and response["status"] == 403
        if posted_without_token:
            self.stdout.write()
            self.stdout.write("A browser fetches the page with the form first, and its CSRF token with it. So do")
            self.stdout.write("both with one jar: --browser NAME, first with GET, then with POST.")

    def say(self, line: Line):
        """Write a line in letters that the terminal has, in colour if it has colours."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        text = printable(line.text)
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = text.translate(str.maketrans(PLAIN)).encode(encoding, "backslashreplace").decode(encoding)
        style = getattr(self.style, STYLES[line.role]) if line.role and self.stdout.isatty() else str
        self.stdout.write(style(text))


def address_of(path):
    """Return the path and query to ask this site for; raise CommandError when it is none, or one of another site."""
    if not path:
        raise CommandError("Give the path to fly to, such as /lab/visits/.")
    if len(path) > ADDRESS_MOST:
        raise CommandError(f"The path is longer than {ADDRESS_MOST} characters.")
    try:
        parts = urlsplit(path)
        elsewhere = (parts.scheme or parts.netloc) and not validate_host(parts.hostname or "", hosts())
    except ValueError:
        elsewhere = True
    if elsewhere or parts.scheme not in ("", "http", "https"):
        raise CommandError(f"{printable(path, 80)} is not on this site. Give a path, such as /lab/visits/.")
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))


def form_of(data, method):
    """Return the fields given as NAME=VALUE as a dict."""
    if data and method != "POST":
        raise CommandError("--data is for a form that is posted: add --method POST, or write it into the path, ?a=1.")
    if len(data or ()) > FIELDS_MOST:
        raise CommandError(f"A form has at most {FIELDS_MOST} fields here.")
    form = {}
    for field in data or ():
        name, sign, value = field.partition("=")
        if not (name and sign):
            raise CommandError(f"--data is NAME=VALUE, not {printable(field, 80)!r}.")
        if len(field) > FIELD_MOST:
            raise CommandError(f"The field {printable(name, 80)!r} is longer than {FIELD_MOST} characters.")
        if name in form:
            raise CommandError(f"The field {printable(name, 80)!r} is given twice.")
        form[name] = value
    return form


def flown(browser, times, method, address, form):
    """Yield the recordings of so many requests, and of the redirects they lead to. Keep the jar of a named browser."""
    jar = Jar() if browser is None else kept_jar(browser)
    try:
        with quiet():
            for _ in range(times):
                yield from here.fly(jar, outer_request(), method, address, form)
    finally:
        if browser is not None:
            keep_jar(NOTEBOOK, browser, jar)


def kept_jar(browser):
    """Return the jar that is kept under this name; a new name has an empty one."""
    if not BROWSER_NAME.fullmatch(browser):
        raise CommandError("The name of a browser is made of up to 20 letters, digits, - and _.")
    try:
        others = Browser.objects.filter(notebook_id=NOTEBOOK).exclude(name=browser)
        if others.count() >= BROWSERS_MOST:
            raise CommandError(f"The terminal keeps at most {BROWSERS_MOST} browsers: use the name of one it has.")
        return jar_of(NOTEBOOK, browser)
    except DatabaseError as error:
        raise no_table(str(error)) from None


def no_table(error):
    missing = missing_table.named_in(error)
    return CommandError(f"{missing}. Run: python start.py" if missing else f"{printable(error, 200)}.")


def outer_request():
    """Return the request that asks for the flight: it reaches this site as it is configured, from this machine."""
    allowed = hosts()
    host = next(name.lstrip(".") for name in ("localhost", *allowed) if validate_host(name.lstrip("."), allowed))
    secure = settings.SECURE_SSL_REDIRECT
    headers = {"Host": host} | ({"X-Forwarded-Proto": "https"} if secure else {})
    return RequestFactory().get("/", headers=headers, secure=secure)


def hosts():
    return settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]


@contextmanager
def quiet():
    """Keep Django from logging what the story tells: a page that was not found, a view that failed."""
    log = logging.getLogger("django")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
