"""
Ways to spoil a session value on purpose. Each returns the new draft, and one sentence on what was done.

What Django makes of the result is for the learner to predict, and for Django to say (F12, F13).
"""

import zlib
from dataclasses import replace

from .draft import draft_of, follow
from .writing import BASE62, pack

MARKER = {"payload": "."}  # the dot is no character of Base64
BAD_JSON = '{"num_visits": 3'


def flip(draft, part):
    """Change one character of the payload, the timestamp or the signature; nobody signs again."""
    old = getattr(draft, part)
    place = max(len(old) // 2, old.startswith(MARKER.get(part, ":")))
    was = old[place : place + 1]
    now = BASE62[(BASE62.find(was) + 1) % len(BASE62)]
    new = old[:place] + now + old[place + 1 :]
    pieces = {"payload": draft.payload, "timestamp": draft.timestamp, "signature": draft.signature, part: new}
    what = f"Character {place + 1} of the {part} was {was} and is {now} now" if was else f"The {part} was empty"
    return _restored(draft, ":".join(pieces.values())), f"{what}; nothing was signed again."


def replaced(draft, stored):
    """Put another row's session_data in the place of this one (F11)."""
    return _restored(
        draft, stored
    ), "This is the session_data of the other row, letter by letter; it was not signed again."


def signed_as(draft, signer, keys, now):
    """Sign what is there with another key."""
    whose = "a fallback key" if signer.startswith("fallback") else "a key that is not this server's"
    signed = follow(replace(draft, signer=signer), "signer", keys, now)
    return signed, f"Payload and timestamp are as they were; the signature was made with {whose}."


def as_list(draft, keys, now):
    """Make it a list, and sign that (F13)."""
    signed = follow(_signed_by_server(draft, data='["num_visits", 3]'), "data", keys, now)
    return signed, "Where the dict was there is a list, and it is signed as Django signs."


def bad_json(draft, keys, now):
    """Sign bytes that are no JSON (F13)."""
    signed = follow(_signed_by_server(draft, serialized=BAD_JSON), "serialized", keys, now)
    return signed, "The JSON lacks its last bracket, and it is signed as Django signs."


def bad_zlib(draft, keys, now):
    """Sign bytes that a dot says are zlib, and that are not (F13)."""
    spoiled = bytearray(zlib.compress(b'{"num_visits":3}'))
    spoiled[4] ^= 0xFF
    payload = "." + pack(bytes(spoiled), "never")
    signed = follow(_signed_by_server(draft, payload=payload), "payload", keys, now)
    return signed, "The dot says zlib, one byte of the zlib is spoiled, and it is signed as Django signs."


def _signed_by_server(draft, **stage):
    return replace(draft, signer="server", compress="django", **stage)


def _restored(draft, stored):
    """Return the draft of another stored text, with the choices of this one: but nothing is signed or timed anew."""
    fresh = draft_of(stored)
    return replace(fresh, compress=draft.compress, salt=draft.salt, clock="keep", signer="keep")
