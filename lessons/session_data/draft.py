"""
A session value in all its stages at once. Whatever stage is changed, the others follow.

    data        {"num_visits": 3}           the dict, as JSON that is made to be read
    serialized  {"num_visits":3}            the bytes that Django makes of it; each is shown as one Latin-1 character
    payload     eyJudW1fdmlzaXRzIjozfQ      base64url of them, or a dot and base64url of zlib of them
    timestamp   1xVHYy                      also as seconds since 1970, and as a date
    signature   EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0
    stored      all of it, with colons between

Forwards, towards the stored text, something can always be made: a damaged payload is signed as readily as a whole one.
Backwards it goes as far as it can be read. What cannot has a note that says why, in a sentence, and what was typed
stays as it was typed.
"""

import re
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from .readable import TYPED_MOST, as_json, as_text, bytes_of
from .reading import looks_legacy
from .signature import COOKIE_SALT, SESSION_SALT, as_bytes, sign
from .steps import (
    EPOCH,
    Broken,
    check_timestamp,
    count,
    date_of,
    inflate,
    legacy_unbase64,
    seconds_of,
    unbase64,
)
from .writing import base62, pack, serialize

SALTS = (SESSION_SALT, COOKIE_SALT, "django.contrib.sessions.MyStore")  # the last: of a subclass by that name (F09)
SECONDS = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Draft:
    """One value in all its stages, and how the later ones are made of the earlier."""

    data: str = ""
    serialized: str = ""
    payload: str = ""
    date: str = ""
    seconds: str = ""
    timestamp: str = ""
    signature: str = ""
    stored: str = ""

    compress: str = "django"  # or "always" or "never"
    clock: str = "now"  # or "keep": the timestamp stays as it stands, or as it was typed
    signer: str = "server"  # a name among the keys; or "keep": the signature stays as it stands; or "none"
    salt: str = SESSION_SALT

    notes: dict[str, str] = field(default_factory=dict)  # name of a stage: a sentence on it
    stuck: str = ""  # the stage that was changed, when it could not be read and so nothing followed


TEXTS = ("data", "serialized", "payload", "date", "seconds", "timestamp", "signature", "stored")


def draft_of(stored):
    """Return the draft of a stored text, read backwards as far as it goes."""
    return follow(Draft(stored=stored), "stored", {}, 0)


def follow(draft, changed, keys, now):
    """
    Return the draft with all other stages made to fit the one that was changed. Never raises.

    changed  the name of a field of Draft: a stage, or a choice
    keys     secret keys by name, for `draft.signer` to choose from
    now      seconds since 1970
    """
    draft = replace(draft, notes={}, stuck="")
    try:
        if len(getattr(draft, changed)) > TYPED_MOST:
            raise Broken(changed, f"This is longer than {TYPED_MOST:,} characters: too long to be changed here.")
        if changed == "stored":
            return _taken_apart(draft)
        if changed in ("data", "serialized", "compress"):
            draft = _packed(draft, changed)
        if changed in ("data", "serialized", "compress", "payload"):
            draft = _read(draft, keep=changed)
        return _joined(_signed(_timed(draft, changed, now), changed, keys))
    except Broken as broken:
        return replace(draft, notes={changed: broken.note}, stuck=changed)


def _packed(draft, changed):
    """Follow forwards as far as the payload."""
    if changed == "data":
        raw = bytes_of(draft.data)
    elif changed == "serialized":
        raw = _latin_1(draft.serialized)
    else:
        raw = _unpacked(draft.payload)
    return replace(draft, payload=pack(raw, draft.compress))


def _latin_1(text):
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as exc:
        escape = serialize(text[exc.start]).decode().strip('"')
        raise Broken(
            "serialized",
            f"{text[exc.start]} is no byte: Django writes such a character as an escape, {escape}. "
            "Write it in the dict above, and the escape is made for you.",
        ) from None


def _unpacked(payload):
    return inflate(unbase64(payload[1:])) if payload.startswith(".") else unbase64(payload)


