"""What changed between two looks at a row: keys added, removed and changed, and the date moved. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ADDED, REMOVED, CHANGED = "+", "−", "≠"


@dataclass(frozen=True)
class KeyChange:
    """One key of the data. `sign` says what became of it; `before` and `after` are its values, where it had one."""

    sign: str
    key: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Change:
    """What one write did to a row.

    kind     "written", "made" (it was not there before) or "deleted"
    keys     what became of the keys of its data
    moved    the expiry date before and after, when it is another
    note     a sentence where the data cannot be compared
    """

    kind: str
    keys: tuple[KeyChange, ...] = ()
    moved: tuple[datetime, datetime] | None = None
    note: str = ""

    @property
    def same_data(self) -> bool:
        return self.kind == "written" and not self.keys and not self.note


def between(before: Mapping, after: Mapping) -> tuple[KeyChange, ...]:
    """Return what became of each key, in the order of the keys as they were, then of the new ones."""
    gone_or_kept = [
        KeyChange(CHANGED, key, value, after[key]) if key in after else KeyChange(REMOVED, key, before=value)
        for key, value in before.items()
        if key not in after or not same(value, after[key])
    ]
    new = [KeyChange(ADDED, key, after=value) for key, value in after.items() if key not in before]
    return (*gone_or_kept, *new)


def same(left, right) -> bool:
    """Return whether two JSON values are the same. For Python 1 == True and 1 == 1.0; for a reader they differ."""
    try:
        return repr(left) == repr(right)
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        return left is right
