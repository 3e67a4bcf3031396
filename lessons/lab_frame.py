"""What the lab frame shows of one browser: its tabs, its last flight, its cookie jar, its rows."""

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction

from .browsers import Jar
from .course import Lesson
from .inspector import Row, Visitor
from .models import BROWSERS, YOURS, Browser, Flight
from .notebook import COOKIE, opened
from .player import Player
from .set_cookie import SetCookie
from .visibility import masked

SESSION_COOKIE = settings.SESSION_COOKIE_NAME
TUTORIAL_COOKIES = {COOKIE, settings.CSRF_COOKIE_NAME}
NOT_SHOWN = "(not shown)"  # in place of their values
FLIGHTS_SHOWN = 5
FLIGHTS_LOOKED_AT = 40  # how far back the attributes of your browser's cookies are looked for


@dataclass(frozen=True)
class CookieLine:
    """One line of the jar, in the columns DevTools has. `change` is "new", "changed", "sent again", "removed" or ""."""

    name: str
    value: str
    path: str = ""
    expires: str = ""
    httponly: bool | None = None
    samesite: str = ""
    change: str = ""

    @property
    def ours(self) -> bool:
        """Whether it is a cookie of this tutorial, not of the lab."""
        return self.name in TUTORIAL_COOKIES


@dataclass(frozen=True)
class LabFrame:
    """One browser in one lesson's lab. `flights` are its last ones to this lesson's labs, newest first."""

    lesson: Lesson
    browser: str
    flights: list[Flight]
    jar: list[CookieLine]
    rows: list[Row]
    refused: str = ""

    @property
    def flight(self) -> Flight | None:
        """The last flight, or None."""
        return self.flights[0] if self.flights else None

    @cached_property
    def sent(self) -> list[Flight]:
        """What the last press of Send brought about, in order: a request, and those it was redirected to."""
        sent = self.flights[:1]
        for before in self.flights[1:]:
            if not _leads_to(before, sent[0]):
                break
            sent.insert(0, before)
        return sent

    @cached_property
    def player(self) -> Player | None:
        """The story of the request that was sent. Where it was redirected to is told in flights of their own."""
        return Player(self.sent[0]) if self.sent else None

    @property
    def earlier(self) -> list[Flight]:
        """The flights before what was sent last."""
        return self.flights[len(self.sent) : len(self.sent) + FLIGHTS_SHOWN]

    @property
    def yours(self) -> bool:
        return self.browser == YOURS

    @property
    def title(self) -> str:
        return BROWSERS[self.browser]

    @property
    def tabs(self) -> dict[str, str]:
        return BROWSERS

    @property
    def lab_jar(self) -> list[CookieLine]:
        """The lines of the jar that are the lab's."""
        return [line for line in self.jar if not line.ours]

    @property
    def our_jar(self) -> list[CookieLine]:
        """The lines of the jar that are there because of this tutorial and its forms."""
        return [line for line in self.jar if line.ours]

    @property
    def key_change(self) -> str:
        """What the last flight did to the session key in this jar, as `CookieLine.change` says it."""
        return next((line.change for line in self.jar if line.name == SESSION_COOKIE), "")

    @property
    def verbs(self) -> list[str]:
        """The first words of the statements on django_session that came of the last press of Send."""
        return [statement.split()[0] for statement in self._statements]

    @property
    def _statements(self) -> list[str]:
        return [statement for flight in self.sent for statement in flight.session_sql]

    @property
    def _held(self) -> str:
        """The session key in this jar, or ""."""
        return next((line.value for line in self.jar if line.name == SESSION_COOKIE and line.change != "removed"), "")

    @property
    def held_key(self) -> str:
        """The session key in this jar, shortened, or ""."""
        return self._held and masked(self._held)

    @property
    def held_row(self) -> Row | None:
        """The row that the key in this jar names."""
        return next((row for row in self.rows if row.session_key == self._held), None)

    @property
    def written_key(self) -> str:
        """The key of the row that was written last, to tint it; or ""."""
        wrote = any(statement.startswith(("INSERT", "UPDATE")) for statement in self._statements)
        return self.flight.session_key if wrote else ""


