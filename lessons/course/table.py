"""Lesson 6: the table and what is in it (C10, C23 to C27, C54 to C64)."""

from django.contrib.sessions.models import Session

from .parts import Choice, Evidence, Goal, LabRequest, Lesson, Prediction


def lecture_recipe(evidence: Evidence) -> str | None:
    """What Base64 made of the whole of session_data."""
    for flight in evidence.to("lab:recipe"):
        if flight.status == 200:
            return "error" if "Error:" in flight.body else "rubbish"
    return None


def expiry_after_reading(evidence: Evidence) -> str | None:
    """Whether expire_date moved when the session was only read: it is compared with the request just before."""
    for before, after in evidence.pairs():
        if after.url_name == "lab:read" and before.row and after.row and _same_key(before, after):
            return "stays" if before.row["expire_date"] == after.row["expire_date"] else "moves"
    return None


def visit_after_expiry(evidence: Evidence) -> str | None:
    """What a visit to the counter found after its row had been made to expire, and what became of that row."""
    for before, after in evidence.to("lab:expire", "lab:visits").pairs():
        still_sent = before.row and after.row and after.key_in == before.row["session_key"]
        if before.url_name == "lab:expire" and after.url_name == "lab:visits" and still_sent:
            if _same_key(before, after):
                return "goes-on"
            old = Session.objects.filter(pk=before.row["session_key"])
            return "new-old-stays" if old.exists() else "new-old-deleted"
    return None


def a_row_expired_and_stayed(evidence: Evidence) -> bool:
    return visit_after_expiry(evidence) == "new-old-stays"


def the_recipe_failed(evidence: Evidence) -> bool:
    return lecture_recipe(evidence) is not None


def read_without_moving(evidence: Evidence) -> bool:
    return expiry_after_reading(evidence) == "stays"


def _same_key(before, after) -> bool:
    return before.row["session_key"] == after.row["session_key"]


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
                ),
                Choice(
                    "error",
                    "binascii.Error",
                    "Python skips the colons, - and _; what is left does not make whole groups of four. "
                    "About nine in ten counter rows end this way.",
                ),
                Choice(
                    "rubbish",
                    "Bytes that begin like JSON and go on as rubbish",
                    "Python skips what is not standard Base64 and goes on decoding timestamp and "
                    "signature as if they were Base64 of data. "
                    "About one counter row in ten ends this way.",
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
                ),
                Choice(
                    "stays",
                    "No",
                    "The 14 days run from the last write. A session that is only read ends on time all the same.",
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
                ),
                Choice(
                    "new-old-deleted",
                    "The count begins again, and Django deletes the old row",
                    "It begins again, but nobody deleted anything: the middleware never cleans up.",
                ),
                Choice(
                    "new-old-stays",
                    "The count begins again under a new key, and the old row stays",
                    "An expired key is as good as none. The old row lies there until somebody runs clearsessions.",
                ),
            ),
            todo="Send GET /lab/visits/, GET /lab/row/expire/, and GET /lab/visits/ again, from the same browser.",
            observe=visit_after_expiry,
        ),
    ),
    goals=(
        Goal("recipe", "The old recipe was tried on a row of today", the_recipe_failed),
        Goal("reading", "expire_date compared before and after a read", read_without_moving),
        Goal("expired", "A visit after the row had expired", a_row_expired_and_stayed),
    ),
)
