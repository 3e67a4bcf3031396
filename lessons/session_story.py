"""What one flight did with its session, on half a page: for the toolbar's panel.

It reads a flight as `flight.export.flight_as_json` gives it, told line by line, and asks each hop who stood there when
something changed. Whoever looks into the session after SessionMiddleware has returned is not in a flight.
"""

from collections.abc import Iterator

from django.conf import settings

from .flight.peek import said

SESSION_MIDDLEWARE = "django/contrib/sessions/middleware.py"
INSIDE = {"session", "table"}  # hops from these are the session's own work for whoever called it
ALWAYS_WRITE = {"set", "delete-key", "clear", "flush", "cycle-key"}  # F01
DROPS = {"clear", "flush"}  # they put an empty dict there without having loaded one
LOOKS = "self.accessed = True"  # the line of Django's that every look comes through (F01)
TOKEN = "this page holds a CSRF token."
COLUMNS = ("session_key", "session_data", "expire_date")
PLACES_MOST = 20


def session_story(flight: dict) -> dict:
    """Return plain data for JSON: keys, dict and row before and after, who looked, who wrote, and why it was saved."""
    hops = flight["hops"]
    response, last = flight["response"], hops[-1]["state"]
    touches = list(_touches(hops))
    writes = _places(touches, "write")
    reads = _places(touches, "read", but=writes)
    in_place = _places(touches, "in place", but=writes)
    return {
        "request": f"{flight['request']['method']} {flight['request']['path']}",
        "answer": f"{response['status']} {response['reason']}",
        "reached": last["accessed"] is not None,
        "summary": _summary(last, reads, writes, in_place),
        "key_in": hops[0]["state"]["jar"].get("sessionid", ""),
        "key_out": last["key"] or "",
        "first": next((place for what, place, _ in touches if what == "first"), None),
        "reads": reads[:PLACES_MOST],
        "writes": writes[:PLACES_MOST],
        "in_place": in_place[:PLACES_MOST],
        "dict_before": next((before for what, _, before in touches if what == "loaded"), ""),
        "dict_after": "" if last["data"] is None else said(last["data"]),
        "row_before": _row(_first(hops, "row-found", "row-missing")),
        "row_after": _row(hops[-1]),
        "verdict": _told(_first(hops, "save", "not-saved", by=SESSION_MIDDLEWARE)),
        "cookie": _told(_first(hops, "set-cookie", "delete-cookie", by=SESSION_MIDDLEWARE)),
        "set_cookie": next((each for each in response["set_cookies"] if each.startswith("sessionid=")), ""),
        "vary": _told(_first(hops, "vary", by=SESSION_MIDDLEWARE)) or _asked_elsewhere(_first(hops, "vary"), response),
        "vary_header": next((value for name, value in response["headers"] if name == "Vary"), ""),
        "error": _told(_first(hops, "exception")),
    }


def _touches(hops: list[dict]) -> Iterator[tuple[str, dict, str]]:
    """Yield each time that somebody touched the session: what that was, where they stood, and the dict then."""
    before, outside = hops[0]["state"], hops[0]
    for hop in hops:
        if hop["actor_from"] not in INSIDE:
            outside = hop
        state, place = hop["state"], _place(outside)
        if state["accessed"] and not before["accessed"]:
            yield "first", place, ""
        if before["data"] is None and state["data"] is not None and outside["kind"] not in DROPS:
            yield "loaded", place, said(state["data"])
        if hop["source"] == LOOKS and outside["file"] != SESSION_MIDDLEWARE:
            yield "read", place, ""
        if _changed(hop, before):
            yield "write" if state["modified"] else "in place", place, ""
        before = state


def _changed(hop: dict, before: dict) -> bool:
    """Return whether this hop wrote into the dict. Loading it does not count."""
    state = hop["state"]
    if hop["kind"] in ALWAYS_WRITE or (state["modified"] and not before["modified"]):
        return True
    return before["data"] is not None and state["data"] != before["data"]


def _place(hop: dict) -> dict:
    return {name: hop[name] for name in ("file", "line", "source", "function")}


def _places(touches: list, wanted: str, but: list | tuple = ()) -> list[dict]:
    """Return the places where this happened, each once, in order."""
    found: list[dict] = []
    for what, place, _ in touches:
        if what == wanted and place not in (*found, *but):
            found.append(place)
    return found


def _summary(last: dict, reads: list, writes: list, in_place: list) -> str:
    """Return a few words for the side bar."""
    if last["accessed"] is None:
        return "never reached"
    counts = [(len(reads), "read"), (len(writes), "write"), (len(in_place), "in place")]
    words = [f"{count} {word}{'s' * (count > 1 and word != 'in place')}" for count, word in counts if count]
    return ", ".join(words) or "untouched"


def _first(hops: list[dict], *kinds: str, by: str = "") -> dict | None:
    """Return the first hop of one of these kinds, in this file if it is given; no statement has such a kind."""
    return next((hop for hop in hops if hop["kind"] in kinds and (not by or hop["file"] == by)), None)


def _told(hop: dict | None) -> dict | None:
    return hop and {"caption": hop["caption"], "place": _place(hop)}


def _asked_elsewhere(vary: dict | None, response: dict) -> dict | None:
    """Say who asked for `Vary`, if it was not SessionMiddleware: a CSRF token comes with it."""
    if vary is None:
        return None
    token = any(each.startswith(f"{settings.CSRF_COOKIE_NAME}=") for each in response["set_cookies"])
    return {"caption": f"Not SessionMiddleware: {TOKEN if token else 'something else asked for it.'}", "place": None}


def _row(hop: dict | None) -> dict | None:
    """Return what was known of the row after a hop: whether it exists, and its columns; None if nobody has looked."""
    row = hop and hop["state"]["row"]
    if not row:
        return None
    columns = {name: str(row[name]) for name in COLUMNS if name in row}
    decoded = {"decoded": said(row["data"])} if row.get("data") is not None else {}
    return {"exists": row["exists"], "columns": columns | decoded}
