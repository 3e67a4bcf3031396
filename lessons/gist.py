"""What a flight did with its session, in a few words: enough for a list, and told without its trace."""

from .models import Flight

# Words for flights after which the table is not as it was.
CHANGED = {"new row", "row updated", "row deleted", "old row deleted"}
NOT_SAVED = "not saved"


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
        said.append("its row was gone" if flight.status == 400 and not flight.session_cookie else "row updated")
    if "DELETE" in verbs:
        said.append("old row deleted" if "INSERT" in verbs else "row deleted")
    wrote = bool(said)
    if not wrote:
        said.append(_looked(flight, verbs))
    if flight.status >= 500:  # F20
        said.append(f"error {flight.status}" + (f": {NOT_SAVED}" if flight.looked and not wrote else ""))
    return said


def _looked(flight: Flight, verbs: list[str]) -> str:
    """Say what a flight saw that wrote nothing.

    A SELECT alone does not tell, nor does `Vary: Cookie`: a view may ask the table by itself, the toolbar looks when
    all is over, and a form's CSRF token asks for that header as well (F06). A key that opens nothing is dropped.
    """
    if flight.looked is None:
        return "recorded without its steps"
    if not flight.looked:
        return "session untouched"
    return "row fetched" if "SELECT" in verbs and flight.recording["session_key"] else "looked, found no row"
