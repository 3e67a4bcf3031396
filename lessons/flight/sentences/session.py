"""Sentences about what somebody does with `request.session`."""

from dataclasses import dataclass

from .store import key_text

KINDS = {
    "__getitem__": "get",
    "get": "get",
    "__contains__": "get",
    "__setitem__": "set",
    "__delitem__": "delete-key",
    "__bool__": "is-empty",
    "_get_session_key": "key",
}

READERS = (
    *("get", "__getitem__", "__contains__", "has_key", "keys", "values", "items", "test_cookie_worked"),
    *("get_expiry_age", "get_expiry_date", "get_expire_at_browser_close"),
)
API = {
    *READERS,
    *("__setitem__", "__delitem__", "update", "pop", "setdefault", "clear", "flush", "cycle_key"),
    *("create", "save", "delete", "set_expiry", "set_test_cookie", "delete_test_cookie"),
    *("_get_session_key", "is_empty", "__bool__"),
}

DEFAULTS = {"get": "None", "save": "False", "delete": "None", "get_expiry_age": "{}", "get_expiry_date": "{}"}


@dataclass(frozen=True)
class Call:
    """One call on `request.session`: who made it, and what it did.

    `asker` begins a sentence, such as "The view". `before` and `after` are states as the trace has them. `raised`:
    the call ended in an exception.
    """

    name: str
    values: dict[str, str]
    asker: str
    before: dict
    after: dict
    raised: bool
    store: str

    @property
    def key(self) -> str:
        return self.values.get("key", "")

    @property
    def loads(self) -> bool:
        """Whether this call finds nothing loaded, and loads."""
        return self.before["data"] is None and self.after["data"] is not None


def kind_of(name: str) -> str:
    """Return what a hop for this method of the session is called."""
    return KINDS.get(name, name.strip("_").replace("_", "-"))


def api_title(name: str, values: dict[str, str]) -> str:
    """Spell a call on `request.session` as a view would write it."""
    key = values.get("key", "")
    if name == "__getitem__":
        return f"[{key}]"
    if name == "__setitem__":
        return f"[{key}] = {values.get('value', '')}"
    if name == "__delitem__":
        return f"del [{key}]"
    if name == "__contains__":
        return f"{key} in …"
    if name == "__bool__":
        return "bool(…)"
    if name == "_get_session_key":
        return ".session_key"
    shown = [text for argument, text in values.items() if argument != "self" and "object" not in text]
    if shown and shown[-1] == DEFAULTS.get(name):  # it was not given
        shown.pop()
    return f".{name}({', '.join(shown)})"


def session_made(key: str, too_short: bool, store: str) -> str:
    if too_short:  # C53
        return "A sessionid came, but with fewer than 8 characters. Django drops it without asking the database."
    if key == "None":  # C06 C47
        return "No key came in, so request.session begins without one. It is an object in memory and nothing more."
    if store == "cookie":  # F15
        return "Django makes request.session and gives it the cookie, which holds the data. It has not read it yet."
    return (  # C06
        f"Django makes request.session and gives it the key from the cookie. "
        f"It has not looked whether there is a {store}."
    )


def api(call: Call) -> tuple[str, str]:
    """Return the words under the arrow, and the sentence, for a call on `request.session`."""
    if call.name == "_get_session_key":
        return _session_key(call)
    if call.name in ("is_empty", "__bool__"):
        return "", _is_empty(call)
    say = SENTENCES.get(call.name, _reads)
    return _flags(call) or (_at_once(call)), say(call)


def _flags(call: Call) -> str:
    """Say which of the two flags this call has set."""
    became = [name for name in ("accessed", "modified") if call.after[name] and not call.before[name]]
    if len(became) == 2:
        return "accessed and modified become True"
    return f"{became[0]} becomes True" if became else ""


def _at_once(call: Call) -> str:
    stores = call.name in ("save", "create", "cycle_key") or (call.name in ("delete", "flush") and call.before["key"])
    return "at once, not at the end" if stores else ""


def _session_key(call: Call) -> tuple[str, str]:
    key = call.before["key"]
    if key is None:  # C07
        return "None", f"{call.asker} reads the key: there is none. One is picked when the session is first saved."
    return key_text(key), f"{call.asker} reads the key. That alone loads nothing and does not set accessed."  # F01


def _is_empty(call: Call) -> str:  # F01
    asked = "neither a key nor data" if call.name == "is_empty" else "a key or data"
    return f"{call.asker} asks whether there is {asked}. That loads nothing and does not set accessed."


def _first_look(call: Call) -> str:
    """Say what the first look into a session brings about, or "" when it is no first look."""
    if not call.loads:
        return ""
    if call.before["key"] is None:
        return "It is the first look inside; without a key there is nothing to load, so the dict is empty."
    if call.store == "cookie":
        return "It is the first look inside, so the cookie is decoded now."
    if call.store == "row" and call.after["row"] is None:  # C10
        return "It is the first look inside, so the session is fetched now, from the cache."
    return f"It is the first look inside, so the session must fetch its {call.store} now."  # C06 C09


def _reads(call: Call) -> str:
    asked = f"{call.asker} {_question(call)}."
    if call.raised and call.name == "__getitem__" and not call.loads:  # C35
        return f"{asked} There is no such key, so KeyError is raised."
    return f"{asked} {_first_look(call) or 'The dict is loaded already, so nothing is fetched.'}"


