"""Lesson 2: meeting a browser (C06 to C09, C13 to C16, C20, C47 to C51)."""

from .evidence import Evidence, Observed, hop_of, kinds, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction


def first_read(evidence: Evidence) -> Observed | None:
    """What a browser without a cookie brought home from the view that reads."""
    for flight in evidence.to("lab:read").first_visits().told():
        if "set-cookie" not in kinds(flight):
            return observed("nothing", flight)
        return observed("cookie-and-row" if "insert" in kinds(flight) else "cookie", flight)
    return None


def key_inside_the_view(evidence: Evidence) -> Observed | None:
    """What the view that writes was given when it asked for the session key, on a first visit."""
    for flight in evidence.to("lab:write").first_visits().told():
        if asked := hop_of(flight, "key"):
            return observed("none" if asked.result == "None" else "key", flight)
    return None


def ignored_on_first_visit(evidence: Evidence) -> bool:
    return any(
        not flight.session_sql and not flight.session_cookie for flight in evidence.to("lab:ignore").first_visits()
    )


def written_on_first_visit(evidence: Evidence) -> bool:
    return any(flight.session_cookie and flight.row for flight in evidence.to("lab:write").first_visits())


def found_again(evidence: Evidence) -> bool:
    return any(
        flight.key_in and flight.row and flight.row["session_key"] == flight.key_in and flight.session_sql
        for flight in evidence.to("lab:read")
    )


lesson = Lesson(
    slug="touch",
    title="Meeting a browser",
    question="When does a browser get a session: at its first request, or later?",
    minutes=8,
    actor="browser",
    requests=(LabRequest("lab:ignore"), LabRequest("lab:read"), LabRequest("lab:write")),
    predictions=(
        Prediction(
            slug="first-read",
            question="A browser that was never here visits the view that reads the session. What does it "
            "come away with?",
            choices=(
                Choice(
                    "cookie-and-row",
                    "A sessionid cookie, and there is a new row",
                    "Django waits until there is something to keep. Looking and finding nothing is not that.",
                    shown_by="not-saved",
                ),
                Choice(
                    "cookie",
                    "A sessionid cookie, but no row yet",
                    "Cookie and row come together: the cookie is set by the code that has just saved the row.",
                    shown_by="response",
                ),
                Choice(
                    "nothing",
                    "Neither a cookie nor a row",
                    "The session was looked at, not modified, and it is empty. So nothing is saved and nothing is set.",
                    shown_by="not-saved",
                ),
            ),
            todo="With a browser that holds no sessionid, send GET /lab/touch/read/.",
            observe=first_read,
        ),
        Prediction(
            slug="key-inside",
            question="A browser without a cookie visits the view that writes. "
            "What is request.session.session_key while the view runs, after the assignment?",
            choices=(
                Choice(
                    "key",
                    "32 letters and digits",
                    "Those come later. The assignment only changes a dict in memory and sets modified.",
                    shown_by="key-free",
                ),
                Choice(
                    "none",
                    "None",
                    "The key is picked when the row is saved, and that is after the view has returned its response.",
                    shown_by="key",
                ),
            ),
            todo="With a browser that holds no sessionid, send GET /lab/touch/write/ and read what the page says.",
            observe=key_inside_the_view,
        ),
    ),
    goals=(
        Goal("ignored", "A new browser visited the view that ignores", ignored_on_first_visit),
        Goal("written", "A new browser visited the view that writes", written_on_first_visit),
        Goal("found", "A browser with a session visited the view that reads", found_again),
    ),
)
