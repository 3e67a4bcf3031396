"""Two flights side by side: which hops both have, what is different in those, and which only one has.

A pure function of hops. What differs by nature is no difference: a session key is as good as any other, and a date or
a signature is never the same twice.
"""

import re
import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from .flight.hops import ZOOMS, Hop, State

HOPS_MOST = 500  # of each flight; the story has about a dozen
PHRASES_MOST = 4  # of what only one flight does, or of what differs, in one line

SAID = reprlib.Repr()
SAID.maxdict = SAID.maxlist = 6
SAID.maxstring = SAID.maxother = 60

# What varies by nature: a key that is shortened, a savepoint, a key or text that is signed, seconds since 1970, a date.
BY_NATURE = re.compile(
    r"\w{4}…\w{4}"
    r"|\bs\d+_x\d+\b"
    r"|[\w.:=-]{24,}…?"
    r"|\b\d{9,}(\.\d+)?\b"
    r"|\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"
    r"|datetime\.datetime\([^)]*\)+"
)
NUMBER = re.compile(r"\d+")

# Kinds of which there is one in a flight, or that stand in one another's place: they belong together whatever they say.
COUNTERPARTS = {
    "request": "request",
    "session-made": "session-made",
    "resolve": "resolve",
    "no-match": "resolve",
    "view": "view",
    "select": "select",
    "row-found": "loaded",
    "row-missing": "loaded",
    "view-returns": "view-ends",
    "exception": "view-ends",
    "save": "verdict",
    "not-saved": "verdict",
    "key-free": "key-free",
    "insert": "row-written",
    "update": "row-written",
    "set-cookie": "session-cookie",
    "delete-cookie": "session-cookie",
    "vary": "vary",
    "response": "response",
}

# What a flight does in a hop that the other lacks.
DOES = {
    "resolve": "finds a line in urls.py",
    "no-match": "finds no line in urls.py",
    "select": "fetches its row",
    "row-found": "finds its row",
    "row-missing": "finds no row",
    "key-free": "asks whether a new key is free",
    "insert": "makes a new row",
    "update": "writes its row anew",
    "delete": "deletes its row",
    "find-to-delete": "fetches the row that will go",
    "get": "looks into the session",
    "set": "writes into the session",
    "delete-key": "deletes a key of the session",
    "clear": "clears the session",
    "flush": "flushes the session",
    "login": "logs in",
    "logout": "logs out",
    "key": "reads its session key",
    "view": "reaches the view",
    "view-returns": "gets through the view",
    "view-skipped": "never reaches the view",
    "exception": "ends in an exception",
    "save": "is saved",
    "not-saved": "is not saved",
    "set-cookie": "gets a session cookie",
    "delete-cookie": "loses its session cookie",
    "vary": "says Vary: Cookie",
    "answered-early": "is answered in front of SessionMiddleware",
}
# What the words over and under the arrow are about.
TITLES = {
    "request": "request",
    "resolve": "address",
    "no-match": "address",
    "view": "view",
    "view-returns": "answer",
    "exception": "answer",
    "response": "answer",
    "sql": "statement",
}
NOTES = {"request": "cookie", "not-saved": "verdict", "exception": "message"}
FOLLOWS = {"row-found": "select", "view-returns": "view"}  # goes without saying after that one
STORY = ZOOMS[0]
A_KEY = "a key"


@dataclass(frozen=True)
class Difference:
    """Something that two hops that belong together do not have in common, as text: what, in A, in B.

    `in_sight`: it stands in the title or note of each of them, so that one sees it.
    """

    what: str
    left: str
    right: str
    in_sight: bool = False


@dataclass(frozen=True)
class Pair:
    """A hop of A and the hop of B that belongs to it; None where that flight has none."""

    left: Hop | None
    right: Hop | None
    differences: tuple[Difference, ...] = ()
    other_reason: bool = False  # the two are explained by different sentences

    @property
    def mark(self) -> str:
        """Return "same", "differs", "only-a" or "only-b"."""
        if self.right is None:
            return "only-a"
        if self.left is None:
            return "only-b"
        return "differs" if self.differences or self.other_reason else "same"

    @property
    def out_of_sight(self) -> list[Difference]:
        """The differences that must be told: titles and notes do not show them."""
        return [each for each in self.differences if not each.in_sight]

    @property
    def hop(self) -> Hop:
        """The hop, where there is only one or both are the same."""
        return self.left or self.right