def changed_inside(call: Call) -> str:
    """Say that what was asked for has then been changed, where the session cannot notice it (P1)."""
    return (
        f"{call.asker} {_question(call)}, and what it got is then changed where it is. "
        "Nothing is assigned, so the session does not notice."
    )


def _question(call: Call) -> str:
    if call.name.startswith("get_expir"):
        return "asks how long the session may live"
    if call.name == "test_cookie_worked":
        return "asks whether the test value came back"
    return f"asks for {call.key}" if call.key else "looks at the whole dict"


def _changes(call: Call, changes: str) -> str:
    """Say that a call changes the dict, after it has loaded it if need be."""
    first = _first_look(call)
    return f"{first} Then {changes[0].lower()}{changes[1:]}" if first else changes


def _assigns(call: Call) -> str:  # C42 F01
    return _changes(call, f"Assigning {call.key} changes the dict in memory and sets modified.") + _unsent(call)


def _deletes_key(call: Call) -> str:  # C43
    if call.raised:
        return _changes(call, f"del finds no {call.key}, so KeyError is raised and modified stays as it was.")
    return _changes(call, f"del takes {call.key} out of the dict in memory and sets modified.") + _unsent(call)


def _unsent(call: Call) -> str:
    return "" if call.loads else " Nothing is sent to the database."


def _updates(call: Call) -> str:  # F01
    return _changes(call, "update() puts these keys into the dict in memory and sets modified, even if nothing is new.")


def _pops(call: Call) -> str:  # F01
    if not _has_changed(call):
        instead = "KeyError is raised" if call.raised else "the default is given"
        return _changes(call, f"There is no {call.key}, so {instead} and modified stays as it was.")
    return _changes(call, f"pop() takes {call.key} out of the dict in memory and sets modified.")


def _sets_default(call: Call) -> str:  # F01 P2
    if not _has_changed(call):
        return _changes(call, f"Something is stored under {call.key}: that is given, and modified stays as it was.")
    return _changes(call, f"Nothing is stored under {call.key}, so the default is stored, and modified is set.")


def _has_changed(call: Call) -> bool:
    """Whether the dict is another one now. What it was before a load is not known; then modified tells."""
    return call.after["modified"] if call.loads else call.after["data"] != call.before["data"]


def _clears(call: Call) -> str:  # F01 P8
    return "An empty dict takes the place of the data, and nothing is read for that. The key stays as it is."


def _flushes(call: Call) -> str:  # F04 P8
    why = ""
    if call.asker == "Django's login()":  # C17
        why = "This session belongs to another login, so login() throws it away. "
    elif call.asker == "Django's get_user()":  # F19
        why = "The password has changed since this login, so the session is thrown away. "
    if call.before["key"] is None:
        return why + "flush() empties the dict. There is no key, so there is nothing to delete."
    if call.store == "cookie":
        return why + "flush() empties the dict and drops the key, which was the cookie itself."
    there = "at once" if (call.after["row"] or {}).get("exists") is False else "if there is one"
    return why + f"flush() empties the dict, deletes the {call.store} {there}, and drops the key."


def _cycles(call: Call) -> str:  # C17
    if call.store == "cookie":
        return "The cookie will be made anew, with the same data."
    if call.before["key"] is None:
        return f"There was no key. A new one is picked, and a {call.store} written under it at once."
    if call.asker == "Django's login()":
        return (
            f"A login changes the key: the data moves to a new {call.store} and the old one is deleted, "
            "before login() goes on. "
            "Whoever knew the old key is not logged in with it."
        )
    return (
        f"The data moves to a new key with a new {call.store}; the old {call.store} is deleted. "
        "Both happen here, not at the end."
    )


def _creates(call: Call) -> str:  # C16
    if call.store == "cookie":
        return "create() only sets modified, so that a cookie will be sent."
    return f"create() picks a key and writes a {call.store} at once, without waiting for the response."


def _saves(call: Call) -> str:
    return f"save() stores the dict at once, without waiting for the response. {_knows_nothing(call)}".strip()


def _knows_nothing(call: Call) -> str:
    return "modified stays True, so it will be saved once more." if call.after["modified"] and not call.raised else ""


def _deletes(call: Call) -> str:
    if call.before["key"] is None:
        return "delete() finds no key, so there is nothing to delete."
    return f"delete() removes the {call.store} at once. The dict in memory and the key stay."


def _sets_expiry(call: Call) -> str:  # F17
    if call.values.get("value") == "None":
        if not _has_changed(call):
            return _changes(call, "No lifetime of its own was set for this session, so nothing changes.")
        return _changes(call, "The session's own lifetime is taken out of the dict; from now on the settings decide.")
    return _changes(
        call, "The session's own lifetime is kept in the dict, under '_session_expiry'. That sets modified."
    )


def _sets_test_cookie(call: Call) -> str:
    return _changes(call, "A test value is put into the dict. If it comes back next time, this browser takes cookies.")


def _deletes_test_cookie(call: Call) -> str:
    return _changes(call, "The test value is taken out of the dict.")


SENTENCES = {
    "__setitem__": _assigns,
    "__delitem__": _deletes_key,
    "update": _updates,
    "pop": _pops,
    "setdefault": _sets_default,
    "clear": _clears,
    "flush": _flushes,
    "cycle_key": _cycles,
    "create": _creates,
    "save": _saves,
    "delete": _deletes,
    "set_expiry": _sets_expiry,
    "set_test_cookie": _sets_test_cookie,
    "delete_test_cookie": _deletes_test_cookie,
}
