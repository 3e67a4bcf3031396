"""Where a page begins: after a row, not after a number of rows.

`OFFSET 50000` makes a database walk past 50,000 rows to throw them away. A page here begins after the last row of the
page before, found by an index: the thousandth page takes as long as the first. A place in a list is named by what the
rows are sorted by, and by the session key where two are alike. A key may stand in no address, so the place is sealed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from .. import handles


@dataclass(frozen=True)
class Order:
    """How rows are sorted: by one field, then by session_key."""

    field: str  # "expire_date", or "size", which has no index
    descending: bool
    words: str

    @property
    def has_index(self) -> bool:
        return self.field == "expire_date"

    def fields(self, backwards: bool = False) -> tuple[str, str]:
        """Return what `order_by` takes; `backwards` is the same list read from its end."""
        return (
            f"-{self.field}" if self.descending != backwards else self.field,
            "-session_key" if backwards else "session_key",
        )

    def beyond(self, place: "Place", backwards: bool = False) -> Q:
        """Return the condition that a row comes after this place, or before it.

        The first half says again what the second says already. It is one comparison, so an index serves it.
        """
        side = "lt" if self.descending != backwards else "gt"
        beside = "lt" if backwards else "gt"
        alike = Q(**{self.field: place.value, f"session_key__{beside}": place.session_key})
        return Q(**{f"{self.field}__{side}e": place.value}) & (Q(**{f"{self.field}__{side}": place.value}) | alike)


ORDERS = {
    "newest": Order("expire_date", True, "newest first"),
    "oldest": Order("expire_date", False, "oldest first"),
    "largest": Order("size", True, "largest first"),
    "smallest": Order("size", False, "smallest first"),
}


@dataclass(frozen=True)
class Place:
    """One row's place in an order."""

    value: datetime | int
    session_key: str

    @property
    def sealed(self) -> str:
        """Return the place as an address may name it."""
        value = self.value if isinstance(self.value, int) else self.value.isoformat()
        return handles.handle_for(f"{value} {self.session_key}")

    @classmethod
    def unsealed(cls, text: str, order: Order) -> "Place | None":
        """Return the place that `text` names, or None when this server did not make it for such an order."""
        value, space, session_key = (handles.key_from(text) or "").partition(" ")
        try:
            return cls(datetime.fromisoformat(value) if order.has_index else int(value), session_key) if space else None
        except ValueError:
            return None
