"""What Django itself makes of a stored text: its own decode() is called, and what it writes to the log is heard."""

import logging
from dataclasses import dataclass
from threading import get_ident
from typing import Any

from django.contrib.sessions.models import Session

from .decoding import decode_stored

LOGGER = logging.getLogger("django.security.SuspiciousSession")
KEY = "num_visits"
GUESSES = {
    "read": "the dict",
    "warned": "an empty dict, and a line in the log",
    "silent": "an empty dict, and no line in the log",
    "breaks": "something that breaks when the view asks it for a key",
}


@dataclass(frozen=True)
class Answer:
    """What came back, what was logged, and what a view gets that asks for a key."""

    data: Any
    got: Any = None
    logged: tuple[str, ...] = ()
    error: str = ""
    empty: bool = False  # whether {} is what was stored

    @property
    def name(self) -> str:
        """Which of GUESSES came true."""
        if self.error:
            return "breaks"
        if self.logged:
            return "warned"
        return "read" if self.data or self.empty else "silent"

    @property
    def said(self) -> str:
        return GUESSES[self.name]


def ask_django(text: str) -> Answer | None:
    """Let stock Django decode the text and look for a key in it. None where that would take more than a server has."""
    ours = decode_stored(text)
    if ours.verified and ours.limited:
        return None
    store = Session.get_session_store_class()()
    with Heard() as heard:
        data = store.decode(text)
    store._session_cache = data  # as load() leaves it: now a view may ask
    try:
        got = store.get(KEY)
    except AttributeError as error:
        return Answer(data, None, tuple(heard.lines), f"AttributeError: {error}")
    return Answer(data, got, tuple(heard.lines), empty=ours.verified is True and ours.data == {})


class Heard(logging.Handler):
    """Hears what this thread says to Django's logger for suspicious sessions; the log itself gets it too."""

    def __init__(self):
        super().__init__()
        self.lines, self.thread = [], get_ident()

    def __enter__(self):
        LOGGER.addHandler(self)
        return self

    def __exit__(self, *error):
        LOGGER.removeHandler(self)

    def emit(self, record):
        if record.thread == self.thread:
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")
