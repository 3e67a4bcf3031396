"""A question as conditions: what an index finds, what SQL can leave out, and what only decoding tells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from .decoding import look_into
from .question import Question
from .rows import USER_ID, Row

EMPTY = Q(session_data__startswith="e30") | Q(size=60, session_data__endswith="fQ==")  # {} since 3.1, and before (F14)
PICKLED = ~Q(session_data__startswith="eyJ")  # eyJ is {" in Base64, which begins JSON


@dataclass(frozen=True)
class Conditions:
    """What a row must be like to be an answer.

    indexed   conditions that the database finds by an index, or in no time
    likely    what SQL can say of session_data: who fails it is no answer. None where SQL can say nothing
    tests     what remains, for rows that are read
    """

    indexed: Q
    likely: Q | None
    tests: tuple[Callable[[Row], bool], ...]

    @property
    def need_a_look(self) -> bool:
        """Whether rows must be looked through one by one to find the answers."""
        return self.likely is not None or bool(self.tests)

    def hold(self, row: Row) -> bool:
        return all(test(row) for test in self.tests)


def conditions_of(question: Question) -> Conditions:
    likely = [*_likely_sizes(question)]
    tests = []
    if question.state in LOOKED_FOR:
        sql, test = LOOKED_FOR[question.state]
        likely += [sql] if sql else []
        tests.append(test)
    if question.q and question.by == "data":
        tests.append(lambda row: holds(look_into(row.session_data).data, question.q))
    if question.q and question.by == "user":
        ids = user_ids(question.q)
        tests.append(lambda row: _user_of(row) in ids)
    both = Q(*likely) if likely else None
    return Conditions(_indexed(question), both, tuple(tests))


def _indexed(question: Question) -> Q:
    condition = Q()
    if question.state == "live":
        condition &= Q(expire_date__gt=timezone.now())
    if question.state == "expired":
        condition &= Q(expire_date__lte=timezone.now())
    beginning, end = question.key_ends
    if beginning:
        condition &= begins_with(beginning)
    if end:
        condition &= Q(session_key__endswith=end)
    return condition


def begins_with(beginning: str) -> Q:
    """Return the condition on the session key, such that an index serves it.

    SQLite's LIKE knows no case and so uses no index; a range does. PostgreSQL sorts text by the rules of a language,
    where a range would be wrong, but keeps an index of its own for LIKE.
    """
    following = _following(beginning) if connection.vendor == "sqlite" else ""
    if following:
        return Q(session_key__gte=beginning, session_key__lt=following)
    return Q(session_key__startswith=beginning)


def _following(beginning: str) -> str:
    """Return the first text after all those with this beginning, or "" where Unicode ends."""
    last = ord(beginning[-1]) + 1
    return beginning[:-1] + chr(last) if last < 0x110000 and not 0xD800 <= last < 0xE000 else ""


def _likely_sizes(question: Question) -> list[Q]:
    least, most = question.size_range
    return ([Q(size__gte=least)] if least is not None else []) + ([Q(size__lte=most)] if most is not None else [])


LOOKED_FOR = {
    "empty": (EMPTY, lambda row: look_into(row.session_data).data == {}),
    "pickled": (PICKLED, lambda row: look_into(row.session_data).format == "pickle"),
    "unreadable": (None, lambda row: row.decoded.error is not None),
}


def user_ids(text: str) -> set[str]:
    """Return the ids that a search for a user means: that of the user with this name, and the text itself."""
    model = get_user_model()
    named = model._default_manager.filter(**{f"{model.USERNAME_FIELD}": text}).values_list("pk", flat=True)
    return {text, *map(str, named)}


def _user_of(row: Row):
    data = look_into(row.session_data).data
    return data.get(USER_ID) if isinstance(data, dict) else None


def holds(data, text: str) -> bool:
    """Return whether any name or value in this data contains the text, upper or lower case.

    A name with its value is found as one types it, and as a page shows it: `name=value`, `'name': value`.

    >>> holds({"cart": [{"name": "Apple"}]}, "apple"), holds({"num_visits": 3}, "'num_visits': 3")
    (True, True)
    """
    text = text.casefold()
    pairs = _pairs(text)
    to_do = [data]
    while to_do:
        each = to_do.pop()
        if isinstance(each, dict):
            if any(text in name.casefold() for name in each):
                return True
            if pairs and any((name.casefold(), _said(held)) in pairs for name, held in each.items()):
                return True
            to_do += each.values()
        elif isinstance(each, list):
            to_do += each
        elif text in (_said(each) or ""):
            return True
    return False


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return each name and value that the text can mean: as it stands, and without quotes and braces around them."""
    pairs = set()
    for sign in "=:":
        name, found, value = text.partition(sign)
        if found:
            bare = _bare(value)
            pairs |= {(name, value), (_bare(name), bare), (_bare(name), "null" if bare == "none" else bare)}
    return pairs


def _bare(text: str) -> str:
    return text.strip(" {},").strip("'\"")


def _said(value) -> str | None:
    """Return a value as one would type it: true and null as in JSON. What is a list or dict has no word: None."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        return None if isinstance(value, (dict, list)) else str(value).casefold()
    except ValueError:  # an integer of thousands of digits
        return None
