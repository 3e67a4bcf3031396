"""What was typed and printed on a page so far.

It travels with the page's own form, so the server keeps nothing of it. It is signed: what stands there as printed was
printed by this server.
"""

import re
from dataclasses import astuple, dataclass

from django.core import signing

from .modes import MODES, NULL_MOST, Settings
from .shell import Said

SALT = "lessons.console"
ENTRIES_MOST = 30
TEXT_MOST = 100_000  # characters that travel
HEADERS = {"on": True, "off": False}


@dataclass(frozen=True)
class Entry:
    """One thing that was typed, what was printed, and a sentence of ours or ""."""

    typed: str
    text: str
    note: str
    failed: bool
    wraps: bool

    @classmethod
    def of(cls, said: Said) -> "Entry":
        return cls(said.typed, said.text, said.note, said.failed, said.wraps)

    @property
    def lines(self) -> list[str]:
        """What was typed, line by line: the shell puts its prompt before each."""
        return self.typed.splitlines() or [""]

    @property
    def printed(self) -> list[str]:
        """What was printed, line by line, each with its end: a line that wraps is to be told from the next one."""
        return re.findall(r"[^\n]*\n|[^\n]+", self.text)

    @property
    def size(self) -> int:
        return len(self.typed) + len(self.text) + len(self.note)


def packed(entries: list[Entry]) -> str:
    """Return the last entries as text for a form."""
    kept, room = [], TEXT_MOST
    for entry in reversed(entries[-ENTRIES_MOST:]):
        room -= entry.size
        if room < 0:
            break
        kept.append(astuple(entry))
    return signing.dumps(kept[::-1], salt=SALT, compress=True)


def unpacked(text: str) -> list[Entry]:
    """Return the entries that `packed` wrote, or none where somebody else wrote them."""
    try:
        return [Entry(*fields) for fields in signing.loads(text, salt=SALT)]
    except signing.BadSignature:
        return []


def settings_in(form) -> Settings:
    """Return the settings that a form carries; what it does not say is as it is in the beginning."""
    mode = form.get("mode", "")
    return Settings(
        mode=mode if mode in MODES else Settings.mode,
        headers=HEADERS.get(form.get("headers", "")),
        null=form.get("null", "")[:NULL_MOST],
    )
