"""Sentences about the one decision of SessionMiddleware: to save, or not to save (F02)."""


def save(values: dict[str, str], state: dict, store: str) -> str:
    """Say why a session is saved. `values` are the local variables of process_response."""
    if values.get("modified") == "False":  # F18
        return "Nothing was modified, but SESSION_SAVE_EVERY_REQUEST is on, so SessionMiddleware saves."
    if state["data"] == {}:  # F02 C44
        return (
            "SessionMiddleware decides: modified is True, the dict is empty but there is a key, "
            f"and the status, {values.get('status')}, is below 500. So it saves."
        )
    return (
        "SessionMiddleware decides: modified is True, the session is not empty, "
        f"and the status, {values.get('status')}, is below 500. So it saves."
    )


def verdict(values: dict[str, str], state: dict) -> str:
    """Return the few words for a session that is not saved."""
    lost = values.get("modified") == "True" or _wanted(values) or _changed_unseen(state)
    return "not saved" if lost else "nothing to save"


def verdict_note(values: dict[str, str]) -> str:
    told = (f"{name} {values[name]}" for name in ("modified", "empty", "status") if values.get(name))
    return ", ".join(told)


def not_saved(values: dict[str, str], state: dict, recording: dict, store: str) -> str:
    """Say why a session is not saved, and no cookie set (F02, F03, F20)."""
    if values.get("empty") == "True" and values.get("modified") == "True":  # F03
        return f"The session was modified, but at the end it has neither a key nor data: no {store}, no cookie."
    if _wanted(values):  # F20
        return (
            f"The session would be saved, but the status is {values.get('status')}. After a server error nothing is: "
            "what was written into the dict is lost."
        )
    if lost := _changed_unseen(state):  # P1
        return (
            f"What is stored under {lost} has changed, but modified is False: "
            "the change was made inside the value, where the session cannot notice it. So it is lost."
        )
    looked = "was looked at but not modified" if values.get("accessed") == "True" else "was not touched"
    cookie = "The browser keeps the cookie it has." if "sessionid" in recording["cookies"] else "No cookie is set."
    return f"SessionMiddleware decides: the session {looked}, so there is nothing to save. {cookie}"


def _wanted(values: dict[str, str]) -> bool:
    """Whether only the status stood in the way: process_response works out `max_age` just before it looks at it."""
    return "max_age" in values


def _changed_unseen(state: dict) -> str:
    row = (state["row"] or {}).get("data")
    if row is None or state["data"] is None:
        return ""
    return ", ".join(repr(name) for name in state["data"] if state["data"][name] != row.get(name))
