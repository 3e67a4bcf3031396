"""Lesson 5: many browsers, many rows (C11, C12, C21, C28 to C30, C37, C53)."""

from .evidence import Evidence, Observed, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction


def three_and_one(evidence: Evidence) -> Observed | None:
    """Whose row held what after new browser blue came three times and new browser orange once."""
    blue, orange = (_since_first_visit(evidence.to("lab:visits").by(name)) for name in ("blue", "orange"))
    if len(blue) < 3 or len(orange) < 1 or not (blue[2].row and orange[0].row):
        return None
    if blue[2].row["session_key"] == orange[0].row["session_key"]:
        return observed("shared", orange[0], blue[2])
    held = (blue[2].data.get("num_visits"), orange[0].data.get("num_visits"))
    return observed({(3, 1): "three-one", (1, 1): "per-visit"}.get(held), orange[0], blue[2])


def rows_of_a_forgetful_browser(evidence: Evidence) -> Observed | None:
    """How many rows three visits left, each made after the private window had been forgotten."""
    visits = list(evidence.to("lab:visits").by("private").first_visits().told())[:3]
    if len(visits) < 3:
        return None
    hops = [hop for flight in visits for hop in flight.hops()]
    made = {hop.state.key for hop in hops if hop.kind == "insert"}
    if any(hop.kind == "delete" for hop in hops):
        return observed("none", visits[2])
    return observed({1: "one", 3: "three"}.get(len(made)), visits[2])


def two_keys(evidence: Evidence) -> bool:
    held = {flight.browser: flight.session_key for flight in evidence.to("lab:visits") if flight.session_key}
    return len(set(held.values())) >= 2


def a_name_was_carried(evidence: Evidence) -> bool:
    return any(
        before.method == "POST" and after.url_name == "lab:hello" and after.data and after.data.get("name")
        for before, after in evidence.to("lab:carry", "lab:hello").pairs()
    )


def three_rows_left_behind(evidence: Evidence) -> bool:
    visits = evidence.to("lab:visits").by("private").first_visits()
    return len({flight.session_key for flight in visits if flight.session_key}) >= 3


def _since_first_visit(evidence: Evidence) -> list:
    """Return the flights from the last one on that came without a cookie."""
    flights = evidence.flights
    starts = [place for place, flight in enumerate(flights) if not flight.key_in]
    return flights[starts[-1] :] if starts else []


lesson = Lesson(
    slug="browsers",
    title="Many browsers, many rows",
    question="How does one server keep everybody's dictionary apart?",
    minutes=8,
    actor="view",
    requests=(
        LabRequest("lab:visits"),
        LabRequest("lab:carry"),
        LabRequest("lab:carry", "POST", fields=(("name", "Ada"),)),
        LabRequest("lab:hello"),
    ),
    predictions=(
        Prediction(
            slug="two-browsers",
            question="Blue and Orange are new. Blue visits the counter three times, Orange once. "
            "What is in django_session for them?",
            choices=(
                Choice(
                    "shared",
                    "One count for both: 4",
                    "The counter lives in the session, and each key finds its own row.",
                    shown_by="insert",
                ),
                Choice(
                    "three-one",
                    "Two rows: num_visits 3 and num_visits 1",
                    "Each browser sends its own key, and the view works on the dict that this key finds.",
                    shown_by="row-found",
                ),
                Choice(
                    "per-visit",
                    "Four rows, one for each visit",
                    "From the second visit on, Blue sent its cookie, so its row was found and updated.",
                    shown_by="update",
                ),
            ),
            todo="Forget Blue and Orange. Send GET /lab/visits/ three times as Blue, then once as Orange.",
            observe=three_and_one,
        ),
        Prediction(
            slug="forgetful",
            question="You visit the counter in the private window three times, and forget the window after the "
            "first and the second. How many rows do the three visits leave?",
            choices=(
                Choice(
                    "one",
                    "One: it is the same browser",
                    "Django does not know browsers. It knows keys, and a browser that lost its key is a new one.",
                    shown_by="session-made",
                ),
                Choice(
                    "three",
                    "Three",
                    "Each visit came without a cookie, so each got a new key and a row. "
                    "Forgetting happens in the browser; the server is not told, and the old rows stay.",
                    shown_by="insert",
                ),
                Choice(
                    "none",
                    "None: a row goes when its browser forgets the key",
                    "The server never learns that a cookie was thrown away.",
                    shown_by="request",
                ),
            ),
            todo="As the private window: forget it, send GET /lab/visits/, and again, until you have "
            "made three visits.",
            observe=rows_of_a_forgetful_browser,
        ),
    ),
    goals=(
        Goal("two-keys", "Two browsers hold two different keys", two_keys),
        Goal("left-behind", "Three visits, the private window forgotten between them", three_rows_left_behind),
        Goal("carried", "A name went from a form, through the session, to the next page", a_name_was_carried),
    ),
)
