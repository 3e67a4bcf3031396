"""Sentences about the headers of a response: Set-Cookie and Vary."""

DAY = 24 * 60 * 60


def span(max_age: str) -> str:
    """Say how long a cookie is kept. `max_age` is a number of seconds as text, or "None"."""
    if not max_age.isdecimal():
        return "until the browser closes"
    days, rest = divmod(int(max_age), DAY)
    if not days:
        return f"for {max_age} seconds"
    return f"for {'about ' if rest else ''}{days} {'day' if days == 1 else 'days'}"


def set_cookie(ours: bool, by_view: bool, recording: dict, values: dict[str, str], store: str) -> str:
    """Say why a cookie is set. `ours`: by SessionMiddleware, with these arguments."""
    if not ours:
        who = "The view puts a cookie of its own" if by_view else "Somebody else puts a cookie"
        return f"{who} on the response. The session has no part in it."
    had = recording["cookies"].get("sessionid", "")
    if store == "cookie":  # F15
        return "The whole dict, encoded and signed, goes out as the cookie. Nothing of it stays on the server."
    if not had:  # C20 C48
        return (
            f"The {store} is saved, so the browser must learn its key. "
            "Only now, after the view, is the cookie put on the response."
        )
    if values.get("value", "").strip("'") != had:  # C50
        return "The session has another key now, so the browser gets another cookie."
    if values.get("max_age", "None") == "None":
        return "The same key goes out again, this time until the browser closes."
    return "The same key goes out again, with a new date: a session that is written to lives on."  # C50 F17


def delete_cookie(ours: bool, by_view: bool) -> str:
    if not ours:
        return f"{'The view' if by_view else 'Somebody else'} takes another cookie away. The session has no part in it."
    return (  # F04
        "A sessionid came in, and now the session has neither a key nor data. "
        "The cookie is of no use any more, so the browser is told to drop it."
    )


def vary_note(values: dict[str, str]) -> str:
    return f"accessed {values['accessed']}" if "accessed" in values else ""


def vary(values: dict[str, str], names: str) -> str:
    """Say why `Vary` is there (F06). `values` are the local variables of process_response, if that set it."""
    calls = values.get("calls", "").split()
    if "delete_cookie" in calls:
        return "The session cookie is being deleted, so this page depends on cookies. Caches are told."
    if values.get("accessed") == "False":
        return "A session cookie was set, so this page depends on cookies. Caches are told."
    if values:
        return "Somebody looked into the session, so the page may differ for each visitor. This header tells caches so."
    return f"Somebody else says that this page depends on what the browser sends as {names}."