def _leads_to(before: Flight, after: Flight) -> bool:
    """Return whether one flight's redirect is what the next flight followed."""
    location = before.header("Location") if before.status in (301, 302, 303) else ""
    return bool(location) and urljoin(before.path, location) == after.path


def lab_frame(request, lesson: Lesson, browser: str, refused: str = "") -> LabFrame:
    """Gather what the frame shows. `refused` is a sentence for a request that was not sent."""
    own = Flight.objects.filter(notebook_id=request.notebook_key, browser=browser)
    recent = list(own.order_by("-id").defer("trace")[:FLIGHTS_LOOKED_AT])
    here = [flight for flight in recent if lesson.uses(flight)]
    last = recent[0] if recent and recent[0] in here else None  # marks are for what was done in this lesson
    if browser == YOURS:
        jar = _your_jar(request, recent)
    else:
        jar = [_line(cookie) for cookie in jar_of(request.notebook_key, browser)]
    return LabFrame(lesson, browser, here, _with_changes(jar, last), Visitor(request).own_rows(), refused)


def jar_of(key, browser: str) -> Jar:
    """Return the jar of a simulated browser; a new one is empty."""
    kept = Browser.objects.filter(notebook_id=key, name=browser).first()
    return Jar(kept.jar if kept else ())


@transaction.atomic
def keep_jar(key, browser: str, jar: Jar) -> None:
    """Store what a simulated browser holds now, in a notebook that may have been emptied meanwhile."""
    Browser.objects.update_or_create(notebook=opened(key), name=browser, defaults={"jar": jar.dump()})


def _your_jar(request, recent: list[Flight]) -> list[CookieLine]:
    """Return the cookies that your browser sent with this very request.

    Their names and values are in it. Path, expiry and flags are never sent back to a server: they are known from
    the Set-Cookie that brought them, if a flight recorded it. HttpOnly hides sessionid from the page, not from us.
    """
    told = {}
    for flight in reversed(recent):
        told.update({cookie.name: cookie for cookie in flight.set_cookies})
    in_order = sorted(request.COOKIES.items(), key=lambda item: (item[0] in TUTORIAL_COOKIES, item[0]))
    return [_told_line(name, value, told.get(name)) for name, value in in_order]


def _told_line(name: str, value: str, told: SetCookie | None) -> CookieLine:
    if name in TUTORIAL_COOKIES:
        return CookieLine(name, NOT_SHOWN)
    if told is None or told.deleted or told.value.strip('"') != value:
        return CookieLine(name, value)
    expires = told.expires or (f"in {told.max_age} s" if told.max_age else "Session")
    return CookieLine(name, value, told.path or "/", expires, told.httponly, told.samesite or "")


def _line(cookie) -> CookieLine:
    """Return the line of a cookie in a simulated jar (an `http.cookiejar.Cookie`)."""
    if cookie.name in TUTORIAL_COOKIES:
        return CookieLine(cookie.name, NOT_SHOWN)
    if cookie.expires is None:
        expires = "Session"
    else:
        expires = f"{datetime.fromtimestamp(cookie.expires, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    rest = {name.lower(): value for name, value in cookie._rest.items()}
    return CookieLine(cookie.name, cookie.value, cookie.path, expires, "httponly" in rest, rest.get("samesite") or "")


def _with_changes(jar: list[CookieLine], flight: Flight | None) -> list[CookieLine]:
    """Mark what the last flight did to the jar, and add a line for each cookie it took out."""
    if flight is None:
        return jar
    told = {cookie.name: cookie for cookie in flight.set_cookies if cookie.name not in TUTORIAL_COOKIES}
    lines = [CookieLine(**(vars(line) | {"change": _change(line, flight, told)})) for line in jar]
    held = {line.name for line in jar}
    gone = [name for name, cookie in told.items() if cookie.deleted and name in flight.cookies and name not in held]
    return lines + [CookieLine(name, flight.cookies[name], change="removed") for name in gone]


def _change(line: CookieLine, flight: Flight, told: dict[str, SetCookie]) -> str:
    if line.name not in told or told[line.name].deleted:
        return ""
    if line.name not in flight.cookies:
        return "new"
    return "sent again" if flight.cookies[line.name] == line.value else "changed"
