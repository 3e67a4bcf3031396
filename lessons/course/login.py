"""Lesson 7: logging in (C02, C17, F04, F19, F20, P8)."""

from .evidence import Evidence, Observed, hop_of, kinds, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction

USER = "_auth_user_id"  # the key under which login() stores who it is


def key_at_login(evidence: Evidence) -> Observed | None:
    """What became of key and data when somebody logged in where a session was, and nobody in it."""
    for flight in evidence.to("lab:login").posts().later_visits().told():
        found, end = hop_of(flight, "row-found"), flight.hops()[-1]
        if not hop_of(flight, "login") or not found or USER in found.state.data or not found.state.data:
            continue
        if end.state.key == found.state.key:
            return observed("same", flight)
        if not found.state.data.keys() <= end.state.data.keys():
            return observed("emptied", flight)
        return observed("moved" if "delete" in kinds(flight) else "beside", flight)
    return None


def row_after_login(evidence: Evidence) -> Observed | None:
    """What in the row says who is logged in."""
    for flight in evidence.to("lab:login").posts().told():
        row = flight.hops()[-1].state.row
        if hop_of(flight, "login") and row:
            stored = row.get("data", {})
            return observed("id" if USER in stored else "name" if "ada" in stored.values() else "cookie", flight)
    return None


def jar_after_logout(evidence: Evidence) -> Observed | None:
    """What the browser of somebody who was logged in held after logging out."""
    for flight in evidence.to("lab:logout").posts().later_visits().told():
        found = hop_of(flight, "row-found")
        if hop_of(flight, "logout") and found and USER in found.state.data:
            held = flight.hops()[-1].state.jar.get("sessionid")
            return observed("none" if not held else "same" if held == flight.key_in else "new", flight)
    return None


def score_after_an_error(evidence: Evidence) -> Observed | None:
    """Whether a session was saved that had been written to before its view failed."""
    for flight in evidence.to("lab:boom").told():
        if "exception" in kinds(flight) and "set" in kinds(flight):
            if "delete" in kinds(flight):
                return observed("ended", flight)
            return observed("saved" if "save" in kinds(flight) else "lost", flight)
    return None


def logged_in_with_data(evidence: Evidence) -> bool:
    return any(
        flight.row and USER in flight.data and "num_visits" in flight.data and flight.session_key != flight.key_in
        for flight in evidence.to("lab:login").posts().later_visits()
    )


def logged_out(evidence: Evidence) -> bool:
    return any(
        flight.session_cookie and flight.session_cookie.deleted
        for flight in evidence.to("lab:logout").posts().later_visits()
    )


def flushed(evidence: Evidence) -> bool:
    return any(
        flight.session_cookie and flight.session_cookie.deleted for flight in evidence.to("lab:flush").later_visits()
    )


def failed_after_writing(evidence: Evidence) -> bool:
    return any(flight.status == 500 for flight in evidence.to("lab:boom"))


lesson = Lesson(
    slug="login",
    title="Logging in",
    question="What do login and logout do to a session, and what does an error?",
    minutes=10,
    actor="session",
    requests=(
        LabRequest("lab:visits"),
        LabRequest("lab:login"),
        LabRequest("lab:login", "POST", fields=(("username", "ada"), ("password", "lovelace"))),
        LabRequest("lab:account"),
        LabRequest("lab:boom"),
        LabRequest("lab:logout", "POST"),
        LabRequest("lab:flush"),
    ),
    predictions=(
        Prediction(
            slug="key-at-login",
            question="A browser has counted visits, and nobody is logged in. Now Ada logs in with it. What happens to "
            "its session?",
            choices=(
                Choice(
                    "same",
                    "It keeps its key, and the row also says who she is",
                    "Then whoever had got hold of the key before the login would be logged in as well. The browser is "
                    "given another key.",
                    shown_by="set-cookie",
                ),
                Choice(
                    "emptied",
                    "It gets a new key and begins empty",
                    "What is in the session comes along: a visitor would not like to lose a cart by logging in.",
                    shown_by="insert",
                ),
                Choice(
                    "beside",
                    "It gets a new key; the old row stays as it was, with the old key",
                    "The old row is deleted at once. Its key opens nothing any more.",
                    shown_by="delete",
                ),
                Choice(
                    "moved",
                    "It gets a new key; the data comes along, and the old row is deleted",
                    "login() calls cycle_key(), which moves the data to a new row and deletes the old one.",
                    shown_by="cycle-key",
                ),
            ),
            todo="With a browser that is not logged in, send GET /lab/visits/, GET /lab/login/ and POST /lab/login/.",
            observe=key_at_login,
        ),
        Prediction(
            slug="row-after-login",
            question="And what is it that says, from then on, who is logged in?",
            choices=(
                Choice(
                    "cookie",
                    "A cookie with her name",
                    "Her name is in no cookie. The browser gets a new sessionid, and its value is only a key.",
                    shown_by="set-cookie",
                ),
                Choice(
                    "name",
                    "Her name and password, in the row",
                    "The name is not needed: the id is enough to fetch the user. "
                    "The password is checked once, and is not stored in the session.",
                    shown_by="set ['_auth_user_id']",
                ),
                Choice(
                    "id",
                    "Her id, in the row",
                    "As text, '1' for user 1, with the backend that checked her and a hash that changes when "
                    "her password does.",
                    shown_by="update",
                ),
            ),
            todo="Log in, as above, and look at the row.",
            observe=row_after_login,
        ),
        Prediction(
            slug="boom",
            question="/lab/boom/ stores a score in the session and then fails: ZeroDivisionError, status 500. "
            "What of the session?",
            choices=(
                Choice(
                    "saved",
                    "The score is in the row: it was stored before the error",
                    "It was stored in a dict in memory. The row is written after the view, and not when the status is "
                    "500 or more.",
                    shown_by="set",
                ),
                Choice(
                    "lost",
                    "The score is lost, and the row is as it was",
                    "After a server error nothing is saved, and no cookie is set.",
                    shown_by="not-saved",
                ),
                Choice(
                    "ended",
                    "The session ends: its row is deleted",
                    "An error deletes nothing. The browser keeps what it had.",
                    shown_by="response",
                ),
            ),
            todo="Send GET /lab/boom/ from any browser.",
            observe=score_after_an_error,
        ),
        Prediction(
            slug="after-logout",
            question="Ada logs out. Which sessionid does the browser hold then?",
            choices=(
                Choice(
                    "same",
                    "The same one; its row is empty now",
                    "The row is not emptied, it is deleted, with everything else that was in it.",
                    shown_by="delete",
                ),
                Choice(
                    "new",
                    "A new one, for a visitor whom nobody knows",
                    "Nothing is stored for such a visitor, so there is no session and no key.",
                    shown_by="delete-cookie",
                ),
                Choice(
                    "none",
                    "None at all",
                    "logout() flushes the session. At the end it has neither key nor data, so the browser is told to "
                    "drop its cookie.",
                    shown_by="response",
                ),
            ),
            todo="Send POST /lab/logout/ from the browser with which you logged in.",
            observe=jar_after_logout,
        ),
    ),
    goals=(
        Goal("in", "A browser that had counted visits logged in", logged_in_with_data),
        Goal("boom", "A view failed after it had written", failed_after_writing),
        Goal("out", "A browser logged out", logged_out),
        Goal("flushed", "A session was flushed", flushed),
    ),
)
