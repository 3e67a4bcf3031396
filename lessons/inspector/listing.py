"""A page of rows: the answer to a question, as far as it was found within a second.

A page by date comes from an index. So does a search by key. What needs decoding is looked through in batches, in the
order asked for, until a page is full or the time is over; then the page says how far it came, and goes on from there.
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Case, Value, When
from django.db.models.functions import Left, Length

from ..session_data import MAX_TEXT
from .bounded import TookTooLong, bounded
from .conditions import Conditions, conditions_of
from .keyset import ORDERS, Place
from .question import BY, STATES, Question
from .rows import KEPT_MOST, Row
from .visitor import PAGE_SIZE, Visitor

SECONDS = 1.0  # that a page may take
SORT_SECONDS = 4.0  # that a page may take where the whole table is read for its order
BATCHES = (100, 400, 1000)  # rows that are read at once: few at first, for the page may be full soon
NO_INDEX = "Sorting by size reads every row, and these are too many for that in {seconds:.0f} seconds."
TOO_SLOW = "The database did not find these rows within {seconds:.0f} s. Ask for less, such as more of the key."


@dataclass
class Page:
    """Rows that answer a question, and where to go on.

    previous, next  the question for the page before or after this one, or None
    looked          how many rows were looked through, where that was needed, the last of them with the date `down_to`
    finished        whether there is nothing more behind the last row looked at
    problem         a sentence when there is no answer
    """

    question: Question
    rows: list[Row] = field(default_factory=list)
    previous: Question | None = None
    next: Question | None = None
    looked: int = 0
    down_to: datetime | None = None
    finished: bool = True
    problem: str = ""

    by = tuple(BY.items())
    states = tuple(STATES.items())
    sorts = tuple((name, order.words) for name, order in ORDERS.items())

    @property
    def looked_words(self) -> str:
        return f"{self.looked:,}"

    @property
    def asks_for_all(self) -> bool:
        return self.at_the_start and not self.question.narrows and not self.problem

    @property
    def at_the_start(self) -> bool:
        return self.question.place is None


def page_of(visitor: Visitor, question: Question, limit: int = PAGE_SIZE) -> Page:
    """Return the page that is asked for. The first page, when so little lies before a place that it would be short."""
    if question.problem:
        return Page(question, problem=question.problem)
    seconds = SECONDS if question.order.has_index else SORT_SECONDS
    try:
        page = _page(visitor, question, limit, seconds)
    except TookTooLong:
        problem = TOO_SLOW if question.order.has_index else NO_INDEX
        return Page(question, problem=problem.format(seconds=seconds))
    if question.backwards and page.previous is None and len(page.rows) < limit:
        return page_of(visitor, question.from_the_start(), limit)
    _name_users(page.rows)
    return page


def _page(visitor: Visitor, question: Question, limit: int, seconds: float) -> Page:
    look = _Look(visitor, question, conditions_of(question), time.monotonic() + seconds)
    rows = look.answers(limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    goes_on = None
    if more or not look.finished:
        goes_on = place_of(rows[-1] if more else look.last, question)
    if question.backwards:
        rows.reverse()
    first = place_of(rows[0], question) if rows else None
    last = place_of(rows[-1], question) if rows else question.place
    return Page(
        question=question,
        rows=rows,
        previous=_before(question, goes_on if question.backwards else (first if question.place else None)),
        next=_after(question, last if question.backwards else goes_on),
        looked=look.looked,
        down_to=look.last and look.last.expire_date,
        finished=look.finished or more,
    )


def place_of(row: Row, question: Question) -> Place:
    return Place(row.expire_date if question.order.has_index else row.size, row.session_key)


def _before(question: Question, place: Place | None) -> Question | None:
    return question.ending_before(place) if place else None


def _after(question: Question, place: Place | None) -> Question | None:
    return question.beginning_after(place) if place else None


class _Look:
    """One walk through the rows in the order asked for, from a place on, until `end` on the clock."""

    def __init__(self, visitor: Visitor, question: Question, conditions: Conditions, end: float):
        self._visitor, self._question, self._conditions, self._end = visitor, question, conditions, end
        self.looked = 0
        self.last: Row | None = None
        self.finished = False

    def answers(self, limit: int) -> list[Row]:
        """Return the first rows that are answers, at most `limit`."""
        if self._conditions.need_a_look:
            return list(self._looked_for(limit))
        with bounded(self._left):
            rows = self._visitor.listed(self._rows_after(self._question.place), limit)
        self.finished = len(rows) < limit
        return rows

    @property
    def _left(self) -> float:
        return max(0.01, self._end - time.monotonic())

    def _rows_after(self, place: Place | None):
        """Return the rows behind a place, sorted, as a query. Only a size must be made first; a date is there."""
        order, backwards = self._question.order, self._question.backwards
        rows = self._visitor.visible()
        if not order.has_index or self._conditions.need_a_look:
            rows = rows.annotate(size=Length("session_data"))
        rows = rows.filter(self._conditions.indexed).order_by(*order.fields(backwards))
        return rows.filter(order.beyond(place, backwards)) if place else rows

    def _looked_for(self, limit: int) -> Iterator[Row]:
        found = 0
        for row, likely in self._each_row():
            if likely and self._conditions.hold(self._whole(row)):
                yield row
                found += 1
                if found == limit:
                    return

    def _each_row(self) -> Iterator[tuple[Row, bool]]:
        """Yield each row with what SQL said of it, until there are no more or the time is over."""
        place = self._question.place
        for number in itertools.count():
            size = BATCHES[min(number, len(BATCHES) - 1)]
            try:
                batch = self._batch(place, size)
            except TookTooLong:
                if not self.looked:
                    raise
                return
            for row, likely in batch:
                if self.looked and time.monotonic() > self._end:
                    return
                yield row, likely
                self.last = row
                self.looked += 1
            if len(batch) < size:
                self.finished = True
                return
            place = place_of(batch[-1][0], self._question)

    def _batch(self, place: Place | None, size: int) -> list[tuple[Row, bool]]:
        """Return some rows with what SQL says of them. Of those that are no answer, only the place is read."""
        likely, text = self._conditions.likely, Left("session_data", KEPT_MOST)
        if likely is not None:
            text = Case(When(likely, then=text), default=Value(None))
        rows = self._rows_after(place).annotate(text=text)
        with bounded(self._left):
            found = list(rows.values_list("session_key", "text", "expire_date", "size")[:size])
        holders = self._visitor.holders
        return [
            (Row(key, text or "", date, tuple(holders.get(key, ())), length), text is not None)
            for key, text, date, length in found
        ]

    def _whole(self, row: Row) -> Row:
        """Return a large row with all of its text, as far as anything here reads one."""
        if not row.large:
            return row
        text = self._visitor.visible().filter(pk=row.session_key).values_list(Left("session_data", MAX_TEXT + 1))
        return replace(row, session_data=(text.first() or ("",))[0], whole=None)


def _name_users(rows: list[Row]) -> None:
    """Look up the names of all who are logged in, once for the page."""
    model = get_user_model()
    ids = {row.user_id for row in rows if row.user_id.isdecimal() and len(row.user_id) < 18}
    if not ids:
        return
    users = model._default_manager.filter(pk__in=ids).values_list("pk", model.USERNAME_FIELD)
    names = {str(key): name for key, name in users}
    for row in rows:
        row.names.update(names)
