"""The form that edits one value: what was posted, which stage of it was changed, and the draft that follows."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..session_data.draft import SALTS, TEXTS, Draft, draft_of, follow
from .decoding import keys_by_name

# Forwards, from the dict to the stored text. The first that was changed is the one that the others follow.
ORDER = (
    "data",
    "serialized",
    "compress",
    "payload",
    "date",
    "seconds",
    "timestamp",
    "clock",
    "signer",
    "salt",
    "signature",
    "stored",
)
TOGETHER = {"time": ("date", "seconds", "timestamp", "clock"), "sign": ("signer", "salt", "signature")}
STAGES = {  # as a sentence names what was typed
    "data": "The dict",
    "serialized": "The text of the bytes",
    "payload": "The payload",
    "date": "The date",
    "seconds": "The number of seconds",
    "timestamp": "The timestamp",
    "signature": "The signature",
    "stored": "The stored text",
}
WAITING = "waiting"  # in place of the digest of what was typed beside another stage
NOT_FOLLOWED = "You changed this too. It is kept, and took no part: follow from here to use it instead."
COMPRESS = {"django": "where it saves two bytes, as Django does", "always": "always", "never": "never"}
CLOCK = {"now": "it becomes now", "keep": "keep it, or as I type it"}
SIGNERS = {
    "server": "this server’s secret key",
    "wrong": "a wrong key",
    "keep": "nobody: keep it, or as I type it",
    "none": "nobody: take it off",
}
SALT_NAMES = dict(
    zip(
        SALTS,
        ("Django’s SessionStore", "the signed_cookies engine", "a subclass called MyStore"),
        strict=True,
    )
)


@dataclass(frozen=True)
class EditForm:
    """A draft, and what was typed into other stages at the same time, by name; that is kept and took no part.

    `was` says in short what stands in each stage, so that the next post shows which of them was changed.
    """

    draft: Draft
    was: str
    beside: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft, beside: Mapping[str, str] = MappingProxyType({})) -> "EditForm":
        """Return the form of a draft in which all stages fit."""
        digests = {name: _digest(getattr(draft, name)) for name in ORDER} | dict.fromkeys(beside, WAITING)
        return cls(draft, " ".join(f"{name}:{digest}" for name, digest in digests.items()), dict(beside))

    @classmethod
    def made_of(cls, data: str) -> "EditForm":
        """Return the form of a dict, given as JSON, that is stored nowhere yet."""
        return cls.of(follow(Draft(data=data), "data", keys_by_name(), int(time.time())))

    @classmethod
    def read(cls, posted, stage: str = "") -> "EditForm":
        """Return the form as it was posted, with all stages following `stage`, or else the one that was changed.

        Of stages that stand together, `stage` is the name of the group.
        """
        draft, was = Draft(**{name: _value(posted, name) for name in ORDER}), posted.get("was", "")
        changed, waiting = _changed(posted, was)
        stage = _stage_meant(stage, changed, waiting)
        if waiting and not stage:
            return cls(draft, was, {name: getattr(draft, name) for name in waiting})
        if not stage:
            return cls.of(_annotated(draft))
        followed = follow(draft, stage, keys_by_name(), int(time.time()))
        if followed.stuck:  # nothing followed: what was changed before is changed still
            return cls(followed, " ".join(each for each in was.split() if not each.startswith(f"{stage}:")))
        typed = {name: getattr(draft, name) for name in [*changed, *waiting] if name in TEXTS and name != stage}
        return cls.of(followed, {name: text for name, text in typed.items() if text != getattr(followed, name)})

    @property
    def problem(self) -> str:
        """A sentence on why this form has no one stored text, or ""."""
        if self.draft.stuck:
            note, stage = self.draft.notes[self.draft.stuck], STAGES.get(self.draft.stuck, "This")
            return f"{stage}{note[4:]}" if note.startswith("This ") else note
        if self.beside:
            return "You changed two stages, and they cannot both be right: follow from the one that you mean."
        return ""

    @property
    def values(self) -> dict[str, str]:
        return {name: getattr(self.draft, name) for name in ORDER} | self.beside

    @property
    def notes(self) -> dict[str, str]:
        return self.draft.notes | dict.fromkeys(self.beside, NOT_FOLLOWED)

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        """What can be chosen, by the name of the choice: values and labels."""
        fallbacks = {name: f"fallback key {name[8:]}" for name in keys_by_name() if name.startswith("fallback")}
        first, *others = SIGNERS.items()
        signers = dict([first, *fallbacks.items(), *others])
        return {"compress": COMPRESS, "clock": CLOCK, "signer": signers, "salt": SALT_NAMES}


def _value(posted, name: str) -> str:
    """Return what was posted; of a choice that is not on offer, the first."""
    value = _text(posted, name)
    allowed = {"compress": COMPRESS, "clock": CLOCK, "salt": SALT_NAMES, "signer": {**SIGNERS, **keys_by_name()}}
    return value if value in allowed.get(name, [value]) else getattr(Draft, name)


def _text(posted, name: str) -> str:
    """Return what was posted, as it was typed: a form writes the end of each line as two characters."""
    return posted.get(name, getattr(Draft, name)).replace("\r\n", "\n")


def _changed(posted, was: str) -> tuple[list[str], list[str]]:
    """Return the stages that are not as the page had them, in order, and those that were so before and wait.

    A page that says nothing of what it had, had nothing.
    """
    digests = dict(each.partition(":")[::2] for each in was.split())
    if not digests:
        return [name for name in TEXTS if _text(posted, name)], []
    waiting = [name for name in TEXTS if digests.get(name) == WAITING]
    changed = [name for name in ORDER if digests.get(name) not in (WAITING, _digest(_text(posted, name)))]
    return changed, waiting


def _stage_meant(asked: str, changed: list[str], waiting: list[str]) -> str:
    if asked in ORDER:
        return asked
    if group := TOGETHER.get(asked):
        return next((name for name in group if name in (*changed, *waiting)), "signer" if asked == "sign" else "clock")
    return changed[0] if changed else ""


def _annotated(draft: Draft) -> Draft:
    """Return the draft as it stands, with a note where there is something to say."""
    read = draft_of(draft.stored)
    return replace(draft, notes=read.notes, stuck=read.stuck)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
