"""One value to be looked at: a row, or what somebody pasted. What nobody looks at is not made."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from .. import session_data
from ..session_data import django_would, in_python, links, pasted, pickles, spans
from . import belonging
from .decoding import decode_pasted, forget_keys
from .rows import Row
from .visitor import Visitor

MASKED_LEAST = 12  # characters of a key of which a page shows both ends


@dataclass(frozen=True)
class Inspected:
    """A value with all that the page says of it. `belongs_to` is a sentence; `taken` says what was taken of a paste."""

    decoded: session_data.Decoded
    belongs_to: str
    row: Row | None = None
    taken: str = ""
    given: bool = False  # the secret key was given with it
    part: str = ""  # the path of what is lit, as a JSON Pointer

    @classmethod
    def of_row(cls, row: Row, visitor: Visitor, part: str = "") -> "Inspected":
        """Look at a row. Who of this project's users it belongs to is for those who may see it."""
        known = visitor.sees_everything or row.owners
        who = belonging.of_this_project(row.data) if known else belonging.of_another(row.data)
        return cls(row.decoded, who, row=row, part=part[:500])

    @classmethod
    def of_pasted(cls, text: str, secret_keys: list[str], salt: str) -> "Inspected":
        """Look at what was pasted, with the keys that were given, or else with this server's. Nothing is kept."""
        found = pasted.found_in(text, settings.SESSION_COOKIE_NAME)
        decoded = decode_pasted(found.value, secret_keys, salt)
        if secret_keys:
            forget_keys()
        return cls(decoded, belonging.of_another(decoded.data), taken=found.said, given=bool(secret_keys))

    @cached_property
    def verdict(self) -> django_would.Verdict:
        """What Django would do with it, as what it is."""
        if self.row is None and self.decoded.format == "signed_cookie":
            return self.as_cookie
        return django_would.as_row(self.decoded, expired=bool(self.row and self.row.expired))

    @cached_property
    def as_cookie(self) -> django_would.Verdict:
        return django_would.as_cookie(self.decoded)

    @property
    def doubtful(self) -> bool:
        """Whether it names a user, without a signature that matches."""
        decoded = self.decoded
        return decoded.verified is False and decoded.is_object and "_auth_user_id" in decoded.data

    @property
    def elsewhere(self):
        return django_would.elsewhere(self.decoded)

    @property
    def signed_at(self) -> str:
        return django_would.signed_at(self.decoded)

    @cached_property
    def linked(self) -> spans.Linked:
        return links.link(self.decoded)

    @cached_property
    def lit(self) -> list[spans.Link]:
        return self.linked.lit_by(self.part)

    @cached_property
    def snippets(self) -> dict[str, str]:
        """The code of each stage by its name, and of Django itself as "django"."""
        key = self.row.session_key if self.row else ""
        ends = (key[:4], key[-4:]) if len(key) > MASKED_LEAST else None
        return dict(in_python.snippets(self.decoded, ends))

    @property
    def hash_name(self) -> str:
        pieces = self.decoded.pieces
        return "SHA256" if len(pieces) == 3 and len(pieces[2]) != 27 else "SHA1"

    @property
    def unread(self) -> bytes:
        """The bytes that are no JSON."""
        return links.unread_bytes(self.decoded) if "json" in self.decoded.failures else b""

    @property
    def pickle(self) -> str:
        return pickles.disassembled(self.unread) if self.decoded.format == "pickle" else ""
