"""Lesson 3: before urls.py (C03 to C05, C19, C22, C52, C65, C66)."""

from .parts import Choice, Evidence, Goal, LabRequest, Lesson, Prediction

NOWHERE = "/lab/nowhere/"


def session_before_a_404(evidence: Evidence) -> str | None:
    """Whether the request had a session although no line of urls.py matched."""
    for flight in evidence:
        if flight.path.startswith(NOWHERE):
            return "yes" if flight.reached_session else "no"
    return None


def queries_when_ignored(evidence: Evidence) -> str | None:
    """How many statements ran on django_session for a browser with a session whose view never looks."""
    for flight in evidence.to("lab:ignore"):
        if flight.key_in and flight.row:
            return {0: "zero", 1: "one"}.get(len(flight.session_sql), "two")
    return None


def statements_of_a_later_write(evidence: Evidence) -> str | None:
    """Which statements ran on django_session when a browser with a row wrote into it."""
    for flight in evidence.to("lab:write"):
        if flight.key_in and flight.row and flight.row["session_key"] == flight.key_in:
            verbs = [statement.split()[0] for statement in flight.session_sql]
            return {
                ("UPDATE",): "update",
                ("SELECT", "UPDATE"): "select-update",
                ("SELECT", "DELETE", "INSERT"): "replace",
            }.get(tuple(verbs))
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
                ),
                Choice(
                    "no",
                    "No: without a view there is nothing to have a session for",
                    "SessionMiddleware cannot know that. It runs before anybody has looked at the address.",
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
                ),
                Choice(
                    "one",
                    "One SELECT, to load the session before the view",
                    "Nobody looked inside, so nobody needed the row. An object that knows the key is enough.",
                ),
                Choice(
                    "two",
                    "A SELECT before the view and an UPDATE after it",
                    "The row is fetched at the first look and written only when modified. Here neither happened.",
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
                ),
                Choice(
                    "select-update",
                    "SELECT, then UPDATE",
                    "The assignment is the first look inside, so it loads the row. "
                    "After the view, the middleware writes the whole dict back.",
                ),
                Choice(
                    "replace",
                    "SELECT, DELETE, INSERT",
                    "The key stays, so the row stays. Rows are deleted by flush, logout, cycle_key or clearsessions.",
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
