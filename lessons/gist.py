"""What a flight did with its session, in a few words: enough for a list, from what came in and went out alone."""

from .models import Flight

CHANGED = {"new row", "wrote", "deleted", "old row deleted"}  # words for flights after which the table is not as it was
FAILED = "failed, not saved"


def gist(flight: Flight) -> list[str]:
    """Return a few words each for what a flight did. The trace is not looked at: a list has 200 flights."""
    if not flight.reached_session:
        return ["answered before the session"]
    verbs = [statement.split(maxsplit=1)[0] for statement in flight.session_sql if statement.strip()]
    said = []
    if "INSERT" in verbs:
        said.append("new row")
    elif "UPDATE" in verbs:
        # Somebody else deleted the row meanwhile: Django answers 400, and no cookie goes out (F20).
        said.append("its row was gone" if flight.status == 400 and not flight.session_cookie else "wrote")
    if "DELETE" in verbs:
        said.append("old row deleted" if "INSERT" in verbs else "deleted")
    if not said:
        said.append(_looked(flight, verbs))
    if flight.status >= 500:  # F20
        said.append(FAILED)
    return said


def _looked(flight: Flight, verbs: list[str]) -> str:
    """Say whether a flight that wrote nothing has looked. A form's CSRF token asks for `Vary: Cookie` as well (F06)."""
    if "SELECT" in verbs:
        return "read"
    if not flight.vary_cookie:
        return "left the session alone"
    token = any(cookie.name == "csrftoken" for cookie in flight.set_cookies)
    return "no row read" if token else "read, no row yet"
