"""One value to be looked at: a row, or what somebody pasted. What nobody looks at is not made."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from .. import handles, session_data
from ..session_data import django_would, in_python, links, no_session, pasted, pickles, spans
from . import belonging
from .decoding import decode_pasted, forget_keys
from .rows import Row
from .visitor import Visitor

MASKED_LEAST = 12  # characters of a key of which a page shows both ends
NOTHING = pasted.Found("")


@dataclass(frozen=True)
class Inspected:
    """A value with all that the page says of it. `belongs_to` is a sentence; `found` says what was taken of a paste."""

    decoded: session_data.Decoded
    belongs_to: str
    row: Row | None = None
    found: pasted.Found = NOTHING
    named: Row | None = None  # the row of a key that was pasted, if the visitor may see it
    given: bool = False  # the secret key was given with it
    part: str = ""  # the path of what is lit, as a JSON Pointer

    @classmethod
    def of_row(cls, row: Row, visitor: Visitor, part: str = "") -> "Inspected":
        """Look at a row. Who of this project's users it belongs to is for those who may see it."""
        known = visitor.sees_everything or row.owners
        who = belonging.of_this_project(row.data) if known else belonging.of_another(row.data)
        return cls(row.decoded, who, row=row, part=part[:500])

    @classmethod
    def of_pasted(cls, text: str, visitor: Visitor, secret_keys: list[str], salt: str) -> "Inspected":
        """Look at what was pasted, with the keys that were given, or else with this server's. Nothing is kept."""
        found = pasted.found_in(text, settings.SESSION_COOKIE_NAME)
        decoded = decode_pasted(found.value, secret_keys, salt)
        if secret_keys:
            forget_keys()
        who = belonging.of_another(decoded.data, here=bool(decoded.verified and not secret_keys))
        named = visitor.row(handles.handle_for(decoded.pieces[0])) if no_session.is_session_key(decoded) else None
        return cls(decoded, who, found=found, named=named, given=bool(secret_keys))

    @cached_property
    def verdict(self) -> django_would.Verdict:
        """What Django would do with it, as what it is."""
        if self.is_key:
            return django_would.as_key()
        if not self.is_row and self.decoded.format == "signed_cookie":
            return self.as_cookie
        return django_would.as_row(self.decoded, self.expired)

    @property
    def is_row(self) -> bool:
        """Whether it stood in a row: in the table here, or in what was pasted."""
        return self.row is not None or self.found.is_row

    @property
    def expired(self) -> bool:
        date = self.row.expire_date if self.row else self.found.expires
        return date is not None and date <= timezone.now()

    @property
    def is_key(self) -> bool:
        """Whether it is a session key that was pasted. In a row, the same text is data, and damaged."""
        return not self.is_row and no_session.is_session_key(self.decoded)

    @property
    def may_be_signed_cookie(self) -> bool:
        return not self.is_row and no_session.may_be_signed_cookie(self.decoded)

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
        return () if self.expired else django_would.elsewhere(self.decoded)

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
