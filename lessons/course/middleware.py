"""Lesson 3: before urls.py (C03 to C05, C19, C22, C52, C65, C66)."""

from .evidence import Evidence, Observed, hop_of, kinds, observed, statements
from .parts import Choice, Goal, LabRequest, Lesson, Prediction

NOWHERE = "/lab/nowhere/"


def session_before_a_404(evidence: Evidence) -> Observed | None:
    """Whether the request had a session before it turned out that no line of urls.py matches."""
    nowhere = Evidence(flight for flight in evidence if flight.path.startswith(NOWHERE))
    for flight in nowhere.told():
        if asked := hop_of(flight, "no-match"):
            made = hop_of(flight, "session-made")
            return observed("yes" if made and made.at < asked.at else "no", flight)
    return None


def queries_when_ignored(evidence: Evidence) -> Observed | None:
    """How many statements ran on django_session for a browser with a session whose view never looks."""
    with_row = Evidence(flight for flight in evidence.to("lab:ignore").later_visits() if flight.row)
    for flight in with_row.told():
        return observed({0: "zero", 1: "one"}.get(len(statements(flight)), "two"), flight)
    return None


def statements_of_a_later_write(evidence: Evidence) -> Observed | None:
    """Which statements ran on django_session when a browser with a row wrote into it."""
    for flight in evidence.to("lab:write").later_visits().told():
        if "row-missing" in kinds(flight):
            continue
        if "DELETE" in statements(flight):
            return observed("replace", flight)
        return observed("select-update" if "SELECT" in statements(flight) else "update", flight)
    return None


def saw_a_404(evidence: Evidence) -> bool:
    return any(flight.status == 404 and flight.reached_session and not flight.view for flight in evidence)


def zero_one_two(evidence: Evidence) -> bool:
    """One browser with one session: no statement when ignored, one when read, two when written."""
    wanted = {("lab:ignore", 0), ("lab:read", 1), ("lab:write", 2)}
    return any(
        wanted <= {(flight.url_name, len(flight.session_sql)) for flight in own if flight.key_in and flight.row}
        for own in evidence.browsers()
    )


lesson = Lesson(
    slug="middleware",
    title="Before urls.py",
    question="What ties the session to your request, and when does it touch the database?",
    minutes=8,
    actor="middleware",
    requests=(
        LabRequest("", path=NOWHERE),
        LabRequest("lab:ignore"),
        LabRequest("lab:read"),
        LabRequest("lab:write"),
    ),
    predictions=(
        Prediction(
            slug="nowhere",
            question="No line of urls.py matches /lab/nowhere/. Does SessionMiddleware see that request?",
            choices=(
                Choice(
                    "yes",
                    "Yes: request.session was there before urls.py was asked",
                    "Middleware stands in front of urls.py. By the time the address turned out to match nothing, "
                    "request.session was already there.",
                    shown_by="session-made",
                ),
                Choice(
                    "no",
                    "No: without a view there is nothing to have a session for",
                    "SessionMiddleware cannot know that. It runs before anybody has looked at the address.",
                    shown_by="no-match",
                ),
            ),
            todo="Send GET /lab/nowhere/ from any browser.",
            observe=session_before_a_404,
        ),
        Prediction(
            slug="untouched",
            question="A browser that has a row visits the view that ignores the session. "
            "How many statements does Django run on django_session?",
            choices=(
                Choice(
                    "zero",
                    "None",
                    "The middleware only makes an object that knows the key. The row is fetched at the "
                    "first look inside.",
                    shown_by="view-returns",
                ),
                Choice(
                    "one",
                    "One SELECT, to load the session before the view",
                    "Nobody looked inside, so nobody needed the row. An object that knows the key is enough.",
                    shown_by="view",
                ),
                Choice(
                    "two",
                    "A SELECT before the view and an UPDATE after it",
                    "The row is fetched at the first look and written only when modified. Here neither happened.",
                    shown_by="not-saved",
                ),
            ),
            todo="Give a browser a session with GET /lab/touch/write/, then send GET /lab/touch/ignore/.",
            observe=queries_when_ignored,
        ),
        Prediction(
            slug="later-write",
            question="A browser that has a row visits the view that writes. Which statements run on django_session?",
            choices=(
                Choice(
                    "update",
                    "UPDATE only",
                    "The whole dict is written at the end, so the keys that were there must be fetched first.",
                    shown_by="select",
                ),
                Choice(
                    "select-update",
                    "SELECT, then UPDATE",
                    "The assignment is the first look inside, so it loads the row. "
                    "After the view, the middleware writes the whole dict back.",
                    shown_by="update",
                ),
                Choice(
                    "replace",
                    "SELECT, DELETE, INSERT",
                    "The key stays, so the row stays. Rows are deleted by flush, logout, cycle_key or clearsessions.",
                    shown_by="update",
                ),
            ),
            todo="With a browser that has a session, send GET /lab/touch/write/ once more.",
            observe=statements_of_a_later_write,
        ),
    ),
    goals=(
        Goal("no-view", "A request whose address matches nothing", saw_a_404),
        Goal("zero-one-two", "One browser with a session: ignored it, read it, wrote it", zero_one_two),
    ),
)