@dataclass(frozen=True)
class Comparison:
    """All pairs, in an order that keeps that of both flights. `left_out` is how many hops were too many."""

    pairs: tuple[Pair, ...]
    left_out: int = 0

    def marked(self, *marks: str) -> list[Pair]:
        return [pair for pair in self.pairs if pair.mark in marks]

    @property
    def summary(self) -> str:
        """One line: how many steps both have, what only one does, and in what the others differ."""
        shared = len(self.marked("same", "differs"))
        only_a, only_b = self.marked("only-a"), self.marked("only-b")
        beginning = "" if only_a or only_b else "the same "
        parts = [f"{beginning}{shared} step{'' if shared == 1 else 's'} in both"]
        parts += [f"only {name} {_does(pairs)}" for name, pairs in (("A", only_a), ("B", only_b)) if pairs]
        parts += [self._swapped, self._differing]
        text = "; ".join(part for part in parts if part)
        return f"{text[0].upper()}{text[1:]}."

    @property
    def _swapped(self) -> str:
        """Say where one does something in place of what the other does."""
        pairs = [pair for pair in self.marked("differs") if _kind(pair.left) != _kind(pair.right)]
        return ", ".join(f"A {_phrase(pair.left)} where B {_phrase(pair.right)}" for pair in pairs[:PHRASES_MOST])

    @property
    def _differing(self) -> str:
        """Name what differs in pairs of one kind."""
        pairs = [pair for pair in self.marked("differs") if _kind(pair.left) == _kind(pair.right)]
        names = list(dict.fromkeys(each.what for pair in pairs for each in pair.differences))
        if names:
            return f"not the same: {_listed(names)}"
        if pairs:
            return "some for another reason"
        return "" if self.marked("only-a", "only-b", "differs") else "nothing that matters differs"


def compare(left: Sequence[Hop], right: Sequence[Hop]) -> Comparison:
    """Put two flights, told at one zoom, beside each other."""
    left_out = sum(max(0, len(hops) - HOPS_MOST) for hops in (left, right))
    pairs = _aligned(left[:HOPS_MOST], right[:HOPS_MOST], (_closely, _roughly))
    return Comparison(tuple(pairs), left_out)


# Which belongs to which


def _aligned(left: Sequence[Hop], right: Sequence[Hop], signatures: Sequence[Callable[[Hop], tuple]]) -> list[Pair]:
    """Pair hops of one signature. Among those between, try the next signature, which is not as strict."""
    if not (signatures and left and right):
        return [Pair(hop, None) for hop in left] + [Pair(None, hop) for hop in right]
    sign, *rest = signatures
    pairs = []
    matcher = SequenceMatcher(None, [sign(hop) for hop in left], [sign(hop) for hop in right], autojunk=False)
    for tag, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        ours, theirs = left[left_from:left_to], right[right_from:right_to]
        if tag == "equal":
            pairs += [_pair(a, b) for a, b in zip(ours, theirs, strict=True)]
        else:
            pairs += _aligned(ours, theirs, rest)
    return pairs


def _closely(hop: Hop) -> tuple:
    """Return what two hops have in common that do the same to the same thing, whatever the values."""
    family = COUNTERPARTS.get(_kind(hop))
    if family:
        return (family,)
    thing = re.split("[=,]", _by_nature(hop.title), maxsplit=1)[0]
    return hop.kind, hop.actor_from, hop.actor_to, NUMBER.sub("0", thing)


def _roughly(hop: Hop) -> tuple:
    """Return what two hops have in common that do the same to something else."""
    if hop.kind in ("call", "sql"):
        return hop.kind, hop.actor_to, hop.title.partition("(")[0]
    return COUNTERPARTS.get(_kind(hop), hop.kind), hop.actor_from, hop.actor_to


def _kind(hop: Hop) -> str:
    """Return the kind. A method `update` of the session is not the statement of that name."""
    return ".update" if hop.kind == "update" and hop.sql is None else hop.kind


# What is different


