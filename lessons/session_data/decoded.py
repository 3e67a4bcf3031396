"""What decoding gives: the verdict at once, and the stages for whoever wants to watch."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from .steps import seconds_of
from .telling import stages_of


class Part(NamedTuple):
    """
    A piece of the stored text; all of them joined are the text.

    The names are marker (the dot), payload, separator (a colon), timestamp and signature.
    """

    name: str
    text: str


@dataclass(frozen=True, init=False)
class Decoded:
    """
    A stored text, decoded as far as it goes.

    A page that lists a thousand rows asks for their data, and one row's stages. So the data and
    the verdict are made at once, and all that is there to be read is made when it is looked at.
    """

    format: str  # "signed", "legacy", "signed_cookie", "pickle" or "unknown"
    pieces: tuple[str, ...] = field(repr=False)  # payload, timestamp, signature; or all in one
    failures: dict[str, str]  # name of a stage: a sentence on what went wrong there
    data: Any = field(default=None, repr=False)  # what the JSON holds: in a healthy row, a dict
    verified: bool | None = None  # None when no key was given to check with
    verified_with: int | None = None  # 0 for the first of the keys given, 1 for the next …
    salt: str | None = None  # the one that verified, or else the first that was tried
    limited: bool = False  # it was too much to be read here, which Django would try
    pasted: bool = False  # white space or quotes were taken off

    @classmethod
    def made(cls, fields):
        """Return one with these fields. Its dict becomes their place, and should be nobody else's.

        A frozen dataclass sets its fields one by one, the long way round its own lock. All at once takes a third of
        the time; the defaults above are found on the class.
        """
        decoded = object.__new__(cls)
        object.__setattr__(decoded, "__dict__", fields)
        return decoded

    @property
    def is_object(self):
        """Whether the data is what a session has to be."""
        return isinstance(self.data, dict)

    @property
    def error(self):
        """One sentence on what Django would stumble over first, or None."""
        if self.format == "pickle":
            return self.failures["json"]
        for name in ("split", "verify", "timestamp", "base64", "inflate", "json"):
            if name in self.failures:
                return self.failures[name]
        if self.is_object:
            return None
        return (
            "The data is not an object: Django reads it, and then breaks with "
            f"AttributeError: '{type(self.data).__name__}' object has no attribute 'get'."
        )

    @property
    def compressed(self):
        return len(self.pieces) == 3 and self.pieces[0].startswith(".")

    @property
    def timestamp(self):
        """When it was signed, in seconds since 1970, or None."""
        return seconds_of(self.pieces[1]) if len(self.pieces) == 3 else None

    @cached_property
    def parts(self):
        payload, *others = self.pieces
        if not others:
            return (Part("payload", payload),)
        marker = (Part("marker", "."),) if self.compressed else ()
        return (
            *marker,
            Part("payload", payload[len(marker) :]),
            Part("separator", ":"),
            Part("timestamp", others[0]),
            Part("separator", ":"),
            Part("signature", others[1]),
        )

    @cached_property
    def stages(self):
        return stages_of(self)
