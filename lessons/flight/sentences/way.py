"""Sentences about a request's way: from the browser to the view, and back as a response."""

from ..masking import SECRET_COOKIES

ANSWERED_EARLY = (
    "A middleware in front of SessionMiddleware answered. In this flight there was no request.session."  # C04
)

ADDRESS_MOST = 60


def request(recording: dict) -> str:
    cookies = [name for name in recording["cookies"] if name not in SECRET_COOKIES]
    if "sessionid" in cookies:
        return "The browser holds a sessionid for this site, so it sends it along. The value is only a key."
    if cookies:
        return "The browser sends the cookies it holds for this site. No sessionid is among them."
    return "The browser has no sessionid for this site. It sends the request without one."


def resolve(recording: dict, matched: bool) -> str:
    if matched:  # C05
        return (
            "SessionMiddleware passes the request on, and only now does Django look at the address. "
            f"A line of urls.py matches and names {recording['view']}."
        )
    return (
        "SessionMiddleware passes the request on, and only now does Django look at the address. "
        "No line of urls.py matches, so there is no view to call."
    )


def view(state: dict) -> str:
    if state["accessed"]:
        return "The view begins. Somebody has looked into the session before it."
    return "The view begins. Nobody has looked into the session yet: accessed is False and nothing is loaded."  # C06


def view_returns(state: dict, store: str) -> str:
    return f"The view is done. {_left_behind(state, store)}"


def _left_behind(state: dict, store: str) -> str:
    row = state["row"] or {}
    if not state["accessed"]:
        return "It never looked into the session."
    if not state["modified"]:
        return "It looked into the session and changed nothing that the session noticed."
    if state["key"] is None and not state["data"]:
        return "The session has neither a key nor data now."
    if store == "cookie":
        return "What it changed is in a dict in memory; the browser still has the old cookie, or none."
    if state["key"] is None:  # C07 C08
        return f"What it stored is in a dict in memory; it has no key, no {store} and no cookie yet."
    if row.get("exists") is False:
        return "What it changed is in a dict in memory; the row has gone."
    if row.get("data") == state["data"] is not None:
        return "The row holds what the dict holds, and modified is True."
    return f"What it changed is in a dict in memory; the {store} does not have it yet."


def view_skipped(recording: dict) -> str:
    if recording["status"] == 403:
        return "The view never ran: a middleware refused the request. With a POST, that is usually the CSRF check."
    return "The view never ran: a middleware answered in its place."


def exception(error: dict, status: str, saving: bool) -> str:
    """Say what became of an exception. `saving`: it came out of saving the session."""
    name, message = error.get("type", "An exception"), error.get("message", "")
    told = f"{name}: {message.partition('. ')[0].rstrip('.')}" if message else f"{name} is raised"
    if saving:  # F20 P5
        return f"{told}. It happened while saving, so nothing is stored; Django answers with status {status}."
    if status.startswith("5"):
        return f"{told}. Nobody caught it, so Django answers with status {status}."
    return f"{told}. Django turns it into a response with status {status}."


def response(recording: dict) -> str:
    arrives = _arrives(recording)
    names = [header.partition("=")[0] for header in recording["set_cookies"]]
    told = next((header for header in recording["set_cookies"] if header.startswith("sessionid=")), "")
    value = told.partition("=")[2].partition(";")[0]
    if told and "Max-Age=0" in told:  # F04
        return f"{arrives} and throws its sessionid away."
    if told and "sessionid" not in recording["cookies"]:  # C48
        return f"{arrives} and puts sessionid into its jar. It will send it with every request to this site."
    if told and recording["cookies"]["sessionid"] == value:  # C50
        return f"{arrives}. It keeps its sessionid{', now until a later date' if 'Max-Age' in told else ''}."
    if told:
        return f"{arrives}. In its jar, the new sessionid takes the place of the old one."
    if any(name not in SECRET_COOKIES for name in names):
        return f"{arrives} and puts the cookies that came into its jar. No sessionid is among them."
    return f"{arrives}. Its jar stays as it was."


def _arrives(recording: dict) -> str:
    """Say what the browser does with a response: it follows a redirect, and shows anything else."""
    location = next((value for name, value in recording["headers"] if name.lower() == "location"), "")
    if 300 <= recording["status"] < 400 and location:
        return f"The browser goes on to {location[:ADDRESS_MOST]}"
    return "The browser shows the page"
