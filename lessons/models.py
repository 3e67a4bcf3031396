"""What the tutorial keeps of its learners. None of it is in the session, which is what they study."""

import uuid
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from . import set_cookie
from .flight import story
from .flight.hops import Hop
from .flight.masking import SECRET_COOKIES
from .json_field import AnyJSONField

YOURS = "yours"
SIMULATED = {"blue": "Blue", "orange": "Orange", "private": "Private window"}
BROWSERS = {YOURS: "Your browser", **SIMULATED}
OPENED = "file"  # no browser of this notebook: a flight that came in a file


class Notebook(models.Model):
    """One learner's progress, predictions and simulated browsers; named by the signed cookie `notebook`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"Notebook of {self.created:%Y-%m-%d}"


class Browser(models.Model):
    """The cookie jar of one simulated browser, as `browsers.Jar.dump()` gives it."""

    notebook = models.ForeignKey(Notebook, on_delete=models.CASCADE, related_name="browsers")
    name = models.CharField(max_length=20, choices=SIMULATED)
    jar = AnyJSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notebook", "name"], name="one_jar_per_browser")]

    def __str__(self):
        return self.get_name_display()  # the terminal gives its browsers names of its own


class Source(models.Model):
    """The source of one function as it was installed when a flight ran through it. Many flights share one."""

    digest = models.CharField(primary_key=True, max_length=64)
    text = AnyJSONField()  # {"file", "name", "actor", "first", "source"}

    def __str__(self):
        return self.text["name"]


class Flight(models.Model):
    """One recorded request: from the jar, through Django, back to the jar.

    `recording` is `flight.recorder.Recording` as a dict, and `trace` its trace, with digests of `Source` in place of
    functions; one that came in a file keeps its own, which are a stranger's and go when it goes. `row` is the browser's
    row in django_session after the request, {"session_key", "session_data", "expire_date", "data"}, or None when there
    was none. `looked` is whether anybody looked into the session, or None where there is no trace to tell; a list asks
    for it, and reads no trace.
    """

    notebook = models.ForeignKey(Notebook, on_delete=models.CASCADE, related_name="flights")
    browser = models.CharField(max_length=20, choices={**BROWSERS, OPENED: "From a file"})
    at = models.DateTimeField(auto_now_add=True)
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    recording = AnyJSONField()
    trace = AnyJSONField(default=dict)
    recorded = models.CharField(max_length=32, blank=True, db_index=True)  # the recording's id
    row = AnyJSONField(null=True)
    looked = models.BooleanField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def opened(self) -> bool:
        """Whether it came in a file: then `at` is when that was opened, and nobody knows when it flew."""
        return self.browser == OPENED

    # What came in

    @property
    def method(self) -> str:
        return self.recording["method"]

    @property
    def path(self) -> str:
        return self.recording["path"]

    @property
    def cookies(self) -> dict[str, str]:
        return self.recording["cookies"]

    @property
    def lab_cookies(self) -> dict[str, str]:
        """The cookies that came in, without the tutorial's own, whose values no recording holds."""
        return {name: value for name, value in self.cookies.items() if name not in SECRET_COOKIES}

    @property
    def key_in(self) -> str:
        """The session key that the browser sent, or "": on a first visit there is none."""
        return self.cookies.get("sessionid", "")

    # What went out

    @property
    def status(self) -> int:
        return self.recording["status"]

    @property
    def reason(self) -> str:
        return self.recording["reason"]

    @property
    def body(self) -> str:
        return self.recording["body"]

    @cached_property
    def set_cookies(self) -> list[set_cookie.SetCookie]:
        return [set_cookie.parse(header) for header in self.recording["set_cookies"]]

    @property
    def session_cookie(self) -> set_cookie.SetCookie | None:
        """The Set-Cookie for `sessionid`, if this response had one."""
        return next((cookie for cookie in self.set_cookies if cookie.name == "sessionid"), None)

    def header(self, name: str) -> str:
        return next((value for key, value in self.recording["headers"] if key.lower() == name.lower()), "")

    @property
    def vary_cookie(self) -> bool:
        """Whether the response told caches that it depends on the cookie (F06)."""
        return "cookie" in self.header("Vary").lower()

    # What happened in between

    def hops(self, zoom: str = "story") -> list[Hop]:
        """Return what happened, hop by hop; an empty list for a flight that was recorded before there were hops."""
        if zoom not in self._told:
            self._told[zoom] = story.tell(self.recording, self.whole_trace, zoom) if self.trace else []
        return self._told[zoom]

    @cached_property
    def _told(self) -> dict[str, list[Hop]]:
        return {}

    @cached_property
    def whole_trace(self) -> dict:
        """The trace with the source of each function, as `flight.recorder` made it."""
        if self.opened or not self.trace:
            return self.trace
        sources = Source.objects.in_bulk(self.trace["functions"])
        return {**self.trace, "functions": [sources[digest].text for digest in self.trace["functions"]]}

    @property
    def reached_session(self) -> bool:
        return self.recording["reached_session"]

    @property
    def view(self) -> str:
        """The dotted name of the view that urls.py chose, or "" when no line matched."""
        return self.recording["view"]

    @property
    def url_name(self) -> str:
        """The name of the line in urls.py that matched, such as "lab:visits"."""
        return self.recording["url_name"]

    @property
    def session_sql(self) -> list[str]:
        """The statements on the table django_session, in order. BEGIN and COMMIT are not among them."""
        return [statement for statement in self.recording["sql"] if "django_session" in statement]

    @property
    def data(self) -> dict | None:
        """What the row decodes to after the request, or None when there is no row."""
        return self.row and self.row["data"]


class Progress(models.Model):
    """What one notebook has done in one lesson. Flights up to `after_flight` were before the last reset."""

    notebook = models.ForeignKey(Notebook, on_delete=models.CASCADE, related_name="progress")
    lesson = models.SlugField()
    after_flight = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notebook", "lesson"], name="one_progress_per_lesson")]

    def __str__(self):
        return self.lesson


class Guess(models.Model):
    """A prediction that is locked in: what the learner chose, and, once the run has shown it, what Django did."""

    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="guesses")
    prediction = models.SlugField()
    choice = models.SlugField()
    after_flight = models.PositiveBigIntegerField()
    observed = models.SlugField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["progress", "prediction"], name="one_guess_per_prediction")]

    def __str__(self):
        return f"{self.prediction}: {self.choice}"


class Proof(models.Model):
    """The hop in which one can see that a choice came true, or that it did not. It goes when its flight goes.

    `at` and `step` are where it stands in the story of the flight (`Hop.at` and `Hop.number`), `title` what it says,
    or the local variable that does.
    They are kept because telling a flight again, on each page that shows a graded prediction, takes long.
    """

    guess = models.ForeignKey(Guess, on_delete=models.CASCADE, related_name="proofs")
    choice = models.SlugField()
    flight = models.ForeignKey(Flight, on_delete=models.CASCADE, related_name="+")
    at = models.PositiveIntegerField()
    step = models.PositiveIntegerField()
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guess", "choice"], name="one_proof_per_choice")]

    def __str__(self):
        return f"{self.choice}: step {self.step}, {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address at which the player stands at this hop."""
        query = urlencode({"zoom": "story", "at": self.at, "step": self.step})
        return f"{reverse('flight', args=[self.flight_id])}?{query}"


class Tick(models.Model):
    """A goal that was reached."""

    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="ticks")
    goal = models.SlugField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["progress", "goal"], name="one_tick_per_goal")]

    def __str__(self):
        return self.goal
