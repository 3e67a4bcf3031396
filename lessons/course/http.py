"""Lesson 1: HTTP forgets (C01, C31 to C33)."""

from .evidence import Evidence, Observed, arrived, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction


def second_query(evidence: Evidence) -> Observed | None:
    """What `request.GET` held when a request with a query was followed by one without."""
    for before, after in evidence.to("lab:echo").pairs():
        if arrived(before).get("GET") and after.method == "GET" and "?" not in after.path:
            return observed("kept" if arrived(after).get("GET") else "empty", after)
    return None


def zap_in_three_visits(evidence: Evidence) -> Observed | None:
    """What the cookie `zap` was as it came in on three visits in a row, the first of them without it."""
    for own in evidence.to("lab:cookie").browsers():
        for three in own.windows(3):
            came_in = tuple(flight.cookies.get("zap", "nothing") for flight in three)
            if came_in[0] == "nothing" and not any(_was_lost("zap", *pair) for pair in three.pairs()):
                outcomes = {("nothing", "42", "43"): "nothing-42-43", ("nothing", "42", "42"): "same"}
                return observed(outcomes.get(came_in, "never"), three.flights[1])
    return None


def something_vanished(evidence: Evidence) -> bool:
    return any(
        (arrived(before).get("GET") or arrived(before).get("POST"))
        and not (arrived(after).get("GET") or arrived(after).get("POST"))
        for before, after in evidence.to("lab:echo").pairs()
    )


def zap_reached_44(evidence: Evidence) -> bool:
    return any(cookie.name == "zap" and cookie.value == "44" for flight in evidence for cookie in flight.set_cookies)


def zap_was_lost_and_sakaicar_kept(evidence: Evidence) -> bool:
    return any(
        _was_lost("zap", before, after) and "zap" not in after.cookies and "sakaicar" in after.cookies
        for before, after in evidence.to("lab:cookie", "lab:echo").pairs()
    )


def _was_lost(name: str, before, after) -> bool:
    """Return whether the browser was told to keep a cookie and did not bring it: it was closed or forgotten since."""
    told = next((cookie.value for cookie in before.set_cookies if cookie.name == name), before.cookies.get(name))
    return told is not None and after.cookies.get(name) != told


lesson = Lesson(
    slug="http",
    title="HTTP forgets",
    question="What does a server still know about you on your next request?",
    minutes=6,
    actor="http",
    requests=(
        LabRequest("lab:echo", fields=(("a", "1"),)),
        LabRequest("lab:echo"),
        LabRequest("lab:echo", "POST", fields=(("a", "1"),), token=False),
        LabRequest("lab:cookie"),
    ),
    predictions=(
        Prediction(
            slug="second-query",
            question="You send /lab/echo/?a=1 and then /lab/echo/. What does request.GET hold the second time?",
            choices=(
                Choice(
                    "kept",
                    "{'a': '1'}",
                    "It stood in the first address. Nothing carried it to the second request.",
                    shown_by="request",
                ),
                Choice(
                    "empty",
                    "{}",
                    "request.GET is made from the address of this request, and this one has no query.",
                    shown_by="view-returns",
                    local="arrived",
                ),
            ),
            todo="Send GET /lab/echo/ with a=1, then GET /lab/echo/ without, from the same browser.",
            observe=second_query,
        ),
        Prediction(
            slug="zap",
            question="A browser without a zap cookie visits /lab/cookie/ three times. What does the view find in zap?",
            choices=(
                Choice(
                    "nothing-42-43",
                    "nothing, then 42, then 43",
                    "The first response sets 42, so the second request is the first that brings it. "
                    "Each response sets one more for the next request.",
                    shown_by="cookie",
                ),
                Choice(
                    "same",
                    "nothing, then 42, then 42",
                    "The view sends back one more than what came in, and the browser replaces what it held.",
                    shown_by="cookie",
                ),
                Choice(
                    "never",
                    "nothing, each time",
                    "That is what happens to a query. A cookie is kept by the browser and sent again by itself.",
                    shown_by="request",
                ),
            ),
            todo="With a browser that holds no zap, send GET /lab/cookie/ three times.",
            observe=zap_in_three_visits,
        ),
    ),
    goals=(
        Goal("vanished", "A query or a form was sent, and then a request without one", something_vanished),
        Goal("zap-44", "One browser visited /lab/cookie/ three times", zap_reached_44),
        Goal("closed", "A browser was closed between two visits to /lab/cookie/", zap_was_lost_and_sakaicar_kept),
    ),
)
