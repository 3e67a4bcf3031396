"""What a visitor asks of the table: which rows, in which order. Reading it never raises."""

import re
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from .keyset import ORDERS, Order, Place

BY = {"data": "data (names and values)", "key": "session keys", "user": "users"}
STATES = {
    "live": "not expired",
    "expired": "expired",
    "empty": "empty: {}",
    "unreadable": "unreadable",
    "pickled": "pickled",
}
TEXT_MOST = 200
LIKE_A_KEY = re.compile(r"[0-9a-z]{1,32}(…[0-9a-z]{1,32})?")  # as Django makes them, or as pages shorten them
WHOLE_KEY = re.compile(r"(?<![0-9a-z])[0-9a-z]{32}(?![0-9a-z])")
PART_MOST = 400  # characters that are read of any part; a sealed place is the longest
KEY_BEGINNING, KEY_END = 8, 4  # characters of a session key that are looked for, and may stand in an address


@dataclass(frozen=True)
class Question:
    """What is asked, each part as it was typed. `problem` is a sentence where it cannot be answered, or ""."""

    q: str = ""
    by: str = "data"
    state: str = ""
    least: str = ""
    most: str = ""
    sort: str = "newest"
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, data) -> "Question":
        """Read a query or a form. A session key is a password: of one that was typed only the ends are kept.

        What is a whole key is looked for as one, whatever else was chosen.
        """
        typed = {each.name: data.get(each.name, "")[:PART_MOST].strip() or each.default for each in fields(cls)}
        if WHOLE_KEY.fullmatch(typed["q"]):
            typed["by"] = "key"
        if typed["by"] == "key":
            typed["q"] = _ends_of_key(typed["q"])
        typed["q"] = WHOLE_KEY.sub(lambda key: f"{key[0][:KEY_BEGINNING]}…{key[0][-KEY_END:]}", typed["q"])
        return cls(**typed)

    @property
    def problem(self) -> str:
        checks = (self._choices_problem, self._text_problem, self._size_problem, self._place_problem)
        return next(filter(None, (check() for check in checks)), "")

    def _choices_problem(self) -> str:
        for value, offered in ((self.by, BY), (self.state, {"": ""} | STATES), (self.sort, ORDERS)):
            if value not in offered:
                return f"There is no choice “{value[:40]}” here. Choose again from the list."
        return ""

    def _text_problem(self) -> str:
        if len(self.q) > TEXT_MOST:
            return f"That is a long search: {TEXT_MOST} characters are the most."
        if "\0" in self.q:
            return "The search contains a NUL character, which no database column of text can hold."
        return ""

    def _size_problem(self) -> str:
        for typed in (self.least, self.most):
            if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
                return f"“{typed[:40]}” is no size. Give a number of characters, such as 500."
        if self.least and self.most and int(self.least) > int(self.most):
            return f"No row has at least {self.least} and at most {self.most} characters."
        return ""

    def _place_problem(self) -> str:
        for sealed in (self.after, self.before):
            if sealed and Place.unsealed(sealed, self.order) is None:
                return "This address names no place in the list. It was made by another server, or cut off."
        return ""

    @property
    def order(self) -> Order:
        return ORDERS.get(self.sort, ORDERS["newest"])

    @property
    def place(self) -> Place | None:
        """Return the row after which the page begins, or before which it ends."""
        sealed = self.before or self.after
        return Place.unsealed(sealed, self.order) if sealed else None

    @property
    def backwards(self) -> bool:
        return bool(self.before)

    @property
    def size_range(self) -> tuple[int | None, int | None]:
        return (int(self.least) if self.least else None, int(self.most) if self.most else None)

    @property
    def key_ends(self) -> tuple[str, str]:
        """Return how the session key begins and ends: `abcd…wxyz` is how pages write one."""
        beginning, _, end = self.q.partition("…") if self.by == "key" else ("", "", "")
        return beginning, end

    @property
    def as_key(self) -> "Question | None":
        """Return the same search among session keys, where the text in the data could be the beginning of one."""
        if self.by != "data" or not LIKE_A_KEY.fullmatch(self.q):
            return None
        return replace(self, q=_ends_of_key(self.q), by="key").from_the_start()

    @property
    def narrows(self) -> bool:
        """Whether some rows are left out, wherever the page begins."""
        return bool(self.q or self.state or self.least or self.most)

    @property
    def details_open(self) -> bool:
        return bool(self.state or self.least or self.most or self.sort != "newest")

    @property
    def address(self) -> str:
        """Return the question as the end of an address: "?state=live", or "" where nothing is asked."""
        asked = {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}
        if "q" not in asked:
            asked.pop("by", None)
        return f"?{urlencode(asked)}" if asked else ""

    def from_the_start(self) -> "Question":
        return replace(self, after="", before="")

    def beginning_after(self, place: Place) -> "Question":
        return replace(self, after=place.sealed, before="")

    def ending_before(self, place: Place) -> "Question":
        return replace(self, after="", before=place.sealed)


def _ends_of_key(typed: str) -> str:
    beginning, dots, end = typed.partition("…")
    return (beginning[:KEY_BEGINNING] + dots + end[-KEY_END:]).strip()
