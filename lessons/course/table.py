"""Lesson 6: the table and what is in it (C10, C23 to C27, C54 to C64)."""

from .evidence import Evidence, Observed, hop_of, kinds, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction


def lecture_recipe(evidence: Evidence) -> Observed | None:
    """What Base64 made of the whole of session_data."""
    for flight in evidence.to("lab:recipe"):
        if flight.status == 200:
            return observed("error" if "Error:" in flight.body else "rubbish", flight)
    return None


def expiry_after_reading(evidence: Evidence) -> Observed | None:
    """Whether expire_date moved when the session was only read: as the row was found, and as it was at the end."""
    for flight in evidence.to("lab:read").later_visits().told():
        if found := hop_of(flight, "row-found"):
            end = flight.hops()[-1]
            same = found.state.row["expire_date"] == end.state.row["expire_date"]
            return observed("stays" if same else "moves", flight)
    return None


def visit_after_expiry(evidence: Evidence) -> Observed | None:
    """What a visit to the counter found after its row had been made to expire, and what it did with that row."""
    for flight in Evidence(after for _, after in _expired_and_visited(evidence)).told():
        if "row-found" in kinds(flight):
            return observed("goes-on", flight)
        return observed("new-old-deleted" if "delete" in kinds(flight) else "new-old-stays", flight)
    return None


def a_new_key_after_expiry(evidence: Evidence) -> bool:
    return any(not _same_row(*pair) for pair in _expired_and_visited(evidence))


def the_recipe_failed(evidence: Evidence) -> bool:
    return lecture_recipe(evidence) is not None


def read_without_moving(evidence: Evidence) -> bool:
    return any(
        after.url_name == "lab:read" and _same_row(before, after) and _expiry(before) == _expiry(after)
        for before, after in evidence.pairs()
    )


def _expired_and_visited(evidence: Evidence) -> list[tuple]:
    """Return each flight that made a row expire, with the next visit to the counter, if that still sent its key."""
    return [
        (before, after)
        for before, after in evidence.to("lab:expire", "lab:visits").pairs()
        if before.url_name == "lab:expire" and after.url_name == "lab:visits"
        if before.row and after.row and after.key_in == before.row["session_key"]
    ]


def _same_row(before, after) -> bool:
    return bool(before.row and after.row) and before.row["session_key"] == after.row["session_key"]


def _expiry(flight) -> str:
    return flight.row["expire_date"]


lesson = Lesson(
    slug="table",
    title="The table and what is in it",
    question="What does a row of django_session say, once you can read it?",
    minutes=12,
    actor="table",
    requests=(
        LabRequest("lab:visits"),
        LabRequest("lab:recipe"),
        LabRequest("lab:read"),
        LabRequest("lab:expire"),
    ),
    predictions=(
        Prediction(
            slug="recipe",
            question="Up to Django 3.0 one decoded the whole of session_data with base64.b64decode. What "
            "comes out today?",
            choices=(
                Choice(
                    "json",
                    "The dictionary, as JSON",
                    "Only the part before the first colon is Base64 of the JSON. After it stand a "
                    "timestamp and a signature.",
                    shown_by="view-returns",
                    local="answer",
                ),
                Choice(
                    "error",
                    "binascii.Error",
                    "Python skips the colons, - and _; what is left does not make whole groups of four. "
                    "About nine in ten counter rows end this way.",
                    shown_by="view-returns",
                    local="answer",
                ),
                Choice(
                    "rubbish",
                    "Bytes that begin like JSON and go on as rubbish",
                    "Python skips what is not standard Base64 and goes on decoding timestamp and "
                    "signature as if they were Base64 of data. "
                    "About one counter row in ten ends this way.",
                    shown_by="view-returns",
                    local="answer",
                ),
            ),
            todo="Send GET /lab/visits/, then GET /lab/row/recipe/ from the same browser.",
            observe=lecture_recipe,
        ),
        Prediction(
            slug="reading",
            question="A visit that only reads the session: does expire_date move?",
            choices=(
                Choice(
                    "moves",
                    "Yes: 14 days from that visit",
                    "A read saves nothing, so neither row nor cookie is renewed.",
                    shown_by="not-saved",
                ),
                Choice(
                    "stays",
                    "No",
                    "The 14 days run from the last write. A session that is only read ends on time all the same.",
                    shown_by="row-found",
                ),
            ),
            todo="Send GET /lab/visits/, then GET /lab/touch/read/ from the same browser.",
            observe=expiry_after_reading,
        ),
        Prediction(
            slug="expired",
            question="You set your row's expire_date to yesterday and visit the counter again. What then?",
            choices=(
                Choice(
                    "goes-on",
                    "The count goes on, and the row is renewed",
                    "The SELECT asks for rows with expire_date later than now. Yours was not found.",
                    shown_by="select",
                ),
                Choice(
                    "new-old-deleted",
                    "The count begins again, and Django deletes the old row",
                    "It begins again, but nobody deleted anything: the middleware never cleans up.",
                    shown_by="insert",
                ),
                Choice(
                    "new-old-stays",
                    "The count begins again under a new key, and the old row stays",
                    "An expired key is as good as none. The old row lies there until somebody runs clearsessions.",
                    shown_by="row-missing",
                ),
            ),
            todo="Send GET /lab/visits/, GET /lab/row/expire/, and GET /lab/visits/ again, from the same browser.",
            observe=visit_after_expiry,
        ),
    ),
    goals=(
        Goal("recipe", "The old recipe was tried on a row of today", the_recipe_failed),
        Goal("reading", "expire_date compared before and after a read", read_without_moving),
        Goal("expired", "A visit after the row had expired", a_new_key_after_expiry),
    ),
)