def _read(draft, keep=""):
    """Follow backwards from the payload; `keep` is the stage that somebody typed and that stays as it is."""
    try:
        raw = _unpacked(draft.payload)
    except Broken as broken:
        return replace(draft, data="", serialized="", notes={**draft.notes, "payload": broken.note})
    typed = as_bytes(draft.data) if keep == "data" else None
    found = {"serialized": as_text(raw), "data": as_json(raw, typed)}
    texts = {name: text for name, (text, _) in found.items() if name != keep}
    notes = {name: note for name, (_, note) in found.items() if note}
    notes["compress"] = _about_zlib(raw, draft.payload)
    return replace(draft, **texts, notes={**draft.notes, **notes})


def _about_zlib(raw, payload):
    small = len(zlib.compress(raw))
    pays = "Django compresses it" if small < len(raw) - 1 else "Django leaves it as it is"
    here = "is" if payload.startswith(".") else "is not"
    return f"{count(len(raw), 'byte')}, and {small:,} with zlib: {pays}. Here it {here} compressed."


def _timed(draft, changed, now):
    """Follow to the three spellings of the timestamp."""
    if changed == "date":
        seconds = _seconds_of_date(draft.date)
    elif changed == "seconds":
        if not SECONDS.fullmatch(draft.seconds.strip()):
            raise Broken("seconds", "This is not a number of at most 18 digits.")
        seconds = int(draft.seconds)
    elif changed == "timestamp" or draft.clock != "now":
        kept = replace(draft, clock="keep") if changed == "timestamp" else draft
        return _dated(kept, draft.timestamp)
    elif changed in ("signature", "signer", "salt"):  # the time has been chosen
        return _dated(draft, draft.timestamp)
    else:
        seconds = now
    clock = "keep" if changed in ("date", "seconds") else draft.clock
    return _dated(replace(draft, clock=clock), base62(seconds), keep=changed)


def _seconds_of_date(text):
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Broken("date", "This is not a date like 2026-12-07 00:03:57, in UTC.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(seconds=1)


def _dated(draft, timestamp, keep=""):
    """Set the timestamp, and say it in seconds and as a date where it is one."""
    seconds, notes = seconds_of(timestamp), draft.notes
    date = (date_of(seconds) or "") if seconds is not None else ""
    try:
        check_timestamp(timestamp)
    except Broken as broken:
        notes = {**notes, "timestamp": broken.note.partition(", so Django")[0] + "."}
    else:
        if not date:
            notes = {**notes, "timestamp": "That is beyond the calendar; Django does not mind."}
    texts = {"seconds": "" if seconds is None else str(seconds), "date": date.replace("T", " ").removesuffix("+00:00")}
    texts.pop(keep, None)
    return replace(draft, timestamp=timestamp, notes=notes, **texts)


def _signed(draft, changed, keys):
    if changed == "signature":
        return replace(draft, signer="keep")
    if draft.signer == "keep":
        return draft
    if draft.signer == "none":
        return replace(draft, signature="")
    if draft.signer not in keys:
        raise Broken("signer", "There is no such key here.")
    message = as_bytes(f"{draft.payload}:{draft.timestamp}")
    return replace(draft, signature=sign(message, keys[draft.signer], draft.salt).decode())


def _joined(draft):
    return replace(draft, stored=f"{draft.payload}:{draft.timestamp}:{draft.signature}")


def _taken_apart(draft):
    """Follow backwards from the stored text."""
    if looks_legacy(draft.stored):
        return _legacy(draft)
    pieces = draft.stored.rsplit(":", 2)  # from the right, like Django
    notes = {} if len(pieces) == 3 else {"stored": "There are not two colons in it, so not three parts either."}
    payload, timestamp, signature = [*pieces, "", ""][:3]
    draft = replace(draft, payload=payload, signature=signature, notes=notes)
    return _dated(_read(draft), timestamp)


def _legacy(draft):
    """Read a row of Django before 3.1: its data are there to be had, its parts are none of today's (F14)."""
    whole = "Before Django 3.1 a row was one piece. Change the dict, and it becomes a row of today."
    draft = replace(draft, payload="", timestamp="", seconds="", date="", signature="")
    try:
        raw = legacy_unbase64(draft.stored).partition(b":")[2]
    except Broken as broken:
        return replace(draft, data="", serialized="", notes={"stored": broken.note})
    (serialized, _), (data, note) = as_text(raw), as_json(raw)
    notes = {"stored": whole, **({"data": note} if note else {})}
    return replace(draft, serialized=serialized, data=data, notes=notes)