def _pair(left: Hop, right: Hop) -> Pair:
    alike = _kind(left) == _kind(right)
    differences = _different_effects(left, right) + (_different_results(left, right) if alike else [])
    if not (alike and differences):
        differences = _different_texts(left, right)[:1] + differences
    return Pair(left, right, tuple(differences), _by_nature(left.caption) != _by_nature(right.caption))


def _different_texts(left: Hop, right: Hop) -> list[Difference]:
    kind = "sql" if left.sql and right.sql else _kind(left)
    texts = [(TITLES.get(kind, "step"), left.title, right.title), (NOTES.get(kind, "note"), left.note, right.note)]
    found = [replace(each, in_sight=True) for each in _differences(texts)]
    if left.sql and right.sql:
        found += _differences([("statement", left.sql.text, right.sql.text)])
    return found


def _different_effects(left: Hop, right: Hop) -> list[Difference]:
    """Compare what each of the two changed, not what was so before it."""
    ours, theirs = _effects(left), _effects(right)
    return _differences(
        [
            (what, ours.get(what) or _as_before(left, change), theirs.get(what) or _as_before(right, change))
            for what, change in {_named(change): change for hop in (left, right) for change in _told(hop)}.items()
        ]
    )


def _different_results(left: Hop, right: Hop) -> list[Difference]:
    """Compare what a call gave back. What a load gave back is in the dict already."""
    if not (left.result and right.result) or COUNTERPARTS.get(_kind(left)) == "loaded":
        return []
    return _differences([("gives back", left.result, right.result)])


def _differences(texts: Sequence[tuple[str, str, str]]) -> list[Difference]:
    return [Difference(what, a or "nothing", b or "nothing") for what, a, b in texts if _by_nature(a) != _by_nature(b)]


def _effects(hop: Hop) -> dict[str, str]:
    """Map what a hop changed to what it is now."""
    return {_named(change): _now(hop.state, change, "gone") for change in _told(hop)}


def _as_before(hop: Hop, change: str) -> str:
    """Return what something is after a hop that did not change it."""
    if change.startswith("header:"):
        return "not set here"
    now = _now(hop.state, change, "not there")
    return now if hop.kind == "session-made" else f"{now}, as before"  # there was no session before it was made


def _told(hop: Hop) -> list[str]:
    """Return the changes of a hop that are compared. Columns of the row are told by what they decode to."""
    return [change for change in hop.changes if not change.startswith("row:")]


def _named(change: str) -> str:
    about, _, name = change.partition(":")
    if about == "data":
        return name or "the dict"
    return f"{'cookie' if about == 'jar' else about} {name}".strip()


def _now(state: State, change: str, missing: str) -> str:
    """Return what the thing that a change is about is now, as text. A key is a key, whichever it is."""
    about, _, name = change.partition(":")
    if about == "key":
        return A_KEY if state.key else "None"
    if about in ("accessed", "modified"):
        return str(getattr(state, about))
    if about == "data" and not name:
        return "not loaded" if state.data is None else "loaded"
    if about == "row":
        row = state.row or {}
        return SAID.repr(row.get("data")) if row.get("exists") else "no row"
    if about == "header":
        return "set"
    held = (state.jar if about == "jar" else state.data) or {}
    if name not in held:
        return missing
    return A_KEY if change == "jar:sessionid" else SAID.repr(held[name])


def _by_nature(text: str) -> str:
    return BY_NATURE.sub("…", text)


# In one line


def _does(pairs: Sequence[Pair]) -> str:
    """Say what one flight does in the hops that the other lacks."""
    hops = [pair.hop for pair in pairs]
    kinds = {_kind(hop) for hop in hops}
    told = [hop for hop in hops if hop.level == STORY and FOLLOWS.get(_kind(hop)) not in kinds]
    said = list(dict.fromkeys(_phrase(hop) for hop in told))
    smaller = sum(hop.level != STORY for hop in hops)
    return _listed(said + [f"has {smaller} smaller step{'' if smaller == 1 else 's'}"] * bool(smaller))


def _phrase(hop: Hop) -> str:
    return DOES.get(_kind(hop)) or f"has {hop.title[:60]}"


def _listed(words: list[str]) -> str:
    """Join words as a sentence does: so many of them, and a hint if there are others."""
    told = words[:PHRASES_MOST]
    text = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return text if told == words else f"{text}, among other things"
