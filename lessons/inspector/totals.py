"""The table in numbers: how many rows, how large, how old. All of it reads the whole table, so all of it is bounded."""

import itertools
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Length
from django.utils import timezone

from .bounded import TookTooLong, bounded
from .dates import TO_SEE_THEM, count_unreadable, readable

SECONDS = 5.0  # for each of the three questions
SIZES = (100, 200, 500, 1_000, 4_000, 16_000)  # characters: where one bar of the histogram ends and the next begins
SOON, KEPT_TIMES = 0.25, 20  # seconds in which counting is no burden; and how long it is kept where it is
DAY = timedelta(days=1)
SPANS = (  # a bar, and where it ends, counted from now
    ("over a week ago", -7 * DAY),
    ("in the last week", -DAY),
    ("in the last day", 0 * DAY),
    ("within a day", DAY),
    ("within a week", 7 * DAY),
    ("within two weeks", 14 * DAY),
    ("later", None),
)


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram; `past` for rows that have expired. `of_most`: its length in hundredths of the longest."""

    label: str
    count: int
    of_most: int
    past: bool = False

    @property
    def words(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True)
class Totals:
    """The numbers at `at`. Each is None, or an empty list, where the database would have taken too long.

    `unreadable` counts the rows that are in no other number, because their date is none.
    """

    at: datetime
    live: int | None = None
    expired: int | None = None
    oldest: datetime | None = None
    newest: datetime | None = None
    size: int | None = None
    largest: int | None = None
    expiry: tuple[Bar, ...] = ()
    sizes: tuple[Bar, ...] = ()
    unreadable: int | None = None

    to_see_unreadable = TO_SEE_THEM

    @property
    def live_words(self) -> str:
        return _words(self.live)

    @property
    def expired_words(self) -> str:
        return _words(self.expired)

    @property
    def size_words(self) -> str:
        return _words(self.size)

    @property
    def unreadable_words(self) -> str:
        return "1 row is" if self.unreadable == 1 else f"{self.unreadable:,} rows are"

    @property
    def complete(self) -> bool:
        return self.live is not None and self.size is not None

    @property
    def nothing(self) -> bool:
        return self.live == 0 and self.expired == 0


class Kept:
    """The numbers of the whole table, counted once for all who ask meanwhile.

    Each page of the inspector asks for them. What was counted in no time is counted anew; what took a while is kept for
    KEPT_TIMES as long, and whoever asks while somebody counts waits for that.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._totals, self._until = None, 0.0

    def totals(self, rows, *, again: bool = False) -> Totals:
        asked = time.monotonic()
        with self._lock:
            if self._totals is None or time.monotonic() > self._until or (again and asked > self._counted):
                self._count(rows)
            return self._totals

    def _count(self, rows) -> None:
        start = time.monotonic()
        self._totals = totals_of(rows)
        self._counted = time.monotonic()
        took = self._counted - start
        self._until = self._counted + KEPT_TIMES * took if took > SOON else 0.0


def totals_of(rows, seconds: float = SECONDS) -> Totals:
    """Return the numbers of these rows, a query of sessions. Dates come from their index, sizes from every row."""
    now = timezone.now()
    unreadable, rows = _asked(_unreadable, rows, now, seconds), readable(rows)
    return Totals(at=now, **unreadable, **_asked(_dates, rows, now, seconds), **_asked(_sizes, rows, now, seconds))


def _asked(question, rows, now: datetime, seconds: float) -> dict:
    try:
        with bounded(seconds):
            return question(rows, now)
    except TookTooLong:
        return {}


def _unreadable(rows, now: datetime) -> dict:
    return {"unreadable": count_unreadable(rows)}


def _dates(rows, now: datetime) -> dict:
    spans = _between("expire_date", [now + end for _, end in SPANS if end is not None], last="lte")
    said = rows.aggregate(oldest=Min("expire_date"), newest=Max("expire_date"), **spans)
    counts = [said[name] for name in spans]
    past = [end is not None and end <= timedelta(0) for _, end in SPANS]
    return {
        "oldest": said["oldest"],
        "newest": said["newest"],
        "expired": sum(count for count, gone in zip(counts, past, strict=True) if gone),
        "live": sum(count for count, gone in zip(counts, past, strict=True) if not gone),
        "expiry": _bars([label for label, _ in SPANS], counts, past),
    }


def _sizes(rows, now: datetime) -> dict:
    ranges = _between("characters", list(SIZES), last="lt")
    said = rows.annotate(characters=Length("session_data")).aggregate(
        size=Sum("characters", default=0), largest=Max("characters", default=0), **ranges
    )
    labels = [f"under {SIZES[0]:,}", *(f"{a:,} to {b - 1:,}" for a, b in itertools.pairwise(SIZES))]
    labels.append(f"{SIZES[-1]:,} and more")
    counts = [said[name] for name in ranges]
    return {"size": said["size"], "largest": said["largest"], "sizes": _bars(labels, counts, [False] * len(counts))}


def _between(field: str, ends: list, last: str) -> dict[str, Count]:
    """Return a count for each part of the line that these ends divide. `last`: how a part is compared with its end."""
    first = {"lte": "gt", "lt": "gte"}[last]
    counts = {}
    for number, (begin, end) in enumerate(zip([None, *ends], [*ends, None], strict=True)):
        condition = Q() if begin is None else Q(**{f"{field}__{first}": begin})
        condition &= Q() if end is None else Q(**{f"{field}__{last}": end})
        counts[f"part{number}"] = Count(field, filter=condition)
    return counts


def _bars(labels: list[str], counts: list[int], past: list[bool]) -> tuple[Bar, ...]:
    """Return the bars. Whatever is there is seen: one row of a million is a hundredth too."""
    most = max(counts) or 1
    return tuple(
        Bar(label, count, max(1, round(100 * count / most)) if count else 0, gone)
        for label, count, gone in zip(labels, counts, past, strict=True)
    )


def _words(number: int | None) -> str:
    return "too many to count in time" if number is None else f"{number:,}"


of_everything = Kept()
